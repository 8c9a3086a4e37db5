"""The tickets around now: whenever the demo is loaded, the queue holds one of each state that there is.

A state is a question about the promise's aim and limit, so the filing instant is looked for backwards from
now; that works on a Sunday night too, when the business clocks stand still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sla.models import Metric
from supportdesk.demo.acts import Act
from supportdesk.demo.content import Company, Thread
from supportdesk.demo.plot import DeskPlot
from supportdesk.demo.rules import Window
from supportdesk.demo.story import WAITING, Story

_STEP, _LONG_STEP = timedelta(minutes=5), timedelta(minutes=25)
_NEAR = timedelta(hours=6)
_FARTHEST = timedelta(days=20)
_MARGIN = timedelta(minutes=4)

Question = Callable[[Window, datetime], bool]


def is_breached(window: Window, now: datetime) -> bool:
    """The limit passed a while ago, but not for days."""
    return _MARGIN < now - window[1] < timedelta(days=2, hours=18)


def is_at_risk(window: Window, now: datetime) -> bool:
    """The aim has passed, the limit has not."""
    return window[0] < now - _MARGIN and now + _MARGIN < window[1]


def is_running(window: Window, now: datetime) -> bool:
    """There is time left to the aim."""
    return now + _MARGIN < window[0]


def around_now(plot: DeskPlot) -> list[Act]:
    """At least one ticket breached, at risk, running, paused, unassigned and without commitment."""
    acts: list[Act] = []
    for company in plot.desk.companies:
        if company.ended_days_ago is not None:
            acts += _without_commitment(plot, company)
            continue
        acts += _waiting_for_first_answer(plot, company)
        if plot.rules.plans[company.plan].targets.get((Metric.RESOLUTION, "medium")):
            acts += _paused(plot, company)
        acts += _waiting_for_next_answer(plot, company)
    return [act for act in acts if act.at < plot.now]


def _waiting_for_first_answer(plot: DeskPlot, company: Company) -> Iterator[Act]:
    """One ticket a state, of a high or low priority by turns; every second one has an assignee."""
    wanted = [
        (question, "high" if (turn + plot.number) % 2 else "low")
        for turn, question in enumerate((is_breached, is_at_risk, is_running))
    ]
    if plot.rules.plans[company.plan].calendar is not plot.rules.office:
        wanted.append((is_running, "critical"))  # minutes are left, at whatever hour
    for question, priority in wanted:
        filed_at = _filed_when(plot, company, Metric.FIRST_RESPONSE, priority, question)
        if filed_at is None:
            continue
        story = plot.story(company, _thread(plot, company, priority), filed_at)
        story.file(by_phone=False)
        if plot.number % 2:
            story.assign(
                plot.desk.staff_with("supervisor")[0],
                plot.rng.choice(plot.agents_at(filed_at)),
                minutes=plot.rng.uniform(2, 9),
            )
        yield from story.acts


def _waiting_for_next_answer(plot: DeskPlot, company: Company) -> Iterator[Act]:
    """Answered once, and then the customer wrote again: at risk or with time left, by turns."""
    question = (is_at_risk, is_running)[plot.number % 2]
    asked_at = _filed_when(plot, company, Metric.NEXT_RESPONSE, "high", question)
    if asked_at is None:
        return
    thread = _thread(plot, company, "high", goes_on=True)
    story = plot.story(company, thread, plot.rules.before(asked_at, plot.rng.uniform(200, 700)))
    _file_and_answer(story, latest=asked_at)
    story.at = asked_at
    story.nudge()
    yield from story.acts


def _paused(plot: DeskPlot, company: Company) -> Iterator[Act]:
    """Answered, and now staff waits for the requester, a third party or an approval: a clock stands still."""
    for status in WAITING:
        choices = [
            thread
            for thread in plot.desk.threads
            if thread.priority in ("medium", "high") and _first_wait(thread) == status
        ]
        thread = plot.new_thread(company, choices)
        filed_at = plot.rules.before(plot.now, plot.rng.uniform(150, 420))
        story = plot.story(company, thread, filed_at)
        _file_and_answer(story, latest=plot.now - timedelta(minutes=2))
        yield from story.acts


def _without_commitment(plot: DeskPlot, company: Company) -> Iterator[Act]:
    """The contract has ended: the ticket is there, with no clock on it."""
    for answered in (False, True):
        filed_at = plot.rules.before(plot.now, plot.rng.uniform(100, 900))
        story = plot.story(company, _thread(plot, company, "medium", goes_on=answered), filed_at)
        if answered:
            _file_and_answer(story, latest=plot.now - timedelta(minutes=2))
        else:
            story.file(by_phone=False)
        yield from story.acts


def _file_and_answer(story: Story, *, latest: datetime) -> None:
    """File the ticket and let the first line of staff follow soon, but before `latest`."""
    story.file(by_phone=False)
    filed_at = story.at
    line = next(line for line in story.thread.lines if line.who == "staff")
    wanted = story.rules.working(filed_at, story.rng.uniform(15, 50))
    story.at = min(wanted, filed_at + (latest - filed_at) / 2)
    story.reply(line.text, line.status)


def _filed_when(
    plot: DeskPlot, company: Company, metric: str, priority: str, question: Question
) -> datetime | None:
    """An instant such that a clock which starts then answers yes; in office hours if there is one."""
    plan = plot.rules.plans[company.plan]
    found: list[datetime] = []
    at = (plot.now - timedelta(minutes=plot.rng.randrange(3, 7))).replace(second=0, microsecond=0)
    while at > plot.now - _FARTHEST and len(found) < 40:
        window = plan.window(metric, priority, at)
        if window is not None and question(window, plot.now):
            found.append(at)
        at -= _STEP if plot.now - at < _NEAR else _LONG_STEP
    in_office = [at for at in found if plot.rules.office.is_open(at)]
    return plot.rng.choice(in_office or found) if found else None


def _thread(plot: DeskPlot, company: Company, priority: str, *, goes_on: bool = False) -> Thread:
    """A thread of that priority; one that `goes_on` leaves something open between staff and requester."""
    choices = [
        thread
        for thread in plot.desk.threads
        if thread.priority == priority and (not goes_on or _first_wait(thread) in ("", "open", "pending"))
    ]
    return plot.new_thread(company, choices)


def _first_wait(thread: Thread) -> str:
    """What the first answer of the thread waits for, "" if for nothing."""
    return next((line.status for line in thread.lines if line.who == "staff"), "")
