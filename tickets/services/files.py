"""Files that come with a message: what is taken, and where it is put."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from tickets.models import Attachment, Message, attachment_path
from tickets.services.errors import RefusedFile

LARGEST = 20 * 1024 * 1024
MOST_FILES = 10
# By ending, since a browser's content type is only a claim. Files are never shown in our pages, only
# downloaded, so the list keeps out what runs on a double click rather than what a browser might render.
ENDINGS = frozenset(
    f".{ending}"
    for group in (
        ("png", "jpg", "jpeg", "gif", "webp", "heic", "mp4", "mov", "webm"),
        ("pdf", "txt", "log", "csv", "json", "xml", "md", "eml", "msg"),
        ("doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp"),
        ("zip", "gz", "7z"),
    )
    for ending in group
)


def check_files(files: Sequence[UploadedFile[Any]]) -> None:
    """Raise RefusedFile, with words for the field, at the first file that is not taken."""
    if len(files) > MOST_FILES:
        raise RefusedFile(_("At most %(most)d files at a time.") % {"most": MOST_FILES})
    for file in files:
        name = clean_name(file.name or "")
        if (file.size or 0) > LARGEST:
            raise RefusedFile(
                _("“%(name)s” is too large: %(size)s. The limit is %(limit)s a file.")
                % {"name": name, "size": filesizeformat(file.size or 0), "limit": filesizeformat(LARGEST)}
            )
        if not file.size:
            raise RefusedFile(_("“%(name)s” is empty.") % {"name": name})
        if PurePosixPath(name.lower()).suffix not in ENDINGS:
            raise RefusedFile(
                _("“%(name)s” is of a type that is not taken. Pack it into a .zip file if it is needed.")
                % {"name": name}
            )


def clean_name(name: str) -> str:
    """The last part of a name, without control characters, at most 200 characters, its ending kept."""
    base = (
        "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable()).strip(". ")
        or "file"
    )
    stem, dot, ending = base.rpartition(".")
    if not dot:
        return base[:200]
    return f"{stem[: 199 - len(ending)]}.{ending[:50]}"


_stored: ContextVar[list[str] | None] = ContextVar("_stored", default=None)


@contextmanager
def no_file_left_behind() -> Iterator[None]:
    """Remove the files that were stored inside when it fails: a rolled back transaction knows of none.

    It stands around the transaction, so that a commit that fails counts too. Of two, one inside the other,
    the outer one answers for the files of both.
    """
    outer, names = _stored.get(), list[str]()
    token = _stored.set(names)
    try:
        yield
    except BaseException:
        for name in names:
            default_storage.delete(name)
        raise
    finally:
        _stored.reset(token)
    if outer is not None:
        outer += names


def keep_files(message: Message, files: Sequence[UploadedFile[Any]], *, at: datetime) -> None:
    """Store checked files with their message, inside `no_file_left_behind`."""
    names = _stored.get()
    for place, file in enumerate(files):
        name = clean_name(file.name or "")
        attachment = Attachment(
            tenant_id=message.tenant_id,
            message=message,
            name=name,
            size=file.size or 0,
            content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            # They are shown in the order in which they were chosen; their ids are random.
            created_at=at + timedelta(microseconds=place),
        )
        if names is not None:  # before it is written: a full disk leaves half a file
            names.append(attachment_path(attachment, name))
        attachment.file.save(name, file, save=False)
        attachment.save()
