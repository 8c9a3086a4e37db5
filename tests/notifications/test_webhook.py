"""Webhooks: signed, delivered once, tried again, shown."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.tenancy import tenant_scope
from notifications import webhooks
from notifications.addresses import AddressRefused
from notifications.models import OutboxMessage, WebhookSecret
from notifications.services import deliver_waiting, queue_webhook
from notifications.services.delivery import WEBHOOK_DELAYS
from tests.factories import MONDAY, Desk, DeskClient
from tests.notifications.receiver import Receiver

Login = Callable[[Membership], DeskClient]
PAYLOAD = {
    "type": "escalation",
    "ticket": "ACME-1001",
    "words": "Se venció el límite",
    "at": MONDAY.isoformat(),
}


@pytest.fixture(autouse=True)
def _nothing_else_waits(desk: Desk) -> None:
    OutboxMessage.objects.all().delete()


def queue(desk: Desk, url: str, key: str = "clock:1:limit", **changes: Any) -> OutboxMessage:
    queue_webhook(
        tenant_id=desk.tenant.pk, url=url, payload=PAYLOAD, key=key, at=MONDAY, kind="escalation", **changes
    )
    return OutboxMessage.objects.get(key=key)


def test_a_call_arrives_once_and_its_signature_holds(desk: Desk, receiver: Receiver) -> None:
    row = queue(desk, receiver.url + "?a=1")
    queue(desk, receiver.url + "?a=1")
    assert deliver_waiting(now=MONDAY) == 1
    assert deliver_waiting(now=MONDAY) == 0
    [taken] = receiver.taken
    assert taken.path == "/hook?a=1"
    assert json.loads(taken.body) == PAYLOAD
    assert taken.headers["content-type"] == "application/json"
    assert taken.headers["idempotency-key"] == taken.headers["webhook-id"] == row.message_id
    assert taken.headers["webhook-timestamp"] == str(int(MONDAY.timestamp()))
    key = base64.b64decode(WebhookSecret.objects.get().secret.removeprefix("whsec_"))
    signed = f"{row.message_id}.{int(MONDAY.timestamp())}.".encode() + taken.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert taken.headers["webhook-signature"] == f"v1,{expected}"
    row.refresh_from_db()
    assert (row.state, row.response_status, row.attempts) == ("sent", 204, 1)


def test_a_failing_receiver_is_tried_for_more_than_a_day(desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [500] * 20
    row = queue(desk, receiver.url)
    tried: list[datetime] = []
    now = MONDAY
    while row.state == "waiting":
        deliver_waiting(now=now)
        tried.append(now)
        row.refresh_from_db()
        now = row.next_attempt_at or now
    assert (len(tried), row.state, row.response_status) == (9, "failed", 500)
    assert tried[-1] - tried[0] > timedelta(days=1)
    assert [taken.headers["webhook-id"] for taken in receiver.taken] == [row.message_id] * 9
    assert len(WEBHOOK_DELAYS) == 8


@pytest.mark.parametrize(
    ("status", "state"), [(302, "waiting"), (410, "failed"), (404, "waiting"), (201, "sent")]
)
def test_what_an_answer_means(desk: Desk, receiver: Receiver, status: int, state: str) -> None:
    receiver.answers = [status]
    row = queue(desk, receiver.url)
    deliver_waiting(now=MONDAY)
    row.refresh_from_db()
    assert (row.state, row.response_status) == (state, status)
    assert [taken.path for taken in receiver.taken] == ["/hook"], "no redirect is followed"


def test_nobody_there_is_tried_again(desk: Desk, receiver: Receiver) -> None:
    receiver.__exit__()
    row = queue(desk, receiver.url)
    deliver_waiting(now=MONDAY)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.response_status) == ("waiting", 1, None)
    assert row.next_attempt_at == MONDAY + timedelta(minutes=1)
    assert "Connection" in row.last_error


def test_a_receiver_that_drips_is_cut_off(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.drips = True
    monkeypatch.setattr(webhooks, "CALL_SECONDS", 0.3)
    row = queue(desk, receiver.url)
    deliver_waiting(now=MONDAY)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.response_status) == ("waiting", 1, None)
    assert "no answer within" in row.last_error


def test_several_receivers_are_called_side_by_side_and_none_holds_up_another(
    desk: Desk, receiver: Receiver
) -> None:
    receiver.answers = [500, 204, 410]
    for number in range(25):
        queue(desk, receiver.url, key=f"clock:{number}")
    assert deliver_waiting(now=MONDAY) == 23
    assert len({taken.headers["webhook-id"] for taken in receiver.taken}) == len(receiver.taken) == 25


def test_an_internal_address_is_neither_queued_nor_called(
    desk: Desk, receiver: Receiver, settings: Any, login: Login
) -> None:
    with pytest.raises(AddressRefused):
        queue(desk, "https://169.254.169.254/latest/meta-data/")
    row = queue(desk, receiver.url)
    settings.WEBHOOK_TRUSTED = []
    deliver_waiting(now=MONDAY)
    row.refresh_from_db()
    assert (row.state, receiver.taken) == ("failed", [])
    assert "https://" in login(desk.admin).get(f"/console/outbox/{row.pk}/").content.decode()


def test_the_outbox_page_shows_call_and_answer(desk: Desk, receiver: Receiver, login: Login) -> None:
    receiver.answers = [503]
    row = queue(desk, receiver.url)
    deliver_waiting(now=MONDAY)
    client = login(desk.admin)
    assert "Webhook: escalation" in client.get("/console/outbox/").content.decode()
    page = client.get(f"/console/outbox/{row.pk}/").content.decode()
    assert "HTTP 503" in page
    assert "Se venció el límite" in page
    assert row.message_id in page
    OutboxMessage.objects.filter(pk=row.pk).update(failed_at=timezone.now())
    client.post(f"/console/outbox/{row.pk}/retry/")
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)


def signatures(taken: Any) -> list[str]:
    """The secrets whose signatures a call carries are told by checking each, as a receiver does."""
    return str(taken.headers["webhook-signature"]).split(" ")


def signed_with(taken: Any, secret: str) -> bool:
    at, name = int(taken.headers["webhook-timestamp"]), taken.headers["webhook-id"]
    return webhooks.sign(secret, name, at, taken.body) in signatures(taken)


def test_each_desk_has_its_own_secret_that_only_admins_see_and_replace(
    desk: Desk, other_desk: Desk, login: Login
) -> None:
    client = login(desk.admin)
    assert "Make secret" in client.get("/console/desk/").content.decode()
    assert client.post("/console/desk/webhook-secret/").status_code == 302
    first = WebhookSecret.objects.get()
    assert first.secret in client.get("/console/desk/").content.decode()
    assert "Replace the webhook secret?" in client.get("/console/desk/webhook-secret/").content.decode()
    sent = {"hours": "0", "seen": first.made_at.isoformat()}
    client.post("/console/desk/webhook-secret/", sent)
    second = WebhookSecret.objects.get()
    assert second.secret != first.secret
    assert second.made_by == desk.admin
    assert not second.former_secret, "one that has become known signs nothing more"
    assert login(desk.supervisor).post("/console/desk/webhook-secret/", sent).status_code == 403
    assert second.secret not in login(other_desk.admin).get("/console/desk/").content.decode()
    with tenant_scope(other_desk.tenant.pk):
        assert not WebhookSecret.objects.exists()


def test_for_a_while_calls_carry_both_signatures_until_somebody_ends_it(
    desk: Desk, receiver: Receiver, login: Login
) -> None:
    client = login(desk.admin)
    client.post("/console/desk/webhook-secret/")
    first = WebhookSecret.objects.get()
    page = client.get("/console/desk/webhook-secret/").content.decode()
    assert f'value="{first.made_at.isoformat()}"' in page.replace("&#43;", "+")
    sent = {"hours": "24", "seen": first.made_at.isoformat()}
    assert client.post("/console/desk/webhook-secret/", {"seen": sent["seen"]}).status_code == 422
    assert client.post("/console/desk/webhook-secret/", sent).status_code == 302
    again = client.post("/console/desk/webhook-secret/", sent)
    assert again.status_code == 409, "a second click must not drop the secret that receivers know"
    assert "Somebody else has replaced the secret" in again.content.decode()
    second = WebhookSecret.objects.get()
    assert (second.former_secret, second.has_former(timezone.now())) == (first.secret, True)
    assert first.secret in client.get("/console/desk/").content.decode()

    def call(key: str, now: datetime) -> Any:
        queue(desk, receiver.url, key=key)
        deliver_waiting(now=now)
        return receiver.taken[-1]

    until = second.former_until or timezone.now()
    both = call("during", until - timedelta(seconds=1))
    assert [signed_with(both, secret) for secret in (second.secret, first.secret)] == [True, True]
    alone = call("after", until)
    assert len(signatures(alone)) == 1
    assert signed_with(alone, second.secret)

    client.post("/console/desk/webhook-secret/former/end/")
    ended = call("ended", until - timedelta(hours=1))
    assert [signed_with(ended, secret) for secret in (second.secret, first.secret)] == [True, False]
    assert first.secret not in client.get("/console/desk/").content.decode()


def test_the_api_replaces_the_secret_and_ends_the_former(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    address, json_type = "/api/v1/webhook-secret/", "application/json"
    assert client.get(address).json() == {
        "secret": "", "made_at": None, "former_secret": "", "former_until": None,
    }  # fmt: skip
    first = client.post(address, {"seen": None}, content_type=json_type).json()
    sent = {"seen": first["made_at"], "hours": 72}
    second = client.post(address, sent, content_type=json_type).json()
    assert (second["former_secret"], second["secret"] != first["secret"]) == (first["secret"], True)
    refused = client.post(address, sent, content_type=json_type)
    assert (refused.status_code, refused.json()["code"]) == (409, "secret_replaced")
    assert client.post(address, sent | {"hours": 169}, content_type=json_type).status_code == 400
    assert client.delete(f"{address}former/").status_code == 204
    assert client.get(address).json() == second | {"former_secret": "", "former_until": None}
    assert login(desk.supervisor).get(address).status_code == 403
