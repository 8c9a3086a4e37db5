"""The fields in which a correction says how one service was hit, stretch by stretch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from maintenance.instant_fields import MomentField
from maintenance.models import OUTAGE_IMPACTS, Outage, OutageService
from maintenance.services.outage_periods import Stretch


@dataclass(frozen=True)
class _Names:
    impact: str
    start: str
    end: str


class StretchFields:
    """The stretches of one service in a form, with an empty one behind them.

    Of the first, the impact is the field that every service has. A start or an end that is the outage's, or
    the next stretch's, is left empty: it moves with them.
    """

    def __init__(
        self, form: forms.Form, service_id: int, rows: Sequence[OutageService], outage: Outage
    ) -> None:
        self._form = form
        self._names = [_names(service_id, n) for n in range(len(rows) + 1)]
        self.are_several = len(rows) > 1 or rows[0].started_at != outage.started_at
        self.are_several = self.are_several or rows[-1].ended_at != outage.ended_at
        for n, names in enumerate(self._names):
            row = rows[n] if n < len(rows) else None
            following = rows[n + 1].started_at if n + 1 < len(rows) else outage.ended_at
            self._add(names, row, outage, following, is_first=n == 0)

    def _add(
        self, names: _Names, row: OutageService | None, outage: Outage, following: Any, *, is_first: bool
    ) -> None:
        fields, initial = self._form.fields, self._form.initial
        if not is_first:
            fields[names.impact] = forms.ChoiceField(
                label=_("Then"), choices=[("", _("Not affected")), *OUTAGE_IMPACTS], required=False
            )
            initial.setdefault(names.impact, row.impact if row is not None else "")
        fields[names.start] = MomentField(label=_("From"), required=False)
        fields[names.end] = MomentField(label=_("To"), required=False)
        if row is None:
            return
        if not is_first or row.started_at != outage.started_at:
            initial.setdefault(names.start, row.started_at)
        if row.ended_at != following:
            initial.setdefault(names.end, row.ended_at)

    @property
    def rows(self) -> list[tuple[forms.BoundField | None, forms.BoundField, forms.BoundField]]:
        """Impact (None: the service's own field), from, to."""
        form = self._form
        return [
            (form[names.impact] if n else None, form[names.start], form[names.end])
            for n, names in enumerate(self._names)
        ]

    def without_start(self, data: Mapping[str, Any]) -> Iterator[str]:
        """The names of fields that should say from when a further stretch was, and do not."""
        for names in self._names[1:]:
            if data.get(names.impact) and data.get(names.start) is None and names.start in data:
                yield names.start

    def stretches(self, data: Mapping[str, Any]) -> list[Stretch]:
        """What was chosen."""
        return [
            Stretch(data[names.impact], data.get(names.start), data.get(names.end))
            for names in self._names
            if data.get(names.impact)
        ]


def _names(service_id: int, n: int) -> _Names:
    nth = f"{service_id}_{n + 1}" if n else str(service_id)
    return _Names(f"service_{nth}", f"from_{nth}", f"to_{nth}")
