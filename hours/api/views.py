"""Prepaid hours through the API: packs and statements, and time on tickets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, read_input, read_month, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.once import ONCE, done_once, sending_of
from accounts.api.permissions import IsAdmin, IsStaffMember
from accounts.models import Customer
from hours import permissions, services
from hours.api import serializers as forms
from hours.balances import balance_of
from hours.days import day_of
from hours.models import LOW_AT_MINUTES, HoursAccount, Pack, TimeEntry
from hours.statement import statement_of
from tickets.api.views import TicketView
from tickets.services import TicketRuleBroken, earlier_event

REFUSED = (services.HoursRuleBroken, TicketRuleBroken)


class HoursView(DeskView):
    """A view about the hours of one customer."""

    def get_customer(self, customer_id: int) -> Customer:
        """One whose hours the caller may read. Raises Http404, NotAllowed."""
        customer: Customer = get_object_or_404(Customer.objects.visible_to(self.membership), pk=customer_id)
        customer.tenant = self.tenant
        if not permissions.can_read_hours(self.membership, customer):
            raise services.NotAllowed
        return customer

    def get_pack(self, pack_id: int) -> Pack:
        """Raises Http404."""
        packs = Pack.objects.visible_to(self.membership).select_related("customer__tenant")
        found: Pack = get_object_or_404(packs, pk=pack_id)
        return found

    def once(self, write: Callable[[UUID | None], object]) -> None:
        """Sell or adjust, unless the same call has done so before."""
        sending = sending_of(self)
        done_once(
            lambda: services.earlier_entry(by=self.membership, submission=sending),
            lambda: write(sending),
            REFUSED,
        )

    def answer(self, customer: Customer, code: int = 200) -> Response:
        """What the customer has now."""
        account = HoursAccount.objects.filter(customer=customer).first()
        values = {
            "customer": customer,
            "balance": balance_of(customer.pk, timezone.now(), tenant=self.tenant),
            "low_at_minutes": account.low_at_minutes if account else LOW_AT_MINUTES,
            "packs": list(Pack.objects.visible_to(self.membership).filter(customer=customer)),
        }
        return Response(forms.HoursSerializer(values, context=self.context()).data, status=code)


class CustomerHours(HoursView):
    @operation(
        _("Show prepaid hours"),
        name="show_hours",
        group="people",
        answers={200: forms.HoursSerializer},
        refused=["not_allowed"],
        description=_("Balance and packs; for staff, and for the customer's own admins."),
    )
    def get(self, request: Request, customer_id: int) -> Response:
        return self.answer(self.get_customer(customer_id))


class HoursStatement(HoursView):
    @operation(
        _("Show a statement of hours"),
        name="show_hours_statement",
        group="people",
        answers={200: forms.StatementSerializer},
        refused=["invalid", "not_allowed"],
        parameters=[forms.StatementQuery],
        description=_("What went in and out in a month; for staff, and for the customer's own admins."),
    )
    def get(self, request: Request, customer_id: int) -> Response:
        query, now = read_query(self, forms.StatementQuery), timezone.now()
        customer = self.get_customer(customer_id)
        month = read_month(query, today=day_of(self.tenant, now))
        statement = statement_of(customer, month, reader=self.membership, now=now)
        return Response(forms.StatementSerializer(statement, context=self.context()).data)


class ChangeAccount(HoursView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Say when little is left"),
        name="change_hours_account",
        group="people",
        answers={200: forms.HoursSerializer},
        refused=[*CHANGE, "edited_meanwhile"],
        request=forms.AccountInput,
        description=_("“seen” is 1 before anything was said or sold. For admins alone."),
    )
    def post(self, request: Request, customer_id: int) -> Response:
        customer = self.get_customer(customer_id)
        values = read_input(self, forms.AccountInput)
        services.change_account(
            customer=customer,
            low_at_minutes=values["low_at_minutes"],
            seen_version=values["seen"],
            by=self.membership,
            at=timezone.now(),
        )
        return self.answer(customer)


class SellPack(HoursView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Sell a pack of hours"),
        name="sell_pack",
        group="people",
        answers={201: forms.HoursSerializer},
        refused=[*CHANGE, "refused_pack"],
        request=forms.SellInput,
        parameters=[ONCE],
        description=_("For admins alone."),
    )
    def post(self, request: Request, customer_id: int) -> Response:
        customer = self.get_customer(customer_id)
        values = read_input(self, forms.SellInput)
        minutes, terms = values.pop("minutes"), services.PackTerms(**values)

        def sell(sending: UUID | None) -> object:
            return services.sell_pack(
                customer=customer,
                minutes=minutes,
                terms=terms,
                by=self.membership,
                at=timezone.now(),
                submission=sending,
            )

        self.once(sell)
        return self.answer(customer, status.HTTP_201_CREATED)


class ChangePack(HoursView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Change a pack of hours"),
        name="change_pack",
        group="people",
        answers={200: forms.HoursSerializer},
        refused=[*CHANGE, "refused_pack", "edited_meanwhile"],
        request=forms.ChangePackInput,
        description=_("Its hours change by adjusting alone. For admins alone."),
    )
    def put(self, request: Request, pack_id: int) -> Response:
        pack, values = self.get_pack(pack_id), read_input(self, forms.ChangePackInput)
        seen = values.pop("seen")
        terms = services.PackTerms(**values)
        services.change_pack(pack=pack, terms=terms, seen_version=seen, by=self.membership, at=timezone.now())
        return self.answer(pack.customer)


class AdjustPack(HoursView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Adjust a pack of hours"),
        name="adjust_pack",
        group="people",
        answers={200: forms.HoursSerializer},
        refused=[*CHANGE, "refused_adjustment", "not_enough_hours"],
        request=forms.AdjustInput,
        parameters=[ONCE],
        description=_("Hours are put in or taken out with a reason, which the customer reads. For admins."),
    )
    def post(self, request: Request, pack_id: int) -> Response:
        pack, values = self.get_pack(pack_id), read_input(self, forms.AdjustInput)

        def adjust(sending: UUID | None) -> object:
            return services.adjust_pack(
                pack=pack, by=self.membership, at=timezone.now(), submission=sending, **values
            )

        self.once(adjust)
        return self.answer(pack.customer)


class Time(TicketView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("List time on a ticket"),
        name="list_time",
        group="actions",
        answers={200: forms.TimeSerializer(many=True)},
        refused=["not_allowed"],
        description=_("The newest first, what was taken back as well. For staff alone."),
    )
    def get(self, request: Request, number: int) -> Response:
        entries = TimeEntry.objects.visible_to(self.membership).filter(ticket=self.get_ticket(number))
        found = entries.select_related("agent").order_by("-logged_at", "-pk")
        return Response(forms.TimeSerializer(found, many=True, context=self.context()).data)

    @operation(
        _("Log time"),
        name="log_time",
        group="actions",
        answers={201: forms.TimeSerializer},
        refused=[*CHANGE, "refused_time", "needs_approval", "estimate_used_up", "not_enough_hours"],
        request=forms.TimeInput,
        parameters=[ONCE],
        description=_(
            "Charged as the plan and the customer's approval say, from the oldest pack on. For staff alone."
        ),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket, values = self.get_ticket(number), read_input(self, forms.TimeInput)
        me, sending = self.membership, sending_of(self)

        def find() -> TimeEntry | None:
            event = earlier_event(by=me, submission=sending)
            return TimeEntry.objects.select_related("agent").get(pk=event.data["entry"]) if event else None

        def log() -> TimeEntry:
            return services.log_time(ticket=ticket, by=me, at=timezone.now(), submission=sending, **values)

        entry = done_once(find, log, REFUSED)
        return Response(_shown(self, entry), status=status.HTTP_201_CREATED)


class VoidTime(DeskView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Take logged time back"),
        name="void_time",
        group="actions",
        answers={200: forms.TimeSerializer},
        refused=[*CHANGE, "refused_time", "voided_before"],
        request=forms.VoidInput,
        description=_("What it drew goes back into its packs. For whoever logged it, and supervisors."),
    )
    def post(self, request: Request, entry_id: int) -> Response:
        entry = TimeEntry.objects.visible_to(self.membership).filter(pk=entry_id).first()
        if entry is None:
            raise Http404
        values = read_input(self, forms.VoidInput)
        entry = services.void_time(entry=entry, by=self.membership, at=timezone.now(), **values)
        return Response(_shown(self, entry))


def _shown(view: DeskView, entry: TimeEntry) -> Any:
    return forms.TimeSerializer(entry, context=view.context()).data
