"""Edits and what they do, as the API writes them."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.base import Instant, page_schema
from accounts.api.serializers import CustomerRefSerializer, PersonRefSerializer
from sla.api.serializers import CalendarRefSerializer
from sla.models import Edit, EditState, Metric, Reach
from sla.views.edit_changes import changes_of


class PlanRefSerializer(serializers.Serializer[Any]):
    """A plan, by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class EditedContractSerializer(serializers.Serializer[Any]):
    """A contract, by its customer."""

    id = serializers.IntegerField()
    customer = CustomerRefSerializer()


class ProgressSerializer(serializers.Serializer[Edit]):
    """How far applying is, in open tickets."""

    total = serializers.IntegerField(help_text=_("Those that it concerns; 0 until they are counted."))
    done = serializers.IntegerField(help_text=_("Those that are through."))
    moved = serializers.IntegerField(help_text=_("Those whose promises changed."))
    seconds = serializers.SerializerMethodField(help_text=_("How long it has taken so far, or took."))

    def get_seconds(self, edit: Edit) -> float:
        return round(edit.seconds_taken(timezone.now()), 3)


class EditSerializer(serializers.Serializer[Edit]):
    """A change to one calendar, plan or contract: the other two are null."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=EditState.choices)
    calendar = CalendarRefSerializer(allow_null=True)
    plan = PlanRefSerializer(allow_null=True)
    contract = EditedContractSerializer(allow_null=True)
    seen_version = serializers.IntegerField(
        source="seen_number", help_text=_("The version that was changed; 0 for a contract.")
    )
    made_version = serializers.SerializerMethodField(
        help_text=_("The number of the version that it made; null for a draft and for another contract.")
    )
    made_contract = serializers.IntegerField(
        source="new_contract_id", allow_null=True, help_text=_("The id of the contract that it made.")
    )
    reach = serializers.ChoiceField(
        choices=Reach.choices, allow_blank=True, help_text=_("Empty for a draft.")
    )
    valid_from = Instant(allow_null=True, help_text=_("For tickets that were open; null for a draft."))
    progress = ProgressSerializer(source="*")
    error = serializers.CharField(help_text=_("Why tickets could not be moved so far; empty if all is well."))
    undoes = serializers.IntegerField(
        source="undoes_id", allow_null=True, help_text=_("The id of the edit that this one undoes.")
    )
    undone_by = serializers.SerializerMethodField(
        help_text=_("The id of the edit that undoes this one, or null.")
    )
    created_by = PersonRefSerializer(allow_null=True, help_text=_("Null for the desk itself."))
    created_at = Instant()
    started_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True, help_text=_("When the last ticket was through, or it was cancelled."))

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_made_version(self, edit: Edit) -> int | None:
        made = edit.calendar_version or edit.plan_version or edit.contract_version
        return None if made is None else made.number

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_undone_by(self, edit: Edit) -> int | None:
        return next((undoing.pk for undoing in edit.undone_by.all()), None)


class ChangeSerializer(serializers.Serializer[Any]):
    """One line of what an edit changes, in the caller's language. Empty words stand for nothing."""

    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes fields off the class
    before = serializers.CharField()
    after = serializers.CharField()


class EditDetailSerializer(EditSerializer):
    """An edit with what it changes."""

    changes = serializers.SerializerMethodField(help_text=_("What differs from the version that it changes."))

    @extend_schema_field(ChangeSerializer(many=True))
    def get_changes(self, edit: Edit) -> Any:
        language = self.context["membership"].user.language
        lines: Any = changes_of(edit, language)
        return ChangeSerializer(lines, many=True).data


class MoveSerializer(serializers.Serializer[Any]):
    """One promise that would move, begin or end. Instants are null in a pause, seconds left outside one."""

    ticket = serializers.IntegerField(source="number", help_text=_("The ticket's number."))
    subject = serializers.CharField()
    metric = serializers.ChoiceField(choices=Metric.choices)
    due_before = Instant(source="before", allow_null=True)
    due_after = Instant(source="after", allow_null=True)
    left_before = serializers.IntegerField(allow_null=True, help_text=_("Business seconds."))
    left_after = serializers.IntegerField(allow_null=True, help_text=_("Business seconds."))
    seconds = serializers.IntegerField(help_text=_("How much later it falls due; negative: earlier."))
    becomes_overdue = serializers.BooleanField()
    stops_overdue = serializers.BooleanField()


class EffectSerializer(serializers.Serializer[Any]):
    """What applying would do to tickets that are open now."""

    open_tickets = serializers.IntegerField(help_text=_("Those that it concerns."))
    open_clocks = serializers.IntegerField(help_text=_("Their promises."))
    tickets_moved = serializers.IntegerField(help_text=_("Those with a promise that moves."))
    clocks_moved = serializers.IntegerField(help_text=_("Promises that move, begin or end."))
    become_overdue = serializers.IntegerField(help_text=_("Promises that would be missed by it."))
    stop_overdue = serializers.IntegerField(help_text=_("Missed promises that would not be any more."))
    tickets_anew = serializers.IntegerField(help_text=_("Those for which a promise begins or ends."))
    is_about = serializers.BooleanField(
        help_text=_("There are too many to ask each one's history, so these figures are near ones.")
    )
    earlier = MoveSerializer(many=True, help_text=_("The largest moves to an earlier instant."))
    later = MoveSerializer(many=True, help_text=_("The largest moves to a later instant."))


EditPage = page_schema("EditPage", EditSerializer)
MovePage = page_schema("MovePage", MoveSerializer)
