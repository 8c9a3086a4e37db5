"""Whoever looks after a customer hears of its new tickets by mail, where its plan names a coordinator (S2).

Under the bell they have it already: all staff do.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Membership
from notifications.services import in_language_of, queue_email
from sla.coverage_terms import plan_version_of
from tickets.models import Ticket, TicketEvent
from tickets.notices import reference, ticket_path

FILED = gettext_noop("%(customer)s, whom you look after, filed %(ref)s: %(subject)s")


def tell_coordinator(ticket: Ticket, event: TicketEvent) -> None:
    """Mail about a ticket that was filed, unless the coordinator did it. No query where nobody is named."""
    customer = ticket.requester.customer
    if customer is None or customer.coordinator_id is None:
        return
    if event.actor is not None and event.actor.pk == customer.coordinator_id:
        return
    version = plan_version_of(customer.pk, event.at)
    people = Membership.objects.active().staff().filter(user__is_active=True).select_related("user")
    person = people.filter(pk=customer.coordinator_id).first()
    if version is None or not version.has_coordinator or person is None:
        return
    person.tenant = ticket.tenant
    words = {"customer": customer.name, "ref": reference(ticket), "subject": ticket.subject}
    with in_language_of(person):
        heading = _(FILED) % words
    queue_email(
        recipient=person,
        kind="coordinator",
        key=f"ticket:{ticket.pk}:coordinator",
        template="tickets/email/coordinator",
        path=ticket_path(ticket),
        at=event.at,
        context={"ticket": ticket, "reference": words["ref"], "heading": heading},
    )
