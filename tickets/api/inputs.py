"""What the API takes about tickets. Ids are looked up among what the caller may see: others do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.base import Input, Instant, Line, PageQuery, id_field
from accounts.models import Membership
from tickets.lifecycle import WAITING, Priority, Status
from tickets.models import BODY_LENGTH, SUBJECT_LENGTH, Category, Service, Ticket
from tickets.services.due import REASON_LENGTH

# `Metric` is `sla`'s; the ticket carries the value only.
METRICS = (
    ("first_response", _("First response")),
    ("next_response", _("Next response")),
    ("resolution", _("Resolution")),
    ("restore", _("Restore")),
)
MOST_NUMBER = 2**31 - 1
UNRESOLVED_WORD = "unresolved"
BY_HAND = [(s.value, s.label) for s in (Status.OPEN, *WAITING)]
AFTER_REPLY = [*BY_HAND, (Status.RESOLVED.value, Status.RESOLVED.label)]


class AmongField(serializers.PrimaryKeyRelatedField[Any]):
    """An id among the rows that `among` gives to the caller."""

    def __init__(self, among: Callable[[Membership], QuerySet[Any]], **options: Any) -> None:
        self.among = among
        super().__init__(**options)

    def get_queryset(self) -> QuerySet[Any]:
        return self.among(self.context["membership"])


def _categories(membership: Membership) -> QuerySet[Any]:
    return Category.objects.visible_to(membership).in_use()


def _services(membership: Membership) -> QuerySet[Any]:
    return Service.objects.visible_to(membership).in_use()


def _requesters(membership: Membership) -> QuerySet[Any]:
    """Staff file for any contact; a contact for nobody but itself."""
    contacts = Membership.objects.visible_to(membership).contacts().active()
    if membership.is_staff_member:
        return contacts.filter(customer__is_active=True)
    return contacts.filter(pk=membership.pk)


def _assignees(membership: Membership) -> QuerySet[Any]:
    return Membership.objects.visible_to(membership).staff().active()


class Upload(serializers.Serializer[Any]):
    """Files beside the other fields, in multipart/form-data."""

    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True),
        required=False,
        help_text=_("Up to 10 files of 20 MB each. Repeat the field for each file."),
    )


class TicketInput(Input):
    """A ticket to be filed."""

    subject = Line(max_length=SUBJECT_LENGTH)
    body = serializers.CharField(max_length=BODY_LENGTH, help_text=_("What happens, in Markdown."))
    category = AmongField(_categories, queryset=Category.objects.none(), help_text=_("The id of a category."))
    priority = serializers.ChoiceField(choices=Priority.choices)
    service = AmongField(
        _services,
        queryset=Service.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("The id of the affected service, one that the requester's company uses."),
    )
    affected_service = Line(
        max_length=120,
        required=False,
        allow_blank=True,
        help_text=_("The affected service in words, where none is listed."),
    )
    answers = serializers.JSONField(
        default=dict,
        help_text=_(
            "What the category asks for, by the keys of its questions: texts, dates as 2026-03-02, names of "
            "“files”; an object, in multipart/form-data as JSON. Contacts have to answer what is required; "
            "the affected service is “service”."
        ),
    )
    private = serializers.BooleanField(
        default=False, help_text=_("Whether the requester's colleagues are kept out from the beginning.")
    )
    requester = AmongField(
        _requesters,
        queryset=Membership.objects.none(),
        required=False,
        help_text=_(
            "The id of the contact who asks for help. Staff must name one; contacts ask for themselves."
        ),
    )

    def validate_answers(self, answers: Any) -> dict[str, Any]:
        """Answers stand under the keys of their questions."""
        if not isinstance(answers, dict):
            raise serializers.ValidationError(_("This is not an object."), code="not_a_dict")
        return answers

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Staff have no company, so nobody could tell whose ticket it is; the service is the customer's."""
        if self.context["membership"].is_staff_member and "requester" not in attrs:
            missing = self.fields["requester"].error_messages["required"]
            raise serializers.ValidationError({"requester": [missing]}, code="required")
        requester = attrs.get("requester", self.context["membership"])
        service = attrs.get("service")
        if service is not None and service.customer_id not in (None, requester.customer_id):
            words = _("The requester's company does not use this service.")
            raise serializers.ValidationError({"service": [words]}, code="does_not_exist")
        return attrs


class TicketUpload(TicketInput, Upload):
    """A ticket to be filed, with files."""


class ReplyInput(Input):
    """A public reply."""

    body = serializers.CharField(max_length=BODY_LENGTH, help_text=_("Markdown."))
    then = serializers.ChoiceField(
        choices=AFTER_REPLY,
        required=False,
        allow_blank=True,
        help_text=_("The status to set with it. For staff alone; without it the status stays."),
    )
    not_solved = serializers.BooleanField(
        required=False,
        help_text=_("For contacts: open a resolved ticket again, also within the desk's quiet period."),
    )


