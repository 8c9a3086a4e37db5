"""Static files: compressed, hashed, the stylesheet in one piece, imports of JavaScript modules rewritten.

The stylesheet is written as many small files that `app.css` imports into layers. Left so, a first visit would
wait for some thirty requests before anything is drawn; `collectstatic` therefore writes them into one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from supportdesk.compression import PatientCompressor

STYLESHEET = "css/app.css"
_IMPORT = re.compile(r'@import url\("(?P<path>[^":]+)"\) layer\((?P<layer>\w+)\);')
_URL = re.compile(r'url\("(?P<path>\.{1,2}/[^"]+)"\)')


class StaticFiles(StaticFilesConfig):
    """Django's static files without the extensions of htmx and its other version, which no page loads."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "rest_framework",
        "ext",
        "htmx-4*",
        "htmax-*",
        "htmx-2.js",
    ]


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Hash every file, those that modules import included, and join the stylesheet's parts."""

    support_js_module_import_aggregation = True
    # Ours only: packages ship scripts that name imports in comments, which Django would take for files.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        HashedFilesMixin._js_module_import_aggregation_patterns[1],  # type: ignore[attr-defined]
    )

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Join the stylesheet, then hash and compress as usual; yields (name, new name, processed)."""
        if STYLESHEET in paths and not dry_run:
            joined = join_stylesheet(STYLESHEET, lambda name: _read(paths, name))
            self.delete(STYLESHEET)
            self._save(STYLESHEET, ContentFile(joined.encode()))
            paths = {**paths, STYLESHEET: (self, STYLESHEET)}
        yield from super().post_process(paths, dry_run, **options)

    def create_compressor(self, **kwargs: Any) -> PatientCompressor:
        """The compressor that WhiteNoise uses after every collection."""
        return PatientCompressor(**kwargs)


def join_stylesheet(name: str, read: Callable[[str], str]) -> str:
    """Put each imported file into its layer, in order, and make its relative addresses those of `name`."""
    folder = posixpath.dirname(name)

    def inline(match: re.Match[str]) -> str:
        part = posixpath.join(folder, match["path"])
        inner = posixpath.dirname(part)

        def rebase(url: re.Match[str]) -> str:
            target = posixpath.normpath(posixpath.join(inner, url["path"]))
            return f'url("{posixpath.relpath(target, folder)}")'

        return f"@layer {match['layer']} {{\n{_URL.sub(rebase, read(part))}}}\n"

    return _IMPORT.sub(inline, read(name))


def _read(paths: dict[str, Any], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())
