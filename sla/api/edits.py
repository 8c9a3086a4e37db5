"""Edits of calendars, plans and contracts for programs: drafted, looked at, applied, watched, undone."""

from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.api.base import DeskView, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin
from sla.api.edit_inputs import ApplyInput, EditInput, EditsQuery, EffectQuery, MovesQuery, place_of
from sla.api.edit_serializers import (
    EditDetailSerializer,
    EditPage,
    EditSerializer,
    EffectSerializer,
    MovePage,
    MoveSerializer,
)
from sla.models import Edit
from sla.services.edits import (
    apply_edit,
    cancel_edit,
    discard_draft,
    draft_edit,
    effect_of,
    page_of_effect,
    undo_edit,
)
from sla.services.errors import PromiseRuleBroken
from tickets.api.inputs import NothingInput

NEWEST = Order("newest", [Key("id", descending=True)])
BY_TICKET = Order("ticket", [Key("ticket_id")])
STANDING = ("newer_version", "nothing_changed", "refused")
DRAFT = OpenApiExample(
    "Half an hour earlier on Mondays",
    summary=_("Half an hour earlier on Mondays"),
    value={"calendar": {"id": 3, "version": 4, "week": {"0": [["08:30", "18:00"]]}}},
    request_only=True,
)
APPLY = OpenApiExample(
    "Open tickets too, from now on",
    summary=_("Open tickets too, from now on"),
    value={"reach": "from_now"},
    request_only=True,
)


class EditView(DeskView):
    """A view about edits, for admins alone."""

    permission_classes = (IsAdmin,)

    def edits(self) -> QuerySet[Edit]:
        """Those of the desk, with all that is written of them."""
        edits = Edit.objects.filter(tenant_id=self.tenant.pk).select_related(
            "created_by", "calendar", "plan", "contract__customer", "contract__plan", "contract__calendar",
            "calendar_version", "plan_version", "contract_version",
        )  # fmt: skip
        return edits.prefetch_related("undone_by")

    def get_edit(self, edit_id: int) -> Edit:
        """Raises Http404."""
        edit: Edit = get_object_or_404(self.edits(), pk=edit_id)
        return edit

    def shown(self, edit_id: int) -> Any:
        """The edit as it is now."""
        return EditDetailSerializer(self.get_edit(edit_id), context=self.context()).data


