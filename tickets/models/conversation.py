"""What is said on a ticket, with the files that come with it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, TenantModel
from accounts.rowsecurity import TenantForeignKey
from tickets.models.tickets import Ticket
from tickets.querysets import AttachmentQuerySet

BODY_LENGTH = 20_000


class MessageKind(models.TextChoices):
    REPLY = "reply", _("Public reply")
    NOTE = "note", _("Internal note")


class Message(TenantModel):
    """One contribution to the conversation; a note is for staff alone."""

    ticket = TenantForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages", db_index=False)
    author = TenantForeignKey(
        Membership, on_delete=models.PROTECT, related_name="messages", null=True, blank=True
    )
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    from_staff = models.BooleanField()
    is_automatic = models.BooleanField(default=False)
    body = models.TextField(_("message"), max_length=BODY_LENGTH)
    body_html = models.TextField(help_text="The body as shown: Markdown rendered and cleaned when written.")
    created_at = models.DateTimeField()
    search = models.GeneratedField(
        expression=models.Func(
            models.Value("simple"), F("body"), function="to_tsvector", output_field=SearchVectorField()
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    ticket_id: int
    author_id: int | None

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "created_at", "id"], name="message_of_ticket"),
            GinIndex(fields=["tenant", "search"], name="message_search"),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    @property
    def is_note(self) -> bool:
        return self.kind == MessageKind.NOTE


def attachment_path(attachment: Attachment, filename: str) -> str:
    """Where a file lies: by tenant and unguessable id, never by the name that its sender chose."""
    return f"attachments/{attachment.tenant_id}/{attachment.id.hex[:2]}/{attachment.id.hex}"


class Attachment(TenantModel):
    """A file that came with a message; served as a download after a permission check."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = TenantForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=attachment_path, max_length=200)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["message"], name="attachment_of_message")]

    def __str__(self) -> str:
        return self.name
