"""What goes on between a desk of the demo and its customers besides everyday tickets: packs of hours,
approvals, groups, teams, who of the staff is away, a customer in poor standing, opinions.

Each dealing is a step with its instant, played in order of time among the acts of the tickets; opinions come
once the desk has caught up with today.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from accounts.models import Customer, Membership, Standing
from accounts.services import change_customer, change_sees, create_group, create_team
from accounts.services.absences import AbsenceTerms, add_absence
from accounts.services.standing import (
    RuleTerms,
    StandingTerms,
    change_standing_rule,
    lift_standing,
    set_standing,
)
from hours.models import Pack
from hours.services import PackTerms, adjust_pack, expire_packs, sell_pack
from sla.rota_turns import instant_of
from supportdesk.demo.content import FOLDER, Company, Leave
from supportdesk.demo.opinions import give_opinions
from supportdesk.demo.stage import Stage
from supportdesk.demo.talks import Talk
from tickets.models import Ticket
from tickets.services.handing_over import hand_over_tickets


@dataclass(frozen=True)
class Deal:
    """One thing that somebody does at one instant."""

    at: datetime
    do: Callable[[datetime], object]


@dataclass
class Dealings:
    """The dealings of one desk; call within the scope of its tenant."""

    stage: Stage
    data: dict[str, Any]
    owner: Membership

    def deals(self) -> list[Deal]:
        """Everything up to now that has its own instant; not in order."""
        deals = [
            *self._tidy_up(),
            *self._packs(),
            *self._standings(),
            *self._leaves(),
            *(deal for each in self.data["talks"] for deal in self._talk(each)),
        ]
        return [deal for deal in deals if deal.at < self.stage.plot.now]

    def finish(self) -> None:
        """Customers say what they think."""
        give_opinions(self.data["opinions"], self.stage.people, now=self.stage.plot.now)

    def _tidy_up(self) -> Iterator[Deal]:
        """Teams, groups of customers' people, and who looks after whom: soon after the desk was founded."""
        for team in self.data["teams"]:
            yield Deal(self._day(29, "09:10"), partial(self._team, team))
        for group in self.data["groups"]:
            yield Deal(self._day(28, "10:00"), partial(self._group, group))
        for name, coordinator in self.data["coordinators"].items():
            yield Deal(self._day(29, "09:20"), partial(self._coordinate, name, coordinator))

    def _team(self, team: dict[str, Any], at: datetime) -> None:
        create_team(name=team["name"], members=self._named(team["people"]), by=self.owner, at=at)

    def _group(self, group: dict[str, Any], at: datetime) -> None:
        admin = self._admin_of(group["company"])
        members = self._named(group["people"])
        create_group(name=group["name"], members=members, by=admin, at=at)
        for person in members:
            if person.pk != admin.pk:
                change_sees(membership=person, sees="group", by=admin, at=at)

    def _coordinate(self, name: str, coordinator: str, at: datetime) -> None:
        customer = Customer.objects.get(name=name)
        change_customer(
            customer=customer, seen_version=customer.version, name=name, notes=customer.notes,
            coordinator=self._named([coordinator])[0], by=self.owner, at=at,
        )  # fmt: skip

    def _packs(self) -> Iterator[Deal]:
        for each in self.data["packs"]:
            yield Deal(self._day(each["sold"], "09:30"), partial(self._sell, each))
            if each["days"] < each["sold"]:
                yield Deal(self._day(each["sold"] - each["days"] - 1, "00:30"), self._expire)
            for adjusted in each.get("adjusted", ()):
                at = self._day(adjusted["day"], "16:40")
                yield Deal(at, partial(self._adjust, each["name"], each["company"], adjusted))

    def _sell(self, each: dict[str, Any], at: datetime) -> None:
        starts_on = at.astimezone(self.stage.plot.rules.zone).date()
        terms = PackTerms(
            name=each["name"],
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=each["days"]),
            price=each["price"],
        )
        customer = Customer.objects.get(name=each["company"])
        sell_pack(customer=customer, minutes=each["hours"] * 60, terms=terms, by=self.owner, at=at)

    def _expire(self, at: datetime) -> None:
        expire_packs(tenant=self.stage.tenant, at=at)

    def _adjust(self, name: str, company: str, adjusted: dict[str, Any], at: datetime) -> None:
        pack = Pack.objects.select_related("customer__tenant").get(name=name, customer__name=company)
        adjust_pack(pack=pack, minutes=adjusted["minutes"], reason=adjusted["reason"], by=self.owner, at=at)

    def _standings(self) -> Iterator[Deal]:
        """One that was lifted, and one that begins as the demo does: it was said some days ahead."""
        for rule in self.data["rules"]:
            yield Deal(self._day(29, "12:00"), partial(self._rule, rule))
        for each in self.data["standings"]:
            yield Deal(self._day(each["said"], "11:15"), partial(self._restrict, each))
            if "lifted" in each:
                yield Deal(self._day(each["lifted"], "15:05"), partial(self._lift, each["company"]))

    def _rule(self, rule: dict[str, Any], at: datetime) -> None:
        terms = RuleTerms(stops_tickets=False, channels=rule["channels"], way_out=rule["way_out"])
        change_standing_rule(
            level=rule["level"], ground=rule["ground"], terms=terms, seen_version=0, by=self.owner, at=at
        )

    def _restrict(self, each: dict[str, Any], at: datetime) -> None:
        customer = Customer.objects.get(name=each["company"])
        now = self.stage.plot.now
        tickets = Ticket.objects.filter(customer=customer).order_by("number")
        terms = StandingTerms(
            level=each["level"],
            ground=each["ground"],
            reason=each["reason"],
            way_out=each["way_out"],
            evidence=list(tickets.values_list("number", flat=True)[: each.get("evidence", 0)]),
            starts_at=None if "lifted" in each else now - timedelta(minutes=1),
            review_on=(now + timedelta(days=14)).date(),
        )
        set_standing(customer=customer, terms=terms, seen=None, by=self.owner, at=at)

    def _lift(self, company: str, at: datetime) -> None:
        customer = Customer.objects.get(name=company)
        standing: Standing = Standing.objects.not_lifted().get(customer=customer)
        lift_standing(customer=customer, seen=standing.pk, by=self.owner, at=at)

    def _leaves(self) -> Iterator[Deal]:
        """Who of the staff is away: entered by themselves, and what falls due given to a colleague."""
        plot = self.stage.plot
        for leave, starts_at, ends_at in plot.leaves:
            terms = AbsenceTerms(starts_at, ends_at, leave.kind, leave.note)
            yield Deal(self._day(leave.said, "08:20"), partial(self._enter, leave.person, terms))
            if leave.hands_to:
                gives = partial(self._hand_over, leave, ends_at)
                yield Deal(plot.rules.office.next_open(starts_at), gives)

    def _enter(self, name: str, terms: AbsenceTerms, at: datetime) -> None:
        person = self._named([name])[0]
        add_absence(person=person, terms=terms, by=person, at=at)

    def _hand_over(self, leave: Leave, back_at: datetime, at: datetime) -> None:
        person, to = self._named([leave.person, leave.hands_to])
        supervisor = self.stage.people[self.stage.plot.desk.staff_with("supervisor")[0].email]
        hand_over_tickets(person=person, to=to, by=supervisor, at=at, due_before=back_at)

    def _talk(self, each: dict[str, Any]) -> Iterator[Deal]:
        """A ticket from its filing on: steps so many office minutes apart, on the first open minute."""
        rules, now = self.stage.plot.rules, self.stage.plot.now
        company = next(one for one in self.stage.plot.desk.companies if one.name == each["company"])
        talk = Talk(each, self.stage, requester=self._requester(company, each), agent=self._agent(each))
        at = self._day(each["day"], each["time"]) if "day" in each else rules.before(
            now, each["minutes_ago"]
        )  # fmt: skip
        at = at if rules.office.is_open(at) else rules.office.next_open(at)
        yield Deal(at, talk.file)
        for step in each["steps"]:
            at = now - timedelta(minutes=step["ago"]) if "ago" in step else rules.working(at, step["after"])
            yield Deal(at, partial(talk.go_on, step))

    def _requester(self, company: Company, each: dict[str, Any]) -> Membership:
        return self.stage.people[company.people[each.get("person", 1)].email]

    def _agent(self, each: dict[str, Any]) -> Membership:
        agents = self.stage.plot.desk.agents
        return self.stage.people[agents[each.get("agent", 0) % len(agents)].email]

    def _admin_of(self, name: str) -> Membership:
        company = next(one for one in self.stage.plot.desk.companies if one.name == name)
        return self.stage.people[company.people[0].email]

    def _named(self, names: list[str]) -> list[Membership]:
        by_name = {person.name: person for person in self.stage.people.values()}
        return [by_name[name] for name in names]

    def _day(self, days_ago: int, clock: str) -> datetime:
        zone = self.stage.plot.rules.zone
        day = self.stage.plot.now.astimezone(zone).date() - timedelta(days=days_ago)
        return instant_of(datetime.combine(day, time.fromisoformat(clock)), zone)


def read_dealings(stage: Stage) -> Dealings:
    """The dealings of a desk that is set up, from its file."""
    desk = stage.plot.desk
    data = tomllib.loads((FOLDER / "dealings" / f"{desk.slug}.toml").read_text(encoding="utf-8"))
    return Dealings(stage, data, stage.people[desk.staff[0].email])
