"""The named sets of tickets, categories and files. Everything that leads to a row starts at `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import JSONObject

from accounts.models import ContactGroupMember, Sees
from tickets.lifecycle import UNRESOLVED

if TYPE_CHECKING:
    from accounts.models import Membership
    from tickets.models import Approval, Attachment, Category, HandOver, Rating, Service, Ticket


MANY_MATCHES = 1000
"""Matching messages (or subjects) from which on a search goes through its list instead of the text index."""

ALIKE = 0.3
"""The share of letters in a row (trigrams) from which two subjects may mean the same thing."""


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see every ticket of the tenant; a contact of its company's what it may see of them.

        That is its own and those that it was added to, and, unless they are private, those of the people in
        its groups or of the whole company (`Membership.sees`). Where an admin of the company looks through
        somebody's eyes (`seen_by`), it is what both of them see.
        """
        tickets = self.filter(tenant_id=membership.tenant_id)
        if membership.is_staff_member:
            return tickets
        shown = self._shown_to(membership)
        if membership.seen_by is not None:
            shown &= self._shown_to(membership.seen_by)
        return tickets.filter(shown, customer_id=membership.customer_id)

    def of(self, contact: Membership) -> Self:
        """Those that a contact asked for or was added to."""
        return self.filter(self._own(contact))

    def _own(self, contact: Membership) -> Q:
        joined = self.model._meta.get_field("participants").related_model._default_manager
        return Q(requester_id=contact.pk) | Q(Exists(joined.filter(ticket=OuterRef("pk"), person=contact)))

    def _shown_to(self, contact: Membership) -> Q:
        mine = self._own(contact)
        if contact.sees_company:
            return mine | Q(is_private=False)
        if contact.sees != Sees.GROUP:
            return mine
        together = ContactGroupMember.objects.filter(group__memberships__person=contact).values("person")
        return mine | Q(is_private=False, requester__in=together)

    def with_participants(self) -> Self:
        """With `joined`, who was added to each: objects of id and name, in the same query."""
        joined = self.model._meta.get_field("participants").related_model._default_manager
        named = joined.filter(ticket=OuterRef("pk")).order_by("person__name", "person_id")
        shown = named.values(shown=JSONObject(id="person_id", name="person__name"))
        return self.annotate(joined=ArraySubquery(shown))

    def unresolved(self) -> Self:
        """Neither resolved nor closed."""
        return self.filter(status__in=UNRESOLVED)

    def with_people(self) -> Self:
        """With what a list shows of each ticket, in the same query."""
        return self.select_related("customer", "requester", "assignee", "category")

    def with_services(self) -> Self:
        """With the services that they are about."""
        return self.select_related("service")

    def with_offered_services(self) -> Self:
        """With `offered_services`, what each may be about: objects of id and name, in the same query."""
        services: Any = self.model._meta.get_field("service").related_model
        offered = services._default_manager.filter(tenant_id=OuterRef("tenant_id"))
        offered = offered.filter(Q(customer__isnull=True) | Q(customer=OuterRef("customer_id")))
        offered = offered.filter(Q(archived_at__isnull=True) | Q(pk=OuterRef("service_id")))
        shown = offered.in_order().values(shown=JSONObject(id="id", name="name"))
        return self.annotate(offered_services=ArraySubquery(shown))

    def with_survivors(self) -> Self:
        """With the tickets that they were merged into."""
        return self.select_related("merged_into")

    def by_next_due(self) -> Self:
        """What falls due first stands first; tickets without a running promise last."""
        return self.order_by(F("due_at").asc(nulls_last=True), "id")

    def like(self, subject: str) -> Self:
        """Tickets whose subjects share many letters in a row with these words, the likeliest first."""
        likeness = TrigramSimilarity("subject", subject)
        return self.annotate(likeness=likeness).filter(likeness__gt=ALIKE).order_by("-likeness", "-id")

    def matching(self, words: str, membership: Membership) -> Self:
        """Tickets found by number, by words in subject or conversation, or by a misspelt subject.

        The words are looked up by functions of the database that are allowed to use the text indexes under
        row security (see their migration); notes are searched for staff alone. Words that stand nearly
        everywhere are asked of ticket by ticket, in the order of the list, until the page is full.
        """
        words = words.strip()
        digits = words.rpartition("-")[2].lstrip("#")
        with_notes = membership.is_staff_member
        ids = _found_by_text(words, with_notes=with_notes)
        found = Q(_Matches(F("pk"), Value(words), Value(with_notes))) if ids is None else Q(pk__in=ids)
        if digits.isdecimal() and len(digits) < 10:
            found |= Q(number=int(digits))
        return self.filter(found)


