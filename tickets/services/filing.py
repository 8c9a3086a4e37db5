"""A ticket comes into being."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction

from accounts.models import Membership, Tenant
from accounts.oneline import one_line
from tickets import notices
from tickets.lifecycle import Priority, Status
from tickets.models import Category, Channel, EventKind, Service, Ticket, TicketCounter
from tickets.services.catalogue import is_used_by
from tickets.services.conversation import write_message
from tickets.services.errors import NotAllowed
from tickets.services.files import check_files, clean_name, no_file_left_behind
from tickets.services.history import record_event
from tickets.services.intake import keep_answers, read_answers
from tickets.services.standing import check_filing

_COUNT = """
    INSERT INTO tickets_ticketcounter AS c (tenant_id, last_number) VALUES (%s, %s)
    ON CONFLICT (tenant_id) DO UPDATE SET last_number = c.last_number + 1 RETURNING last_number"""


@no_file_left_behind()
@transaction.atomic
def file_ticket(
    *,
    by: Membership,
    subject: str,
    body: str,
    category: Category,
    priority: str,
    at: datetime,
    requester: Membership | None = None,
    service: Service | None = None,
    affected_service: str = "",
    channel: str = Channel.PORTAL,
    files: Sequence[UploadedFile[Any]] = (),
    submission: UUID | None = None,
    is_automatic: bool = False,
    private: bool = False,
    answers: Mapping[str, Any] | None = None,
) -> Ticket:
    """File a ticket; its promises start now. Staff name a contact as `requester`, contacts themselves.

    `service` is one that the requester's company uses; `affected_service` says it in words where none is
    listed. `answers` are those to the category's intake form, None where it was not asked. `is_automatic`:
    the desk watches by itself, which no standing of the customer stops. `private`: colleagues are kept out
    from the beginning.
    Raises NotAllowed, CustomerClosed, AccountStopped, RefusedFile, RefusedAnswers, SentBefore.
    """
    requester = requester or by
    company = _company(by, requester, category, service)
    if not is_automatic:
        check_filing(requester, by=by, category=category, priority=priority, channel=channel, at=at)
    check_files(files)
    names = [clean_name(file.name or "") for file in files]
    affected = service.name if service else affected_service
    asked, answered = read_answers(category, answers, by=by, service_words=affected, file_names=names)
    ticket = Ticket(
        customer_id=company,
        requester=requester,
        subject=one_line(subject),
        category=category,
        service=service,
        affected_service=one_line(affected_service),
        priority=Priority(priority),
        channel=channel,
        is_private=private,
    )
    _open(ticket, by.tenant, at)
    keep_answers(ticket, asked, answered)
    message = write_message(ticket, by=requester, body=body, files=files, at=at)
    data = {"channel": str(channel), "is_outage": category.is_outage}
    record_event(ticket, EventKind.FILED, at=at, actor=by, message=message, data=data, submission=submission)
    notices.tell_filed(ticket, by=by, at=at)
    return ticket


def _company(by: Membership, requester: Membership, category: Category, service: Service | None) -> int:
    """For whom it is filed: by a contact for itself, with what is of the same desk. Raises NotAllowed."""
    company: int | None = requester.customer_id
    if company is None or (by.is_contact and requester.pk != by.pk):
        raise NotAllowed
    if {requester.tenant_id, category.tenant_id} != {by.tenant_id}:
        raise NotAllowed
    if service is not None and not is_used_by(service, by.tenant_id, company):
        raise NotAllowed
    return company


def _open(ticket: Ticket, tenant: Tenant, at: datetime) -> None:
    """It is the desk's from now on, new, under the next number."""
    ticket.tenant, ticket.number, ticket.status = tenant, next_number(tenant.pk), Status.NEW
    ticket.filed_at = ticket.updated_at = at
    ticket.save()


def next_number(tenant_id: int) -> int:
    """The next number of the tenant; the counter stays locked until commit, so numbers have no gaps."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [tenant_id, TicketCounter().last_number + 1])
        number: int = cursor.fetchone()[0]
    return number
