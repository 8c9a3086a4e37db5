"""People of a desk: invitations, roles, access."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction

from accounts.links import desk_path
from accounts.models import ADMIN_ROLES, ApiToken, Customer, Membership, Role, Tenant, User
from accounts.oneline import one_line
from accounts.services.errors import AlreadyMember, InvitationExpired, LastOwner, NotAllowed
from accounts.signals import person_invited
from accounts.uniqueness import once_only

INVITATION_LASTS = timedelta(days=14)
INVITATION_SALT = "accounts.invitation"


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
    return send_first_invitation(
        tenant_id=by.tenant_id, email=email, name=name, role=role, customer=customer, at=at
    )


def may_give_role(by: Membership, role: str) -> bool:
    """Owners give any role; admins any but owner; customer admins those of contacts."""
    if by.role == Role.OWNER:
        return True
    if by.role == Role.ADMIN:
        return role != Role.OWNER
    return by.role == Role.CUSTOMER_ADMIN and role in (Role.CUSTOMER_ADMIN, Role.MEMBER)


def may_invite_for(by: Membership, customer: Customer | None) -> bool:
    """A customer admin acts for its own company alone, while that is open."""
    if by.role in ADMIN_ROLES:
        return customer is None or customer.tenant_id == by.tenant_id
    return customer is not None and customer.pk == by.customer_id and not by.is_shut


def send_first_invitation(
    *, tenant_id: int, email: str, name: str, role: str, customer: Customer | None, at: datetime
) -> Membership:
    """Make the membership, and the identity where there is none, and queue the letter; asks no permission.

    Raises AlreadyMember.
    """
    email, name = email.strip().lower(), one_line(name)
    tenant = Tenant.objects.get(pk=tenant_id)
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(
            email, name=name, language=tenant.language, time_zone=tenant.time_zone
        )
    with once_only(AlreadyMember):
        membership = Membership.objects.create(
            tenant_id=tenant_id,
            user=user,
            role=role,
            customer=customer,
            name=name,
            invited_at=at,
            created_at=at,
        )
    _send_invitation(membership, at)
    return membership


@transaction.atomic
def invite_again(*, membership: Membership, by: Membership, at: datetime) -> None:
    """Send a fresh link; the one before stops working. Raises NotAllowed if already accepted or not ours."""
    if membership.accepted_at or membership.deactivated_at or not may_manage(by, membership) or by.is_shut:
        raise NotAllowed
    membership.invited_at = at
    membership.save(update_fields=["invited_at"])
    _send_invitation(membership, at)


def _send_invitation(membership: Membership, at: datetime) -> None:
    path = desk_path("accept_invitation", invitation_token(membership))
    person_invited.send(sender=Membership, membership=membership, link_path=path, at=at)


def invitation_token(membership: Membership) -> str:
    """The secret of an invitation's link: bound to the membership and to this sending of it."""
    if membership.invited_at is None:
        raise InvitationExpired
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
    user, name = membership.user, one_line(name or "")
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
    now = Membership.objects.select_for_update().get(pk=membership.pk)
    was_shut = now.deactivated_at is not None and now.is_shut_by_desk
    membership.deactivated_at, membership.is_shut_by_desk = at, was_shut or by.is_staff_member
    membership.save(update_fields=["deactivated_at", "is_shut_by_desk"])
    ApiToken.objects.filter(membership=membership, revoked_at=None).update(revoked_at=at)


@transaction.atomic
def reactivate_person(*, membership: Membership, by: Membership, at: datetime) -> None:
    """Open the desk to somebody again; whom the desk shut out, only the desk lets in. Raises NotAllowed."""
    now = Membership.objects.select_for_update().get(pk=membership.pk)
    if not may_manage(by, now) or (now.is_shut_by_desk and by.is_contact):
        raise NotAllowed
    membership.deactivated_at, membership.is_shut_by_desk = None, False
    membership.save(update_fields=["deactivated_at", "is_shut_by_desk"])


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
