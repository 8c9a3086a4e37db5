"""The named sets of tickets, categories and files. Everything that leads to a row starts at `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import connection, models
from django.db.models import F, Q

from tickets.lifecycle import UNRESOLVED

if TYPE_CHECKING:
    from accounts.models import Membership
    from tickets.models import Attachment, Category, Ticket


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see every ticket of the tenant; a contact sees its own company's."""
        tickets = self.filter(tenant_id=membership.tenant_id)
        if membership.is_staff_member:
            return tickets
        return tickets.filter(customer_id=membership.customer_id)

    def unresolved(self) -> Self:
        """Neither resolved nor closed."""
        return self.filter(status__in=UNRESOLVED)

    def with_people(self) -> Self:
        """With what a list shows of each ticket, in the same query."""
        return self.select_related("customer", "requester", "assignee", "category")

    def by_next_due(self) -> Self:
        """What falls due first stands first; tickets without a running promise last."""
        return self.order_by(F("due_at").asc(nulls_last=True), "id")

    def matching(self, words: str, membership: Membership) -> Self:
        """Tickets found by number, by words in subject or conversation, or by a misspelt subject.

        The words are looked up by a function of the database that is allowed to use the text indexes
        under row security (see its migration); notes are searched for staff alone.
        """
        words = words.strip()
        digits = words.rpartition("-")[2].lstrip("#")
        found = Q(pk__in=_found_by_text(words, with_notes=membership.is_staff_member))
        if digits.isdecimal() and len(digits) < 10:
            found |= Q(number=int(digits))
        return self.filter(found)


def _found_by_text(words: str, *, with_notes: bool) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM search_tickets(%s, %s) AS id", [words, with_notes])
        return [row[0] for row in cursor.fetchall()]


class CategoryQuerySet(models.QuerySet["Category"]):
    """Categories."""

    def visible_to(self, membership: Membership) -> Self:
        """Those of the person's desk."""
        return self.filter(tenant_id=membership.tenant_id)

    def in_use(self) -> Self:
        """Those that a new ticket may take."""
        return self.filter(archived_at__isnull=True)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Files."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff get every file of the tenant; a contact those in public replies on its company's tickets."""
        files = self.filter(tenant_id=membership.tenant_id)
        if membership.is_staff_member:
            return files
        return files.filter(message__ticket__customer_id=membership.customer_id, message__kind="reply")
