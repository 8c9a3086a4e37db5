"""`make screenshots`: pictures of the main pages, of a desk with the demo that runs for this alone.

Desktop and phone, light and dark, English and Spanish, into .data/screenshots/. With `--readme` also the two
pictures of the README, with `--at=http://localhost:8000` of a desk that runs already, and with words only the
pages whose names hold one of them.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from supportdesk.demo.content import DeskContent, read_desk
from supportdesk.demo.logins import PASSWORD
from supportdesk.embedded.process import free_port
from tests.browser.chromium import find_chromium, launch

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".data" / "screenshots"
README = ROOT / "docs" / "images"
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
THEMES = ("light", "dark")
DESKS = {"en": "salsabeel", "es": "codigo-binario"}
START_SECONDS = 300


@dataclass(frozen=True)
class Shot:
    """A page: who sees it (agent, admin, customer, nobody), its address, and the way on from there."""

    name: str
    who: str
    path: str
    then: Callable[[Page], None] = lambda page: None


def follow(selector: str) -> Callable[[Page], None]:
    """Open what the first such link leads to."""

    def go(page: Page) -> None:
        href = page.locator(selector).first.get_attribute("href")
        if href:
            page.goto(href)

    return go


SHOTS = (
    Shot("log-in", "nobody", "accounts/login/"),
    Shot("queue", "agent", "queue/"),
    Shot("ticket", "agent", "queue/?status=pending", follow("main .row-link")),
    Shot("notifications", "agent", "notifications/"),
    Shot("profile", "agent", "profile/"),
    Shot("api", "agent", "api/v1/docs/"),
    Shot("portal", "customer", "tickets/"),
    Shot("portal-ticket", "customer", "tickets/", follow("main .row-link")),
    Shot("portal-new", "customer", "tickets/new/"),
    Shot("company", "customer", "company/people/"),
    Shot("console", "admin", "console/"),
    Shot("console-calendar", "admin", "console/calendars/", follow("main h2 a")),
    Shot("console-plans", "admin", "console/plans/"),
    Shot("console-plan", "admin", "console/plans/", follow("main th a")),
    Shot("console-customer", "admin", "console/customers/", follow("main .row-link")),
    Shot("console-team", "admin", "console/team/"),
    Shot("console-outbox", "admin", "console/outbox/"),
)


def main(arguments: Sequence[str]) -> int:
    """Take the pictures; the exit code is 0 when all were taken."""
    executable = find_chromium()
    if executable is None:
        print("make screenshots: no Chromium is installed", file=sys.stderr)
        return 1
    words = [word for word in arguments if not word.startswith("--")]
    shots = [shot for shot in SHOTS if not words or any(word in shot.name for word in words)]
    given = next((word.removeprefix("--at=") for word in arguments if word.startswith("--at=")), "")
    with nullcontext(given) if given else running_desk() as site, sync_playwright() as playwright:
        browser = launch(playwright, executable)
        for language, slug in DESKS.items():
            for size in SIZES:
                for theme in THEMES:
                    take(browser, f"{site}/t/{slug}/", shots, FOLDER / f"{language}-{size}-{theme}")
        if "--readme" in arguments:
            for name in ("queue", "portal"):
                picture_for_readme(browser, f"{site}/t/{DESKS['en']}/", name)
        browser.close()
    return 0


@contextmanager
def running_desk() -> Iterator[str]:
    """The desk as `make run` starts it, with the demo, in a throw-away folder; yields its address."""
    with tempfile.TemporaryDirectory(prefix="desk-pictures-") as folder:
        port = free_port()
        ours = {"DATA_DIR": folder, "PORT": str(port), "DEMO": "1", "READ_ENV_FILES": "0"}
        env = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
        with (Path(folder) / "log").open("wb") as log:
            desk = subprocess.Popen(
                [sys.executable, "-m", "supportdesk.run"],
                env={**env, **ours},
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        try:
            site = f"http://localhost:{port}"
            wait_for(site, desk, Path(folder) / "log")
            yield site
        finally:
            desk.send_signal(signal.SIGINT)
            desk.wait(60)


def wait_for(site: str, desk: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until the desk answers; raises RuntimeError with the end of its log when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and desk.poll() is None:
        try:
            with urllib.request.urlopen(f"{site}/healthz", timeout=2):  # noqa: S310  our own address
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise RuntimeError(f"The desk did not start:\n{log.read_text()[-2000:]}")


def take(browser: Browser, desk: str, shots: Sequence[Shot], folder: Path) -> None:
    """Every page in one size and theme (named by the folder), each person logged in once."""
    _language, size, theme = folder.name.split("-")
    folder.mkdir(parents=True, exist_ok=True)
    people: dict[str, BrowserContext] = {}
    for shot in shots:
        if shot.who not in people:
            people[shot.who] = visitor(browser, desk, shot.who, SIZES[size], theme)
        page = people[shot.who].new_page()
        page.goto(shot.path)
        shot.then(page)
        page.screenshot(path=folder / f"{shot.name}.png", full_page=True)
        page.close()
        print(f"  {folder.name}/{shot.name}.png", flush=True)
    for context in people.values():
        context.close()


def visitor(browser: Browser, desk: str, who: str, size: tuple[int, int], theme: str) -> BrowserContext:
    """A browser in which that person of the demo is logged in."""
    width, height = size
    context = browser.new_context(
        base_url=desk,
        viewport={"width": width, "height": height},
        is_mobile=width < 600,
        has_touch=width < 600,
        reduced_motion="reduce",
        locale="es-MX" if DESKS["es"] in desk else "en-GB",
    )
    context.add_cookies([{"name": "theme", "value": theme, "url": desk}])
    if who != "nobody":
        page = context.new_page()
        page.goto("accounts/login/")
        page.fill("[name=login]", address_of(who, read_desk(desk.rstrip("/").rpartition("/")[2])))
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        page.close()
    return context


def address_of(who: str, content: DeskContent) -> str:
    """The email address of the demo's first agent, first admin, or first customer admin."""
    if who == "customer":
        return content.companies[0].people[0].email
    return content.staff_with(who)[0].email


def picture_for_readme(browser: Browser, desk: str, name: str) -> None:
    """What a reader of the README sees first: one screen, light."""
    README.mkdir(parents=True, exist_ok=True)
    shot = next(shot for shot in SHOTS if shot.name == name)
    context = visitor(browser, desk, shot.who, (1280, 760), "light")
    page = context.new_page()
    page.goto(shot.path)
    page.screenshot(path=README / f"{name}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
