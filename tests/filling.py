"""Fills in forms as somebody at a browser without scripts does: opens the page, writes into fields that are
there, presses a button that is there. What the form holds besides goes along, hidden fields included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.factories import DeskClient
from tests.forms import Element, FormPage

Typed = Mapping[str, Any]
"""Field to text, to True or False for a box, to the words of a choice, to a list of them for boxes."""


class Hand:
    """One person at a browser."""

    def __init__(self, client: DeskClient) -> None:
        self.client = client
        self.address = ""
        self._page: FormPage | None = None

    @property
    def page(self) -> FormPage:
        """The page that is open; what sending a form has led to is asked for when somebody looks."""
        if self._page is None:
            self.open(self.address)
        assert self._page is not None
        return self._page

    def open(self, address: str) -> FormPage:
        """Open a page, which is there."""
        answer = self.client.get(address, follow=True)
        assert answer.status_code == 200, (answer.status_code, address)
        self.address = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        self._page = FormPage(answer)
        return self._page

    def follow(self, words: str = "", *, to: str = "") -> FormPage:
        """Follow the link of these words, or that leads to an address with such an end."""
        links = [one for one in self.page.elements if one.tag == "a" and one.attributes.get("href")]
        found = [
            link.attributes["href"]
            for link in links
            if (words and link.words == words) or (to and link.attributes["href"].endswith(to))
        ]
        assert found, f"no link {words or to!r} on {self.address}"
        return self.open(found[0])

    def field_under(self, legend: str) -> str:
        """The name of the field whose group of choices is called so."""
        for group in (element for element in self.page.elements if element.tag == "fieldset"):
            if any(one.tag == "legend" and one.words == legend for one in group.all()):
                return next(control.attributes["name"] for control in _controls(group))
        raise AssertionError(f"nothing is called {legend!r} on {self.address}")

    def fill(self, address: str, typed: Typed, *, press: str = "", to: str = "") -> None:
        """Open a page, fill its form in and send it, which leads to another page."""
        self.open(address)
        self.send(typed, press=press, to=to)

    def send(self, typed: Typed, *, press: str = "", to: str = "", stays: bool = False) -> None:
        """Fill in the form of the page that is open. `press` is the value or the words of a button, `to` the
        end of the address that the form is sent to.

        Saving leads elsewhere; `stays`: the form comes back, as after a button that adds a line.
        """
        where, answer = self._post(typed, press, to)
        moved = answer.status_code in (302, 303)
        assert moved != stays, f"{where}: {answer.status_code} {moved or FormPage(answer).summary}"
        self.address = answer["Location"] if moved else where
        self._page = None if moved else FormPage(answer)

    def refused(self, typed: Typed, *, press: str = "", to: str = "") -> FormPage:
        """Send the form of the page that is open, which is not accepted; the page that says why."""
        _where, answer = self._post(typed, press, to)
        assert answer.status_code in (409, 422), answer.status_code
        self._page = FormPage(answer)
        return self._page

    def _post(self, typed: Typed, press: str, to: str) -> tuple[str, Any]:
        form = _form_with(self.page, typed, press, to)
        button = _button(form, press)
        sent = _standing(form)
        for name, value in typed.items():
            _write(form, sent, name, value)
        if button.attributes.get("name"):
            sent[button.attributes["name"]] = [button.attributes.get("value", "")]
        where = button.attributes.get("formaction") or form.attributes.get("action") or self.address
        return where, self.client.post(where, sent)


def words_of(page: FormPage) -> str:
    """What stands on a page between its head and its foot, in one line, a blank between its parts."""
    main = next(element for element in page.elements if element.tag == "main")
    parts = (part for element in main.all() for part in element.inside if isinstance(part, str))
    return " ".join(" ".join(parts).split())


def _form_with(page: FormPage, typed: Typed, press: str, to: str) -> Element:
    """The form of the page that has all these fields and that button, and leads there."""
    main = next(element for element in page.elements if element.tag == "main")
    forms = [element for element in main.all() if element.tag == "form"]
    found = [
        form
        for form in forms
        if form.attributes.get("method", "").lower() == "post"
        and set(typed) <= {control.attributes["name"] for control in _controls(form)}
        and (not press or _button_named(form, press) is not None)
        and form.attributes.get("action", "").endswith(to)
    ]
    names = {control.attributes["name"] for form in forms for control in _controls(form)}
    assert found, f"no form with {sorted(set(typed) - names) or sorted(typed)} and a button {press!r}"
    return found[0]


def _controls(form: Element) -> Iterator[Element]:
    for element in form.all():
        if element.tag in ("input", "select", "textarea") and element.attributes.get("name"):
            yield element


def _button(form: Element, press: str) -> Element:
    buttons = [element for element in form.all() if element.tag == "button" and _submits(element)]
    found = _button_named(form, press) if press else next(iter(buttons), None)
    assert found is not None, f"no button {press!r}"
    return found


def _button_named(form: Element, press: str) -> Element | None:
    buttons = (element for element in form.all() if element.tag == "button" and _submits(element))
    return next((one for one in buttons if press in (one.attributes.get("value"), one.words)), None)


def _submits(button: Element) -> bool:
    return button.attributes.get("type", "submit") == "submit"


def _standing(form: Element) -> dict[str, list[str]]:
    """What the form would send as it stands."""
    sent: dict[str, list[str]] = {}
    for control in _controls(form):
        kind = control.attributes.get("type", "")
        is_box = kind in ("checkbox", "radio")
        if kind in ("file", "submit") or (is_box and "checked" not in control.attributes):
            continue
        sent.setdefault(control.attributes["name"], []).extend(_held(control))
    return sent


def _held(control: Element) -> list[str]:
    if control.tag == "textarea":
        return [control.text.removeprefix("\n")]
    if control.tag == "select":
        options = _options(control)
        chosen = [value for value, _words, is_chosen in options if is_chosen]
        return chosen or [value for value, _words, _chosen in options[:1]]
    return [control.attributes.get("value", "on" if control.attributes.get("type") == "checkbox" else "")]


def _options(select: Element) -> list[tuple[str, str, bool]]:
    return [
        (one.attributes.get("value", one.words), one.words, "selected" in one.attributes)
        for one in select.all()
        if one.tag == "option"
    ]


def _write(form: Element, sent: dict[str, list[str]], name: str, value: Any) -> None:
    controls = [control for control in _controls(form) if control.attributes["name"] == name]
    first = controls[0]
    kind = first.attributes.get("type", "")
    if first.tag == "select":
        sent[name] = [_choice(name, value, [(held, words) for held, words, _chosen in _options(first)])]
    elif kind == "radio" or (kind == "checkbox" and not isinstance(value, bool)):
        offered = [(one.attributes.get("value", "on"), _label_of(one)) for one in controls]
        wanted: Iterable[Any] = [value] if kind == "radio" else value
        sent[name] = [_choice(name, each, offered) for each in wanted]
    elif kind == "checkbox":
        sent[name] = [first.attributes.get("value", "on")] if value else []
    else:
        assert kind != "hidden", f"nobody can write into the hidden field {name!r}"
        sent[name] = [str(value)]


def _label_of(box: Element) -> str:
    """The words of a box, which stands inside its label."""
    label = next(element for element in box.around() if element.tag == "label")
    named = next((one for one in label.all() if one.has_class("choice-label")), label)
    return named.words


def _choice(name: str, wanted: Any, offered: list[tuple[str, str]]) -> str:
    """The value of a choice that is named by its value or by its words."""
    found = [value for value, words in offered if str(wanted) in (value, words)]
    assert found, f"{name!r} does not offer {wanted!r} but {[words or value for value, words in offered]}"
    return found[0]
