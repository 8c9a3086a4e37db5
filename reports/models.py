"""Downloads of own data: what somebody asked for, how far it is, and the file until it expires."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from reports.querysets import UNDER_WAY, DownloadQuerySet


class Scope(models.TextChoices):
    OWN = "own", _("Your own data")
    COMPANY = "company", _("The data of your company")


class DownloadState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    WORKING = "working", _("Being put together")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")


def folder_of(tenant_id: int) -> str:
    """Where the files of a desk lie."""
    return f"downloads/{tenant_id}"


def file_path(download: Download, _name: str) -> str:
    """Where the file lies: by tenant and a name that nobody guesses, which no address of ours contains."""
    return f"{folder_of(download.tenant_id)}/{uuid.uuid4().hex}"


class Download(TenantModel):
    """One gathering of what a person may see, as a ZIP. The row stays when the file is gone.

    `done` of `total` tickets are in it; `left_out` files were too many for its limits.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="downloads")
    scope = models.CharField(max_length=8, choices=Scope.choices)
    state = models.CharField(max_length=8, choices=DownloadState.choices, default=DownloadState.WAITING)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to=file_path, max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    left_out = models.PositiveIntegerField(default=0)

    person_id: int
    objects: ClassVar = DownloadQuerySet.as_manager()

    class Meta:
        verbose_name = _("download of own data")
        verbose_name_plural = _("downloads of own data")
        ordering: ClassVar = ["-asked_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], name="download_one_at_a_time", condition=Q(state__in=UNDER_WAY)
            ),
            models.CheckConstraint(
                condition=~Q(state=DownloadState.READY) | (~Q(file="") & Q(expires_at__isnull=False)),
                name="download_ready_has_file",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], name="download_under_way", condition=Q(state__in=UNDER_WAY)),
            models.Index(fields=["expires_at"], name="download_to_expire", condition=Q(state="ready")),
            models.Index(fields=["person", "-asked_at"], name="download_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_ready(self) -> bool:
        return self.state == DownloadState.READY
