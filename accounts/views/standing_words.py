"""A standing in words: what it stops, for staff and for the customer's people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Customer, Membership, Standing, StandingLevel
from accounts.standing import rule_of, way_out_of
from tickets.models import Ticket
from tickets.standing_words import standing_title, stopped_words

MEANING = {
    StandingLevel.GOOD.value: "calm",
    StandingLevel.RESTRICTED.value: "at_risk",
    StandingLevel.SUSPENDED.value: "breached",
}


@dataclass(frozen=True)
class StandingNotice:
    """What the people of a customer read on every page."""

    title: str
    ground: str
    stopped: list[str]
    way_out: str
    meaning: str
    starts_at: datetime | None


def standing_notice(membership: Membership, at: datetime) -> StandingNotice | None:
    """What stands above the pages of somebody whose company does not stand well; None for all others.

    A standing that is to come is told as well, with its day; of a closed customer that it is closed. No query
    for a customer in good standing.
    """
    customer = membership.customer
    if customer is None:
        return None
    if not customer.is_active:
        return _closed_notice(customer)
    if customer.open_standing == StandingLevel.GOOD:
        return None
    standing: Standing | None = Standing.objects.not_lifted().filter(customer_id=customer.pk).first()
    if standing is None:
        return None
    rule = rule_of(standing.tenant_id, standing.level, standing.ground)
    return StandingNotice(
        title=standing_title(customer, standing, at),
        ground=standing.get_ground_display(),
        stopped=[*stopped_words(rule), _("Open tickets go on.")],
        way_out=way_out_of(standing, rule),
        meaning=MEANING[standing.level],
        starts_at=standing.starts_at if standing.starts_at > at else None,
    )


def _closed_notice(customer: Customer) -> StandingNotice:
    return StandingNotice(
        title=_("The account of %(company)s is closed") % {"company": customer.name},
        ground="",
        stopped=[_("You can read everything that stands here, and send nothing new.")],
        way_out=_("Write to your account contact to have it opened again."),
        meaning="breached",
        starts_at=None,
    )


def known_numbers(membership: Membership, customer: Customer, numbers: Collection[int]) -> set[int]:
    """Those of the numbers that are tickets of that customer."""
    if not numbers:
        return set()
    tickets = Ticket.objects.visible_to(membership).filter(customer=customer, number__in=numbers)
    return set(tickets.values_list("number", flat=True))
