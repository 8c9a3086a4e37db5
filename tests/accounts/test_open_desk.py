"""An operator opens a desk on the site: named, addressed, with a preset or blank, its owner invited."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Role, Tenant, User
from accounts.tenancy import tenant_scope
from notifications.models import OutboxMessage
from sla.models import Plan
from tests.factories import PASSWORD, Desk, browser_of
from tests.forms import FormPage
from tickets.models import Category

NEW = {
    "name": "Bright Support",
    "slug": "bright",
    "owner_name": "Olga Owner",
    "owner_email": "Olga@bright.example",
    "preset": "blank",
    "language": "es",
    "time_zone": "America/Mexico_City",
}


@pytest.fixture
def operator(db: None) -> Client:
    """Somebody who may do everything on the site, and nothing in any desk."""
    client = Client()
    person = User.objects.create_superuser("root@example.org", PASSWORD, name="Root")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_list_of_desks_leads_to_the_page_that_opens_one(operator: Client) -> None:
    assert operator.get("/admin/accounts/tenant/add/").headers["Location"] == "/desks/new/"
    assert 'href="/desks/new/"' in operator.get("/").content.decode()
    page = operator.get("/desks/new/").content.decode()
    for said in ("A blank desk", "Salsabeel ERP", "Código Binario", "13 categories. English, Asia/Karachi."):
        assert said in page


def test_a_blank_desk_holds_nothing_but_its_owner_who_is_invited(operator: Client) -> None:
    answer = operator.post("/desks/new/", NEW, follow=True)
    assert answer.redirect_chain == [("/admin/accounts/tenant/", 302)]
    assert "The invitation to olga@bright.example is on its way." in answer.content.decode()
    tenant = Tenant.objects.get(slug="bright")
    assert (tenant.name, tenant.ticket_prefix, tenant.language) == ("Bright Support", "BRIGHT", "es")
    assert tenant.setup_since is not None
    with tenant_scope(tenant.pk):
        owner = Membership.objects.get()
        assert (owner.role, owner.user.email) == (Role.OWNER, "olga@bright.example")
        assert OutboxMessage.objects.get().to == "olga@bright.example"
        assert not Plan.objects.exists()
        assert not Category.objects.exists()


def test_a_preset_fills_the_desk_in_its_language_and_in_the_zone_that_was_chosen(operator: Client) -> None:
    filled = NEW | {"preset": "codigo-binario", "language": "preset", "time_zone": "Europe/Madrid"}
    assert operator.post("/desks/new/", filled).status_code == 302
    tenant = Tenant.objects.get()
    assert (tenant.language, tenant.time_zone, tenant.ticket_prefix) == ("es", "Europe/Madrid", "CBIN")
    with tenant_scope(tenant.pk):
        zones = {plan.versions.get().calendar.versions.get().spec["tz"] for plan in Plan.objects.all()}
        assert zones == {"Europe/Madrid"}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "This field is required."),
        ("slug", "acme", "already exists"),
        ("slug", "not a slug", "Enter a valid"),
        ("owner_email", "nobody", "Enter a valid email address."),
        ("language", "preset", "Choose a language: a blank desk cannot take it from a preset."),
        ("time_zone", "preset", "Choose a zone: a blank desk cannot take it from a preset."),
        ("preset", "other", "other is not one of the available choices"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_made(
    desk: Desk, operator: Client, field: str, value: str, words: str
) -> None:
    answer = operator.post("/desks/new/", NEW | {field: value})
    assert answer.status_code == 422
    assert words in FormPage(answer).error_of(field)
    assert Tenant.objects.count() == 1


def test_nobody_but_operators_opens_desks(desk: Desk, client: Client) -> None:
    for anybody in (client, Client()):
        answer: Any = anybody.post("/desks/new/", NEW)
        assert answer.headers["Location"].startswith("/admin/login/")
        anybody.force_login(desk.owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert anybody.post("/desks/new/", NEW).status_code == 302
    helper = User.objects.create_user("helper@example.org", PASSWORD, name="Helper", is_staff=True)
    client.force_login(helper, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post("/desks/new/", NEW).status_code == 403
    assert browser_of(desk.owner).get("/desks/new/").status_code == 404
    assert Tenant.objects.count() == 1
