"""The past days of a desk: which tickets come in when, from whom, about what, how well they are served."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random

from sla.rota_turns import instant_of
from supportdesk.demo.acts import Act
from supportdesk.demo.content import Company, DeskContent, Leave, Person, Thread
from supportdesk.demo.rules import DeskRules
from supportdesk.demo.story import WAITING, Story

_MOODS = ("prompt", "late", "breached")
_MOOD_WEIGHTS = (74, 16, 10)
# By local hour from 7 to 20: the late morning and the hours after lunch bring the most.
_HOURS = {7: 1, 8: 4, 9: 10, 10: 14, 11: 13, 12: 8, 13: 5, 14: 8, 15: 11, 16: 10, 17: 7, 18: 3, 19: 2, 20: 1}


@dataclass
class DeskPlot:
    """Draws up the acts of one desk, the same ones for the same seed and `now`."""

    desk: DeskContent
    rules: DeskRules
    now: datetime
    rng: Random
    number: int = 0
    told: set[tuple[str, str]] = field(default_factory=set)

    @cached_property
    def leaves(self) -> list[tuple[Leave, datetime, datetime]]:
        """Who of the staff is away, and the instants from and until which."""
        today = self.now.astimezone(self.rules.zone).date()
        found = []
        for leave in self.desk.leaves:
            days = (today - timedelta(days=leave.since), today + timedelta(days=leave.days - leave.since))
            start, end = (instant_of(datetime.combine(day, time()), self.rules.zone) for day in days)
            found.append((leave, start, end))
        return found

    def agents_at(self, at: datetime) -> list[Person]:
        """The agents who are not away at that instant."""
        away = {leave.person for leave, start, end in self.leaves if start <= at < end}
        return [agent for agent in self.desk.agents if agent.name not in away]

    def past(self, days: int, tickets: int) -> list[Act]:
        """Tickets of the last days with all that becomes of them, as far as it has happened by now."""
        acts: list[Act] = []
        threads = self._threads()
        for filed_at in self._arrivals(days, tickets):
            acts += self._ticket(filed_at, threads)
        return [act for act in acts if act.at < self.now]

    def story(self, company: Company, thread: Thread, filed_at: datetime) -> Story:
        """A new ticket of that company; its number is the plot's own."""
        self.number += 1
        self.told.add((company.name, thread.subjects[0]))
        weights = [2] + [3] * (len(company.people) - 1)
        return Story(
            rng=self.rng,
            desk=self.desk,
            rules=self.rules,
            agents_at=self.agents_at,
            company=company,
            thread=thread,
            number=self.number,
            at=filed_at,
            plan=self.rules.plans[company.plan] if self.is_covered(company, filed_at) else None,
            requester=self.rng.choices(company.people, weights)[0],
        )

    def is_covered(self, company: Company, at: datetime) -> bool:
        """Whether the company has its contract at that instant."""
        ended = company.ended_days_ago
        return ended is None or at.astimezone(self.rules.zone).date() < self.ends_on(company)

    def ends_on(self, company: Company) -> date:
        """The first day without the contract, for a company whose contract has ended."""
        return (self.now - timedelta(days=company.ended_days_ago or 0)).astimezone(self.rules.zone).date()

    def new_thread(self, company: Company, choices: Sequence[Thread]) -> Thread:
        """One of these that the company has not been in, if there is one."""
        fresh = [thread for thread in choices if (company.name, thread.subjects[0]) not in self.told]
        return self.rng.choice(fresh or list(choices))

    def _ticket(self, filed_at: datetime, threads: Iterator[Thread]) -> list[Act]:
        company = self._company(filed_at)
        thread = next(threads)
        if (company.name, thread.subjects[0]) in self.told:
            thread = self.new_thread(company, self.desk.threads)
        mood = self.rng.choices(_MOODS, _MOOD_WEIGHTS)[0]
        story = self.story(company, thread, filed_at)
        waits = any(line.status in WAITING for line in thread.lines)
        if waits and self.now - filed_at < timedelta(days=25) and self.rng.random() < 0.12:
            return story.tell_until_waiting(mood)
        return story.tell(mood)

    def _company(self, at: datetime) -> Company:
        companies = self.desk.companies
        weights = [one.share if self.is_covered(one, at) else 1 for one in companies]
        return self.rng.choices(companies, weights)[0]

    def _threads(self) -> Iterator[Thread]:
        """All threads in a random order, then all again in another."""
        while True:
            yield from self.rng.sample(self.desk.threads, len(self.desk.threads))

    def _arrivals(self, days: int, tickets: int) -> list[datetime]:
        """Instants of filing: mostly in office hours, fewer on days off, a few at night; in order."""
        zone = self.rules.zone
        today = self.now.astimezone(zone).date()
        dates = [today - timedelta(days=back) for back in range(days, -1, -1)]
        weights = [self._busyness(day) for day in dates]
        found: list[datetime] = []
        while len(found) < tickets:
            day = self.rng.choices(dates, weights)[0]
            at = datetime.combine(day, self._clock_time(), zone)
            if at < self.now - timedelta(minutes=20):
                found.append(at)
        return sorted(found)

    def _busyness(self, day: date) -> float:
        start = datetime.combine(day, time(0), self.rules.zone)
        hours = self.rules.office.elapsed(start, start + timedelta(days=1)) / timedelta(hours=9)
        return 0.12 + hours * (1.3 if day.weekday() == 0 else 1)

    def _clock_time(self) -> time:
        if self.rng.random() < 0.04:
            hour = self.rng.randrange(24)
        else:
            hour = self.rng.choices(list(_HOURS), list(_HOURS.values()))[0]
        return time(hour, self.rng.randrange(60), self.rng.randrange(60))
