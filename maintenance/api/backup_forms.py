"""What the API says of backups, their runs and restores, and what it takes about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field
from rest_framework import serializers

from accounts.api.base import Input, Instant, Line, PageQuery, id_field, page_schema
from accounts.api.serializers import CustomerRefSerializer, PersonRefSerializer
from accounts.models import Customer, Membership
from maintenance.backup_forms import MOST_DAYS, MOST_HOURS, MOST_MINUTES, MOST_WORDS
from maintenance.backup_terms import terms_of_jobs
from maintenance.models import BackupJob, BackupRun, BackupState, RestoreRequest, RestoreStep
from maintenance.services.backup_runs import Report
from sla.models import BackupPart
from tickets.api.inputs import AmongField
from tickets.api.serializers import ServiceRefSerializer
from tickets.lifecycle import Priority
from tickets.models import Service

LARGEST_SIZE = 2**63 - 1
REPORT = OpenApiExample(
    "A run has succeeded",
    summary=_("A run has succeeded"),
    value={
        "status": "succeeded",
        "run": "2026-03-02T02:00",
        "size": 734003200,
        "checksum": "sha256:9f86d081884c7d65",
    },
    request_only=True,
)


def with_terms(jobs: Sequence[BackupJob]) -> list[BackupJob]:
    """The jobs, each with `promised`: what holds for it now; three queries however many they are."""
    terms = terms_of_jobs(jobs, timezone.now())
    for job in jobs:
        job.promised = terms[job.pk]  # type: ignore[attr-defined]
    return list(jobs)


class BackupRunSerializer(serializers.Serializer[BackupRun]):
    """A run as its job reported it."""

    run = serializers.CharField()
    started_at = Instant()
    finished_at = Instant(allow_null=True)
    succeeded = serializers.BooleanField(allow_null=True, help_text=_("Null while it has not ended."))
    size = serializers.IntegerField(allow_null=True, help_text=_("Bytes."))
    checksum = serializers.CharField()
    message = serializers.CharField()
    verified_at = Instant(allow_null=True)
    verified = serializers.BooleanField(allow_null=True, help_text=_("Null while nobody has looked."))


class TermsOfBackupSerializer(serializers.Serializer[Any]):
    """What holds for a backup: what it says itself, else its customer's plan. Null: nothing is said."""

    every_hours = serializers.IntegerField(allow_null=True)
    verify_every_days = serializers.IntegerField(allow_null=True)
    retention_days = serializers.IntegerField(allow_null=True)


class BackupSetupSerializer(serializers.Serializer[BackupJob]):
    """How a backup is set up; its own figures, null where the plan speaks for it."""

    every_hours = serializers.IntegerField(allow_null=True)
    verify_every_days = serializers.IntegerField(allow_null=True)
    grace_minutes = serializers.IntegerField()
    requester = PersonRefSerializer(allow_null=True, help_text=_("Null: alarms file no ticket."))
    priority = serializers.ChoiceField(choices=Priority.choices)
    token_start = serializers.CharField(source="start", help_text=_("How its token begins."))
    version = serializers.IntegerField(help_text=_("What a change sends as “seen”."))


class BackupSerializer(serializers.Serializer[BackupJob]):
    """What is backed up, and how it stands."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    customer = CustomerRefSerializer()
    service = ServiceRefSerializer(allow_null=True)
    part = serializers.ChoiceField(choices=BackupPart.choices)
    state = serializers.ChoiceField(choices=BackupState.choices)
    last_good_at = Instant(allow_null=True, help_text=_("When the last good run ended."))
    last_verified_at = Instant(allow_null=True)
    next_due_at = Instant(
        allow_null=True, help_text=_("Until when the next good run must have ended; null: no rhythm.")
    )
    verify_due_at = Instant(
        allow_null=True, help_text=_("Until when a run must have been verified; null: none is promised.")
    )
    is_verification_overdue = serializers.BooleanField()
    terms = TermsOfBackupSerializer(source="promised")
    setup = serializers.SerializerMethodField(help_text=_("For staff; null for others."))
    archived_at = Instant(allow_null=True, help_text=_("Null while it is watched."))

    @extend_schema_field(BackupSetupSerializer(allow_null=True))
    def get_setup(self, job: BackupJob) -> dict[str, Any] | None:
        """Contacts read how it stands, not how it is set up."""
        if not self.context["membership"].is_staff_member:
            return None
        return dict(BackupSetupSerializer(job, context=self.context).data)


class BackupTokenSerializer(serializers.Serializer[Any]):
    """A backup and its token."""

    backup = BackupSerializer()
    token = serializers.CharField(help_text=_("Shown this once: send it as a bearer token to report runs."))


class RestoreStepSerializer(serializers.Serializer[RestoreStep]):
    """One step of a restore."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    done_at = Instant(allow_null=True)
    done_by = PersonRefSerializer(allow_null=True)


