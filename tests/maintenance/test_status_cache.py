"""Copies of the status page: answered without the database, right after a change, there without a cache."""

import gzip
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection

from maintenance import status_cache
from maintenance.services.outages import open_outage
from maintenance.views import status as views
from supportdesk.cache import ForgivingRedisCache
from tests.factories import Desk, DeskClient
from tests.maintenance.status import ago, public_page, public_service

Capture = Callable[..., Any]


@pytest.fixture(autouse=True)
def _no_copies_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    status_cache._here.clear()
    monkeypatch.setattr(status_cache, "LIFETIME", 3600.0)


def test_a_copy_asks_the_database_nothing(desk: Desk, django_assert_num_queries: Capture) -> None:
    public_page(desk)
    public_service(desk)
    client = DeskClient(desk.tenant)
    for path in ("", "history/", "feed.atom", "status.json", "maintenance.ics"):
        first = client.get(f"/status/{path}")
        with django_assert_num_queries(0):
            again = client.get(f"/status/{path}?utm_source=mail")
        assert again.content == first.content
        for header in ("Content-Type", "Content-Language", "Content-Security-Policy", "X-Frame-Options"):
            assert again[header] == first[header], header
        assert not again.cookies


def test_languages_themes_and_encodings_have_copies_of_their_own(desk: Desk) -> None:
    public_page(desk)
    client = DeskClient(desk.tenant)
    for _turn in range(2):
        english, spanish = (client.get("/status/", headers={"Accept-Language": a}) for a in ("en", "es"))
        assert b'<html lang="en"' in english.content
        assert b'<html lang="es"' in spanish.content
        packed = client.get("/status/", headers={"Accept-Language": "es", "Accept-Encoding": "gzip"})
        assert packed["Content-Encoding"] == "gzip"
        assert b'<html lang="es"' in gzip.decompress(packed.content)
        assert {"Accept-Encoding", "Accept-Language"} <= set(packed["Vary"].split(", "))
    client.cookies["theme"] = "dark"
    assert b'data-theme="dark"' in client.get("/status/").content


def test_who_has_the_page_already_is_told_so(desk: Desk) -> None:
    public_page(desk)
    client = DeskClient(desk.tenant)
    client.get("/status/")
    copy = client.get("/status/")
    answer = client.get("/status/", headers={"If-None-Match": copy["ETag"]})
    assert (answer.status_code, answer.content) == (304, b"")


def test_it_is_right_at_once_after_every_change(
    desk: Desk, django_capture_on_commit_callbacks: Capture
) -> None:
    page, service = public_page(desk), public_service(desk)
    client = DeskClient(desk.tenant)
    assert b"All services work" in client.get("/status/").content
    with django_capture_on_commit_callbacks(execute=True):
        open_outage(
            tenant_id=desk.tenant.pk,
            title="Away",
            services={service: "down"},
            text="We look.",
            started_at=ago(),
            by=desk.agent,
            at=ago(),
        )
        assert b"All services work" in client.get("/status/").content, "not before the commit"
    assert b"ERP production is down" in client.get("/status/").content
    with django_capture_on_commit_callbacks(execute=True):
        service.is_public = False
        service.save()
    assert b"ERP production" not in client.get("/status/").content
    with django_capture_on_commit_callbacks(execute=True):
        page.visibility = "off"
        page.save()
    assert client.get("/status/").status_code == 404


def test_a_copy_ends_by_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page, client = public_page(desk), DeskClient(desk.tenant)
    client.get("/status/")
    type(page).objects.update(about="Changed without a word.")
    assert b"without a word" not in client.get("/status/").content
    monkeypatch.setattr(status_cache, "LIFETIME", 0.0)
    assert b"without a word" in client.get("/status/").content


def test_of_a_crowd_only_one_writes_it_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Capture
) -> None:
    page, client = public_page(desk), DeskClient(desk.tenant)
    client.get("/status/")
    key = next(iter(status_cache._here))
    old = replace(status_cache._here[key], made_at=time.time() - 1.5 * status_cache.LIFETIME)
    monkeypatch.setitem(status_cache._here, key, old)
    cache.set(key, old)
    cache.add(f"{key}:making", True, 5)
    type(page).objects.update(about="Changed without a word.")
    with django_assert_num_queries(0):
        assert b"without a word" not in client.get("/status/").content
    cache.delete(f"{key}:making")
    assert b"without a word" in client.get("/status/").content


