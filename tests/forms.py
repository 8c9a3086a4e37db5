"""Reads a page as somebody reads it who fills in a form: what stands in a field, what is said beside it."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from accounts.models import Membership
from tests.factories import DeskClient, browser_of

# What several forms say alike.
NO_CHOICE = {
    "en": "This choice does not exist (any more). Choose one from the list.",
    "es": "Esta opción no existe (o ya no). Elija una de la lista.",
}
# Django's own words for a choice that is not offered.
NOT_OFFERED = {
    "en": "Select a valid choice. {} is not one of the available choices.",
    "es": "Escoja una opción válida. {} no es una de las opciones disponibles.",
}
MEANWHILE = {
    "en": "Somebody else has changed this meanwhile: it is now “{}”. Nothing was overwritten.",
    "es": "Otra persona cambió esto mientras tanto: ahora es “{}”. No se sobrescribió nada.",
}
CHANGED = {
    "en": "Somebody else has changed “{}” meanwhile. Nothing was overwritten: "
    "compare with what it is now and save again.",
    "es": "Otra persona cambió “{}” mientras tanto. No se sobrescribió nada: "
    "compare con lo que hay ahora y guarde de nuevo.",
}
OVERTAKEN = {
    "en": "Nothing was overwritten and what you entered still stands here: look at the newer version",
    "es": "No se sobrescribió nada y lo que usted escribió sigue aquí: revise la versión más reciente",
}
ENDED = {
    "en": "Your session had ended. What you wrote is kept: log in and send it again.",
    "es": "Su sesión había terminado. Lo que escribió se conserva: inicie sesión y envíelo de nuevo.",
}
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


class Element:
    """A tag with its attributes; its parent is None at the root."""

    def __init__(self, tag: str, attributes: Mapping[str, str | None], parent: "Element | None") -> None:
        self.tag = tag
        self.attributes = {name: value or "" for name, value in attributes.items()}
        self.parent = parent
        self.inside: list[Element | str] = []

    @property
    def text(self) -> str:
        """All text inside, as it was written."""
        return "".join(part if isinstance(part, str) else part.text for part in self.inside)

    @property
    def words(self) -> str:
        """All text inside, in one line."""
        return " ".join(self.text.split())

    def has_class(self, name: str) -> bool:
        return name in self.attributes.get("class", "").split()

    def all(self) -> "Iterator[Element]":
        """It and everything inside it, from top to bottom."""
        yield self
        for part in self.inside:
            if isinstance(part, Element):
                yield from part.all()

    def around(self) -> "Iterator[Element]":
        """What it stands in, from the inside out."""
        outer = self.parent
        while outer is not None:
            yield outer
            outer = outer.parent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.open = Element("#page", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), self.open)
        self.open.inside.append(element)
        if tag not in _VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.inside.append(Element(tag, dict(attrs), self.open))

    def handle_endtag(self, tag: str) -> None:
        for element in (self.open, *self.open.around()):
            if element.tag == tag and element.parent is not None:
                self.open = element.parent
                return

    def handle_data(self, data: str) -> None:
        self.open.inside.append(data)


class FormPage:
    """A page with a form on it: `FormPage(response).error_of("subject")`."""

    def __init__(self, response: Any) -> None:
        self.status = int(response.status_code)
        reader = _Reader()
        reader.feed(response.content.decode())
        self.root = reader.root
        self.elements = list(self.root.all())
        self.ids = {e.attributes["id"]: e for e in self.elements if e.attributes.get("id")}

    @property
    def language(self) -> str:
        """What the page says that it is written in."""
        return next(e.attributes["lang"] for e in self.elements if e.tag == "html")

    def controls(self, name: str) -> list[Element]:
        """The controls of that name that are seen, several for radio buttons."""
        found = [
            e
            for e in self.elements
            if e.tag in ("input", "select", "textarea")
            and e.attributes.get("name") == name
            and e.attributes.get("type") != "hidden"
        ]
        assert found, f"no field {name!r} on the page"
        return found

    def value(self, name: str) -> str:
        """What stands in the field: text, the chosen option, the ticked button; "" for none."""
        controls = self.controls(name)
        control = controls[0]
        if control.tag == "textarea":
            return control.text.removeprefix("\n")  # a browser leaves the first line break out
        if control.tag == "select":
            options = [e for e in control.all() if e.tag == "option"]
            return next((e.attributes["value"] for e in options if "selected" in e.attributes), "")
        if control.attributes.get("type") in ("radio", "checkbox"):
            return next((e.attributes.get("value", "on") for e in controls if "checked" in e.attributes), "")
        return control.attributes.get("value", "")

    def error_of(self, name: str) -> str:
        """What is said beside the field, and only there: in the block that the field itself stands in.

        A screen reader says it with the field, so the field (or its group) must name it.
        """
        control = self.controls(name)[0]
        groups = [e for e in control.around() if e.tag == "fieldset"]
        named = " ".join(e.attributes.get("aria-describedby", "") for e in (control, *groups)).split()
        errors = [
            self.ids[one] for one in named if one in self.ids and self.ids[one].has_class("field-error")
        ]
        assert errors, f"nothing is said beside {name!r}; it is described by {named}"
        assert any(e is errors[0].parent for e in control.around()), (
            f"{name!r} is described by words that stand elsewhere"
        )
        return errors[0].words

    @property
    def summary(self) -> dict[str, str]:
        """The list of problems on top: the id of each field that it leads to ("" for the whole form)."""
        lines: dict[str, str] = {}
        for box in (e for e in self.elements if e.has_class("error-summary")):
            assert box.attributes["role"] == "alert"
            for line in (e for e in box.all() if e.tag == "li"):
                link = next((e for e in line.all() if e.tag == "a"), None)
                place = link.attributes["href"].removeprefix("#") if link else ""
                lines[place] = line.words
        return lines

    def keeps(self, typed: Mapping[str, Any], *, but: str = "") -> None:
        """Everything that was typed still stands in its field; `but` names a choice that does not exist."""
        kept = {name: self.value(name) for name in typed if name not in (but, "action", "attachments")}
        lost = {name: value for name, value in kept.items() if value != str(typed[name])}
        assert not lost, f"something else stands in these fields than was typed: {lost}"

    def says(self, name: str, words: str, *, language: str) -> None:
        """In that language exactly these words beside the field, which is marked as wrong."""
        assert self.language == language
        said = self.error_of(name)
        assert said == words, f"beside {name!r} stands {said!r}"
        control = self.controls(name)[0]
        marked = [control, *(e for e in control.around() if e.has_class("field-invalid"))]
        assert any(e.attributes.get("aria-invalid") or e.has_class("field-invalid") for e in marked)


def reader(person: Membership, language: str) -> DeskClient:
    """A browser of somebody who reads that language, whatever the desk's is."""
    person.user.language = language
    person.user.save(update_fields=["language"])
    return browser_of(person)
