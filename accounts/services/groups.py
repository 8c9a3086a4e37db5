"""Groups of a customer's people, and how much of the company's tickets each of them sees.

The customer's own admin says so, for its own company alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.audit import record_change
from accounts.models import ContactGroup, ContactGroupMember, Membership, Role, Sees
from accounts.oneline import one_line
from accounts.services.errors import EditedMeanwhile, GroupNameTaken, NotAllowed
from accounts.services.people import may_manage
from accounts.uniqueness import once_only


@transaction.atomic
def create_group(*, name: str, members: Iterable[Membership], by: Membership, at: datetime) -> ContactGroup:
    """A new group of the company of `by`. Raises NotAllowed, GroupNameTaken."""
    if by.role != Role.CUSTOMER_ADMIN or by.customer_id is None:
        raise NotAllowed
    group = ContactGroup(tenant_id=by.tenant_id, customer_id=by.customer_id, name=one_line(name))
    _save(group)
    _set_members(group, members)
    return group


@transaction.atomic
def change_group(
    *,
    group: ContactGroup,
    seen_version: int,
    name: str,
    members: Iterable[Membership],
    by: Membership,
    at: datetime,
) -> ContactGroup:
    """Rename a group and say anew who belongs to it. `seen_version` is the one that was edited.

    Raises NotAllowed, EditedMeanwhile, GroupNameTaken.
    """
    group = _lock(group, by)
    if group.version != seen_version:
        raise EditedMeanwhile(group.name)
    group.name = one_line(name)
    group.version += 1
    _save(group)
    _set_members(group, members)
    return group


@transaction.atomic
def remove_group(*, group: ContactGroup, by: Membership, at: datetime) -> None:
    """Dissolve a group; whoever saw its tickets through it alone sees their own. Raises NotAllowed."""
    _lock(group, by).delete()


@transaction.atomic
def change_sees(*, membership: Membership, sees: str, by: Membership, at: datetime) -> None:
    """Say which tickets of the company a person sees: own, those of the groups, all. Raises NotAllowed.

    An admin of the company sees all of them whatever stands here.
    """
    if by.role != Role.CUSTOMER_ADMIN or not may_manage(by, membership):
        raise NotAllowed
    membership.sees = Sees(sees)
    membership.save(update_fields=["sees"])


def _lock(group: ContactGroup, by: Membership) -> ContactGroup:
    is_theirs = by.tenant_id == group.tenant_id and by.customer_id == group.customer_id
    if by.role != Role.CUSTOMER_ADMIN or not is_theirs:
        raise NotAllowed
    return ContactGroup.objects.select_for_update().get(pk=group.pk)


def _save(group: ContactGroup) -> None:
    with once_only(GroupNameTaken):
        group.save()


def _set_members(group: ContactGroup, members: Iterable[Membership]) -> None:
    """Exactly these; NotAllowed for somebody of another company."""
    wanted = {person.pk: person for person in members}
    before = sorted(group.members.values_list("name", flat=True))
    if any(person.customer_id != group.customer_id for person in wanted.values()):
        raise NotAllowed
    before = sorted(group.members.values_list("name", flat=True))
    group.memberships.exclude(person__in=wanted).delete()
    rows = [
        ContactGroupMember(tenant_id=group.tenant_id, group=group, person=person)
        for person in wanted.values()
    ]
    ContactGroupMember.objects.bulk_create(rows, ignore_conflicts=True)
    record_change(group, field="members", before=before, after=sorted(p.name for p in wanted.values()))