class _Matches(Func):
    function = "ticket_matches"
    output_field = models.BooleanField()


def _found_by_text(words: str, *, with_notes: bool) -> list[int] | None:
    """The ids of all tickets that match, None if there are very many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM search_tickets(%s, %s, %s) AS id", [words, with_notes, MANY_MATCHES])
        ids = [row[0] for row in cursor.fetchall()]
    return None if None in ids else ids


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
        """Staff get every file of the tenant; a contact those in public replies on tickets that it sees."""
        files = self.filter(tenant_id=membership.tenant_id)
        if membership.is_staff_member:
            return files
        messages: Any = self.model._meta.get_field("message").related_model
        tickets = messages._meta.get_field("ticket").related_model._default_manager.visible_to(membership)
        return files.filter(message__ticket__in=tickets, message__kind="reply")


class ServiceQuerySet(models.QuerySet["Service"]):
    """Services of the desk."""

    def visible_to(self, membership: Membership) -> Self:
        """Staff see all of the tenant's; a contact those shared by all and those of its own company."""
        services = self.filter(tenant_id=membership.tenant_id)
        return services if membership.is_staff_member else services.used_by(membership.customer_id)

    def used_by(self, customer_id: int | None) -> Self:
        """What a customer's people may name: shared by all, or its own."""
        return self.filter(Q(customer__isnull=True) | Q(customer_id=customer_id))

    def in_use(self) -> Self:
        """Not archived."""
        return self.filter(archived_at__isnull=True)

    def in_order(self) -> Self:
        """As lists show them: by group, those without one first."""
        return self.order_by(
            F("group__position").asc(nulls_first=True), "group__name", "position", "name", "id"
        )


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """What customers are asked to approve."""

    def visible_to(self, membership: Membership) -> Self:
        """Those on tickets that the person may see."""
        tickets: Any = self.model._meta.get_field("ticket").related_model
        seen = tickets._default_manager.visible_to(membership)
        return self.filter(tenant_id=membership.tenant_id, ticket__in=seen)

    def waiting(self) -> Self:
        """Not answered yet, on tickets on which something is still to be done."""
        return self.filter(state="waiting", ticket__status__in=UNRESOLVED)

    def decidable_by(self, membership: Membership) -> Self:
        """Those of the visible ones that are the person's to answer."""
        mine = self.visible_to(membership).waiting() if not membership.is_shut else self.none()
        if membership.role == "customer_admin":
            return mine
        return mine.filter(ticket__requester=membership) if membership.is_contact else mine.none()


class RatingQuerySet(models.QuerySet["Rating"]):
    """What customers said of the help that they got."""

    def visible_to(self, membership: Membership) -> Self:
        """Supervisors and above read all of the desk's; nobody else reads them as a list."""
        return self.filter(tenant_id=membership.tenant_id) if membership.is_supervisor else self.none()

    def answered(self) -> Self:
        """With a score."""
        return self.filter(rated_at__isnull=False)

    def low(self) -> Self:
        """With one of the two worst scores."""
        return self.filter(score__lte=2)

    def with_people(self) -> Self:
        """With what a list shows of each, in the same query."""
        return self.select_related("ticket", "customer", "category", "agent", "rated_by", "followed_up_by")


class HandOverQuerySet(models.QuerySet["HandOver"]):
    """Tickets of one person given to others."""

    def visible_to(self, membership: Membership) -> Self:
        """Supervisors and above see those of the desk."""
        return self.filter(tenant_id=membership.tenant_id) if membership.is_supervisor else self.none()
