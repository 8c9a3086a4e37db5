"""Inviting people: who may invite whom, the letter, the link."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Membership, Role, User
from accounts.services import (
    AlreadyMember,
    InvitationExpired,
    NotAllowed,
    accept_invitation,
    deactivate_person,
    invitation_of,
    invitation_token,
    invite_again,
    invite_person,
)
from accounts.tenancy import tenant_scope
from notifications.models import OutboxMessage
from notifications.services import deliver_waiting
from tests.factories import Desk

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def letter_to(email: str) -> OutboxMessage:
    return OutboxMessage.objects.filter(to=email, kind="invitation").latest("pk")


def test_the_letter_names_the_desk_and_holds_the_link(desk: Desk) -> None:
    person = invite_person(
        by=desk.admin, email=" New@Acme.example ", name="Nora New", role=Role.AGENT, at=NOW
    )
    assert person.user.email == "new@acme.example"
    assert not person.user.has_usable_password()
    letter = letter_to("new@acme.example")
    path = f"/t/acme/invitations/{invitation_token(person)}/"
    assert letter.subject == "Acme invites you to its support desk"
    assert path in letter.body_text
    assert path in letter.body_html
    assert letter.is_secret


def test_the_link_leads_to_the_desks_own_host(desk: Desk, settings: object) -> None:
    desk.tenant.host = "help.acme.example"
    desk.tenant.save()
    invite_person(by=desk.admin, email="new@acme.example", name="Nora", role=Role.AGENT, at=NOW)
    assert "://help.acme.example/invitations/" in letter_to("new@acme.example").body_text


def test_text_mails_are_not_escaped_and_html_mails_are(desk: Desk) -> None:
    desk.tenant.name = "O'Neil & Sons"
    desk.tenant.save()
    invite_person(by=desk.admin, email="new@acme.example", name="<b>Nora</b>", role=Role.AGENT, at=NOW)
    letter = letter_to("new@acme.example")
    assert letter.subject.startswith("O'Neil & Sons invites")
    assert "Hello <b>Nora</b>," in letter.body_text
    assert "<b>Nora</b>" not in letter.body_html


def test_the_secret_leaves_the_outbox_with_the_letter(desk: Desk) -> None:
    invite_person(by=desk.admin, email="new@acme.example", name="Nora", role=Role.AGENT, at=NOW)
    deliver_waiting(now=NOW, most=100)
    letter = letter_to("new@acme.example")
    assert letter.sent_at == NOW
    assert letter.body_text == letter.body_html == ""


@pytest.mark.parametrize(
    ("by", "role", "company", "allowed"),
    [
        ("owner", Role.OWNER, None, True),
        ("admin", Role.OWNER, None, False),
        ("admin", Role.ADMIN, None, True),
        ("admin", Role.MEMBER, "customer", True),
        ("supervisor", Role.AGENT, None, False),
        ("agent", Role.MEMBER, "customer", False),
        ("customer_admin", Role.MEMBER, "customer", True),
        ("customer_admin", Role.CUSTOMER_ADMIN, "customer", True),
        ("customer_admin", Role.MEMBER, "other_customer", False),
        ("customer_admin", Role.MEMBER, None, False),
        ("customer_admin", Role.AGENT, None, False),
        ("customer_admin", Role.AGENT, "customer", False),
        ("contact", Role.MEMBER, "customer", False),
    ],
)
def test_who_may_invite_whom(desk: Desk, by: str, role: str, company: str | None, allowed: bool) -> None:
    def invite() -> Membership:
        return invite_person(
            by=getattr(desk, by),
            email="new@example.org",
            name="Nora",
            role=role,
            customer=getattr(desk, company) if company else None,
            at=NOW,
        )

    if allowed:
        assert invite().role == role
        return
    with pytest.raises(NotAllowed):
        invite()
    assert not User.objects.filter(email="new@example.org").exists()


def test_nobody_is_invited_twice_into_one_desk(desk: Desk) -> None:
    with pytest.raises(AlreadyMember):
        invite_person(by=desk.admin, email="AGENT@acme.example", name="Again", role=Role.AGENT, at=NOW)


def test_one_person_may_stand_in_two_desks(desk: Desk, other_desk: Desk) -> None:
    person = invite_person(
        by=desk.admin, email=other_desk.agent.user.email, name="Same", role=Role.SUPERVISOR, at=NOW
    )
    assert person.user_id == other_desk.agent.user_id


def test_an_invitation_says_nothing_about_whether_the_person_has_an_account(
    desk: Desk, other_desk: Desk
) -> None:
    """The inviting admin sees the same membership and the same letter for a known and an unknown address."""
    known = invite_person(
        by=desk.admin, email=other_desk.agent.user.email, name="Nora", role=Role.AGENT, at=NOW
    )
    unknown = invite_person(by=desk.admin, email="new@acme.example", name="Nora", role=Role.AGENT, at=NOW)
    assert (known.name, known.accepted_at, known.role) == (unknown.name, unknown.accepted_at, unknown.role)
    letters = [letter_to(one.user.email) for one in (known, unknown)]
    assert letters[0].subject == letters[1].subject
    assert len({len(letter.body_text.splitlines()) for letter in letters}) == 1


def test_a_second_letter_makes_the_first_link_worthless(desk: Desk) -> None:
    person = invite_person(by=desk.admin, email="new@acme.example", name="Nora", role=Role.AGENT, at=NOW)
    first = invitation_token(person)
    assert invitation_of(first, tenant=desk.tenant) == person
    invite_again(membership=person, by=desk.owner, at=NOW + timedelta(days=1))
    with pytest.raises(InvitationExpired):
        invitation_of(first, tenant=desk.tenant)
    assert invitation_of(invitation_token(person), tenant=desk.tenant) == person
    assert OutboxMessage.objects.filter(to="new@acme.example").count() == 2


def test_links_end_with_use_and_with_deactivation_and_hold_in_one_desk_only(
    desk: Desk, other_desk: Desk
) -> None:
    used = invite_person(by=desk.admin, email="a@acme.example", name="A", role=Role.AGENT, at=NOW)
    closed = invite_person(by=desk.admin, email="b@acme.example", name="B", role=Role.AGENT, at=NOW)
    accept_invitation(membership=used, at=NOW, password="a long password")
    deactivate_person(membership=closed, by=desk.admin, at=NOW)
    for person in (used, closed):
        with pytest.raises(InvitationExpired):
            invitation_of(invitation_token(person), tenant=desk.tenant)
    open_one = invite_person(by=desk.admin, email="c@acme.example", name="C", role=Role.AGENT, at=NOW)
    token = invitation_token(open_one)
    with tenant_scope(other_desk.tenant.pk), pytest.raises(InvitationExpired):
        invitation_of(token, tenant=other_desk.tenant)
    with pytest.raises(InvitationExpired):
        invitation_of(token[:-1] + "x", tenant=desk.tenant)


def test_who_has_accepted_gets_no_second_invitation(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        invite_again(membership=desk.agent, by=desk.admin, at=NOW)
