"""Intentions about tenants, people, customers and tokens."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.links import desk_path
from accounts.models import ADMIN_ROLES, ApiToken, Customer, Membership, Role, Tenant, User
from accounts.signals import person_invited
from accounts.tenancy import tenant_scope

INVITATION_LASTS = timedelta(days=14)
INVITATION_SALT = "accounts.invitation"
TOKEN_START = "sd_"


class NotAllowed(Exception):
    """The person may not do this to that one."""


class AlreadyMember(Exception):
    """The address already belongs to somebody in this desk."""


class LastOwner(Exception):
    """The desk would be left without an owner."""


class InvitationExpired(Exception):
    """The link is too old, was replaced by a newer one, was used, or was never ours."""


@transaction.atomic
def create_tenant(
    *, slug: str, name: str, ticket_prefix: str, language: str, time_zone: str, at: datetime
) -> Tenant:
    """A desk without content; what fills it runs in its `tenant_scope`."""
    return Tenant.objects.create(
        slug=slug,
        name=name,
        ticket_prefix=ticket_prefix,
        language=language,
        time_zone=time_zone,
        created_at=at,
    )


def add_owner(*, tenant: Tenant, email: str, name: str, at: datetime) -> Membership:
    """An operator's act: make somebody owner of a desk and invite them."""
    with tenant_scope(tenant.pk), transaction.atomic():
        return _invite(tenant_id=tenant.pk, email=email, name=name, role=Role.OWNER, customer=None, at=at)


@transaction.atomic
def invite_person(
    *, by: Membership, email: str, name: str, role: str, at: datetime, customer: Customer | None = None
) -> Membership:
    """Invite somebody into the desk of `by`; the letter leaves through the outbox.

    Admins invite staff and contacts, a customer's admin invites people of its own company.
    Raises NotAllowed, AlreadyMember.
    """
    if not may_give_role(by, role) or not may_invite_for(by, customer):
        raise NotAllowed
    return _invite(tenant_id=by.tenant_id, email=email, name=name, role=role, customer=customer, at=at)


def may_give_role(by: Membership, role: str) -> bool:
    """Owners give any role; admins any but owner; customer admins those of contacts."""
    if by.role == Role.OWNER:
        return True
    if by.role == Role.ADMIN:
        return role != Role.OWNER
    return by.role == Role.CUSTOMER_ADMIN and role in (Role.CUSTOMER_ADMIN, Role.MEMBER)


def may_invite_for(by: Membership, customer: Customer | None) -> bool:
    """A customer admin acts for its own company alone."""
    if by.role in ADMIN_ROLES:
        return customer is None or customer.tenant_id == by.tenant_id
    return customer is not None and customer.pk == by.customer_id


def _invite(
    *, tenant_id: int, email: str, name: str, role: str, customer: Customer | None, at: datetime
) -> Membership:
    email = email.strip().lower()
    tenant = Tenant.objects.get(pk=tenant_id)
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(
            email, name=name, language=tenant.language, time_zone=tenant.time_zone
        )
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                tenant_id=tenant_id,
                user=user,
                role=role,
                customer=customer,
                name=name,
                invited_at=at,
                created_at=at,
            )
    except IntegrityError as error:
        raise AlreadyMember from error
    _send_invitation(membership, at)
    return membership


@transaction.atomic
def invite_again(*, membership: Membership, by: Membership, at: datetime) -> None:
    """Send a fresh link; the one before stops working. Raises NotAllowed if already accepted or not ours."""
    if membership.accepted_at or membership.deactivated_at or not may_manage(by, membership):
        raise NotAllowed
    membership.invited_at = at
    membership.save(update_fields=["invited_at"])
    _send_invitation(membership, at)


def _send_invitation(membership: Membership, at: datetime) -> None:
    path = desk_path("accept_invitation", invitation_token(membership))
    person_invited.send(sender=Membership, membership=membership, link_path=path, at=at)


def invitation_token(membership: Membership) -> str:
    """The secret of an invitation's link: bound to the membership and to this sending of it."""
    assert membership.invited_at is not None
    value = [membership.tenant_id, membership.pk, membership.invited_at.isoformat()]
    return signing.dumps(value, salt=INVITATION_SALT, compress=True)


