"""Desks: making one and giving it an owner."""

from datetime import datetime

from django.db import transaction

from accounts.models import Membership, Role, Tenant
from accounts.oneline import one_line
from accounts.services.people import send_first_invitation
from accounts.tenancy import tenant_scope


@transaction.atomic
def create_tenant(
    *, slug: str, name: str, ticket_prefix: str, language: str, time_zone: str, at: datetime
) -> Tenant:
    """A desk without content; what fills it runs in its `tenant_scope`."""
    return Tenant.objects.create(
        slug=slug,
        name=one_line(name),
        ticket_prefix=ticket_prefix,
        language=language,
        time_zone=time_zone,
        created_at=at,
    )


def add_owner(*, tenant: Tenant, email: str, name: str, at: datetime) -> Membership:
    """An operator's act: make somebody owner of a desk and invite them."""
    with tenant_scope(tenant.pk), transaction.atomic():
        return send_first_invitation(
            tenant_id=tenant.pk, email=email, name=name, role=Role.OWNER, customer=None, at=at
        )
