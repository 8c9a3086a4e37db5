"""Log-in, log-out, password and address: pages of allauth in our clothes, inside a desk and on the site."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core import mail
from django.test import Client

from accounts.models import Membership, Role, User
from accounts.services import invite_person
from tests.factories import FOUNDED, PASSWORD, Desk, DeskClient

Login = Callable[[Membership], DeskClient]
HOST = "help.acme.example"


def log_in(client: Client, email: str, password: str = PASSWORD, prefix: str = "/t/acme", **more: str) -> Any:
    return client.post(f"{prefix}/accounts/login/", {"login": email, "password": password, **more})


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"http://\S+", str(message.body))
    assert found, message.body
    return found.group()


def test_log_in_leads_home_to_the_desk(desk: Desk, client: Client) -> None:
    assert log_in(client, "Agent@acme.example").headers["Location"] == "/t/acme/"
    assert client.get("/t/acme/").headers["Location"] == "/t/acme/queue/"
    assert client.get("/t/acme/accounts/login/").headers["Location"] == "/t/acme/"


def test_a_contact_lands_on_a_page_that_offers_to_file(desk: Desk, client: Client) -> None:
    log_in(client, "contact@acme.example")
    assert 'href="/t/acme/tickets/new/"' in client.get("/t/acme/").content.decode()


def test_next_is_followed_inside_the_house_only(desk: Desk) -> None:
    assert (
        log_in(Client(), "agent@acme.example", next="/t/acme/profile/").headers["Location"]
        == "/t/acme/profile/"
    )
    for evil in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:///evil.example"):
        assert log_in(Client(), "agent@acme.example", next=evil).headers["Location"] == "/t/acme/"


def test_the_page_carries_next_and_is_in_the_desks_look(desk: Desk, client: Client) -> None:
    desk.tenant.accent = "teal"
    desk.tenant.save()
    page = client.get("/t/acme/accounts/login/?next=/t/acme/profile/").content.decode()
    assert '<input type="hidden" name="next" value="/t/acme/profile/">' in page
    assert "accent-teal" in page
    assert "Log in · Acme" in page
    assert "placeholder" not in page
    assert "Support Desk</title>" in client.get("/accounts/login/").content.decode()


def test_wrong_password_and_unknown_address_are_told_alike(desk: Desk, client: Client) -> None:
    pages = [
        log_in(client, "agent@acme.example", "wrong").content.decode(),
        log_in(client, "nobody@acme.example", "wrong").content.decode(),
    ]
    said = [re.findall(r"<li>(.*?)</li>", page) for page in pages]
    assert said[0] == said[1] != []
    assert 'value="nobody@acme.example"' in pages[1]


def test_too_many_attempts_are_stopped_whatever_the_host(desk: Desk, settings: Any) -> None:
    settings.SITE_HOSTS = ["testserver"]
    desk.tenant.host = HOST
    desk.tenant.save()
    client = Client(REMOTE_ADDR="192.0.2.1")
    for _turn in range(5):
        log_in(client, "agent@acme.example", "wrong")
    assert "Too many failed login attempts" in log_in(client, "agent@acme.example").content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.2", HTTP_HOST=HOST)
    assert "Too many failed" in log_in(elsewhere, "agent@acme.example", prefix="").content.decode()


def test_too_many_requests_get_our_page(desk: Desk, client: Client) -> None:
    answers = [
        client.post("/t/acme/accounts/password/reset/", {"email": "agent@acme.example"}) for _turn in range(6)
    ]
    assert [one.status_code for one in answers] == [302] * 5 + [429]
    assert "Too many attempts" in answers[-1].content.decode()


def test_a_closed_account_cannot_log_in(desk: Desk, client: Client) -> None:
    desk.agent.user.is_active = False
    desk.agent.user.save()
    answer = log_in(client, "agent@acme.example")
    assert client.get("/t/acme/profile/").status_code == 302
    if answer.status_code == 302:
        assert "closed" in client.get(answer.headers["Location"]).content.decode()


def test_log_out_asks_and_leads_to_the_desks_log_in(desk: Desk, login: Login) -> None:
    browser = login(desk.agent)
    assert "You are logged in as agent@acme.example" in browser.get("/accounts/logout/").content.decode()
    assert browser.get("/profile/").status_code == 200
    answer = browser.post("/accounts/logout/")
    assert answer.headers["Location"] == "/t/acme/accounts/login/"
    assert "You are logged out" in browser.get("/accounts/login/").content.decode()
    assert browser.get("/profile/").status_code == 302


def test_nobody_signs_up(desk: Desk, client: Client) -> None:
    for prefix in ("", "/t/acme"):
        page = f"{prefix}/accounts/signup/"
        assert "by invitation" in client.get(page).content.decode()
        assert (
            "by invitation"
            in client.post(page, {"email": "x@example.org", "password1": "a long pass"}).content.decode()
        )
    assert not User.objects.filter(email="x@example.org").exists()


@pytest.mark.parametrize(
    ("prefix", "host", "start"),
    [
        ("/t/acme", "testserver", "http://testserver/t/acme/accounts/"),
        ("", HOST, f"http://{HOST}/accounts/"),
        ("", "testserver", "http://testserver/accounts/"),
    ],
)
def test_a_password_is_reset_by_a_link_into_the_same_desk(
    desk: Desk, settings: Any, prefix: str, host: str, start: str
) -> None:
    settings.SITE_HOSTS = ["testserver"]
    desk.tenant.host = HOST
    desk.tenant.save()
    client = Client(HTTP_HOST=host)
    answer = client.post(f"{prefix}/accounts/password/reset/", {"email": "agent@acme.example"})
    assert answer.headers["Location"] == f"{prefix}/accounts/password/reset/done/"
    assert "Look into your mailbox" in client.get(answer.headers["Location"]).content.decode()
    [letter] = mail.outbox
    assert ("Acme" if prefix or host == HOST else "Support Desk") in str(letter.body)
    link = link_in(letter)
    assert link.startswith(start)
    form = client.get(urlsplit(link).path, follow=True)
    assert "Choose a new password" in form.content.decode()
    new = "seven quiet larks"
    done = client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert done.headers["Location"] == f"{prefix}/accounts/password/reset/key/done/"
    assert "Log in with it now" in client.get(done.headers["Location"]).content.decode()
    assert log_in(client, "agent@acme.example", new, prefix).status_code == 302
    assert "no longer valid" in Client(HTTP_HOST=host).get(urlsplit(link).path).content.decode()


def test_a_reset_tells_nobody_whether_an_account_exists(desk: Desk, client: Client) -> None:
    answers = [
        client.post("/t/acme/accounts/password/reset/", {"email": email})
        for email in ("agent@acme.example", "nobody@acme.example")
    ]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert [message.to for message in mail.outbox] == [["agent@acme.example"], ["nobody@acme.example"]]
    assert mail.outbox[1].subject == "No account with this address"
    assert "http" not in str(mail.outbox[1].body)


def test_mails_about_an_account_speak_its_persons_language_and_stay_out_of_the_desks_outbox(
    desk: Desk, client: Client
) -> None:
    from notifications.models import OutboxMessage

    before = OutboxMessage.objects.count()
    desk.agent.user.language = "es"
    desk.agent.user.save()
    client.post("/t/acme/accounts/password/reset/", {"email": "agent@acme.example"})
    html = str(mail.outbox[0].alternatives[0][0])  # type: ignore[attr-defined]
    assert '<html lang="es">' in html
    assert OutboxMessage.objects.count() == before


def test_an_invited_person_without_password_may_reset_one_but_stays_outside(
    desk: Desk, client: Client
) -> None:
    invite_person(by=desk.admin, email="nora@example.org", name="Nora", role=Role.AGENT, at=FOUNDED)
    client.post("/t/acme/accounts/password/reset/", {"email": "nora@example.org"})
    form = client.get(urlsplit(link_in(mail.outbox[0])).path, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    log_in(client, "nora@example.org")
    assert client.get("/t/acme/profile/").status_code in (302, 404)


def test_a_changed_password_ends_other_sessions_and_is_told_by_mail(
    desk: Desk, client: Client, login: Login
) -> None:
    other = login(desk.agent)
    log_in(client, "agent@acme.example")
    page = "/t/acme/accounts/password/change/"
    wrong = client.post(page, {"oldpassword": "no", "password1": "seven quiet larks", "password2": "seven"})
    assert "There is a problem" in wrong.content.decode()
    new = {"oldpassword": PASSWORD, "password1": "seven quiet larks", "password2": "seven quiet larks"}
    assert client.post(page, new).headers["Location"] == "/t/acme/profile/"
    assert client.get("/t/acme/profile/").status_code == 200
    assert other.get("/profile/").status_code == 302
    assert mail.outbox[-1].subject == "Your password was changed"
    assert "127.0.0.1" in str(mail.outbox[-1].body)


def _ask_for_address(client: Client, email: str) -> None:
    """Change the address; the password is asked for once more on the way."""
    page = "/t/acme/accounts/email/"
    answer = client.post(page, {"email": email, "action_add": "1"})
    assert urlsplit(answer.headers["Location"]).path == "/t/acme/accounts/reauthenticate/"
    assert "Is it you?" in client.get(answer.headers["Location"]).content.decode()
    client.post(answer.headers["Location"], {"password": PASSWORD})
    if not any(email in message.to for message in mail.outbox):
        client.post(page, {"email": email, "action_add": "1"})


def test_an_address_changes_once_its_link_is_opened(desk: Desk, client: Client) -> None:
    log_in(client, "agent@acme.example")
    _ask_for_address(client, "ali@new.example")
    desk.agent.user.refresh_from_db()
    assert desk.agent.user.email == "agent@acme.example"
    page = client.get("/t/acme/accounts/email/").content.decode()
    assert "A link has gone to ali@new.example" in page
    [letter] = [message for message in mail.outbox if message.to == ["ali@new.example"]]
    link = urlsplit(link_in(letter))
    assert link.path.startswith("/t/acme/accounts/confirm-email/")
    assert "Is ali@new.example the address" in client.get(link.path).content.decode()
    assert client.post(link.path).headers["Location"] == "/t/acme/profile/"
    desk.agent.user.refresh_from_db()
    assert desk.agent.user.email == "ali@new.example"
    assert mail.outbox[-1].to == ["agent@acme.example"]
    assert "ali@new.example instead of agent@acme.example" in str(mail.outbox[-1].body)


def test_a_taken_address_is_not_betrayed_and_never_given(desk: Desk, client: Client) -> None:
    log_in(client, "agent@acme.example")
    _ask_for_address(client, "contact@acme.example")
    assert "contact@acme.example" in client.get("/t/acme/accounts/email/").content.decode()
    address = EmailAddress.objects.filter(user=desk.agent.user, email="contact@acme.example").first()
    if address is not None:
        client.post(f"/t/acme/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/")
    desk.agent.user.refresh_from_db()
    assert desk.agent.user.email == "agent@acme.example"


def test_an_address_that_was_invited_meanwhile_is_refused(desk: Desk, client: Client) -> None:
    log_in(client, "agent@acme.example")
    _ask_for_address(client, "ali@new.example")
    invite_person(by=desk.admin, email="ali@new.example", name="Ali", role=Role.AGENT, at=FOUNDED)
    address = EmailAddress.objects.get(user=desk.agent.user, email="ali@new.example")
    answer = client.post(f"/t/acme/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/")
    assert answer.status_code in (200, 302)
    desk.agent.user.refresh_from_db()
    assert desk.agent.user.email == "agent@acme.example"


def test_a_damaged_confirmation_link_is_told_so(desk: Desk, client: Client) -> None:
    assert "no longer valid" in client.get("/t/acme/accounts/confirm-email/nonsense/").content.decode()


@pytest.mark.parametrize(
    "page",
    [
        "login/",
        "signup/",
        "inactive/",
        "confirm-email/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/done/",
        "password/reset/key/1-bad/",
    ],
)
def test_every_page_for_strangers_is_ours(desk: Desk, client: Client, page: str) -> None:
    for prefix in ("", "/t/acme"):
        answer = client.get(f"{prefix}/accounts/{page}")
        assert answer.status_code == 200
        assert '<link rel="stylesheet" href="/static/css/app.css">' in answer.content.decode()


@pytest.mark.parametrize("page", ["logout/", "email/", "password/change/", "reauthenticate/"])
def test_every_page_for_people_is_ours(desk: Desk, login: Login, page: str) -> None:
    answer = login(desk.contact).get(f"/accounts/{page}")
    assert answer.status_code == 200
    assert "Back to the profile" in answer.content.decode()


def test_operators_log_in_by_the_same_door(desk: Desk, client: Client) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/"
    log_in(client, "owner@acme.example", prefix="")
    assert client.get("/admin/", follow=True).status_code == 403
    User.objects.filter(email="owner@acme.example").update(is_staff=True, is_superuser=True)
    assert client.get("/admin/").status_code == 200
    for page in ("accounts/tenant/", "accounts/user/", f"accounts/tenant/{desk.tenant.pk}/change/"):
        assert client.get(f"/admin/{page}").status_code == 200
    assert client.get("/t/acme/admin/").status_code == 404


def test_an_operator_made_by_command_can_log_in_at_once(desk: Desk, client: Client) -> None:
    User.objects.create_superuser("Root@example.org", PASSWORD, name="Root")
    assert log_in(client, "root@example.org", prefix="").headers["Location"] == "/"
    assert client.get("/admin/").status_code == 200


def test_operators_change_desks_and_never_look_inside(desk: Desk, client: Client, settings: Any) -> None:
    settings.SITE_HOSTS = ["testserver", "localhost"]
    User.objects.create_superuser("root@example.org", PASSWORD, name="Root")
    log_in(client, "root@example.org", prefix="")
    tenant = desk.tenant
    page = f"/admin/accounts/tenant/{tenant.pk}/change/"
    held = {
        "name": "New",
        "language": "es",
        "time_zone": "America/Mexico_City",
        "accent": "teal",
        "is_active": "on",
    }
    taken = client.post(page, held | {"host": "localhost"})
    assert "The installation itself answers at this host name" in taken.content.decode()
    assert client.post(page, {**held, "is_active": "", "host": ""}).status_code == 302
    tenant.refresh_from_db()
    assert (tenant.is_active, tenant.host, tenant.slug) == (False, None, "acme")
    assert client.post(f"/admin/accounts/tenant/{tenant.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/accounts/membership/").status_code == 404
    assert client.get("/admin/tickets/ticket/").status_code == 404
