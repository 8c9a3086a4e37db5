"""One ticket's story: who says and does what, and when, from filing to the end.

Staff answers in a mood: `prompt` before the aim, `late` between aim and limit, `breached` after the limit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sla.models import Metric
from supportdesk.demo.acts import Act, Filing
from supportdesk.demo.content import Company, DeskContent, Line, Person, Thread
from supportdesk.demo.files import file_text
from supportdesk.demo.rules import DeskRules, PlanRules
from supportdesk.demo.wording import Slots, choose_slots

CLOSES_AFTER = timedelta(days=7)
WAITING = ("pending", "on_hold", "awaiting_approval")
# Minutes that people take, by priority: customers to answer, staff for the next step.
_CUSTOMER = {"critical": (3, 20), "high": (10, 90), "medium": (30, 360), "low": (60, 900)}
_STAFF = {"critical": (8, 35), "high": (20, 150), "medium": (60, 400), "low": (60, 500)}
_RAISED = {"low": "medium", "medium": "high"}


@dataclass
class Story:
    """Tells one ticket; `now` of the story is `at`, which every act moves on."""

    rng: Random
    desk: DeskContent
    rules: DeskRules
    agents_at: Callable[[datetime], list[Person]]
    company: Company
    thread: Thread
    number: int
    at: datetime
    plan: PlanRules | None
    requester: Person
    acts: list[Act] = field(default_factory=list)
    assignee: Person | None = None
    priority: str = ""
    status: str = "new"
    waits_since: datetime | None = None
    answered: bool = False

    def __post_init__(self) -> None:
        self.priority = self.thread.priority
        local = self.at.astimezone(self.rules.zone)
        self.slots: Slots = choose_slots(self.rng, self.company, self.rules.language, local)

    # ------------------------------------------------------------------------------------------ whole stories

    def tell(self, mood: str) -> list[Act]:
        """From filing to the end."""
        self.file()
        self.triage()
        for number, line in enumerate(self.thread.lines[1:]):
            if number == 2 and self.rng.random() < 0.12:
                self.hand_over()
            self.say(line, mood if not self.answered else self._later_mood())
        self.end()
        if self.rng.random() < 0.08:
            self.come_back()
        self._act("close", after=CLOSES_AFTER)
        return self.acts

    def tell_until_waiting(self, mood: str) -> list[Act]:
        """Up to the first answer after which staff waits for somebody; nothing ends."""
        self.file()
        self.triage()
        for line in self.thread.lines[1:]:
            self.say(line, mood if not self.answered else "prompt")
            if line.status in WAITING:
                break
        return self.acts

    # ------------------------------------------------------------------------------------------- single steps

    def file(self, *, by_phone: bool | None = None) -> None:
        """The ticket comes in: through the portal, or told on the telephone and logged by an agent."""
        by_phone = self.rng.random() < 0.14 if by_phone is None else by_phone
        agent = self.rng.choice(self.agents_at(self.at))
        by = agent if by_phone and self.rules.office.is_open(self.at) else self.requester
        subject = self._words(self.rng.choice(self.thread.subjects))
        filing = Filing(
            requester=self.requester.email,
            subject=subject,
            category=self.thread.category,
            priority=self.priority,
            service=self.thread.service,
            file=self.thread.file,
        )
        text = ""
        if self.thread.file:
            text = file_text(self.thread.file, self.rng, self.at.astimezone(self.rules.zone))
        self._act("file", by, text=self._words(self.thread.lines[0].text), filing=filing, file_text=text)
        self.waits_since = self.at

    def triage(self) -> None:
        """A supervisor looks at new tickets: gives them to somebody, sometimes judges the priority anew."""
        supervisor = self.desk.staff_with("supervisor")[0]
        chance = self.rng.random()
        if self.priority == "critical" or chance < 0.4:
            return  # whoever answers first takes it
        self.assign(supervisor, self.rng.choice(self.agents_at(self.at)), minutes=self.rng.uniform(4, 35))
        if chance < 0.47 and self.priority in _RAISED:
            self._judge(supervisor, self.desk.phrases.raises, _RAISED[self.priority])
        elif chance < 0.5 and self.priority == "high":
            self._judge(supervisor, self.desk.phrases.lowers, "medium")

    def assign(self, by: Person, assignee: Person, *, minutes: float) -> None:
        """Give the ticket to somebody."""
        self._later(minutes)
        self.assignee = assignee
        self._act("assign", by, to=assignee.email)

    def say(self, line: Line, mood: str) -> None:
        """The next line of the thread."""
        if line.who == "staff":
            self.answer(line.text, mood, line.status)
        elif line.who == "note":
            self._later(self.rng.uniform(*_STAFF[self.priority]) / 3)
            self._act("note", self._somebody(), text=self._words(line.text))
        else:
            self._customer_says(line)

    def answer(self, text: str, mood: str, status: str = "") -> None:
        """A public reply of staff."""
        self._at_least(self._answer_at(mood), minutes=2)
        if status == "on_hold" and self.rng.random() < 0.5:
            self.reply(text)
            self._act("status", self._somebody(), to=status, after=timedelta(seconds=50))
            self.status = status
        else:
            self.reply(text, status)

    def reply(self, text: str, status: str = "") -> None:
        """A public reply of staff at the story's present instant."""
        by = self._somebody()
        self._act("reply", by, text=self._words(text), status=status)
        self.assignee = self.assignee or by
        self.answered, self.waits_since = True, None
        if status or self.status == "new":
            self.status = status or "open"

    def end(self) -> None:
        """Resolved, if the thread has not done it: by the customer now and then, by staff otherwise."""
        if self.status == "resolved":
            return
        if self.status == "on_hold":
            self._later(self.rng.uniform(3, 6) * 540)
        satisfied = self.thread.lines[-1].who == "customer" and self.rng.random() < 0.3
        self._later(self.rng.uniform(4, 90))
        self._act("resolve", self.requester if satisfied else self._somebody())
        self.status, self.waits_since = "resolved", None

    def come_back(self) -> None:
        """It was not over: the customer opens the ticket, by its button or by writing; staff ends it anew."""
        complaint, answer = self.rng.choice(self.desk.phrases.again)
        self._later(self.rng.uniform(120, 1300))
        if self.rng.random() < 0.5:
            self._act("reopen", self.requester)
            self.status = "open"
        self._customer_says(Line("customer", complaint))
        self.answer(answer, "prompt", "resolved")

    def hand_over(self) -> None:
        """Another agent takes the ticket, with a word to them."""
        before = self._somebody()
        others = [agent for agent in self.agents_at(self.at) if agent is not before]
        successor = self.rng.choice(others)
        text = self.slots.fill(
            self.rng.choice(self.desk.phrases.reassignments), contact=self.requester, staff=successor
        )
        self._later(self.rng.uniform(3, 15))
        self._act("note", before, text=text)
        self.assign(before, successor, minutes=1)

    def nudge(self) -> None:
        """The customer asks where it stands."""
        self._act("reply", self.requester, text=self._words(self.rng.choice(self.desk.phrases.nudges)))

    # ------------------------------------------------------------------------------------------------ helpers

    def _customer_says(self, line: Line) -> None:
        minutes = self.rng.uniform(*_CUSTOMER[self.priority])
        if self._is_urgent() or self.rng.random() < 0.12:
            self.at += timedelta(minutes=minutes)
        else:
            self._later(minutes)
        by = self.requester if line.who == "customer" else self._colleague()
        self._act("reply", by, text=self._words(line.text))
        self.waits_since = self.waits_since or self.at
        if self.status in ("pending", "resolved"):
            self.status = "open"

    def _judge(self, by: Person, phrases: tuple[str, ...], priority: str) -> None:
        self._later(self.rng.uniform(2, 10))
        self._act("note", by, text=self._words(self.rng.choice(phrases)))
        self.priority = priority
        self._act("priority", by, to=priority, after=timedelta(seconds=40))

    def _answer_at(self, mood: str) -> datetime:
        """When staff answers, in that mood; a customer kept waiting may ask in between."""
        window = None
        if self.waits_since is not None and self.plan is not None:
            metric = Metric.NEXT_RESPONSE if self.answered else Metric.FIRST_RESPONSE
            window = self.plan.window(metric, self.priority, self.waits_since)
        if window is None or self.plan is None or self.waits_since is None:
            minutes = self.rng.uniform(*_STAFF[self.priority])
            return self._in_office(self.at + timedelta(minutes=minutes))
        calendar = self.plan.calendar
        aim, limit = (calendar.elapsed(self.waits_since, end) for end in window)
        answered_at = calendar.add(self.waits_since, self._wait(mood, aim, limit))
        in_office = self._in_office(answered_at)
        if mood != "breached" and in_office > window[1]:
            in_office = answered_at  # somebody on duty answers in the evening, so that it is not late
        if mood != "prompt" and self.rng.random() < 0.4:
            self._nudge_before(self.waits_since, in_office)
        return in_office

    def _wait(self, mood: str, aim: timedelta, limit: timedelta) -> timedelta:
        """The open time that passes before an answer in that mood."""
        share = self.rng.random()
        if mood == "breached":
            return limit * (1.04 + 0.4 * share)
        if mood == "late":
            return aim + (limit - aim) * (0.1 + 0.8 * share) if limit > aim else limit * (0.9 + 0.09 * share)
        return aim * (0.1 + 0.75 * share)

    def _nudge_before(self, start: datetime, end: datetime) -> None:
        at = self._in_office(start + (end - start) * 0.7)
        if self.at < at < end:
            self.at = at
            self.nudge()

    def _in_office(self, at: datetime) -> datetime:
        """Only urgent tickets are answered outside office hours."""
        if self._is_urgent() or self.rules.office.is_open(at):
            return at
        return self.rules.office.next_open(at) + timedelta(minutes=self.rng.uniform(4, 40))

    def _is_urgent(self) -> bool:
        around_the_clock = self.plan is not None and self.plan.calendar is not self.rules.office
        return self.priority == "critical" or (self.priority == "high" and around_the_clock)

    def _later_mood(self) -> str:
        return self.rng.choices(("prompt", "late", "breached"), (86, 10, 4))[0]

    def _somebody(self) -> Person:
        """Who handles the ticket; if nobody yet, or somebody who is away, whoever is free."""
        there = self.agents_at(self.at)
        if self.assignee not in there:
            self.assignee = self.rng.choice(there)
        return self.assignee

    def _colleague(self) -> Person:
        return next(person for person in self.company.people if person is not self.requester)

    def _words(self, text: str) -> str:
        return self.slots.fill(text, contact=self.requester, staff=self.assignee)

    def _later(self, minutes: float) -> None:
        if self._is_urgent():
            self.at += timedelta(minutes=minutes)
        else:
            self.at = self.rules.working(self.at, minutes)

    def _at_least(self, at: datetime, *, minutes: int) -> None:
        self.at = max(at, self.at + timedelta(minutes=minutes))

    def _act(
        self,
        kind: str,
        by: Person | None = None,
        *,
        text: str = "",
        to: str = "",
        status: str = "",
        filing: Filing | None = None,
        file_text: str = "",
        after: timedelta = timedelta(0),
    ) -> None:
        self.at += after
        who = by.email if by else ""
        self.acts.append(
            Act(
                self.at.replace(microsecond=0),
                self.desk.slug,
                self.number,
                kind,
                who,
                text,
                to,
                status,
                filing,
                file_text,
            )
        )
