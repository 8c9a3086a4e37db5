"""Tickets of the demo in which something is asked for first: facts, an approval, hours that a pack pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import Membership
from hours.services import log_time
from sla.coverage_terms import exclusions_of
from supportdesk.demo.stage import Stage
from tickets import services
from tickets.models import Approval, Ticket
from tickets.services import Clause


@dataclass
class Talk:
    """One ticket, written out in full: who says what is told step by step."""

    data: dict[str, Any]
    stage: Stage
    requester: Membership
    agent: Membership
    ticket: Ticket | None = None

    def file(self, at: datetime) -> None:
        """The ticket, with the answers to what its category asks."""
        each = self.data
        self.ticket = services.file_ticket(
            by=self.requester,
            subject=each["subject"],
            body=each["body"],
            category=self.stage.categories[each["category"]],
            priority=each["priority"],
            affected_service=each.get("service", ""),
            answers=self._answers(each, at) if "answers" in each else None,
            at=at,
        )

    def go_on(self, step: dict[str, Any], at: datetime) -> None:
        """Carry out a step: say, ask, approve, decline, work, resolve or rate. ValueError for another."""
        ticket = Ticket.objects.select_related("customer__tenant").get(
            pk=self.ticket.pk if self.ticket else 0
        )
        does = {
            "say": self._say,
            "ask": self._ask,
            "approve": self._decide,
            "decline": self._decide,
            "work": self._work,
            "resolve": self._resolve,
            "rate": self._rate,
        }
        if step["do"] not in does:
            raise ValueError(step["do"])
        does[step["do"]](ticket, step, at)

    def _answers(self, each: dict[str, Any], at: datetime) -> dict[str, Any]:
        """Answers as written; a date is the day of filing."""
        today = at.astimezone(self.stage.plot.rules.zone).date()
        return {
            key: _day(today, value) if isinstance(value, int) else value
            for key, value in each["answers"].items()
        }

    def _say(self, ticket: Ticket, step: dict[str, Any], at: datetime) -> None:
        by = self.requester if step.get("who") == "customer" else self.agent
        services.reply_to_ticket(ticket=ticket, by=by, body=step["text"], then=step.get("then", ""), at=at)

    def _ask(self, ticket: Ticket, step: dict[str, Any], at: datetime) -> None:
        clause = None
        if "clause" in step:
            found = exclusions_of(ticket.customer_id, ticket.filed_at)
            named = next(one for one in found if one.key == step["clause"])
            clause = Clause(named.key, named.heading, named.text)
        services.ask_approval(
            ticket=ticket, question=step["text"], clause=clause, estimate_minutes=step.get("minutes"),
            price=step.get("price", ""), by=self.agent, at=at,
        )  # fmt: skip

    def _decide(self, ticket: Ticket, step: dict[str, Any], at: datetime) -> None:
        services.decide_approval(
            approval=Approval.objects.get(ticket=ticket, state="waiting"),
            approve=step["do"] == "approve",
            comment=step.get("text", ""),
            by=self.requester,
            at=at,
        )

    def _work(self, ticket: Ticket, step: dict[str, Any], at: datetime) -> None:
        day = at.astimezone(self.stage.plot.rules.zone).date()
        log_time(
            ticket=ticket, minutes=step["minutes"], worked_on=day, note=step["text"], by=self.agent, at=at
        )

    def _resolve(self, ticket: Ticket, step: dict[str, Any], at: datetime) -> None:
        services.reply_to_ticket(ticket=ticket, by=self.agent, body=step["text"], then="resolved", at=at)

    def _rate(self, ticket: Ticket, step: dict[str, Any], at: datetime) -> None:
        services.rate_ticket(
            ticket=ticket, score=step["score"], comment=step.get("text", ""), by=self.requester, at=at
        )


def _day(today: date, days_ago: int) -> str:
    return date.fromordinal(today.toordinal() - days_ago).isoformat()
