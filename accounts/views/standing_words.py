"""A standing in words: what it stops, for staff and for the customer's people."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import Customer, Membership, Standing, StandingLevel, StandingRule
from accounts.standing import rule_of, way_out_of
from tickets.lifecycle import Priority
from tickets.models import Channel, Ticket

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


def stopped_words(rule: StandingRule) -> list[str]:
    """What a rule stops and lets through, a sentence each."""
    said = []
    if rule.stops_tickets:
        said.append(_("New tickets cannot be filed."))
    else:
        if rule.priorities:
            names = _listed(label for value, label in Priority.choices if value in rule.priorities)
            said.append(_("New tickets cannot be filed with priority: %(names)s.") % {"names": names})
        if rule.channels:
            names = _listed(label for value, label in Channel.choices if value in rule.channels)
            said.append(_("New tickets cannot be filed by: %(names)s.") % {"names": names})
    if rule.stops_emergencies:
        said.append(_("Emergencies cannot be declared."))
    if not said:
        return [_("Nothing is stopped.")]
    if rule.lets_critical_outages:
        said.append(_("Critical outages are still taken."))
    return said


def standing_notice(membership: Membership, at: datetime) -> StandingNotice | None:
    """What stands above the pages of somebody whose company does not stand well; None for all others.

    A standing that is to come is told as well, with its day. No query for a customer in good standing.
    """
    customer = membership.customer
    if customer is None or customer.open_standing == StandingLevel.GOOD:
        return None
    standing: Standing | None = Standing.objects.not_lifted().filter(customer_id=customer.pk).first()
    if standing is None:
        return None
    rule = rule_of(standing.tenant_id, standing.level, standing.ground)
    return StandingNotice(
        title=_title(customer, standing, at),
        ground=standing.get_ground_display(),
        stopped=[*stopped_words(rule), _("Open tickets go on.")],
        way_out=way_out_of(standing, rule),
        meaning=MEANING[standing.level],
        starts_at=standing.starts_at if standing.starts_at > at else None,
    )


def _title(customer: Customer, standing: Standing, at: datetime) -> str:
    if standing.is_suspended:
        to_come, now = (
            _("Support for %(company)s will be suspended"),
            _("Support for %(company)s is suspended"),
        )
    else:
        to_come, now = (
            _("Support for %(company)s will be restricted"),
            _("Support for %(company)s is restricted"),
        )
    return (to_come if standing.starts_at > at else now) % {"company": customer.name}


def known_numbers(membership: Membership, customer: Customer, numbers: Collection[int]) -> set[int]:
    """Those of the numbers that are tickets of that customer."""
    if not numbers:
        return set()
    tickets = Ticket.objects.visible_to(membership).filter(customer=customer, number__in=numbers)
    return set(tickets.values_list("number", flat=True))


def _listed(labels: Iterable[object]) -> str:
    return get_text_list([str(label) for label in labels], _("and"))
