"""Roles and access: who may change whose, and that no desk loses its last owner."""

from datetime import UTC, datetime

import pytest

from accounts.models import Role
from accounts.services import (
    LastOwner,
    NotAllowed,
    change_role,
    create_token,
    deactivate_person,
    may_manage,
    reactivate_person,
)
from tests.factories import Desk, add_person

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("by", "other", "may"),
    [
        ("owner", "admin", True),
        ("admin", "owner", False),
        ("admin", "agent", True),
        ("admin", "contact", True),
        ("admin", "admin", False),
        ("supervisor", "agent", False),
        ("agent", "contact", False),
        ("customer_admin", "contact", True),
        ("customer_admin", "other_contact", False),
        ("customer_admin", "agent", False),
        ("contact", "contact2", False),
    ],
)
def test_who_may_manage_whom(desk: Desk, by: str, other: str, may: bool) -> None:
    assert may_manage(getattr(desk, by), getattr(desk, other)) is may


def test_nobody_manages_people_of_another_desk(desk: Desk, other_desk: Desk) -> None:
    assert not may_manage(desk.owner, other_desk.agent)
    with pytest.raises(NotAllowed):
        change_role(membership=other_desk.agent, role=Role.ADMIN, by=desk.owner, at=NOW)
    with pytest.raises(NotAllowed):
        deactivate_person(membership=other_desk.agent, by=desk.owner, at=NOW)


@pytest.mark.parametrize(
    ("by", "other", "role"),
    [
        ("admin", "agent", Role.OWNER),
        ("owner", "agent", Role.MEMBER),
        ("owner", "contact", Role.AGENT),
        ("customer_admin", "contact", Role.AGENT),
        ("customer_admin", "contact", Role.OWNER),
        ("supervisor", "agent", Role.SUPERVISOR),
        ("agent", "agent", Role.ADMIN),
        ("contact", "contact", Role.CUSTOMER_ADMIN),
    ],
)
def test_nobody_gives_a_role_that_is_not_theirs_to_give(desk: Desk, by: str, other: str, role: str) -> None:
    with pytest.raises(NotAllowed):
        change_role(membership=getattr(desk, other), role=role, by=getattr(desk, by), at=NOW)


def test_a_role_is_changed(desk: Desk) -> None:
    change_role(membership=desk.agent, role=Role.SUPERVISOR, by=desk.admin, at=NOW)
    desk.agent.refresh_from_db()
    assert desk.agent.is_supervisor


def test_the_last_owner_stays(desk: Desk) -> None:
    second = add_person(desk.owner, "second@acme.example", "Otto Owner", Role.OWNER)
    change_role(membership=desk.owner, role=Role.ADMIN, by=second, at=NOW)
    # `desk.owner` in memory is still an owner: as in a request that came at the same moment.
    stale = desk.owner
    stale.role = Role.OWNER
    with pytest.raises(LastOwner):
        change_role(membership=second, role=Role.ADMIN, by=stale, at=NOW)
    with pytest.raises(LastOwner):
        deactivate_person(membership=second, by=stale, at=NOW)


def test_deactivation_closes_the_desk_and_the_tokens(desk: Desk) -> None:
    token, _secret = create_token(membership=desk.agent, name="script", at=NOW)
    deactivate_person(membership=desk.agent, by=desk.admin, at=NOW)
    token.refresh_from_db()
    assert token.revoked_at == NOW
    assert not desk.agent.is_active
    reactivate_person(membership=desk.agent, by=desk.admin, at=NOW)
    token.refresh_from_db()
    assert desk.agent.is_active
    assert token.revoked_at == NOW
