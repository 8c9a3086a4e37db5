"""Log-in through companies: setting connections up, and who may come in by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import Customer, Membership, Role, SsoConnection, Tenant, User
from accounts.oneline import one_line
from accounts.services.errors import DomainTaken, EditedMeanwhile, NotAllowed


@dataclass(frozen=True)
class SsoTerms:
    """What a connection says; `client_secret` "": the one that is kept already stays."""

    kind: str
    name: str
    customer: Customer | None
    domains: Sequence[str]
    adds_people: bool = False
    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    idp_entity_id: str = ""
    idp_sign_in_url: str = ""
    idp_certificate: str = ""


def may_set_up(by: Membership, customer: Customer | None) -> bool:
    """Whoever holds the provider can be anybody whom it lets in: only owners connect one for the staff."""
    if customer is None:
        return by.role == Role.OWNER
    return by.is_admin and customer.tenant_id == by.tenant_id


@transaction.atomic
def create_connection(*, terms: SsoTerms, by: Membership, at: datetime) -> SsoConnection:
    """Believe another identity provider. Raises NotAllowed, DomainTaken."""
    if not may_set_up(by, terms.customer):
        raise NotAllowed
    connection = SsoConnection(tenant_id=by.tenant_id, created_at=at)
    return _save(connection, terms)


@transaction.atomic
def change_connection(
    *, connection: SsoConnection, terms: SsoTerms, seen_version: int, by: Membership, at: datetime
) -> SsoConnection:
    """Change what a connection says; kind and customer stay.

    Raises NotAllowed, EditedMeanwhile, DomainTaken.
    """
    connection = _locked(connection, by)
    if connection.version != seen_version:
        raise EditedMeanwhile(connection.name)
    connection.version += 1
    return _save(connection, terms, is_new=False)


@transaction.atomic
def switch_connection(*, connection: SsoConnection, on: bool, by: Membership, at: datetime) -> SsoConnection:
    """Believe a provider no longer, or again; sessions that it opened are nobody's then.

    Raises NotAllowed.
    """
    connection = _locked(connection, by)
    connection.is_active = on
    connection.version += 1
    connection.save(update_fields=["is_active", "version"])
    return connection


def _locked(connection: SsoConnection, by: Membership) -> SsoConnection:
    found = SsoConnection.objects.select_for_update(of=("self",)).select_related("customer")
    connection = found.get(pk=connection.pk, tenant_id=by.tenant_id)
    if not may_set_up(by, connection.customer):
        raise NotAllowed
    return connection


def _save(connection: SsoConnection, terms: SsoTerms, *, is_new: bool = True) -> SsoConnection:
    # The desk's row is locked, so that two who take the same domain at once come one after the other.
    Tenant.objects.select_for_update().get(pk=connection.tenant_id)
    domains = sorted({domain.strip().lower() for domain in terms.domains})
    others = SsoConnection.objects.filter(tenant_id=connection.tenant_id).exclude(pk=connection.pk)
    if others.filter(domains__overlap=domains).exists():
        raise DomainTaken
    if is_new:
        connection.kind, connection.customer = terms.kind, terms.customer
    connection.name, connection.domains = one_line(terms.name), domains
    connection.adds_people = terms.adds_people and connection.customer_id is not None
    connection.issuer, connection.client_id = terms.issuer, terms.client_id
    if terms.client_secret:
        connection.client_secret = terms.client_secret
    connection.idp_entity_id, connection.idp_sign_in_url = terms.idp_entity_id, terms.idp_sign_in_url
    connection.idp_certificate = terms.idp_certificate
    connection.save()
    return connection


def connection_for(email: str, *, tenant_id: int) -> SsoConnection | None:
    """The connection that answers for the domain of an address, if the desk has one."""
    domain = email.strip().lower().rpartition("@")[2]
    return SsoConnection.objects.filter(
        tenant_id=tenant_id, is_active=True, domains__contains=[domain]
    ).first()


@transaction.atomic
def person_of(
    *, connection: SsoConnection, email: str, name: str, known_user_id: int | None, at: datetime
) -> Membership | None:
    """Whom a provider means, who is of the connection's side and may enter; None for nobody.

    Somebody unknown of one of its domains joins the customer where the connection says so; somebody who was
    invited has arrived. The provider's word counts in this desk alone: it does not verify the address.
    """
    email = email.strip().lower()
    people = Membership.objects.select_related("user").filter(
        tenant_id=connection.tenant_id, customer=connection.customer
    )
    who = {"user_id": known_user_id} if known_user_id is not None else {"user__email": email}
    person: Membership | None = people.select_for_update(of=("self",)).filter(**who).first()
    if person is None and known_user_id is None:
        person = _newcomer(connection, email, name, at)
    if person is None or person.deactivated_at is not None or not person.user.is_active:
        return None
    if person.accepted_at is None:
        person.accepted_at = at
        person.save(update_fields=["accepted_at"])
    return person


def _newcomer(connection: SsoConnection, email: str, name: str, at: datetime) -> Membership | None:
    if not connection.adds_people or email.rpartition("@")[2] not in connection.domains:
        return None
    tenant = Tenant.objects.get(pk=connection.tenant_id)
    called = one_line(name)[:120] or email.partition("@")[0]
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(
            email, name=called, language=tenant.language, time_zone=tenant.time_zone
        )
    if Membership.objects.filter(tenant=tenant, user=user).exists():
        return None
    return Membership.objects.create(
        tenant=tenant,
        user=user,
        role=Role.MEMBER,
        customer_id=connection.customer_id,
        name=called,
        accepted_at=at,
        created_at=at,
    )
