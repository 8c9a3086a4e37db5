"""The console's page about companies' own sign-ins."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership, SsoConnection
from tests.factories import Desk, DeskClient
from tests.identity_providers import metadata, signing_pair

Login = Callable[[Membership], DeskClient]
NEW_OIDC, NEW_SAML = "/console/sign-in/new-oidc/", "/console/sign-in/new-saml/"


def oidc(desk: Desk, **changes: Any) -> dict[str, Any]:
    values = {
        "name": "Bakery ID",
        "customer": desk.customer.pk,
        "domains": "Bakery.example, bread.example",
        "adds_people": "on",
        "issuer": "https://login.bakery.example/",
        "client_id": "desk",
        "client_secret": "hush, hush",
    }
    return values | changes


def test_an_admin_connects_a_customers_provider_and_changes_it(desk: Desk, login: Login) -> None:
    browser = login(desk.admin)
    assert browser.post(NEW_OIDC, oidc(desk)).status_code == 302
    made = SsoConnection.objects.get()
    assert (made.domains, made.adds_people, made.client_secret) == (
        ["bakery.example", "bread.example"],
        True,
        "hush, hush",
    )
    assert "hush" not in made.client_secret_sealed
    page = browser.get(f"/console/sign-in/{made.pk}/").content.decode()
    assert f"http://testserver/t/acme/accounts/oidc/{made.key}/login/callback/" in page
    assert "hush" not in page
    change = oidc(desk, name="Bread ID", client_secret="", seen_version=1)
    assert browser.post(f"/console/sign-in/{made.pk}/", change).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.client_secret, made.version) == ("Bread ID", "hush, hush", 2)
    late = browser.post(f"/console/sign-in/{made.pk}/", change)
    assert (late.status_code, "Somebody else has changed “Bread ID”" in late.content.decode()) == (409, True)
    browser.post(f"/console/sign-in/{made.pk}/switch/")
    listed = browser.get("/console/sign-in/").content.decode()
    assert "Switch Bread ID on" in listed
    browser.post(f"/console/sign-in/{made.pk}/switch/", {"on": "1"})
    made.refresh_from_db()
    assert made.is_active


def test_saml_takes_a_certificate_as_providers_show_it(desk: Desk, login: Login) -> None:
    lines = signing_pair("one")[1].strip().splitlines()
    values = {
        "name": "Bakery SAML",
        "customer": desk.customer.pk,
        "domains": "bakery.example",
        "idp_entity_id": "https://id.bakery.example/saml",
        "idp_sign_in_url": "https://id.bakery.example/sign-in",
        "idp_certificate": "nonsense",
    }
    browser = login(desk.admin)
    refused = browser.post(NEW_SAML, values)
    assert (refused.status_code, "This is not a certificate" in refused.content.decode()) == (422, True)
    assert browser.post(NEW_SAML, values | {"idp_certificate": "\n".join(lines[1:-1])}).status_code == 302
    page = browser.get(f"/console/sign-in/{SsoConnection.objects.get().pk}/").content.decode()
    assert "/metadata/" in page
    assert "/acs/" in page


def test_a_providers_metadata_fills_in_the_form(desk: Desk, login: Login) -> None:
    browser = login(desk.admin)
    typed = {"name": "Bakery SAML", "customer": desk.customer.pk, "domains": "bakery.example", "fill": "1"}
    read = browser.post(NEW_SAML, typed | {"metadata": metadata()})
    page = read.content.decode()
    assert read.status_code == 200
    for said in (
        'value="Bakery SAML"', 'value="https://id.bakery.example/saml"', "BEGIN CERTIFICATE",
        'value="https://id.bakery.example/sign-in"', "Look at what it says and save",
    ):  # fmt: skip
        assert said in page, said
    assert not SsoConnection.objects.exists(), "nothing is saved before somebody looked at it"
    file = SimpleUploadedFile("idp.xml", metadata().encode())
    assert (
        "https://id.bakery.example/saml"
        in browser.post(NEW_SAML, typed | {"metadata_file": file}).content.decode()
    )
    many = f"<a xmlns:md='urn:oasis:names:tc:SAML:2.0:metadata'>{metadata()[21:]}{metadata()[21:]}</a>"
    bomb = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + metadata()[21:]
    for text, words in {
        "": "Paste the metadata",
        "no xml": "cannot be read as XML",
        bomb: "cannot be read as XML",
        many: "several providers",
        "<x/>": "not the metadata of an identity provider",
        metadata().replace("HTTP-Redirect", "HTTP-Artifact"): "no sign-in address",
        metadata().replace("MII", "xxx"): "no certificate",
        metadata() + " " * 200_000: "too large",
    }.items():
        refused = browser.post(NEW_SAML, typed | {"metadata": text})
        assert refused.status_code == 422, words
        assert words in refused.content.decode()
        assert 'value="Bakery SAML"' in refused.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"domains": "bakery"}, "“bakery” is not a domain"),
        ({"domains": "taken.example"}, "Another connection answers for one of these domains"),
        ({"issuer": "http://login.bakery.example"}, "must begin with https://"),
        ({"issuer": "https://127.0.0.1/"}, "inside a network"),
        ({"client_secret": ""}, "required"),
        ({"customer": ""}, "required"),
    ],
)
def test_what_cannot_be_is_said(desk: Desk, login: Login, changes: dict[str, Any], words: str) -> None:
    browser = login(desk.admin)
    browser.post(NEW_OIDC, oidc(desk, name="First", domains="taken.example"))
    refused = browser.post(NEW_OIDC, oidc(desk, **changes))
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert 'value="Bakery ID"' in refused.content.decode()
    assert SsoConnection.objects.count() == 1


def test_only_an_owner_connects_a_provider_for_the_staff(desk: Desk, login: Login) -> None:
    for_staff = oidc(desk, customer="", adds_people="")
    assert login(desk.admin).post(NEW_OIDC, for_staff).status_code == 422
    assert login(desk.owner).post(NEW_OIDC, for_staff).status_code == 302
    made = SsoConnection.objects.get()
    assert made.customer is None
    admin = login(desk.admin)
    assert admin.get(f"/console/sign-in/{made.pk}/").status_code == 403
    assert admin.post(f"/console/sign-in/{made.pk}/switch/").status_code == 403
    assert "Our staff" in admin.get("/console/sign-in/").content.decode()
