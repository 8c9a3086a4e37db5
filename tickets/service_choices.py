"""Services as fields offer them: by group, in the order of the catalogue, read in one query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tickets.models import Service
from tickets.querysets import ServiceQuerySet

NO_SERVICE = gettext_lazy("None in particular")


def offer_services(field: forms.Field, services: ServiceQuerySet) -> list[Service]:
    """Let a choice field offer these, with their groups as headings; returns them."""
    rows = list(services.select_related("group").in_order())
    field.queryset = services  # type: ignore[attr-defined]
    empty = getattr(field, "empty_label", None)
    field.choices = [*([("", empty)] if empty is not None else []), *_grouped(rows)]  # type: ignore[attr-defined]
    return rows


def _grouped(rows: Iterable[Service]) -> list[Any]:
    """Choices as a select takes them: single ones, then each group with its own."""
    choices: list[Any] = []
    groups: dict[int, list[tuple[str, str]]] = {}
    for service in rows:
        row = (str(service.pk), service.name)
        if service.group is None:
            choices.append(row)
            continue
        if service.group.pk not in groups:
            groups[service.group.pk] = []
            choices.append((service.group.name, groups[service.group.pk]))
        groups[service.group.pk].append(row)
    return choices