class RestoreSerializer(serializers.Serializer[RestoreRequest]):
    """A restore that was asked for, and how far it has come."""

    ticket = serializers.IntegerField(source="ticket.number", help_text=_("The number of its ticket."))
    backup = serializers.IntegerField(source="job_id", allow_null=True, help_text=_("The backup's id."))
    what = serializers.CharField()
    wanted_at = Instant(allow_null=True)
    steps = RestoreStepSerializer(many=True, source="steps.all")


def _customers(membership: Membership) -> QuerySet[Any]:
    return Customer.objects.visible_to(membership).in_business()


def _services(membership: Membership) -> QuerySet[Any]:
    return Service.objects.visible_to(membership).in_use()


def _contacts(membership: Membership) -> QuerySet[Any]:
    """Staff name any contact; a contact nobody but itself."""
    contacts = Membership.objects.visible_to(membership).contacts().active()
    return contacts if membership.is_staff_member else contacts.filter(pk=membership.pk)


class ReportInput(Input):
    """What a job says of a run."""

    status = serializers.ChoiceField(choices=Report.choices)
    run = Line(
        max_length=80,
        help_text=_(
            "The job's own name for the run, the same in all its reports. Repeating one is no error."
        ),
    )
    at = Instant(required=False, help_text=_("When it happened; without it, now."))
    size = serializers.IntegerField(
        min_value=0, max_value=LARGEST_SIZE, required=False, help_text=_("Bytes.")
    )
    checksum = Line(max_length=160, required=False, allow_blank=True)
    message = Line(
        max_length=500, required=False, allow_blank=True, help_text=_("Why it failed, or what else to know.")
    )


class BackupInput(Input):
    """How a backup is to be watched."""

    name = Line(max_length=80)
    part = serializers.ChoiceField(choices=BackupPart.choices)
    service = AmongField(
        _services,
        queryset=Service.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("The id of a service that the customer uses; null for none in particular."),
    )
    every_hours = serializers.IntegerField(
        min_value=1,
        max_value=MOST_HOURS,
        required=False,
        allow_null=True,
        help_text=_("Null: as the plan says."),
    )
    verify_every_days = serializers.IntegerField(
        min_value=1,
        max_value=MOST_DAYS,
        required=False,
        allow_null=True,
        help_text=_("Null: as the plan says."),
    )
    grace_minutes = serializers.IntegerField(min_value=0, max_value=MOST_MINUTES, required=False)
    files_ticket = serializers.BooleanField(
        required=False, help_text=_("Whether alarms file tickets; they do if nothing is said.")
    )
    requester = AmongField(
        _contacts,
        queryset=Membership.objects.none(),
        required=False,
        allow_null=True,
        help_text=_("The id of the person for whom they are filed; null: whoever answers for the customer."),
    )
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)


class NewBackupInput(BackupInput):
    """A backup, and whose it is."""

    customer = AmongField(
        _customers,
        queryset=Customer.objects.none(),
        help_text=_("The id of the customer. It cannot be changed later."),
    )


class ChangeBackupInput(BackupInput):
    """A backup as it shall be watched; what is left out takes its usual value."""

    seen = serializers.IntegerField(help_text=_("The version that you saw."))


class RestoreInput(Input):
    """What is to come back."""

    what = serializers.CharField(max_length=MOST_WORDS)
    wanted_at = Instant(
        required=False, allow_null=True, help_text=_("To the state of this instant; null: the last good one.")
    )
    priority = serializers.ChoiceField(choices=Priority.choices, default=Priority.CRITICAL)
    requester = AmongField(
        _contacts,
        queryset=Membership.objects.none(),
        required=False,
        help_text=_("Staff name the contact of the customer for whom they ask."),
    )


class BackupsQuery(PageQuery):
    """Which backups."""

    customer = id_field(required=False)
    state = serializers.ChoiceField(choices=BackupState.choices, required=False)
    archived = serializers.BooleanField(default=False, help_text=_("Archived ones too."))


BackupPage = page_schema("BackupPage", BackupSerializer)
BackupRunPage = page_schema("BackupRunPage", BackupRunSerializer)
