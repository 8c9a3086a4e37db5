"""What a category's form asks for, and whether answers to it will do: values in, values out, no database.

A question is asked unless it hangs on another one: it is then asked only if an earlier choice was answered
in one way. Answers are kept under the question's key, which stays the same from version to version.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.oneline import one_line

MOST_QUESTIONS = 20
MOST_CHOICES = 30
LABEL_LENGTH = 120
HELP_LENGTH = 250
LINE_LENGTH = 200
TEXT_LENGTH = 5_000
KEY = re.compile(r"[a-z0-9_]{1,40}")
Answers = dict[str, Any]
"""Key to text, to an ISO date, or to the names of files."""


class Kind(models.TextChoices):
    """How a question is answered."""

    TEXT = "text", gettext_lazy("One line")
    LONG_TEXT = "long_text", gettext_lazy("Several lines")
    CHOICE = "choice", gettext_lazy("One of several choices")
    DATE = "date", gettext_lazy("Date")
    FILE = "file", gettext_lazy("Files")
    SERVICE = "service", gettext_lazy("Affected service")


@dataclass(frozen=True)
class Question:
    """One fact to ask for. `depends_on` is the key of an earlier choice that it hangs on, `depends_value` the
    answer with which it is asked."""

    key: str
    label: str
    kind: str = Kind.TEXT
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    depends_on: str = ""
    depends_value: str = ""

    def as_data(self) -> dict[str, Any]:
        """As plain values, to be stored."""
        return {
            "key": self.key,
            "label": self.label,
            "kind": str(self.kind),
            "help": self.help,
            "required": self.required,
            "choices": list(self.choices),
            "depends_on": self.depends_on,
            "depends_value": self.depends_value,
        }


def question_of(data: Mapping[str, Any]) -> Question:
    """The question that `as_data` wrote."""
    return Question(**{**data, "choices": tuple(data.get("choices", ()))})


def tidy(question: Question) -> Question:
    """The same, with texts of one line, choices once each, and nothing that its kind has no use for."""
    choices = dict.fromkeys(filter(None, map(one_line, question.choices)))
    return replace(
        question,
        label=one_line(question.label),
        help=one_line(question.help),
        choices=tuple(choices) if question.kind == Kind.CHOICE else (),
        depends_value=question.depends_value if question.depends_on else "",
    )


def faults_of(questions: Sequence[Question]) -> dict[int, tuple[str, str]]:
    """What is wrong with a form: place of the question to the field to blame and words, first fault each."""
    if len(questions) > MOST_QUESTIONS:
        return {MOST_QUESTIONS: ("label", _("At most %(most)d questions.") % {"most": MOST_QUESTIONS})}
    found = {}
    for place, question in enumerate(questions):
        fault = _fault(question, questions[:place])
        if fault:
            found[place] = fault
    return found


def _fault(question: Question, earlier: Sequence[Question]) -> tuple[str, str] | None:
    too_long = _("This is too long. The limit is %(most)d characters.")
    if not question.label:
        return "label", _("Write the question.")
    for name, text, most in (("label", question.label, LABEL_LENGTH), ("help", question.help, HELP_LENGTH)):
        if len(text) > most:
            return name, too_long % {"most": most}
    if KEY.fullmatch(question.key) is None or question.key in {other.key for other in earlier}:
        return "label", _("Every question needs a key of its own: small letters, digits and _.")
    return (
        _fault_of_kind(question, earlier)
        or _fault_of_choices(question)
        or _fault_of_condition(question, earlier)
    )


def _fault_of_kind(question: Question, earlier: Sequence[Question]) -> tuple[str, str] | None:
    if question.kind not in Kind.values:
        return "kind", _("Choose how it is answered.")
    if question.kind == Kind.SERVICE and any(other.kind == Kind.SERVICE for other in earlier):
        return "kind", _("A form asks for the affected service once.")
    return None


def _fault_of_choices(question: Question) -> tuple[str, str] | None:
    if question.kind != Kind.CHOICE:
        return None
    if len(question.choices) < 2:
        return "choices", _("Write at least two choices, one a line.")
    if len(question.choices) > MOST_CHOICES:
        return "choices", _("At most %(most)d choices.") % {"most": MOST_CHOICES}
    if any(len(choice) > LINE_LENGTH for choice in question.choices):
        return "choices", _("This is too long. The limit is %(most)d characters.") % {"most": LINE_LENGTH}
    return None


def _fault_of_condition(question: Question, earlier: Sequence[Question]) -> tuple[str, str] | None:
    if not question.depends_on:
        return None
    if any(o.key == question.depends_on and question.depends_value in o.choices for o in earlier):
        return None
    return "condition", _("The answer that this hangs on is not asked for above it any more.")


def is_asked(question: Question, questions: Sequence[Question], answers: Mapping[str, Any]) -> bool:
    """Whether these answers lead to the question; one that hangs on a question not asked is not asked."""
    if not question.depends_on:
        return True
    if answers.get(question.depends_on) != question.depends_value:
        return False
    parent = next((each for each in questions if each.key == question.depends_on), None)
    return parent is not None and is_asked(parent, questions, answers)


def check_answers(
    questions: Sequence[Question], given: Mapping[str, Any], *, lenient: bool = False
) -> tuple[Answers, dict[str, str]]:
    """The answers to keep, and what is wrong by key.

    Answers to what was not asked are dropped. `lenient`: what is required may be missing, as when somebody
    of the staff writes down a telephone call.
    """
    kept: Answers = {}
    errors: dict[str, str] = {}
    for question in questions:
        if not is_asked(question, questions, kept):
            continue
        value, fault = _read(question, given.get(question.key))
        if fault:
            errors[question.key] = fault
        elif value:
            kept[question.key] = value
        elif question.required and not lenient:
            errors[question.key] = missing_words(question)
    known = {question.key for question in questions}
    errors |= {key: _("There is no question of this key.") for key in given if key not in known}
    return kept, errors


_MISSING = {
    Kind.CHOICE.value: gettext_lazy("Choose an answer."),
    Kind.DATE.value: gettext_lazy("Enter a date."),
    Kind.FILE.value: gettext_lazy("Choose a file."),
    Kind.SERVICE.value: gettext_lazy("Say which service it is."),
}


def missing_words(question: Question) -> str:
    """What to say when a required answer is not there."""
    return str(_MISSING.get(question.kind, _("Answer this question.")))


def _read(question: Question, value: Any) -> tuple[Any, str]:
    """The answer as it is kept, and what is wrong with it."""
    if question.kind == Kind.FILE:
        names = value or []
        is_right = isinstance(names, list) and all(isinstance(name, str) for name in names)
        return (names, "") if is_right else ([], _("This is not a list of file names."))
    if value is not None and not isinstance(value, str):
        return "", _("This is not a text.")
    text = (value or "").strip()
    if "\x00" in text:
        return "", _("Null characters are not allowed.")
    if question.kind == Kind.LONG_TEXT:
        return text, _too_long(text, TEXT_LENGTH)
    return _read_line(question, one_line(text))


def _read_line(question: Question, text: str) -> tuple[str, str]:
    if text and question.kind == Kind.CHOICE and text not in question.choices:
        return "", _("This choice does not exist (any more). Choose one from the list.")
    if text and question.kind == Kind.DATE:
        return _date(text)
    return text, _too_long(text, LINE_LENGTH)


def _date(text: str) -> tuple[str, str]:
    try:
        return date.fromisoformat(text).isoformat(), ""
    except ValueError:
        return "", _("This is not a date.")


def _too_long(text: str, most: int) -> str:
    over = len(text) - most
    if over <= 0:
        return ""
    return ngettext(
        "This is %(length)d characters long, %(over)d too many. The limit is %(most)d.",
        "This is %(length)d characters long, %(over)d too many. The limit is %(most)d.",
        over,
    ) % {"length": len(text), "over": over, "most": most}
