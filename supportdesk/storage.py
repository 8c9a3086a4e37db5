"""Static files: compressed, hashed, stylesheet and script in one piece, imports of JavaScript rewritten.

The stylesheet is written as many small files that `app.css` imports into layers, the script as a module for
each behaviour that `app.js` imports. Left so, a first visit would wait for some fifty requests, and every
page would load twenty modules anew; `collectstatic` therefore writes each into one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from supportdesk.compression import PatientCompressor

STYLESHEET = "css/app.css"
SCRIPT = "js/app.js"
_IMPORT = re.compile(r'@import url\("(?P<path>[^":]+)"\) layer\((?P<layer>\w+)\);')
_BEHAVIOUR = re.compile(r'^import "(?P<path>\./[\w-]+\.js)";\n', re.MULTILINE)
_NAMES = re.compile(r'^import \{(?P<names>[^}]+)\} from "\./dom\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=function|const|class)", re.MULTILINE)
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
    """Hash every file, those that modules import included; join the parts of stylesheet and script."""

    support_js_module_import_aggregation = True
    # Ours only: packages ship scripts that name imports in comments, which Django would take for files.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        HashedFilesMixin._js_module_import_aggregation_patterns[1],  # type: ignore[attr-defined]
    )

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Join stylesheet and script, then hash and compress as usual; yields (name, new name, processed)."""
        for name, join in ((STYLESHEET, join_stylesheet), (SCRIPT, join_script)):
            if name in paths and not dry_run:
                joined = join(name, partial(_read, paths))
                self.delete(name)
                self._save(name, ContentFile(joined.encode()))
                paths = {**paths, name: (self, name)}
        yield from super().post_process(paths, dry_run, **options)

    def create_compressor(self, **kwargs: Any) -> PatientCompressor:
        """The compressor that WhiteNoise uses after every collection."""
        return PatientCompressor(**kwargs)


def join_script(name: str, read: Callable[[str], str]) -> str:
    """Put each behaviour that is imported for its effect into a block of its own, in order.

    What they take from `dom.js` is imported once: that module stays, because scripts of single pages share
    it. ValueError if a behaviour imports from anywhere else.
    """
    folder, names = posixpath.dirname(name), set[str]()

    def without_imports(text: str) -> str:
        for match in _NAMES.finditer(text):
            names.update(word.strip() for word in match["names"].split(",") if word.strip())
        text = _EXPORT.sub("", _NAMES.sub("", text))
        if re.search(r"^(import|export) ", text, re.MULTILINE):
            raise ValueError(f"{name} cannot be joined: {text.partition(';')[0]}")
        return text

    def inline(match: re.Match[str]) -> str:
        part = posixpath.normpath(posixpath.join(folder, match["path"]))
        return f"{{\n{without_imports(read(part))}}}\n"

    behaviours = "".join(map(inline, _BEHAVIOUR.finditer(read(name))))
    rest = without_imports(_BEHAVIOUR.sub("", read(name)))
    return f'import {{ {", ".join(sorted(names))} }} from "./dom.js";\n{behaviours}{rest}'


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