def invitation_of(token: str, *, tenant: Tenant) -> Membership:
    """The membership that a link invites to. Raises InvitationExpired."""
    try:
        tenant_id, membership_id, invited_at = signing.loads(
            token, salt=INVITATION_SALT, max_age=INVITATION_LASTS
        )
    except signing.BadSignature as error:
        raise InvitationExpired from error
    membership = (
        Membership.objects.select_related("user", "customer")
        .filter(tenant_id=tenant.pk, pk=membership_id, accepted_at=None, deactivated_at=None)
        .first()
    )
    if membership is None or tenant_id != tenant.pk or membership.invited_at is None:
        raise InvitationExpired
    if membership.invited_at.isoformat() != invited_at:
        raise InvitationExpired
    return membership


@transaction.atomic
def accept_invitation(
    *, membership: Membership, at: datetime, password: str | None = None, name: str | None = None
) -> None:
    """Enter the desk. Somebody without a password sets the first one; the link has proved the address."""
    user = membership.user
    if not user.has_usable_password() and password:
        user.set_password(password)
        user.name = name or user.name
        user.save(update_fields=["password", "name"])
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    membership.accepted_at = at
    if name:
        membership.name = name
    membership.save(update_fields=["accepted_at", "name"])


def may_manage(by: Membership, other: Membership) -> bool:
    """Whether `by` may change role or access of `other`."""
    if by.tenant_id != other.tenant_id or by.pk == other.pk:
        return False
    if by.role == Role.CUSTOMER_ADMIN:
        return other.customer_id is not None and other.customer_id == by.customer_id
    return by.role in ADMIN_ROLES and (other.role != Role.OWNER or by.role == Role.OWNER)


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: Membership, at: datetime) -> None:
    """Give another role of the same side (staff stays staff). Raises NotAllowed, LastOwner."""
    same_side = (role in (Role.CUSTOMER_ADMIN, Role.MEMBER)) == membership.is_contact
    if not same_side or not may_manage(by, membership) or not may_give_role(by, role):
        raise NotAllowed
    _keep_an_owner(membership, becomes=role)
    membership.role = role
    membership.save(update_fields=["role"])


@transaction.atomic
def deactivate_person(*, membership: Membership, by: Membership, at: datetime) -> None:
    """Close the desk to somebody; their identity and what they wrote stay. Raises NotAllowed, LastOwner."""
    if not may_manage(by, membership):
        raise NotAllowed
    _keep_an_owner(membership, becomes="")
    membership.deactivated_at = at
    membership.save(update_fields=["deactivated_at"])
    ApiToken.objects.filter(membership=membership, revoked_at=None).update(revoked_at=at)


@transaction.atomic
def reactivate_person(*, membership: Membership, by: Membership, at: datetime) -> None:
    """Open the desk to somebody again. Raises NotAllowed."""
    if not may_manage(by, membership):
        raise NotAllowed
    membership.deactivated_at = None
    membership.save(update_fields=["deactivated_at"])


def _keep_an_owner(membership: Membership, *, becomes: str) -> None:
    if membership.role != Role.OWNER or becomes == Role.OWNER:
        return
    # The owners' rows are locked, so that two who leave at once cannot both be "not the last".
    owners = (
        Membership.objects.select_for_update()
        .filter(tenant_id=membership.tenant_id, role=Role.OWNER)
        .active()
    )
    if not [owner for owner in owners if owner.pk != membership.pk]:
        raise LastOwner


@transaction.atomic
def create_token(
    *, membership: Membership, name: str, at: datetime, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A personal API token; the secret is returned once and never kept."""
    secret = TOKEN_START + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        tenant_id=membership.tenant_id,
        membership=membership,
        name=name,
        start=secret[:9],
        token_hash=hash_token(secret),
        created_at=at,
        expires_at=expires_at,
    )
    return token, secret


def hash_token(secret: str) -> str:
    """SHA-256 is enough here: the secret has 256 random bits, so there is nothing to guess slowly."""
    return hashlib.sha256(secret.encode()).hexdigest()


def revoke_token(*, token: ApiToken, at: datetime) -> None:
    """The token stops working at once."""
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])


def refusal_words(error: Exception) -> str:
    """What a form says when one of the rules above refused."""
    words = {
        NotAllowed: _("You may not do this for that person."),
        AlreadyMember: _("Somebody with this address is already in this desk."),
        LastOwner: _("A desk needs an owner: make somebody else owner first."),
        InvitationExpired: _("This invitation is no longer valid. Ask for a new one."),
    }
    return words[type(error)]
