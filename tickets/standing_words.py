"""A standing in words for those whom it concerns: what it stops, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Customer, Standing, StandingRule
from tickets.lifecycle import Priority
from tickets.models import Channel
from tickets.services.standing import CHAT

STOPPABLE = (*Channel.choices, (CHAT, gettext_lazy("Chat")))
"""The ways to support that a rule may stop: values with their labels."""


def standing_title(customer: Customer, standing: Standing, at: datetime) -> str:
    """That support is restricted or suspended, or will be."""
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


def stopped_words(rule: StandingRule) -> list[str]:
    """What a rule stops and lets through, a sentence each."""
    said = []
    if rule.stops_tickets:
        said.append(_("New tickets cannot be filed."))
    else:
        if rule.priorities:
            names = _listed(label for value, label in Priority.choices if value in rule.priorities)
            said.append(_("New tickets cannot be filed with priority: %(names)s.") % {"names": names})
        by = [label for value, label in Channel.choices if value in rule.channels]
        if by:
            said.append(_("New tickets cannot be filed by: %(names)s.") % {"names": _listed(by)})
    if rule.stops_tickets or CHAT in rule.channels:
        said.append(_("Nobody can be asked for a chat."))
    if rule.stops_emergencies:
        said.append(_("Emergencies cannot be declared."))
    if not said:
        return [_("Nothing is stopped.")]
    if rule.lets_critical_outages:
        said.append(_("Critical outages are still taken."))
    return said


def _listed(labels: Iterable[object]) -> str:
    return get_text_list([str(label) for label in labels], _("and"))
