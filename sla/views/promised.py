"""Targets as tables: a row for each metric and priority, said in words."""

from collections.abc import Iterable, Sequence
from typing import Any

from sla.amounts import day_rule, target_words
from sla.models import Metric, Target
from tickets.lifecycle import Priority


def target_table(columns: Sequence[Iterable[Target]]) -> list[dict[str, Any]]:
    """The targets of several plan versions side by side, grouped by metric; "" where nothing is promised.

    `day_rule` of each metric says what a business day is, where any target of it counts in them.
    """
    cells = [{(target.metric, target.priority): target for target in targets} for targets in columns]
    return [
        {
            "metric": metric.label,
            "day_rule": day_rule(
                *(target for column in cells for (of, _priority), target in column.items() if of == metric)
            ),
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
