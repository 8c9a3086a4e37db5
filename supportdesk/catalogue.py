"""The translation catalogues: taken from the sources with Babel, compiled for gettext, checked for gaps.

`python -m supportdesk.catalogue extract|compile|check`. The compiled files are not kept in the repository.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ("es",)
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def path_of(locale: str) -> Path:
    """Where the catalogue of a language lies."""
    return ROOT / "locale" / locale / "LC_MESSAGES" / "django.po"


def extracted() -> Catalog:
    """Every text of the sources and templates, with the places where it stands."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")  # type: ignore[no-untyped-call]
    catalog = Catalog(project="Support Desk", charset="utf-8", header_comment="# Texts of Support Desk.")
    found = extract_from_dir(
        ROOT,
        methods,
        options,
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        directory_filter=_of_interest,
    )
    for file_name, _line, text, comments, context in found:
        # Without line numbers the catalogue changes only when a text does.
        catalog.add(text, None, [(file_name, 0)], auto_comments=comments, context=context)
    for file_name, text in _forms_of_the_api():
        catalog.add(text, None, [(file_name, 0)])
    return catalog


def _forms_of_the_api() -> Iterator[tuple[str, str]]:
    """The docstrings of the API's serializers: its documentation shows them as what a form is."""
    for path in sorted(ROOT.glob("*/api/*.py")):
        forms = (node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef))
        for form in forms:
            if form.name.endswith("Serializer") and (text := ast.get_docstring(form)):
                yield str(path.relative_to(ROOT)), text


def read(locale: str) -> Catalog:
    """The catalogue of a language as it stands; empty when there is none yet."""
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=locale, domain="django", charset="utf-8", project="Support Desk")
    with path.open("rb") as file:
        return read_po(file, locale=locale, domain="django")


def extract() -> None:
    """Bring every catalogue up to the sources: new texts come in untranslated, old ones go."""
    template = extracted()
    for locale in LOCALES:
        catalog = read(locale)
        begun = catalog.creation_date
        catalog.update(template, no_fuzzy_matching=True)
        catalog.creation_date = begun  # the file changes only when a text does
        path_of(locale).parent.mkdir(parents=True, exist_ok=True)
        with path_of(locale).open("wb") as file:
            write_po(file, catalog, width=100, sort_output=True, ignore_obsolete=True, include_lineno=False)


def compile_all() -> None:
    """Write the binary catalogues that gettext reads, where they are older than their source."""
    for locale in LOCALES:
        source = path_of(locale)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime > source.stat().st_mtime):
            continue
        with target.open("wb") as file:
            write_mo(file, read(locale))


def gaps(locale: str) -> list[str]:
    """What is wrong with a catalogue: texts that are missing, untranslated, fuzzy, or ill-formed."""
    catalog = read(locale)
    found = []
    for wanted in extracted():
        if not wanted.id:
            continue
        message = catalog.get(wanted.id, context=wanted.context)
        found += [f"{problem}: {wanted.id!r}" for problem in _problems(message, catalog)]
    return found


def _problems(message: Message | None, catalog: Catalog) -> Iterator[str]:
    if message is None:
        yield "missing"
        return
    translations = message.string if isinstance(message.string, list | tuple) else [message.string]
    if not all(translations):
        yield "untranslated"
    if message.fuzzy:
        yield "fuzzy"
    for error in message.check(catalog):
        yield str(error)


def _of_interest(path: str) -> bool:
    return not Path(path).name.startswith((".", "node_modules", "tests", "migrations", "staticfiles"))


def main(command: str) -> int:
    """Carry out one of the three commands; the exit code says whether all is well."""
    if command == "extract":
        extract()
    elif command == "compile":
        compile_all()
    elif command == "check":
        found = [f"{locale}: {gap}" for locale in LOCALES for gap in gaps(locale)]
        print("\n".join(found) or "Every text is translated.")
        return 1 if found else 0
    else:
        print(f"catalogue: extract, compile or check, not {command!r}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or [""]))