def test_one_desk_never_gets_the_copy_of_another(desk: Desk, other_desk: Desk, settings: Any) -> None:
    public_page(desk)
    public_service(desk)
    assert b"ERP production" in DeskClient(desk.tenant).get("/status/").content
    assert DeskClient(other_desk.tenant).get("/status/").status_code == 302
    settings.SITE_HOSTS = ["testserver"]
    answer = DeskClient(desk.tenant).get("/status/", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_a_desk_with_a_host_of_its_own_has_copies_there(
    desk: Desk, django_assert_num_queries: Capture
) -> None:
    public_page(desk)
    desk.tenant.host = "support.example.com"
    desk.tenant.save()
    client = DeskClient(desk.tenant)
    client.prefix = ""
    first = client.get("/status/", headers={"Host": "support.example.com"})
    with django_assert_num_queries(0):
        again = client.get("/status/", headers={"Host": "support.example.com"})
    assert b'href="/status/follow/?lang=en"' in again.content
    assert first.content == again.content


def test_it_is_there_while_the_cache_is_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Capture
) -> None:
    public_page(desk)
    client = DeskClient(desk.tenant)
    monkeypatch.setattr(ForgivingRedisCache, "is_away", True)
    monkeypatch.setattr(ForgivingRedisCache, "_unless_away", lambda self, ask, instead: instead)
    assert b"All services work" in client.get("/status/").content
    with django_assert_num_queries(0):
        assert b"All services work" in client.get("/status/").content


def away(*_: Any, **__: Any) -> None:
    raise OperationalError("the database is away")


def test_the_last_copy_is_shown_while_the_database_is_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_page(desk)
    public_service(desk)
    client = DeskClient(desk.tenant, raise_request_exception=False)
    client.get("/status/")
    monkeypatch.setattr(status_cache, "LIFETIME", 0.0)
    monkeypatch.setattr(views, "status_page_of", away)
    for _turn in range(2):
        answer = client.get("/status/")
        assert answer.status_code == 200
        assert b"ERP production" in answer.content
    assert connection.is_usable()
    status_cache.bump(desk.tenant.pk)
    monkeypatch.setattr(status_cache, "KEPT", 0)
    assert client.get("/status/").status_code == 500, "an hour has passed, however often it was shown"


@pytest.mark.parametrize("hide", ["service", "page"])
def test_no_copy_from_before_something_was_hidden_is_shown_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture, hide: str
) -> None:
    page, service = public_page(desk), public_service(desk)
    client = DeskClient(desk.tenant, raise_request_exception=False)
    client.get("/status/")
    with django_capture_on_commit_callbacks(execute=True):
        open_outage(
            tenant_id=desk.tenant.pk, title="Away", services={service: "down"}, text="We look.",
            started_at=ago(), by=desk.agent, at=ago(),
        )  # fmt: skip
    with monkeypatch.context() as patched:
        patched.setattr(views, "status_page_of", away)
        assert b"ERP production" in client.get("/status/").content, "only what happens has changed"
    with django_capture_on_commit_callbacks(execute=True):
        if hide == "service":
            service.is_public = False
            service.save()
        else:
            page.visibility = "customers"
            page.save()
    monkeypatch.setattr(views, "status_page_of", away)
    assert client.get("/status/").status_code == 500
    status_cache._here.clear()
    assert client.get("/status/").status_code == 500, "nor is that which all processes share"


def test_what_members_read_is_kept_for_members(
    desk: Desk, login: Callable[..., DeskClient], django_assert_num_queries: Capture
) -> None:
    public_page(desk, "customers")
    public_service(desk)
    client = login(desk.contact)
    first = client.get("/status/")
    # Desk, session, person, membership, settings: nothing about services or outages.
    with django_assert_num_queries(5):
        assert client.get("/status/").content == first.content
    assert DeskClient(desk.tenant).get("/status/").status_code == 302
