"""The course of one clock: a ticket's timeline folded into when it ran, when it stood, under which terms.

A course holds facts only. Nothing in it is a judgement and no calendar is asked, so it costs next to
nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sla.timeline import DONE, PAUSING, RESPONSES, Kind, Pause, State, Targets, Terms, TimelineEntry


@dataclass(slots=True)
class Course:
    """One clock from its start. `pauses` are left out of its time and so are `rests`, the times in resolved
    or closed, in which it is also not judged; the last of either may be open. `ending` is None while the
    clock goes on."""

    metric: str
    cycle: int
    started_at: datetime
    terms: list[Terms] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    rests: list[Pause] = field(default_factory=list)
    ended_at: datetime | None = None
    ending: State | None = None

    @property
    def open_pause(self) -> Pause | None:
        """The pause in which the clock stands now."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].end is None else None


def in_order(timeline: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """The entries by instant; those of one instant stay in the order in which they were given."""
    return sorted(timeline, key=lambda entry: entry.at)


def cycle_starts(entries: Sequence[TimelineEntry]) -> list[int]:
    """The places at which next-response cycles start: the first unanswered message after a staff reply.

    A message to a ticket that is done starts one only if it reopens the ticket; a "thanks" does not.
    """
    starts: list[int] = []
    answered = waiting = False
    status, knocked_at = "", None
    for place, entry in enumerate(entries):
        asks = entry.kind == Kind.REQUESTER_MESSAGE
        if entry.kind == Kind.STAFF_REPLY:
            answered, waiting, knocked_at = True, False, None
        elif asks and status in DONE:
            knocked_at = entry.at
        reopens = status in DONE and entry.status != "" and entry.status not in DONE
        status = entry.status or status
        asks = (asks and status not in DONE) or (reopens and knocked_at == entry.at)
        if asks and answered and not waiting:
            starts.append(place)
            waiting = True
    return starts


def run_course(metric: str, targets: Targets, entries: Sequence[TimelineEntry], cycle: int) -> Course:
    """Folds the entries, in order, into the course of one clock.

    Raises ValueError for a timeline without a filing, and for a next-response cycle that has not started.
    """
    starts = _starts(metric, entries)
    if not 1 <= cycle <= len(starts):
        raise ValueError(f"no {metric} clock number {cycle} in this timeline")
    fold = _Fold(metric, targets, cycle)
    for place, entry in enumerate(entries):
        fold.take(entry, starts=place == starts[cycle - 1])
        if fold.final:
            break
    return fold.finish()


def _starts(metric: str, entries: Sequence[TimelineEntry]) -> list[int]:
    if metric == "next_response":
        return cycle_starts(entries)
    return [place for place, entry in enumerate(entries) if entry.kind == Kind.FILED][:1]


class _Fold:
    """What is known so far while the entries go by."""

    def __init__(self, metric: str, targets: Targets, cycle: int) -> None:
        self.metric, self.targets, self.cycle = metric, targets, cycle
        self.answers = metric in RESPONSES
        self.status = self.priority = self.by = ""
        self.manual_due_at: datetime | None = None
        self.course: Course | None = None
        self.final = False

    def take(self, entry: TimelineEntry, *, starts: bool) -> None:
        course = self.course
        if course is not None and (entry.kind == Kind.MERGED or self._answered_by(entry)):
            self._end(course, entry)
            return
        self._note_terms(entry)
        changed = entry.status not in {"", self.status}
        if changed:
            self.status, self.by = entry.status, entry.by
        if starts:
            self.manual_due_at = None  # what was agreed on for an earlier cycle went with it
            self.course = course = Course(self.metric, self.cycle, entry.at)
        if course is not None and (changed or starts):
            self._stand_or_go(course, entry.at)
        if course is not None and not (course.terms and _is_open(course.rests)):
            self._agree(course, entry.at)

    def finish(self) -> Course:
        course = self.course
        if course is None:
            raise ValueError("the clock never started")
        if course.ending is None and _is_open(course.rests):
            course.ended_at = course.rests[-1].start
            # Resolved without an answer: nothing is owed any more, unless the ticket is opened again.
            course.ending = State.CANCELLED if self.answers else State.MET
        return course

    def _answered_by(self, entry: TimelineEntry) -> bool:
        return self.answers and entry.kind == Kind.STAFF_REPLY

    def _end(self, course: Course, entry: TimelineEntry) -> None:
        self.final = True
        if entry.kind == Kind.MERGED and _is_open(course.rests):
            return  # it had ended before, and ended clocks are never judged again
        _close(course.pauses, entry.at)
        _close(course.rests, entry.at)
        course.ended_at = entry.at
        course.ending = State.CANCELLED if entry.kind == Kind.MERGED else State.MET

    def _note_terms(self, entry: TimelineEntry) -> None:
        self.priority = entry.priority or self.priority
        if entry.kind == Kind.TARGETS:
            self.targets = entry.targets or {}
        elif entry.metric == self.metric and entry.kind in {Kind.DUE_SET, Kind.DUE_CLEARED}:
            self.manual_due_at = entry.due_at if entry.kind == Kind.DUE_SET else None

    def _stand_or_go(self, course: Course, at: datetime) -> None:
        if self.status in DONE and _is_open(course.rests):
            return  # from resolved to closed: one rest
        _close(course.pauses, at)
        _close(course.rests, at)
        if self.status in DONE:
            course.rests.append(Pause(at, None, self.status, self.by))
        elif self.status in PAUSING and not self.answers:
            course.pauses.append(Pause(at, None, self.status, self.by))

    def _agree(self, course: Course, at: datetime) -> None:
        agreed = self.priority, self.targets.get(self.priority), self.manual_due_at
        last = course.terms[-1] if course.terms else None
        if last is None or agreed != (last.priority, last.target, last.manual_due_at):
            course.terms.append(Terms(at, *agreed))


def _is_open(stretches: list[Pause]) -> bool:
    return bool(stretches) and stretches[-1].end is None


def _close(stretches: list[Pause], at: datetime) -> None:
    if _is_open(stretches):
        stretches[-1] = replace(stretches[-1], end=at)
