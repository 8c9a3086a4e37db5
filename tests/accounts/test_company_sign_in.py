"""Log-in through a company's own identity provider, and how far it reaches."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import AuditEntry, LogIn, Membership, Role, SsoConnection, User
from accounts.services import SsoTerms, create_connection, invite_person, switch_connection
from accounts.tenancy import tenant_scope
from tests.factories import FOUNDED, PASSWORD, Desk, DeskClient, add_person, browser_of
from tests.identity_providers import (
    CLIENT_ID,
    CLIENT_SECRET,
    SAML_ENTITY,
    OpenIdProvider,
    openid_provider,
    saml_answer,
    signing_pair,
)

ACCOUNTS = "/t/acme/accounts"


@pytest.fixture
def provider(settings: Any) -> Iterator[OpenIdProvider]:
    with openid_provider() as running:
        settings.WEBHOOK_TRUSTED = [running.trusted]
        yield running


def connect(desk: Desk, provider: OpenIdProvider, **changes: Any) -> SsoConnection:
    values: dict[str, Any] = {
        "kind": "openid_connect",
        "name": "Bakery ID",
        "customer": desk.customer,
        "domains": ["acme.example"],
        "issuer": provider.address,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
    return create_connection(terms=SsoTerms(**(values | changes)), by=desk.owner, at=FOUNDED)


def connect_saml(desk: Desk) -> SsoConnection:
    terms = SsoTerms(
        kind="saml",
        name="Bakery SAML",
        customer=desk.customer,
        domains=["acme.example"],
        idp_entity_id=SAML_ENTITY,
        idp_sign_in_url="https://id.bakery.example/sign-in",
        idp_certificate=signing_pair("one")[1],
    )
    return create_connection(terms=terms, by=desk.owner, at=FOUNDED)


def come_in(connection: SsoConnection, client: Client, query: str = "") -> Any:
    """Go to the provider and back, as a browser does."""
    way = client.get(f"{ACCOUNTS}/oidc/{connection.key}/login/{query}")
    assert way.status_code == 302, way.content.decode()
    back = requests.get(way["Location"], allow_redirects=False, timeout=5).headers["Location"]
    there = urlsplit(back)
    return client.get(f"{there.path}?{there.query}")


def test_an_email_leads_to_the_company_and_back_into_the_desk(desk: Desk, provider: OpenIdProvider) -> None:
    connection = connect(desk, provider)
    provider.claims = {"sub": "7", "email": "Contact@acme.example", "email_verified": True, "name": "Carla"}
    browser = DeskClient(desk.tenant)
    page = browser.get("/accounts/login/?next=/t/acme/profile/").content.decode()
    assert 'href="/t/acme/accounts/company/?next=' in page
    unknown = browser.post("/accounts/company/", {"email": "somebody@elsewhere.example"})
    assert unknown.status_code == 422
    assert "No company signs in here with this domain" in unknown.content.decode()
    # The domain alone decides: somebody whom nobody knows is led there just the same.
    asked = {"email": "nobody@acme.example", "next": "/t/acme/profile/"}
    through = browser.post("/accounts/company/", asked)["Location"]
    assert urlsplit(through).path == f"{ACCOUNTS}/company/{connection.key}/"
    assert "Continue to Bakery ID" in browser.get(through).content.decode()
    answer = come_in(connection, browser, "?next=/t/acme/profile/")
    assert answer["Location"] == "/t/acme/profile/"
    assert browser.get("/tickets/").status_code == 200
    row = LogIn.objects.get()
    assert (row.person, row.way) == (desk.contact, "company")
    link = SocialAccount.objects.get()
    assert (link.user, link.uid, link.provider, link.extra_data) == (
        desk.contact.user,
        "7",
        connection.key,
        {},
    )
    # From now on the provider's own id counts, whatever it calls the address.
    provider.claims["email"] = "carla@bakery.example"
    assert come_in(connection, DeskClient(desk.tenant))["Location"] == "/t/acme/"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@acme.example"},
        {"email": "other_contact@acme.example"},
        {"email": "owner@acme.example"},
        {"email": "contact2@acme.example", "email_verified": False},
        {},
    ],
)
def test_only_its_own_people_come_in(desk: Desk, provider: OpenIdProvider, claims: dict[str, Any]) -> None:
    connection = connect(desk, provider)
    provider.claims = {"sub": "9", **claims}
    browser = DeskClient(desk.tenant)
    answer = come_in(connection, browser)
    assert answer.status_code == 403
    assert "That did not let you in" in answer.content.decode()
    assert browser.get("/tickets/").status_code == 302
    assert not SocialAccount.objects.exists()


def test_who_was_removed_or_closed_stays_outside(desk: Desk, provider: OpenIdProvider) -> None:
    connection = connect(desk, provider)
    provider.claims = {"sub": "7", "email": "contact@acme.example"}
    assert come_in(connection, DeskClient(desk.tenant)).status_code == 302
    Membership.objects.filter(pk=desk.contact.pk).update(deactivated_at=FOUNDED)
    assert come_in(connection, DeskClient(desk.tenant)).status_code == 403
    Membership.objects.filter(pk=desk.contact.pk).update(deactivated_at=None)
    User.objects.filter(pk=desk.contact.user_id).update(is_active=False)
    assert come_in(connection, DeskClient(desk.tenant)).status_code == 403
    User.objects.filter(pk=desk.contact.user_id).update(is_active=True)
    inside = DeskClient(desk.tenant)
    come_in(connection, inside)
    assert inside.get("/tickets/").status_code == 200
    switch_connection(connection=connection, on=False, by=desk.admin, at=FOUNDED)
    assert inside.get("/tickets/").status_code == 302, "what it opened ends with it"
    assert DeskClient(desk.tenant).get(f"/accounts/oidc/{connection.key}/login/").status_code == 404


def test_newcomers_join_where_the_connection_says_so_and_the_invited_arrive(
    desk: Desk, provider: OpenIdProvider
) -> None:
    connection = connect(desk, provider, domains=["bakery.example"], adds_people=True)
    provider.claims = {"sub": "1", "email": "nora@bakery.example", "name": "Nora New"}
    assert come_in(connection, DeskClient(desk.tenant)).status_code == 302
    nora = Membership.objects.get(user__email="nora@bakery.example")
    assert (nora.name, nora.role, nora.customer) == ("Nora New", Role.MEMBER, desk.customer)
    assert not nora.user.has_usable_password()
    assert not nora.user.emailaddress_set.filter(verified=True).exists()
    joined = AuditEntry.objects.get(kind="accounts.membership", object_id=str(nora.pk))
    assert (joined.act, joined.address) == ("created", "127.0.0.1")
    provider.claims = {"sub": "2", "email": "nora@elsewhere.example"}
    assert come_in(connection, DeskClient(desk.tenant)).status_code == 403
    invited = invite_person(
        by=desk.admin,
        email="ida@elsewhere.example",
        name="Ida",
        role=Role.MEMBER,
        customer=desk.customer,
        at=FOUNDED,
    )
    provider.claims = {"sub": "3", "email": "ida@elsewhere.example"}
    assert come_in(connection, DeskClient(desk.tenant)).status_code == 302
    invited.refresh_from_db()
    assert invited.accepted_at is not None


def test_what_a_company_says_opens_one_desk_and_not_the_identity(
    desk: Desk, other_desk: Desk, provider: OpenIdProvider
) -> None:
    """A provider that lies about who came gains nothing beyond the desk that believes it."""
    with tenant_scope(other_desk.tenant.pk):
        add_person(other_desk.owner, "contact@acme.example", "Carla", "agent")
    User.objects.filter(pk=desk.contact.user_id).update(is_staff=True, is_superuser=True)
    connection = connect(desk, provider)
    provider.claims = {"sub": "7", "email": "contact@acme.example"}
    browser = DeskClient(desk.tenant)
    come_in(connection, browser)
    assert browser.get("/tickets/").status_code == 200
    for name in (
        "email/",
        "password/change/",
        "second-factor/",
        "second-factor/webauthn/add/",
        "reauthenticate/",
    ):
        shut = browser.get(f"/accounts/{name}")
        assert (shut.status_code, "Not in this session" in shut.content.decode()) == (403, True), name
    assert browser.post("/accounts/password/change/", {"oldpassword": PASSWORD}).status_code == 403
    assert browser.get("/profile/sessions/").status_code == 403
    elsewhere = Client()
    elsewhere.cookies = browser.cookies
    assert "/accounts/login/" in elsewhere.get("/t/umbra/queue/")["Location"]
    assert elsewhere.get("/t/umbra/api/v1/me/").status_code == 401
    assert elsewhere.get("/admin/").status_code == 302
    assert "/accounts/login/" in elsewhere.get("/profile/")["Location"]
    # With the password the same browser opens everything, and owes the second factor that a desk asks for.
    other_desk.tenant.requires_second_factor = True
    other_desk.tenant.save()
    log_in = {"login": "contact@acme.example", "password": PASSWORD}
    assert elsewhere.post("/t/umbra/accounts/login/", log_in).status_code == 302
    assert elsewhere.get("/t/umbra/queue/").status_code == 403
    assert elsewhere.get("/t/acme/accounts/email/").status_code == 200


def test_staff_come_in_by_their_own_provider_without_another_factor(
    desk: Desk, provider: OpenIdProvider
) -> None:
    desk.tenant.requires_second_factor = True
    desk.tenant.save()
    connection = connect(desk, provider, customer=None)
    provider.claims = {"sub": "5", "email": "agent@acme.example"}
    browser = DeskClient(desk.tenant)
    come_in(connection, browser)
    assert browser.get("/queue/").status_code == 200
    provider.claims = {"sub": "6", "email": "contact@acme.example"}
    assert come_in(connection, DeskClient(desk.tenant)).status_code == 403


def test_nobody_is_linked_from_within_a_session(desk: Desk, provider: OpenIdProvider) -> None:
    connection = connect(desk, provider)
    provider.claims = {"sub": "7", "email": "contact@acme.example"}
    browser = browser_of(desk.agent)
    come_in(connection, browser, "?process=connect")
    assert SocialAccount.objects.get().user == desk.contact.user
    assert browser.get("/queue/").status_code == 403


def test_what_comes_back_without_having_been_asked_for_is_refused(
    desk: Desk, provider: OpenIdProvider
) -> None:
    connection = connect(desk, provider)
    browser = DeskClient(desk.tenant)
    answer = browser.get(f"/accounts/oidc/{connection.key}/login/callback/?code=x&state=y")
    assert answer.status_code == 401
    assert "could not be used" in answer.content.decode()


@pytest.mark.parametrize(
    "issuer", ["http://127.0.0.1:1", "https://169.254.169.254", "https://nowhere.invalid"]
)
def test_providers_inside_our_network_are_not_called(
    desk: Desk, provider: OpenIdProvider, issuer: str
) -> None:
    connection = connect(desk, provider, issuer=issuer)
    answer = DeskClient(desk.tenant).get(f"/accounts/oidc/{connection.key}/login/")
    assert answer.status_code == 401
    assert "could not be used" in answer.content.decode()


def answered(desk: Desk, connection: SsoConnection, email: str, **how: Any) -> tuple[DeskClient, Any]:
    """Go to the SAML provider and bring its signed answer back."""
    browser = DeskClient(desk.tenant, HTTP_HOST="testserver")
    way = browser.get(f"/accounts/saml/{connection.key}/login/")
    assert way["Location"].startswith("https://id.bakery.example/sign-in?SAMLRequest=")
    acs, answer = saml_answer(way["Location"], email, **how)
    back = browser.post(urlsplit(acs).path, {"SAMLResponse": answer})
    return browser, browser.get(back["Location"])


def test_a_signed_assertion_opens_the_desk(desk: Desk) -> None:
    connection = connect_saml(desk)
    browser, last = answered(desk, connection, "contact@acme.example")
    assert last["Location"] == "/t/acme/"
    assert browser.get("/tickets/").status_code == 200
    assert SocialAccount.objects.get().uid == "contact@acme.example"
    metadata = browser.get(f"/accounts/saml/{connection.key}/metadata/").content.decode()
    assert f"http://testserver{ACCOUNTS}/saml/{connection.key}/acs/" in metadata
    browser, last = answered(desk, connection, "other_contact@acme.example")
    assert last.status_code == 403


@pytest.mark.parametrize("how", [{"pair": "two"}, {"signed": False}])
def test_an_assertion_that_the_provider_did_not_sign_is_refused(desk: Desk, how: dict[str, Any]) -> None:
    browser, last = answered(desk, connect_saml(desk), "contact@acme.example", **how)
    assert last.status_code == 401
    assert browser.get("/tickets/").status_code == 302


def test_an_answer_counts_only_for_who_asked(desk: Desk) -> None:
    connection = connect_saml(desk)
    way = DeskClient(desk.tenant, HTTP_HOST="testserver").get(f"/accounts/saml/{connection.key}/login/")
    acs, answer = saml_answer(way["Location"], "contact@acme.example")
    thief = DeskClient(desk.tenant, HTTP_HOST="testserver")
    back = thief.post(urlsplit(acs).path, {"SAMLResponse": answer})
    thief.get(back["Location"])
    assert thief.get("/tickets/").status_code == 302
