"""The outbox page: states, what is never shown, trying again."""

from collections.abc import Callable

from django.utils import timezone

from accounts.models import Membership
from notifications.models import OutboxMessage
from notifications.services import deliver_waiting
from tests.factories import Desk, DeskClient, new_ticket

Login = Callable[[Membership], DeskClient]


def fail(message: OutboxMessage) -> None:
    message.failed_at, message.attempts, message.last_error = timezone.now(), 8, "450 mailbox busy"
    message.save()


def test_messages_stand_by_state(desk: Desk, login: Login) -> None:
    new_ticket(desk)
    deliver_waiting(now=timezone.now(), most=3)
    message = OutboxMessage.objects.filter(sent_at=None, is_secret=False).first()
    assert message is not None
    fail(message)
    client = login(desk.admin)
    counts = {
        state: client.get(f"/console/outbox/?state={state}").content.decode().count("data-href=")
        for state in ("", "waiting", "sent", "failed", "nonsense")
    }
    assert counts["sent"] == 3
    assert counts["failed"] == 1
    assert counts[""] == counts["nonsense"] == counts["waiting"] + 4


def test_a_failed_message_is_tried_again_and_says_why_it_failed(desk: Desk, login: Login) -> None:
    new_ticket(desk)
    message = OutboxMessage.objects.filter(is_secret=False).first()
    assert message is not None
    fail(message)
    client, address = login(desk.admin), f"/console/outbox/{message.pk}/"
    page = client.get(address).content.decode()
    assert "450 mailbox busy" in page
    assert message.body_text.strip().splitlines()[0][:20] in page
    client.post(address + "retry/")
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("waiting", 0)
    again = client.post(address + "retry/", follow=True).content.decode()
    assert "has not been given up" in again


def test_the_link_of_an_invitation_is_never_shown(desk: Desk, login: Login) -> None:
    secret = OutboxMessage.objects.filter(is_secret=True, sent_at=None).first()
    assert secret is not None
    assert "/invitations/" in secret.body_text
    client = login(desk.owner)
    assert "/invitations/" not in client.get(f"/console/outbox/{secret.pk}/").content.decode()
    assert "only in the mail itself" in client.get(f"/console/outbox/{secret.pk}/").content.decode()


def test_the_outbox_of_another_desk_does_not_exist(desk: Desk, other_desk: Desk, login: Login) -> None:
    message = OutboxMessage.objects.order_by("pk").first()
    assert message is not None
    assert login(other_desk.admin).get(f"/console/outbox/{message.pk}/").status_code == 404
    assert login(other_desk.admin).post(f"/console/outbox/{message.pk}/retry/").status_code == 404


def test_the_list_costs_the_same_for_few_and_for_many(
    desk: Desk, login: Login, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _number in range(5):
        new_ticket(desk)
    client = login(desk.admin)
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        assert client.get("/console/outbox/").status_code == 200
