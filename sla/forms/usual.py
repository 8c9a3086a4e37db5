"""What the forms of a desk's first calendar and first plan begin with: the usual, to be changed."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Membership, Tenant
from sla.forms.hours import SLOTS, fill_slots
from sla.forms.plan_targets import initial_targets
from sla.forms.plans import initial_of_values
from sla.models import Metric, Plan, SupportCalendar, SupportChannel, TargetUnit
from sla.services.edits import contents_of
from sla.services.ladders import without_gone
from sla.services.plans import TargetTerms
from sla.services.proposals import head_of
from tickets.lifecycle import Priority

_NINE_TO_FIVE = [["09:00", "17:00"]]
_HOUR = 3600
_RESPONSES = {
    Priority.CRITICAL: (TargetUnit.BUSINESS_TIME, 2 * _HOUR, 4 * _HOUR),
    Priority.HIGH: (TargetUnit.BUSINESS_TIME, 4 * _HOUR, 8 * _HOUR),
    Priority.MEDIUM: (TargetUnit.BUSINESS_DAYS, 1, 1),
    Priority.LOW: (TargetUnit.BUSINESS_DAYS, 2, 3),
}
"""Aim and limit of first and next responses, as most published policies have them."""


def usual_calendar(tenant: Tenant) -> dict[str, Any]:
    """Monday to Friday, nine to five where the desk is, as the form shows it; nothing once there is one."""
    if SupportCalendar.objects.filter(tenant_id=tenant.pk).exists():
        return {}
    with translation.override(tenant.language):
        initial: dict[str, Any] = {"name": _("Support hours"), "week_slots": SLOTS}
    for day in range(5):
        fill_slots(initial, f"week_{day}", _NINE_TO_FIVE)
    return initial


def usual_plan(membership: Membership) -> dict[str, Any]:
    """A plan by the first calendar with the usual response times and what each priority means, in the desk's
    language, as the form shows it; nothing once there is one."""
    if Plan.objects.visible_to(membership).exists():
        return {}
    calendar = SupportCalendar.objects.visible_to(membership).in_use().order_by("pk").first()
    targets = [
        TargetTerms(metric, priority, *promised)
        for metric in (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
        for priority, promised in _RESPONSES.items()
    ]
    with translation.override(membership.tenant.language):
        return {
            "name": _("Standard"),
            "calendar": calendar.pk if calendar else None,
            "channels": [SupportChannel.PORTAL.value, SupportChannel.EMAIL.value],
            "definition_critical": _("The system cannot be used, or operations have stopped."),
            "definition_high": _("A main workflow is interrupted, and there is no way around it."),
            "definition_medium": _("Something does not work as it should; work goes on."),
            "definition_low": _("A question, or an improvement that can wait."),
            **initial_targets(targets),
        }


def like_plan(plan: Plan) -> tuple[dict[str, Any], list[str]]:
    """What a plan says in its newest version, as the form of a new one shows it; the name is still to be
    given, and a calendar that is archived still to be chosen. And whom its ladder named who is not there any
    more: the new one's does not."""
    version = plan.versions.select_related("calendar").prefetch_related("targets").latest("number")
    said = contents_of(version)
    said["ladder"], gone = without_gone(plan.tenant_id, said["ladder"])
    initial = initial_of_values(head_of(plan) | said) | {"name": ""}
    return initial if version.calendar.archived_at is None else initial | {"calendar": None}, gone