class Edits(EditView):
    @operation(
        _("List edits"),
        name="list_edits",
        group="edits",
        answers={200: EditPage},
        refused=["invalid", "not_allowed"],
        parameters=[EditsQuery],
        description=_("Changes to calendars, plans and contracts, drafts included, the latest first."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, EditsQuery)
        names = ("state", "calendar", "plan", "contract")
        wanted = {name: query[name] for name in names if name in query}
        return page_response(self, self.edits().filter(**wanted), NEWEST, query, EditSerializer)

    @operation(
        _("Draft an edit"),
        name="draft_edit",
        group="edits",
        answers={201: EditDetailSerializer},
        refused=[*CHANGE, *STANDING],
        request=EditInput,
        description=_(
            "A change to one calendar, plan or contract, kept to be looked at; nothing changes before it is "
            "applied. What you leave out stays as it is. Location leads to the draft."
        ),
        examples=[DRAFT],
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, EditInput)
        kind = values.pop("kind")
        thing = {kind: values.pop("thing")}
        try:
            draft = draft_edit(by=self.membership, at=timezone.now(), **(values | thing))
        except PromiseRuleBroken as refused:
            if not refused.field:
                raise
            raise serializers.ValidationError(place_of(refused, kind, request.data[kind])) from refused
        address = request.build_absolute_uri(reverse("api_edit", args=[draft.pk]))
        return Response(self.shown(draft.pk), status=status.HTTP_201_CREATED, headers={"Location": address})


class ShowEdit(EditView):
    @operation(
        _("Show an edit"),
        name="show_edit",
        group="edits",
        answers={200: EditDetailSerializer},
        refused=["not_allowed"],
        description=_("With what it changes, and how far it is while it is being applied."),
    )
    def get(self, request: Request, edit_id: int) -> Response:
        return Response(self.shown(edit_id))

    @operation(
        _("Discard a draft"),
        name="discard_edit",
        group="edits",
        answers={204: OpenApiResponse(description=_("It is gone. Nothing was changed."))},
        refused=["not_allowed", "edit_not_open"],
    )
    def delete(self, request: Request, edit_id: int) -> Response:
        discard_draft(self.get_edit(edit_id), by=self.membership)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ShowEffect(EditView):
    @operation(
        _("Show the effect of a draft"),
        name="show_effect",
        group="edits",
        answers={200: EffectSerializer},
        refused=["invalid", "not_allowed", "edit_not_open", *STANDING],
        parameters=[EffectQuery],
        description=_("What applying it that way would do to open tickets, counted. Nothing is changed."),
    )
    def get(self, request: Request, edit_id: int) -> Response:
        edit = self.get_edit(edit_id)
        how = read_query(self, EffectQuery, edit=edit)
        effect = effect_of(edit, **how, now=timezone.now(), by=self.membership)
        return Response(EffectSerializer(effect).data)


class ListMoves(EditView):
    @operation(
        _("List what a draft would move"),
        name="list_moves",
        group="edits",
        answers={200: MovePage},
        refused=["invalid", "not_allowed", "edit_not_open", *STANDING],
        parameters=[MovesQuery],
        description=_("Every promise that would move, begin or end, by ticket; “limit” counts tickets."),
    )
    def get(self, request: Request, edit_id: int) -> Response:
        edit = self.get_edit(edit_id)
        query = read_query(self, MovesQuery, edit=edit)
        [after] = BY_TICKET.read(query["cursor"]) if query.get("cursor") else [0]
        how = {name: query[name] for name in ("reach", "valid_from")}
        page = page_of_effect(
            edit, **how, now=timezone.now(), after=after, size=query["limit"], by=self.membership
        )
        following = None
        if page.next_cursor is not None:
            last: Any = SimpleNamespace(ticket_id=page.next_cursor)
            here = request.build_absolute_uri()
            following = replace_query_param(here, "cursor", BY_TICKET.cursor_behind(last))
        return Response({"next": following, "results": MoveSerializer(page.shifts, many=True).data})


class Apply(EditView):
    @operation(
        _("Apply a draft"),
        name="apply_edit",
        group="edits",
        answers={200: EditDetailSerializer},
        refused=[*CHANGE, "edit_not_open", *STANDING],
        request=ApplyInput,
        description=_(
            "Makes the version. Open tickets are moved in the background: show the edit to see how far it is."
        ),
        examples=[APPLY],
    )
    def post(self, request: Request, edit_id: int) -> Response:
        edit = self.get_edit(edit_id)
        how = read_input(self, ApplyInput, edit=edit)
        apply_edit(edit, **how, by=self.membership, at=timezone.now())
        return Response(self.shown(edit_id))


class Cancel(EditView):
    @operation(
        _("Cancel an edit"),
        name="cancel_edit",
        group="edits",
        answers={200: EditDetailSerializer},
        refused=[*CHANGE, "edit_not_open"],
        request=NothingInput,
        description=_("Moves no further tickets. Those that are through stay so, and so does the version."),
    )
    def post(self, request: Request, edit_id: int) -> Response:
        edit = self.get_edit(edit_id)
        read_input(self, NothingInput)
        cancel_edit(edit, by=self.membership, at=timezone.now())
        return Response(self.shown(edit_id))


class Undo(EditView):
    @operation(
        _("Undo an edit"),
        name="undo_edit",
        group="edits",
        answers={201: EditDetailSerializer},
        refused=[*CHANGE, "edit_not_open", "edit_overtaken", "refused"],
        request=NothingInput,
        description=_(
            "Makes what stood before the next version, and applies it as widely. Answers the edit that does "
            "so; Location leads to it."
        ),
    )
    def post(self, request: Request, edit_id: int) -> Response:
        edit = self.get_edit(edit_id)
        read_input(self, NothingInput)
        undoing = undo_edit(edit, by=self.membership, at=timezone.now())
        address = request.build_absolute_uri(reverse("api_edit", args=[undoing.pk]))
        return Response(self.shown(undoing.pk), status=status.HTTP_201_CREATED, headers={"Location": address})
