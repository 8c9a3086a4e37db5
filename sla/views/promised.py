"""Targets as tables: a row for each metric and priority, said in words."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla.amounts import write_amount
from sla.models import Metric, Target, TargetUnit
from tickets.lifecycle import Priority


def target_words(target: Target | None) -> str:
    """ "2 to 4 business hours", "1 business day", "4 h around the clock"; "" for no target."""
    if target is None:
        return ""
    if target.aim == target.limit:
        amount = write_amount(target.limit, target.unit)
    else:
        ends = {
            "aim": write_amount(target.aim, target.unit),
            "limit": write_amount(target.limit, target.unit),
        }
        amount = _("%(aim)s to %(limit)s") % ends
    if target.unit == TargetUnit.BUSINESS_DAYS:
        said = ngettext("%(amount)s business day", "%(amount)s business days", target.limit)
    elif target.unit == TargetUnit.ELAPSED_TIME:
        said = _("%(amount)s h around the clock")
    else:
        said = ngettext("%(amount)s business hour", "%(amount)s business hours", -(-target.limit // 3600))
    return said % {"amount": amount}


def target_table(columns: Sequence[Iterable[Target]]) -> list[dict[str, Any]]:
    """The targets of several plan versions side by side, grouped by metric; "" where nothing is promised."""
    cells = [{(target.metric, target.priority): target for target in targets} for targets in columns]
    return [
        {
            "metric": metric.label,
            "rows": [
                {
                    "priority": priority.value,
                    "label": priority.label,
                    "cells": [target_words(column.get((metric, priority))) for column in cells],
                }
                for priority in Priority
            ],
        }
        for metric in Metric
    ]
