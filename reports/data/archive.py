"""A ZIP that grows file by file and is never whole in memory."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from accounts.csvfile import tame

MARK = "\ufeff"
"""At the start of CSV files and texts: by it spreadsheets and editors know that they are UTF-8."""
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


class Sheet:
    """A CSV file that is written row by row, beside the ZIP, until it is put into it."""

    def __init__(self, head: Sequence[str]) -> None:
        held = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `Archive.sheet`
        self._text = io.TextIOWrapper(held, encoding="utf-8", newline="")
        self._text.write(MARK)
        self._rows = csv.writer(self._text)
        self._rows.writerow(head)

    def add(self, *cells: Any) -> None:
        """A row; None is an empty cell."""
        self._rows.writerow(["" if cell is None else tame(str(cell)) for cell in cells])

    def opened(self) -> IO[bytes]:
        """What was written, from its start; nothing is added any more."""
        written: IO[bytes] = self._text.detach()
        written.seek(0)
        return written


class Archive:
    """The ZIP. Paths use "/"; names of people and files go through `safe_name` first."""

    def __init__(self, whole: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, allowZip64=True)

    def close(self) -> None:
        """Write the directory at its end."""
        self._zip.close()

    def text(self, path: str, text: str) -> None:
        """A text that people read."""
        self._zip.writestr(path, (MARK + text).encode())

    def json(self, path: str, value: Any) -> None:
        """Values; instants in ISO 8601 with their offset."""
        text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        self._zip.writestr(path, text.encode())

    def table(self, path: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """A CSV file of few rows."""
        sheet = Sheet(head)
        for row in rows:
            sheet.add(*row)
        self.sheet(path, sheet)

    def sheet(self, path: str, sheet: Sheet) -> None:
        """A CSV file that was written on the way."""
        with sheet.opened() as opened:
            self.file(path, opened)

    def file(self, path: str, opened: IO[bytes]) -> None:
        """A file as it is, piece by piece."""
        with self._zip.open(path, "w", force_zip64=True) as target:
            shutil.copyfileobj(opened, target, 1024 * 1024)


def safe_name(name: str) -> str:
    """A name that every system takes for a file's, and for nothing else."""
    return _NOT_IN_NAMES.sub("_", name).strip(". ")[:120] or "_"
