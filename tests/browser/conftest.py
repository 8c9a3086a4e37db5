"""A real browser on a real server. What a page complains about in its console fails the test."""

import os
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from tests.browser.chromium import find_chromium, launch

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

    from accounts.models import Membership, Tenant
    from tests.factories import Desk

# Every way to the next page is a guard against hanging, not a measurement: machines of CI are slow.
PATIENCE = 20_000
_NO_BROWSER = pytest.StashKey[bool]()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """A run without these tests is not a whole run, and must not look like one."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any("no Chromium" in str(report.longrepr) for report in skipped):
        terminalreporter.section("BROWSER TESTS SKIPPED: no Chromium", sep="!", red=True, bold=True)
        terminalreporter.write_line("Install Debian's `chromium` (or Chrome) to run tests/browser.")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; skipped without one, a failure where CI is set."""
    executable = find_chromium()
    if executable is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: CI has to install one", pytrace=False)
        pytest.skip("no Chromium")
    # Playwright's synchronous API keeps an event loop in this thread, which Django takes for a mistake.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = launch(playwright, executable)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def _static_files() -> Iterator[None]:
    """Collected as in production: hashed, the stylesheet in one piece, kept by browsers for good.

    Only not compressed: Django's server for tests sends files as they are.
    """
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.management import call_command
    from django.test import override_settings

    hashed = {"BACKEND": "tests.browser.static.UncompressedStorage"}
    before = StaticFilesHandler.serve

    def serve(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        answer = before(handler, request)
        answer["Cache-Control"] = "max-age=315360000, public, immutable"
        return answer

    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": hashed}):
        call_command("collectstatic", interactive=False, verbosity=0)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(StaticFilesHandler, "serve", serve)
            yield


class Browse:
    """Opens pages as somebody: `browse(desk.agent).goto("queue/")`; paths are those inside the desk."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser = browser
        self.site = site
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []

    def __call__(
        self,
        person: "Membership | None" = None,
        *,
        tenant: "Tenant | None" = None,
        width: int = 1280,
        theme: str = "light",
        scripts: bool = True,
    ) -> Page:
        """A new browser with no cookies but those given; without tenant and person on the site itself."""
        tenant = person.tenant if person else tenant
        base = f"{self.site}/t/{tenant.slug}/" if tenant else f"{self.site}/"
        phone = width < 600
        context = self.browser.new_context(
            base_url=base,
            viewport={"width": width, "height": 844 if phone else 800},
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=scripts,
            reduced_motion="reduce",
            locale="en-GB",
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "theme", "value": theme, "url": self.site}])
        if person:
            log_in_by_cookie(context, person, self.site)
        page = context.new_page()
        self._listen(page)
        return page

    def _listen(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        # Answers with an error code are looked at below: a page that says 422 is no fault of the page.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _see(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        # 401: the session ended while the page lay open, which some stories are about.
        if response.status >= 500 or (response.status >= 400 and response.status != 401 and not is_page):
            self.complaints.append(f"{response.url}: answered {response.status}")

    def close(self) -> None:
        """Close every browser and tell what was complained about."""
        for context in self.contexts:
            context.close()
        assert not self.complaints, "the browser complained:\n" + "\n".join(self.complaints)


def log_in_by_cookie(context: BrowserContext, person: "Membership", site: str) -> None:
    """Be that person without going through the log-in page."""
    from tests.factories import browser_of

    session = browser_of(person).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])


@pytest.fixture
def browse(browser: Browser, _static_files: None, live_server: "LiveServer") -> Iterator[Browse]:
    """Open pages as anybody; console errors and refusals by the content security policy fail the test."""
    opened = Browse(browser, live_server.url)
    yield opened
    opened.close()


@pytest.fixture
def desk(transactional_db: None) -> Iterator["Desk"]:
    """The standing cast, committed, so that the server sees it; the test runs in its tenant scope."""
    from accounts.tenancy import tenant_scope
    from tests.factories import build_desk

    built = build_desk("acme")
    with tenant_scope(built.tenant.pk):
        yield built


def path_of(page: Page) -> str:
    """Where the browser is, inside the desk."""
    return re.sub(r"^/t/[^/]+", "", urlsplit(page.url).path)


Browsing = Callable[..., Page]
