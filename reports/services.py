"""Intentions about downloads of own data: ask for one, put it together, let it expire."""

from __future__ import annotations

import logging
import tempfile
from datetime import datetime, timedelta

from django.core.files import File
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.uniqueness import once_only
from notifications.services import in_language_of
from reports import notices
from reports.data.tickets import Progress
from reports.data.whole import write_all
from reports.models import Download, DownloadState, Scope, folder_of
from reports.permissions import can_download
from reports.querysets import DownloadQuerySet

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
MOST_A_DAY = 5
MOST_ATTEMPTS = 3
GIVEN_UP_AFTER = timedelta(minutes=10)
"""Longer than a task may run: the worker of such a one is dead."""
STRAY_AFTER = timedelta(hours=1)


class DownloadRuleBroken(Exception):
    """A rule of downloads refused an intention."""

    def words(self) -> str:
        """What was refused, for people."""
        return _("This cannot be done.")


class NotAllowed(DownloadRuleBroken):
    """The person may not take this data."""

    def words(self) -> str:
        return _("Only an admin of your company can download the company's data.")


class DownloadUnderWay(DownloadRuleBroken):
    """One at a time."""

    def words(self) -> str:
        return _("A download of yours is being put together already. Wait until it is ready.")


class TooManyDownloads(DownloadRuleBroken):
    """Enough for a day."""

    def words(self) -> str:
        most = _("You can ask for %(most)d downloads a day. Take one of those that are ready.")
        return most % {"most": MOST_A_DAY}


class _TakenOver(Exception):
    """Another worker has it by now."""


@transaction.atomic
def request_download(*, scope: str, by: Membership, at: datetime) -> Download:
    """Ask for one's own data, or that of one's company; it is put together in the background.

    Raises NotAllowed, DownloadUnderWay, TooManyDownloads.
    """
    if not can_download(by, scope):
        raise NotAllowed
    recent = Download.objects.filter(person=by, asked_at__gt=at - timedelta(days=1))
    if recent.count() >= MOST_A_DAY and not recent.under_way().exists():
        raise TooManyDownloads
    with once_only(DownloadUnderWay):
        download = Download.objects.create(tenant_id=by.tenant_id, person=by, scope=Scope(scope), asked_at=at)
    _in_background(download)
    return download


def _in_background(download: Download) -> None:
    """Let a worker begin as soon as the transaction is through; the schedule finds it in any case."""
    from reports.tasks import make_downloads_of  # noqa: PLC0415  tasks call services

    tenant_id = download.tenant_id
    transaction.on_commit(lambda: make_downloads_of.delay(tenant_id), robust=True)


def waits_for_work(now: datetime) -> bool:
    """Whether a download of the current desk is to be begun, or was left by a worker that died."""
    return _to_begin(now).exists()


def make_next_download(*, now: datetime) -> bool:
    """Put the oldest waiting download of the current desk together; False if there is none.

    Done again it begins anew: nothing of a first attempt is seen, and of two workers one gives way.
    """
    download = _claim(now)
    if download is None:
        return False
    if download.state == DownloadState.FAILED:
        return True
    try:
        with tempfile.TemporaryFile() as whole, in_language_of(download.person):
            left_out = write_all(whole, download.person, download.scope, _progress_of(download), now=now)
            size = whole.tell()
            whole.seek(0)
            _finish(download, File(whole), size=size, left_out=left_out)
    except _TakenOver:
        log.info("download %s was taken over", download.pk)
    except Exception:
        log.exception("download %s failed", download.pk)
        _give_up(download, at=timezone.now())
    return True


def _to_begin(now: datetime) -> DownloadQuerySet:
    dead = Q(state=DownloadState.WORKING, started_at__lt=now - GIVEN_UP_AFTER)
    found: DownloadQuerySet = Download.objects.filter(Q(state=DownloadState.WAITING) | dead)
    return found


@transaction.atomic
def _claim(now: datetime) -> Download | None:
    found = _to_begin(now).select_for_update(skip_locked=True, of=("self",)).order_by("asked_at")
    download: Download | None = found.select_related("person__user", "person__customer").first()
    if download is None:
        return None
    download.person.tenant = download.tenant
    if download.attempts >= MOST_ATTEMPTS or not can_download(download.person, download.scope):
        _give_up(download, at=now)
        return download
    download.state, download.started_at = DownloadState.WORKING, now
    download.attempts += 1
    download.done = download.total = 0
    download.save(update_fields=["state", "started_at", "attempts", "done", "total"])
    return download


def _progress_of(download: Download) -> Progress:
    def note(done: int, total: int) -> None:
        mine = Download.objects.filter(
            pk=download.pk, state=DownloadState.WORKING, started_at=download.started_at
        )
        if not mine.update(done=done, total=total):
            raise _TakenOver

    return note


def _finish(download: Download, whole: File[bytes], *, size: int, left_out: int) -> None:
    """Keep the file, then say so; whoever was overtaken takes its own file away again."""
    at = timezone.now()
    download.file.save("", whole, save=False)
    try:
        with transaction.atomic():
            mine = Download.objects.select_for_update().filter(
                pk=download.pk, state=DownloadState.WORKING, started_at=download.started_at
            )
            if not mine.exists():
                raise _TakenOver
            download.state, download.finished_at, download.expires_at = DownloadState.READY, at, at + KEPT_FOR
            download.size, download.left_out, download.done = size, left_out, download.total
            mine.update(
                state=download.state,
                finished_at=at,
                expires_at=download.expires_at,
                file=download.file.name,
                size=size,
                left_out=left_out,
            )
            notices.tell_ready(download, at=at)
    except BaseException:
        download.file.storage.delete(str(download.file.name))
        raise


@transaction.atomic
def _give_up(download: Download, *, at: datetime) -> None:
    download.state, download.finished_at = DownloadState.FAILED, at
    Download.objects.under_way().filter(pk=download.pk).update(state=download.state, finished_at=at)
    notices.tell_failed(download, at=at)


def expire_downloads(*, now: datetime) -> int:
    """Delete the files of the current desk that are older than seven days; returns how many. Rows stay."""
    over = Download.objects.filter(state=DownloadState.READY, expires_at__lte=now)
    return sum(_expire(download) for download in over)


def sweep_strays(*, tenant_id: int, now: datetime) -> int:
    """Delete files of a desk, the current one, that no row knows: their worker was killed between keeping the
    file and saying so. Returns how many. What is younger than an hour may still be on its way.
    """
    storage = Download._meta.get_field("file").storage
    folder = folder_of(tenant_id)
    try:
        names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
    except FileNotFoundError:
        return 0
    known = set(Download.objects.filter(file__in=names).values_list("file", flat=True))
    strays = [name for name in names if name not in known and _is_old(storage, name, now)]
    for name in strays:
        storage.delete(name)
    return len(strays)


def _is_old(storage: Storage, name: str, now: datetime) -> bool:
    try:
        return storage.get_modified_time(name) < now - STRAY_AFTER
    except FileNotFoundError:  # whoever was overtaken took its own away meanwhile
        return False


def _expire(download: Download) -> int:
    """The file first: of one whose row then fails the next round finds nothing left to delete."""
    download.file.storage.delete(str(download.file.name))
    ready = Download.objects.filter(pk=download.pk, state=DownloadState.READY)
    return ready.update(state=DownloadState.EXPIRED, file="")
