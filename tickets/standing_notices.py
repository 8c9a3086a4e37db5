"""Who is told how a customer stands: those who speak for it, and its coordinator.

Pages say it at once; mails wait for the end of their reader's quiet hours. A mail that still waits when
something newer is said is taken back: nobody reads in the morning of what was lifted at night.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.links import desk_path
from accounts.models import Customer, Membership, Role, Standing
from accounts.quiet import awake_at, quiet_hours_of
from accounts.standing import rule_of, way_out_of
from notifications.services import cancel_waiting, in_language_of, notify, queue_email
from tickets.standing_words import standing_title, stopped_words

KIND = "standing"
NEWER = gettext_noop("How the customer stands has changed again.")


def tell(standing: Standing, act: str, *, at: datetime) -> None:
    """By mail and under the bell, each in their language. `act` is of `accounts.signals.standing_told`."""
    customer = standing.customer
    about = f"standing:{customer.pk}:"
    cancel_waiting(at=at, why=NEWER, prefix=about)
    for person in _readers(customer):
        _tell_one(person, standing, act, key=f"{about}{standing.pk}:{act}", at=at)


def _tell_one(person: Membership, standing: Standing, act: str, *, key: str, at: datetime) -> None:
    path = _path(person, standing.customer)
    with in_language_of(person):
        heading = _heading(standing, act, at)
        context = {
            "heading": heading,
            "act": act,
            "customer": standing.customer,
            "standing": standing,
            "stopped": _stopped(standing) if act != "lifted" else [],
            "way_out": _way_out(standing),
            "starts_at": standing.starts_at if standing.starts_at > at else None,
        }
    notify(recipient=person, kind=KIND, key=key, title=heading, path=path, at=at)
    queue_email(
        recipient=person,
        kind=KIND,
        key=key,
        template="tickets/email/standing",
        path=path,
        at=at,
        context=context,
        send_after=awake_at(quiet_hours_of(person), at),
    )


def _heading(standing: Standing, act: str, at: datetime) -> str:
    values = {"company": standing.customer.name}
    if act == "lifted":
        return _("Support for %(company)s is open again as before") % values
    if act == "review":
        return _("Today we look again at the support of %(company)s") % values
    return standing_title(standing.customer, standing, at)


def _stopped(standing: Standing) -> list[str]:
    rule = rule_of(standing.tenant_id, standing.level, standing.ground)
    return [*stopped_words(rule), _("Open tickets go on.")]


def _way_out(standing: Standing) -> str:
    return way_out_of(standing, rule_of(standing.tenant_id, standing.level, standing.ground))


def _path(person: Membership, customer: Customer) -> str:
    """Its people read it on every page; who may change it is led to where that is done."""
    if person.is_contact:
        return desk_path("home")
    if person.is_admin:
        return desk_path("customer_standing", customer.pk)
    return f"{desk_path('queue')}?customer={customer.pk}"


def _readers(customer: Customer) -> list[Membership]:
    """The customer's admins, all of its people where it has none, and the coordinator."""
    people = Membership.objects.active().filter(user__is_active=True).select_related("user", "tenant")
    contacts = list(people.filter(customer=customer).order_by("pk"))
    admins = [person for person in contacts if person.role == Role.CUSTOMER_ADMIN]
    if customer.coordinator_id is None:
        return admins or contacts
    coordinator = people.filter(pk=customer.coordinator_id, customer__isnull=True)
    return [*(admins or contacts), *coordinator]
