"""Which desk answers where: the path under /t/, the desk's own host name, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_script_prefix, get_urlconf, reverse

from accounts.middleware import TenantMiddleware
from accounts.models import Membership
from accounts.prepared import Prepared
from accounts.tenancy import current_tenant_id, tenant_scope
from tests.factories import Desk, DeskClient

Login = Callable[[Membership], DeskClient]
HOST = "help.acme.example"


@pytest.fixture
def hosted(desk: Desk, settings: Any) -> Desk:
    """The desk with a host name of its own, on an installation that names its hosts."""
    settings.SITE_HOSTS = ["testserver", ".desk.example"]
    desk.tenant.host = HOST
    desk.tenant.save()
    return desk


def through(request: Any) -> dict[str, Any]:
    """What a view would see behind the middleware."""
    seen: dict[str, Any] = {}

    def view(request: HttpRequest) -> HttpResponse:
        seen.update(
            tenant=request.tenant,  # type: ignore[attr-defined]
            path_info=request.path_info,
            path=request.path,
            profile=reverse("profile", urlconf=getattr(request, "urlconf", None)),
            scope=current_tenant_id(),
        )
        return HttpResponse()

    seen["answer"] = TenantMiddleware(view)(request)
    return seen


def test_a_prepared_query_answers_as_the_query_does_for_any_values(desk: Desk) -> None:
    """Asked twice the text is not written again: what a value was once must not stick to it."""
    named = Prepared(
        lambda role, pk: Membership.objects.select_related("customer").filter(role=role, pk__gt=pk),
        "a role",
        -1,
    )
    asked: list[tuple[str, int]] = [
        ("member", 0),
        ("member", desk.contact.pk),
        ("owner", 0),
        ("owner", 10**6),
    ]
    for values in asked * 2:
        wanted = Membership.objects.filter(role=values[0], pk__gt=values[1]).order_by("pk").first()
        found = named.first(*values)
        assert found == wanted, values
        if found is not None and wanted is not None:
            assert (found.customer, found.quiet_days) == (wanted.customer, wanted.quiet_days)
    with tenant_scope(desk.tenant.pk + 1):
        assert named.first("owner", 0) is None, "row security stands below it"
    twice = Prepared(lambda name: Membership.objects.filter(Q(name=name) | Q(role=name)), "a name")
    with pytest.raises(ValueError, match="each must stand once"):
        twice.first("Carla")


def test_the_path_says_which_desk(desk: Desk) -> None:
    seen = through(RequestFactory().get("/t/acme/profile/?a=1"))
    assert seen["tenant"] == desk.tenant
    assert seen["path_info"] == "/profile/"
    assert seen["path"] == seen["profile"] == "/t/acme/profile/"
    assert seen["scope"] == desk.tenant.pk


def test_the_own_host_says_which_desk(hosted: Desk) -> None:
    for host in (HOST, HOST.upper(), f"{HOST}:8000", f"{HOST}."):
        seen = through(RequestFactory(HTTP_HOST=host).get("/profile/"))
        assert seen["tenant"] == hosted.tenant
        assert seen["path"] == seen["profile"] == "/profile/"


def test_outside_any_desk_there_is_no_scope(hosted: Desk) -> None:
    from accounts.tenancy import tenant_scope

    with tenant_scope(None):
        for host in ("testserver", "eu.desk.example", "desk.example"):
            seen = through(RequestFactory(HTTP_HOST=host).get("/profile/"))
            assert seen["tenant"] is None
            assert seen["scope"] is None


def test_prefix_urlconf_and_scope_are_put_back(desk: Desk) -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        assert get_script_prefix() == "/t/acme/"
        raise ZeroDivisionError

    request: Any = RequestFactory().get("/t/acme/queue/")
    before = get_script_prefix(), get_urlconf(), current_tenant_id()
    with pytest.raises(ZeroDivisionError):
        TenantMiddleware(fails)(request)
    assert (get_script_prefix(), get_urlconf(), current_tenant_id()) == before


def test_a_strange_host_is_refused(hosted: Desk, client: Client) -> None:
    assert client.get("/", HTTP_HOST="evil.example").status_code == 400
    assert client.get("/t/acme/", HTTP_HOST="evil.example").status_code == 400
    assert client.get("/t/acme/", HTTP_HOST="[::1").status_code == 400


def test_any_host_may_be_allowed_and_the_desks_own_still_counts(hosted: Desk, settings: Any) -> None:
    settings.SITE_HOSTS = ["*"]
    assert through(RequestFactory(HTTP_HOST=HOST).get("/profile/"))["tenant"] == hosted.tenant
    assert through(RequestFactory(HTTP_HOST="any.example").get("/profile/"))["tenant"] is None
    assert through(RequestFactory(HTTP_HOST="any.example").get("/t/acme/"))["tenant"] == hosted.tenant


def test_other_desks_do_not_answer_at_a_desks_own_host(
    hosted: Desk, other_desk: Desk, client: Client
) -> None:
    assert client.get("/t/umbra/accounts/login/", HTTP_HOST=HOST).status_code == 404
    assert client.get("/admin/", HTTP_HOST=HOST).status_code == 404


@pytest.mark.parametrize("path", ["/t/", "/t/nobody/", "/t/ACME/", "/t/a%00b/", "/t/%F0%9F%90%99/", "/t//"])
def test_an_unknown_desk_is_not_found(desk: Desk, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_closed_desk_is_not_found(desk: Desk, login: Login) -> None:
    desk.tenant.is_active = False
    desk.tenant.save()
    assert login(desk.agent).get("/profile/").status_code == 404


def test_a_missing_slash_is_added(desk: Desk, client: Client) -> None:
    assert client.get("/t/acme?x=1").headers["Location"] == "/t/acme/?x=1"
    assert client.get("/t/acme/profile").headers["Location"] == "/t/acme/profile/"


def test_pages_link_inside_their_own_desk(hosted: Desk, client: Client) -> None:
    under_path = client.get("/t/acme/accounts/login/").content.decode()
    assert 'action="/t/acme/accounts/login/"' in under_path
    at_host = client.get("/accounts/login/", HTTP_HOST=HOST).content.decode()
    assert 'action="/accounts/login/"' in at_host
    assert "/t/acme" not in at_host


def test_one_session_opens_all_desks_of_a_host_with_each_ones_own_role(
    desk: Desk, other_desk: Desk, login: Login
) -> None:
    browser = login(desk.agent)
    assert browser.get("/profile/").status_code == 200
    answer = Client.get(browser, "http://testserver/t/umbra/profile/")
    assert answer.status_code == 404
    assert b"agent@acme.example" in answer.content


def test_a_page_speaks_the_persons_language_and_a_stranger_the_browsers(desk: Desk, login: Login) -> None:
    assert 'lang="en"' in login(desk.agent).get("/profile/").content.decode()
    desk.agent.user.language = "es"
    desk.agent.user.save()
    assert 'lang="es"' in login(desk.agent).get("/profile/").content.decode()
    page = Client().get("/t/acme/accounts/login/", headers={"Accept-Language": "es-MX"})
    assert 'lang="es"' in page.content.decode()


def test_the_language_of_a_person_outlives_the_session(desk: Desk, login: Login) -> None:
    desk.agent.user.language = "es"
    desk.agent.user.save()
    browser = login(desk.agent)
    assert browser.get("/profile/").cookies["django_language"].value == "es"
    assert "django_language" not in browser.get("/profile/").cookies, "said once"
    browser.logout()
    browser.cookies["django_language"] = "es"  # the test's browser forgets it with the rest
    page = browser.get("/profile/", headers={"Accept-Language": "en-GB"}, follow=True)
    assert 'lang="es"' in page.content.decode()
