"""The first wall: log-in for nobody, 404 for strangers, 403 for the wrong role; nothing typed is lost."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from accounts.door import (
    admin_required,
    contact_required,
    customer_admin_required,
    member_required,
    staff_required,
    supervisor_required,
)
from accounts.interrupted import KEY, keep_text, page_of, take_text
from accounts.models import Membership
from tests.factories import PASSWORD, Desk, DeskClient, new_ticket

Login = Callable[[Membership], DeskClient]
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("door", "let_in"),
    [
        (member_required, "owner admin supervisor agent contact customer_admin"),
        (staff_required, "owner admin supervisor agent"),
        (supervisor_required, "owner admin supervisor"),
        (admin_required, "owner admin"),
        (contact_required, "contact customer_admin"),
        (customer_admin_required, "customer_admin"),
    ],
)
def test_each_door_lets_its_own_roles_in(desk: Desk, door: Callable[..., object], let_in: str) -> None:
    from django.core.exceptions import PermissionDenied

    guarded = door(lambda request: HttpResponse("in"))
    assert callable(guarded)
    entered = []
    for name in ("owner", "admin", "supervisor", "agent", "contact", "customer_admin"):
        request = RequestFactory().get("/")
        request.membership = getattr(desk, name)  # type: ignore[attr-defined]
        request.user = request.membership.user  # type: ignore[attr-defined]
        try:
            guarded(request)
        except PermissionDenied:
            continue
        entered.append(name)
    assert entered == let_in.split()


def test_nobody_is_asked_to_log_in_and_comes_back(desk: Desk, client: Client) -> None:
    answer = client.get("/t/acme/profile/?tab=2")
    assert answer.status_code == 302
    where = urlsplit(answer.headers["Location"])
    assert where.path == "/t/acme/accounts/login/"
    assert parse_qs(where.query)["next"] == ["/t/acme/profile/?tab=2"]


def test_a_stranger_finds_nothing_but_who_can_help(desk: Desk, other_desk: Desk, login: Login) -> None:
    browser = login(other_desk.owner)
    browser.prefix = "/t/acme"
    answer = browser.get("/profile/")
    assert answer.status_code == 404
    assert "no access to the desk of Acme" in answer.content.decode()


def test_who_was_deactivated_is_a_stranger_at_once(desk: Desk, login: Login) -> None:
    browser = login(desk.agent)
    assert browser.get("/profile/").status_code == 200
    desk.agent.deactivated_at = NOW
    desk.agent.save()
    assert browser.get("/profile/").status_code == 404


def test_who_has_not_accepted_yet_is_a_stranger(desk: Desk, login: Login) -> None:
    desk.agent.accepted_at = None
    desk.agent.save()
    assert login(desk.agent).get("/profile/").status_code == 404


def test_the_wrong_role_is_told_so(desk: Desk, login: Login) -> None:
    for one in (desk.agent, desk.contact):
        answer = login(one).get("/company/people/")
        assert answer.status_code == 403
        assert "You may not open this page" in answer.content.decode()


TEXT = "It took me an hour to write this."


def _reply_without_session(
    desk: Desk, client: Client, origin_header: str = "X-None", query: str = "", **headers: str
) -> tuple[str, Any]:
    page = f"/t/acme/tickets/{new_ticket(desk).number}/"
    headers[origin_header] = f"http://testserver{page}{query}"
    posted = {"body": TEXT, "csrfmiddlewaretoken": "x", "password": "secret"}
    answer = client.post(f"{page}reply/", posted, headers=headers)
    return page, answer


def test_an_expired_session_leads_back_to_the_page_with_the_text_kept(desk: Desk, client: Client) -> None:
    page, answer = _reply_without_session(desk, client, "Referer", "?from=list")
    where = urlsplit(answer.headers["Location"])
    assert where.path == "/t/acme/accounts/login/"
    assert parse_qs(where.query)["next"] == [f"{page}?from=list"]
    assert client.session[KEY] == {"path": page, "sent_to": f"{page}reply/", "fields": {"body": TEXT}}

    login_page = client.get(answer.headers["Location"])
    assert "Your session had ended" in login_page.content.decode()
    back = client.post(
        "/t/acme/accounts/login/",
        {"login": "contact@acme.example", "password": PASSWORD, "next": f"{page}?from=list"},
    )
    assert back.headers["Location"] == f"{page}?from=list"
    assert client.session[KEY]["fields"] == {"body": TEXT}
    shown = client.get(page).content.decode()
    assert TEXT in shown
    assert KEY not in client.session


def test_a_fragment_request_sends_the_whole_page_to_the_log_in(desk: Desk, client: Client) -> None:
    page, answer = _reply_without_session(desk, client, "HX-Current-URL", **{"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == f"/t/acme/accounts/login/?next={page}"
    assert client.session[KEY]["path"] == page


def test_a_poll_takes_no_cookie_away_from_the_page_that_waits_beside_it(desk: Desk, client: Client) -> None:
    address = f"/t/acme/tickets/{new_ticket(desk).number}/"
    name = settings.SESSION_COOKIE_NAME
    for fetched, taken in (("empty", False), ("document", True)):
        client.cookies[name] = "of-a-session-that-has-ended"
        answer = client.get(address, headers={"Sec-Fetch-Dest": fetched})
        assert answer.status_code == 302
        assert (name in answer.cookies) is taken


@pytest.mark.parametrize(
    "referer", ["", "http://evil.example/t/acme/", "nonsense", "http://[", "//testserver"]
)
def test_a_strange_referer_is_not_believed(referer: str) -> None:
    request = RequestFactory().post("/t/acme/tickets/1/reply/", headers={"Referer": referer})
    assert page_of(request) == "/t/acme/tickets/1/reply/"


def _request(path: str, session: dict[str, object], **posted: str) -> HttpRequest:
    request = RequestFactory().post(path, posted) if posted else RequestFactory().get(path)
    request.session = session  # type: ignore[assignment]
    return request


def test_kept_text_is_for_its_page_and_form_only_and_only_once() -> None:
    session: dict[str, object] = {}
    assert keep_text(_request("/tickets/1/reply/", session, body=TEXT))
    assert take_text(_request("/tickets/2/", session)) == {}
    assert take_text(_request("/tickets/1/reply/", session), sent_to="/tickets/1/note/") == {}
    assert take_text(_request("/tickets/1/reply/", session), sent_to="/tickets/1/reply/") == {"body": TEXT}
    assert take_text(_request("/tickets/1/reply/", session)) == {}


def test_neither_nothing_nor_everything_is_kept() -> None:
    session: dict[str, object] = {}
    assert not keep_text(_request("/a/", session, body="  "))
    assert not keep_text(_request("/a/", session, body="x" * 60_001))
    assert not keep_text(_request("/a/", session, password="secret"))
    assert session == {}


def test_the_messages_do_not_pile_up(desk: Desk, client: Client) -> None:
    _page, answer = _reply_without_session(desk, client)
    assert len(list(get_messages(answer.wsgi_request))) == 1  # type: ignore[attr-defined]
