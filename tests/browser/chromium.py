"""Finding and starting a Chromium that is installed; none is ever downloaded."""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # one process less that draws what nobody sees
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """The path of an installed Chromium or Chrome, None if there is none."""
    usual = Path("/usr/bin/chromium")
    if usual.exists():
        return str(usual)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def launch(playwright: Playwright, executable: str) -> Browser:
    """Start it without a window."""
    return playwright.chromium.launch(executable_path=executable, headless=True, args=FLAGS)
