"""Telling somebody that their download is ready, or that it failed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.links import desk_path
from notifications.services import in_language_of, notify, queue_email
from reports.models import Download

READY = gettext_noop("Your data is ready to be downloaded")
FAILED = gettext_noop("Your data could not be put together")


def tell_ready(download: Download, *, at: datetime) -> None:
    """Under the bell and by mail; the link leads to the page, where the file is asked for."""
    _tell(download, kind="download_ready", title=READY, at=at)


def tell_failed(download: Download, *, at: datetime) -> None:
    """The same, with the way out."""
    _tell(download, kind="download_failed", title=FAILED, at=at)


def _tell(download: Download, *, kind: str, title: str, at: datetime) -> None:
    person, key, path = download.person, f"download:{download.pk}:{kind}", desk_path("downloads")
    with in_language_of(person):
        heading = _(title)
    notify(recipient=person, kind=kind, key=key, title=heading, path=path, at=at)
    queue_email(
        recipient=person,
        kind=kind,
        key=key,
        template="reports/email/download",
        path=path,
        at=at,
        context={"heading": heading, "is_ready": download.is_ready, "expires_at": download.expires_at},
    )