class ReplyUpload(ReplyInput, Upload):
    """A public reply with files."""


class NoteInput(Input):
    """An internal note."""

    body = serializers.CharField(max_length=BODY_LENGTH, help_text=_("Markdown."))


class NoteUpload(NoteInput, Upload):
    """An internal note with files."""


class AssignInput(Input):
    """Who shall work on the ticket."""

    assignee = AmongField(
        _assignees,
        queryset=Membership.objects.none(),
        allow_null=True,
        help_text=_("The id of somebody of the staff; null for nobody."),
    )
    seen = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text=_("The assignee that you saw (null: nobody). If it is another by now, nothing is done."),
    )


class PriorityInput(Input):
    """Another priority."""

    priority = serializers.ChoiceField(choices=Priority.choices)
    seen = serializers.ChoiceField(
        choices=Priority.choices,
        required=False,
        help_text=_("The priority that you saw. If it is another by now, nothing is done."),
    )


class CategoryInput(Input):
    """Another category."""

    category = AmongField(_categories, queryset=Category.objects.none(), help_text=_("The id of a category."))
    seen = serializers.IntegerField(
        required=False,
        help_text=_("The id of the category that you saw. If it is another by now, nothing is done."),
    )


class ServiceOfTicketInput(Input):
    """Another service that the ticket is about."""

    service = AmongField(
        _services,
        queryset=Service.objects.none(),
        allow_null=True,
        help_text=_("The id of a service that the customer uses; null for none in particular."),
    )
    seen = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text=_("The service that you saw (null: none). If it is another by now, nothing is done."),
    )


class ClearDueInput(Input):
    """A due time set by hand, to be cleared."""

    metric = serializers.ChoiceField(choices=METRICS)
    seen = Instant(
        required=False,
        allow_null=True,
        help_text=_("The due time by hand that you saw (null: none). If it is another, nothing is done."),
    )


class DueInput(ClearDueInput):
    """A due time that somebody agreed on."""

    due_at = Instant(help_text=_("Later than now."))
    reason = Line(max_length=REASON_LENGTH, help_text=_("Staff read it on the ticket."))


class MergeInput(Input):
    """The ticket in which the conversation goes on."""

    into = serializers.IntegerField(
        min_value=1, max_value=MOST_NUMBER, help_text=_("Its number: one of the same customer.")
    )

    def validate_into(self, number: int) -> Ticket:
        """The ticket of that number, among what the caller may see."""
        tickets = Ticket.objects.visible_to(self.context["membership"])
        found: Ticket | None = tickets.filter(number=number).first()
        if found is None:
            raise serializers.ValidationError(_("There is no ticket of this number."), code="does_not_exist")
        return found


class SplitInput(Input):
    """A message that becomes a ticket of its own."""

    message = id_field(help_text=_("The id of a later message of the customer on this ticket."))
    subject = Line(max_length=SUBJECT_LENGTH)


class StatusInput(Input):
    """Another status; resolving and reopening have addresses of their own."""

    status = serializers.ChoiceField(choices=BY_HAND)
    seen = serializers.ChoiceField(
        choices=Status.choices,
        required=False,
        help_text=_("The status that you saw. If it is another by now, nothing is done."),
    )


class NothingInput(Input):
    """No fields: the address says it all."""


class TicketQuery(PageQuery):
    """Which tickets, in which order."""

    VIEWS = (
        ("all", _("Every ticket.")),
        ("mine", _("Assigned to the caller; for contacts: requested by them.")),
        ("unassigned", _("Nobody has it.")),
        ("at_risk", _("The aim of the next promise has passed, its limit has not.")),
        ("breached", _("The limit of the next promise has passed.")),
    )
    ORDERS = (
        ("due", _("What falls due first; without a running promise last.")),
        ("newest", _("The newest first.")),
        ("updated", _("What was changed longest ago first: with “updated_since”, for keeping a copy.")),
    )
    STATUSES = ((UNRESOLVED_WORD, _("Neither resolved nor closed")), *Status.choices)

    view = serializers.ChoiceField(choices=VIEWS, default="all")
    order = serializers.ChoiceField(choices=ORDERS, default="due")
    q = serializers.CharField(
        max_length=200,
        required=False,
        help_text=_("A number, or words of subject or conversation."),
    )
    status = serializers.MultipleChoiceField(
        choices=STATUSES, required=False, help_text=_("Repeat it for any of several.")
    )
    priority = serializers.MultipleChoiceField(
        choices=Priority.choices, required=False, help_text=_("Repeat it for any of several.")
    )
    assignee = serializers.RegexField(
        r"^(me|none|[1-9][0-9]{0,17})$",
        required=False,
        help_text=_("An id, “me”, or “none”."),
    )
    customer = id_field(required=False)
    category = id_field(required=False)
    service = id_field(required=False)
    due_before = Instant(required=False)
    updated_since = Instant(required=False)
