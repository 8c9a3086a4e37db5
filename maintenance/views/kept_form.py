"""What was typed about a new window while a time is looked for: kept in the session until it is drafted."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from accounts.interrupted import MOST_CHARACTERS
from maintenance.window_forms import WindowForm

KEY = "window_being_planned"
CARRIED = ("ticket", "kept")
"""What the addresses of "find a time" hand on: the ticket that asked, and that a form was kept."""
MOST_MINUTES = 2880


def keep_form(request: HttpRequest) -> bool:
    """Put the posted form into the session in place of an earlier one; False if it is too long for that."""
    fields = {name: request.POST.getlist(name) for name in WindowForm.base_fields if name in request.POST}
    if sum(len(text) for texts in fields.values() for text in texts) > MOST_CHARACTERS:
        return False
    request.session[KEY] = fields
    return True


def kept_form(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with again, if the address says that one was kept."""
    fields = request.session.get(KEY) if "kept" in request.GET else None
    if not fields:
        return {}
    return {name: _value(field, fields.get(name, [])) for name, field in WindowForm.base_fields.items()}


def forget_form(request: HttpRequest) -> None:
    """It has become a window."""
    request.session.pop(KEY, None)


def carried(request: HttpRequest) -> dict[str, str]:
    """What the address of this page hands on to the next one: numbers alone."""
    said = {name: request.GET.get(name, "") for name in CARRIED}
    return {name: text for name, text in said.items() if text.isdecimal() and len(text) < 10}


def search_address(request: HttpRequest, form: WindowForm) -> str:
    """Where a time is looked for, with what the form says already of services and length."""
    form.is_valid()
    values = [*(carried(request) | {"kept": "1"}).items()]
    start, end = form.cleaned_data.get("starts_at"), form.cleaned_data.get("ends_at")
    services = form.cleaned_data.get("services") or []
    if services:
        minutes = int((end - start).total_seconds()) // 60 if start and end else 120
        values += [("services", str(service.pk)) for service in services]
        values += [("minutes", str(min(max(minutes, 15), MOST_MINUTES))), ("days", "14")]
    return f"{reverse('find_time')}?{urlencode(values)}"


def _value(field: forms.Field, texts: list[str]) -> Any:
    if isinstance(field, forms.BooleanField):
        return bool(texts)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return texts
    return texts[0] if texts else ""
