"""What somebody is told before filing: what the plan covers, what priorities mean and what is promised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hours.balances import balance_of
from sla.coverage_terms import coverage_said_by
from sla.models import CoverageKind
from sla.promises import promise_under
from sla.terms import Terms, terms_for
from tickets.filing_form import NewTicketForm
from tickets.lifecycle import Priority


@dataclass(frozen=True)
class PriorityCard:
    """A priority to choose: what it means in the customer's plan and what is promised for it."""

    value: str
    label: str
    definition: str
    promise: str


@dataclass(frozen=True)
class Cover:
    """What the plan says about the chosen category; `kind` is a coverage kind, "" without a plan.

    `balance` is what is left of the customer's prepaid work in minutes, None where it has none.
    """

    kind: str
    title: str
    words: str
    promise: str
    balance: int | None = None


@dataclass(frozen=True)
class FilingTerms:
    """All of it: the priorities, and the coverage once category and customer are known."""

    cards: list[PriorityCard]
    cover: Cover | None


def filing_terms(form: NewTicketForm, at: datetime) -> FilingTerms:
    """What holds for what stands in the form; without a customer, or a contract, nothing is promised."""
    terms = terms_for(form.customer.pk, at) if form.customer else None
    cards = [_card(priority, terms, at) for priority in Priority]
    return FilingTerms(cards, _cover(form, terms, cards, at))


def _card(priority: Priority, terms: Terms | None, at: datetime) -> PriorityCard:
    if terms is None:
        return PriorityCard(priority.value, str(priority.label), "", "")
    definition = terms.plan_version.definitions.get(priority.value, "")
    promise = str(promise_under(terms, priority.value, at))
    return PriorityCard(priority.value, str(priority.label), definition, promise)


def _cover(form: NewTicketForm, terms: Terms | None, cards: list[PriorityCard], at: datetime) -> Cover | None:
    if form.customer is None or form.chosen_category is None:
        return None
    if terms is None:
        return Cover("", _("No plan"), _("There is no plan at the moment, so no time is promised."), "")
    kind = coverage_said_by(terms.plan_version).of(form.chosen_category.pk)
    chosen = form["priority"].value()
    promise = next((card.promise for card in cards if card.value == chosen), "")
    title = _TITLES[kind]() % {"plan": terms.contract.plan.name}
    balance = balance_of(form.customer.pk, at, tenant=form.membership.tenant)
    return Cover(kind.value, title, _WORDS[kind](), promise, balance)


_TITLES: dict[CoverageKind, Callable[[], str]] = {
    CoverageKind.COVERED: lambda: _("Covered by %(plan)s"),
    CoverageKind.BILLABLE: lambda: _("Billable under %(plan)s"),
    CoverageKind.NOT_COVERED: lambda: _("Not covered by %(plan)s"),
}
_WORDS: dict[CoverageKind, Callable[[], str]] = {
    CoverageKind.COVERED: lambda: "",
    CoverageKind.BILLABLE: lambda: _("The work is charged, or taken from prepaid hours."),
    CoverageKind.NOT_COVERED: lambda: _(
        "It can be filed all the same. Before any work begins, its price is agreed on."
    ),
}
