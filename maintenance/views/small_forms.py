"""Small forms of a page that stays: carried out, or shown again as they were filled in."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages

from accounts.requests import DeskRequest
from accounts.views.console import CONFLICT, UNPROCESSABLE
from maintenance.refusing import RefusingForm
from maintenance.services.errors import MaintenanceRuleBroken
from tickets.services.errors import TicketRuleBroken


def carry_out(request: DeskRequest, form: RefusingForm, act: Callable[[], str]) -> int | None:
    """Do what a form asks for, if it is valid, and say so with the words that `act` returns.

    Returns nothing when it is done; else the status of the page on which the form says what was refused.
    """
    if not form.is_valid():
        return UNPROCESSABLE
    try:
        messages.success(request, act())
    except MaintenanceRuleBroken as refused:
        form.refuse(refused)
    except TicketRuleBroken as refused:
        form.add_error(None, refused.words())
    else:
        return None
    return CONFLICT
