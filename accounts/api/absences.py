"""Absences of staff, by API: colleagues read no reason; entered by the person and by supervisors."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.absences import may_know_kind, may_plan_absences, may_read_note
from accounts.api.base import (
    DeskView,
    Input,
    Instant,
    Line,
    PageQuery,
    id_field,
    page_response,
    page_schema,
    read_input,
    read_query,
)
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsStaffMember
from accounts.api.serializers import PersonRefSerializer
from accounts.models import Absence, AbsenceKind, Membership
from accounts.models.absences import NOTE_LENGTH
from accounts.services.absences import (
    AbsenceTerms,
    add_absence,
    change_absence,
    remove_absence,
)

SOONEST = Order("soonest", [Key("starts_at"), Key("id")])


class AbsenceSerializer(serializers.Serializer[Absence]):
    """When somebody of the staff is away."""

    id = serializers.IntegerField()
    person = PersonRefSerializer()
    starts_at = Instant()
    ends_at = Instant(help_text=_("When the absence is over."))
    kind = serializers.SerializerMethodField(
        help_text=_("For supervisors and the person alone; null for others.")
    )
    note = serializers.SerializerMethodField(help_text=_("For admins and the person alone; null for others."))
    version = serializers.IntegerField(help_text=_("What “seen” takes."))

    def get_kind(self, absence: Absence) -> str | None:
        return absence.kind if may_know_kind(self.context["membership"], absence.person) else None

    def get_note(self, absence: Absence) -> str | None:
        return absence.note if may_read_note(self.context["membership"], absence.person) else None


class AbsenceInput(Input):
    """When somebody is away, and why."""

    starts_at = Instant()
    ends_at = Instant(help_text=_("The first instant at which they are back."))
    kind = serializers.ChoiceField(choices=AbsenceKind.choices, default=AbsenceKind.HOLIDAY)
    note = Line(
        max_length=NOTE_LENGTH,
        allow_blank=True,
        default="",
        help_text=_("Read by admins and the person. Whoever may not read it does not change it."),
    )


class ChangedAbsenceInput(AbsenceInput):
    """The absence as it shall be."""

    seen = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text=_("The version that you read.")
    )


class AbsencesQuery(PageQuery):
    """Which absences are listed."""

    person = id_field(required=False, help_text=_("Of this one alone."))
    past = serializers.BooleanField(default=False, help_text=_("With those that are over."))


AbsencePage = page_schema("AbsencePage", AbsenceSerializer)


class Absences(DeskView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("List absences"),
        name="list_absences",
        group="people",
        answers={200: AbsencePage},
        refused=["invalid", "not_allowed"],
        parameters=[AbsencesQuery],
        description=_("Running and coming ones of the staff, the soonest first. For staff alone."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, AbsencesQuery)
        absences = Absence.objects.visible_to(self.membership).select_related("person")
        if not query["past"]:
            absences = absences.not_over(timezone.now())
        if "person" in query:
            absences = absences.filter(person_id=query["person"])
        return page_response(self, absences, SOONEST, query, AbsenceSerializer)


class AbsencesOfPerson(DeskView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Enter an absence"),
        name="add_absence",
        group="people",
        answers={201: AbsenceSerializer},
        refused=[*CHANGE, "refused_absence"],
        request=AbsenceInput,
        description=_("One's own, or as a supervisor that of anybody on the staff."),
    )
    def post(self, request: Request, colleague_id: int) -> Response:
        staff = Membership.objects.visible_to(self.membership).staff()
        person: Membership = get_object_or_404(staff, pk=colleague_id)
        terms = AbsenceTerms(**read_input(self, AbsenceInput))
        absence = add_absence(person=person, terms=terms, by=self.membership, at=timezone.now())
        data = AbsenceSerializer(absence, context=self.context()).data
        return Response(data, status=status.HTTP_201_CREATED)


class OneAbsence(DeskView):
    permission_classes = (IsStaffMember,)

    @operation(
        _("Change an absence"),
        name="change_absence",
        group="people",
        answers={200: AbsenceSerializer},
        refused=[*CHANGE, "refused_absence", "edited_meanwhile"],
        request=ChangedAbsenceInput,
        description=_("Of somebody who is back early, the end. By the person or a supervisor."),
    )
    def put(self, request: Request, absence_id: int) -> Response:
        absence = self._absence(absence_id)
        values = read_input(self, ChangedAbsenceInput)
        seen = values.pop("seen")
        absence = change_absence(
            absence=absence,
            terms=AbsenceTerms(**values),
            seen_version=seen,
            by=self.membership,
            at=timezone.now(),
        )
        return Response(AbsenceSerializer(absence, context=self.context()).data)

    @operation(
        _("Remove an absence"),
        name="remove_absence",
        group="people",
        answers={204: OpenApiResponse(description=_("It is as if it had never been entered."))},
        refused=["not_allowed"],
        description=_("What was entered by mistake. By the person or a supervisor."),
    )
    def delete(self, request: Request, absence_id: int) -> Response:
        remove_absence(absence=self._absence(absence_id), by=self.membership, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _absence(self, absence_id: int) -> Absence:
        """One that the caller may change; else 404."""
        rows = Absence.objects.visible_to(self.membership).select_related("person")
        absence: Absence = get_object_or_404(rows, pk=absence_id)
        if not may_plan_absences(self.membership, absence.person):
            raise Http404
        return absence
