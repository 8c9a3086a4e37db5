"""Second factors and companies' sign-in in a real browser: an authenticator and a provider of the test."""

import re
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from accounts.models import Membership
from accounts.services import SsoTerms, create_connection
from tests.accounts.test_second_factor import code_of
from tests.browser.conftest import Browse, path_of
from tests.factories import FOUNDED, PASSWORD, Desk
from tests.identity_providers import CLIENT_ID, CLIENT_SECRET, openid_provider

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def accessible(page: Page) -> None:
    """axe has nothing to say about the page as it stands."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("() => axe.run(document, { preload: false })")
    assert [fault["id"] for fault in found["violations"]] == [], page.url


def log_in(page: Page, person: Membership) -> None:
    page.goto("accounts/login/")
    page.get_by_label("Email").fill(person.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def show_password_again(page: Page) -> None:
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def log_out(page: Page) -> None:
    page.goto("accounts/logout/")
    page.get_by_role("button", name="Log out").click()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_passkey_is_made_and_opens_the_desk_alone(browse: Browse, desk: Desk, width: int) -> None:
    page = browse(tenant=desk.tenant, width=width)
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    log_in(page, desk.agent)
    page.goto("accounts/second-factor/")
    accessible(page)
    page.get_by_role("link", name="Add a passkey").click()
    show_password_again(page)
    accessible(page)
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.get_by_role("list", name="Codes that still work").get_by_role("listitem")).to_have_count(10)
    accessible(page)
    page.goto("accounts/second-factor/webauthn/")
    expect(page.get_by_text("My laptop")).to_be_visible()
    expect(page.get_by_text("works alone")).to_be_visible()
    accessible(page)
    log_out(page)

    accessible(page)
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(re.compile("/queue/"))
    page.goto("profile/sessions/")
    expect(page.get_by_text("this one")).to_be_visible()
    accessible(page)
    log_out(page)

    # After the password it is the second step, and it is enough before something important as well.
    log_in(page, desk.agent)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile("/queue/"))
    page.goto("accounts/second-factor/recovery-codes/generate/")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Make new recovery codes?")).to_be_visible()


def test_without_a_passkey_the_page_says_how_to_go_on(browse: Browse, desk: Desk) -> None:
    page = browse(tenant=desk.tenant)
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**AUTHENTICATOR, "automaticPresenceSimulation": False}},
    )
    page.add_init_script(
        "navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    page.goto("accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_text("The browser gave no passkey")).to_be_visible()
    accessible(page)


def test_a_desk_asks_for_a_code_and_shows_the_way(browse: Browse, desk: Desk) -> None:
    desk.tenant.requires_second_factor = True
    desk.tenant.save()
    page = browse(tenant=desk.tenant)
    log_in(page, desk.agent)
    expect(page.get_by_role("heading", name="One more lock on your account")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Set up an app for codes").click()
    show_password_again(page)
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    accessible(page)
    key = page.get_by_label("Or enter this key").input_value()
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(code_of(key))
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("queue/")
    assert path_of(page) == "/queue/"
    log_out(page)
    log_in(page, desk.agent)
    page.get_by_label("Code", exact=True).fill(code_of(key, 1))
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(re.compile("/queue/"))


def test_a_company_lets_its_people_in(browse: Browse, desk: Desk, settings: Any) -> None:
    with openid_provider() as provider:
        settings.WEBHOOK_TRUSTED = [provider.trusted]
        provider.claims = {"sub": "7", "email": desk.contact.user.email, "name": "Carla"}
        terms = SsoTerms(
            kind="openid_connect",
            name="Bakery ID",
            customer=desk.customer,
            domains=["acme.example"],
            issuer=provider.address,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
        )
        create_connection(terms=terms, by=desk.owner, at=FOUNDED)
        page = browse(tenant=desk.tenant)
        page.goto("accounts/login/")
        page.get_by_role("link", name="Log in through your company").click()
        accessible(page)
        page.get_by_label("Your email at the company").fill("carla@acme.example")
        page.get_by_role("button", name="Continue").click()
        accessible(page)
        page.get_by_role("link", name="Continue to Bakery ID").click()
        page.wait_for_url(re.compile("/t/acme/$"))
        page.goto("accounts/email/")
        expect(page.get_by_role("heading", name="Not in this session")).to_be_visible()
        accessible(page)
