"""What a desk of the demo runs for its customers: services, maintenance, outages, backups, the status page.

Past work was announced, done and told of through the services, in order of time and before the first ticket;
what is to come is announced once the desk has caught up with today.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from accounts.models import Customer, Membership
from accounts.months import month_after
from maintenance.models import ChecklistItem, StatusPage, Visibility, Window
from maintenance.services.outages import change_outage, end_outage, open_outage, update_outage
from maintenance.services.series import SeriesTerms, begin_series
from maintenance.services.status_page import change_status_page
from maintenance.services.windows import (
    WindowTerms,
    complete_window,
    draft_window,
    log_work,
    schedule_window,
    start_window,
    tick_item,
)
from maintenance.sweep import tell_due
from sla.rota_turns import instant_of
from supportdesk.demo.content import FOLDER
from supportdesk.demo.stage import Stage
from supportdesk.demo.watching import lay_backups, watch
from tickets.models import Service
from tickets.services.catalogue import ServiceTerms, create_group, create_service

# The sweep comes that long after what it tells of.
_SOON_AFTER = timedelta(minutes=3)
# Every plan's notice of planned work is shorter.
_IN_GOOD_TIME = timedelta(days=7)


@dataclass
class Works:
    """The services of a desk by name, and what is told about them."""

    stage: Stage
    data: dict[str, Any]
    services: dict[str, Service]
    owner: Membership
    agent: Membership

    def lay_past(self, now: datetime) -> None:
        """Windows that are over and outages that were mended, each told of when it happened."""
        past = [(self._instant(each, now), each) for each in self.data["windows"] if each["day"] < 0]
        for starts_at, each in sorted(past, key=lambda one: one[0]):
            self._done(each, starts_at, now)
        for each in self.data["outages"]:
            if "day" in each:
                self._outage(each, self._instant(each, now))

    def announce(self, now: datetime) -> None:
        """What is to come, what recurs, and what is going on right now."""
        for each in self.data["windows"]:
            if each["day"] >= 0:
                window = self._draft(each, self._instant(each, now), now)
                if "told" in each:
                    schedule_window(window=window, by=self.owner, at=now + timedelta(days=each["told"]))
        for each in self.data["series"]:
            begin_series(terms=self._recurring(each, now), by=self.owner, at=now)
        for each in self.data["outages"]:
            if "hours_ago" in each:
                self._outage(each, now - timedelta(hours=each["hours_ago"]))
        watch(self.data, self.services, self.owner, now)
        lay_backups(self.data, self.services, self.owner, now)
        tell_due(now)

    def _instant(self, each: dict[str, Any], now: datetime) -> datetime:
        zone = self.stage.plot.rules.zone
        day = now.astimezone(zone).date() + timedelta(days=each["day"])
        return instant_of(datetime.combine(day, time.fromisoformat(each["time"])), zone)

    def _named(self, each: dict[str, Any]) -> list[Service]:
        return [self.services[name] for name in each["services"]]

    def _draft(self, each: dict[str, Any], starts_at: datetime, at: datetime) -> Window:
        terms = WindowTerms(
            title=each["title"],
            kind=each["kind"],
            impact=each["impact"],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=each["minutes"]),
            services=self._named(each),
            summary=each.get("summary", ""),
            advice=each.get("advice", ""),
            runbook=each.get("runbook", ""),
            responsible=self.agent,
            checklist=each.get("checklist", ()),
        )
        return draft_window(terms=terms, by=self.agent, at=at)

    def _done(self, each: dict[str, Any], starts_at: datetime, now: datetime) -> None:
        told_at = now + timedelta(days=each["told"])
        window = self._draft(each, starts_at, told_at)
        schedule_window(window=window, by=self.owner, at=told_at)
        tell_due(told_at)
        start_window(window=window, by=self.agent, at=starts_at)
        tell_due(starts_at)
        ends_at = starts_at + timedelta(minutes=each["took"])
        items = list(ChecklistItem.objects.filter(window=window))
        for place, item in enumerate(items, start=1):
            tick_item(
                item=item,
                is_done=True,
                by=self.agent,
                at=starts_at + (ends_at - starts_at) * place / len(items),
            )
        log_work(window=window, text=each["result"], by=self.agent, at=ends_at)
        complete_window(window=window, by=self.agent, at=ends_at, result=each["result"])
        tell_due(ends_at + _SOON_AFTER)

    def _recurring(self, each: dict[str, Any], now: datetime) -> SeriesTerms:
        zone = self.stage.plot.rules.zone
        return SeriesTerms(
            title=each["title"],
            kind=each["kind"],
            impact=each["impact"],
            rule=each["rule"],
            zone=zone.key,
            first_date=month_after((now + _IN_GOOD_TIME).astimezone(zone).date()),
            starts_at_time=time.fromisoformat(each["time"]),
            minutes=each["minutes"],
            services=self._named(each),
            summary=each["summary"],
            responsible=self.agent,
            ends_by_itself=True,
        )

    def _outage(self, each: dict[str, Any], started_at: datetime) -> None:
        hit = {self.services[name]: impact for name, impact in each["services"].items()}
        (_first, stage, text), *later = each["updates"]
        outage = open_outage(
            tenant_id=self.owner.tenant_id, title=each["title"], services=hit, text=text, stage=stage,
            started_at=started_at, by=self.agent, at=started_at,
        )  # fmt: skip
        for minutes, stage, text in later:
            at = started_at + timedelta(minutes=minutes)
            if stage == "resolved":
                outage = end_outage(outage=outage, text=text, by=self.agent, at=at)
            else:
                outage = update_outage(outage=outage, text=text, stage=stage, by=self.agent, at=at)
        if cause := each.get("cause"):
            change_outage(
                outage=outage, title=outage.title, cause=cause, started_at=outage.started_at,
                ended_at=outage.ended_at, services=hit, seen=outage.version, by=self.agent,
                at=outage.ended_at or started_at,
            )  # fmt: skip


def set_up_works(stage: Stage, *, at: datetime) -> Works:
    """The services of a desk and its status page, as an admin set them up at that instant."""
    desk = stage.plot.desk
    data = tomllib.loads((FOLDER / "works" / f"{desk.slug}.toml").read_text(encoding="utf-8"))
    owner = stage.people[desk.staff[0].email]
    services = {each.name: create_service(terms=each, by=owner, at=at) for each in _terms(data, owner, at)}
    public = frozenset(each.pk for each in services.values() if each.is_public)
    page = StatusPage.objects.first()
    change_status_page(
        visibility=Visibility.PUBLIC, about=data["about"], public=public, by=owner,
        seen_version=page.version if page else 0,
    )  # fmt: skip
    return Works(stage, data, services, owner, stage.people[desk.agents[0].email])


def _terms(data: dict[str, Any], owner: Membership, at: datetime) -> Iterator[ServiceTerms]:
    for place, group in enumerate(data["groups"], start=1):
        row = create_group(name=group["name"], position=place, by=owner, at=at)
        for position, (name, description, is_public) in enumerate(group["services"], start=1):
            yield ServiceTerms(name, description, row, None, position, is_public)
    for own in data["own"]:
        yield ServiceTerms(own["name"], own["description"], None, Customer.objects.get(name=own["company"]))
