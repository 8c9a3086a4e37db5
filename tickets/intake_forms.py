"""The fields that a category's intake form adds to a form, and the builder's own form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from tickets.forms import ManyFilesInput
from tickets.intake import KEY, MOST_QUESTIONS, Kind, Question, is_asked, tidy
from tickets.models import IntakeForm

PREFIX, FILES_PREFIX = "q_", "qf_"
"""Files have one of their own: what scripts send while one types is no answer to their questions."""
_ACTION = re.compile(r"(up|down|remove)_(\d{1,2})")


class AnswerField(forms.Field):
    """An answer as it was typed: the questions judge all answers together, so this one judges none."""

    def __init__(self, question: Question, *, lenient: bool) -> None:
        super().__init__(
            label=question.label,
            help_text=question.help,
            required=question.required and not lenient,
            widget=_widget(question),
        )
        self.question = question

    def clean(self, value: Any) -> Any:
        return value


def _widget(question: Question) -> forms.Widget:
    if question.kind == Kind.LONG_TEXT:
        return forms.Textarea(attrs={"rows": 4})
    if question.kind == Kind.CHOICE:
        none = ("", gettext_lazy("Choose an answer"))
        attrs = {"data-answer": question.key}
        return forms.Select(choices=[none, *((each, each) for each in question.choices)], attrs=attrs)
    if question.kind == Kind.DATE:
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if question.kind == Kind.FILE:
        return ManyFilesInput()
    return forms.TextInput()


def name_of(question: Question) -> str:
    """The name under which a form sends the answer."""
    return (FILES_PREFIX if question.kind == Kind.FILE else PREFIX) + question.key


@dataclass(frozen=True)
class Shown:
    """A question on the page: its field, and whether what stands in the form leads to it."""

    question: Question
    bound: forms.BoundField
    is_asked: bool


def add_questions(form: forms.Form, intake: IntakeForm | None, *, lenient: bool) -> None:
    """Give a form a field for each question, but for the affected service, which it has already."""
    for question in intake.asked if intake else []:
        if question.kind != Kind.SERVICE:
            form.fields[name_of(question)] = AnswerField(question, lenient=lenient)


def shown_questions(form: forms.Form, intake: IntakeForm | None) -> list[Shown]:
    """The questions in order; those that hang on another answer know whether they are asked by now."""
    questions = intake.asked if intake else []
    typed = {
        question.key: form[name_of(question)].value()
        for question in questions
        if question.kind == Kind.CHOICE
    }
    return [
        Shown(question, form[name_of(question)], is_asked(question, questions, typed))
        for question in questions
        if question.kind != Kind.SERVICE
    ]


def typed_answers(form: forms.Form) -> dict[str, Any]:
    """What was typed, by the questions' keys; files stay files."""
    return {
        each.question.key: form.cleaned_data.get(name)
        for name, each in form.fields.items()
        if isinstance(each, AnswerField)
    }


@dataclass
class Row:
    """A question in the builder, as it was typed; `fault` is the field to blame and words."""

    number: int
    key: str = ""
    label: str = ""
    kind: str = Kind.TEXT.value
    help: str = ""
    required: bool = False
    choices: str = ""
    condition: str = ""
    fault: tuple[str, str] | None = None
    conditions: list[tuple[str, str]] = field(default_factory=list)

    def question(self) -> Question:
        """What it asks."""
        depends_on, _sign, depends_value = self.condition.partition("=")
        return Question(
            key=self.key,
            label=self.label.strip(),
            kind=self.kind,
            help=self.help.strip(),
            required=self.required,
            choices=tuple(self.choices.splitlines()) if self.kind == Kind.CHOICE else (),
            depends_on=depends_on,
            depends_value=depends_value,
        )

    @property
    def is_blank(self) -> bool:
        """Nothing was typed into it."""
        return not (self.label.strip() or self.help.strip() or self.choices.strip())


class Builder:
    """The questions of a form while an admin works on them: rows that are added, moved and removed."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self._renumber()

    @classmethod
    def of(cls, questions: Sequence[Question]) -> Builder:
        """The questions as they are."""
        return cls([_row_of(question) for question in questions])

    @classmethod
    def sent(cls, data: QueryDict) -> Builder:
        """The rows that a page sent, in its order."""
        count = data.get("rows", "")
        number = min(int(count), MOST_QUESTIONS + 1) if count.isdecimal() and len(count) < 4 else 0
        return cls([_row_in(data, place) for place in range(number)])

    def do(self, action: str) -> bool:
        """Add, move or remove a row; False if it is something else that is wanted."""
        if action == "add":
            if len(self.rows) < MOST_QUESTIONS:
                self.rows.append(Row(0))
        elif found := _ACTION.fullmatch(action):
            self._change(found[1], int(found[2]))
        else:
            return action == "look"
        self._renumber()
        return True

    def questions(self) -> list[Question]:
        """What the rows ask, without those in which nothing stands."""
        self.rows = [row for row in self.rows if not row.is_blank]
        self._renumber()
        return [row.question() for row in self.rows]

    def blame(self, faults: Mapping[int, tuple[str, str]]) -> None:
        """Put words beside the rows that are at fault."""
        for row in self.rows:
            row.fault = faults.get(row.number)

    @property
    def is_full(self) -> bool:
        """There is no room for another question."""
        return len(self.rows) >= MOST_QUESTIONS

    def _change(self, verb: str, place: int) -> None:
        if place >= len(self.rows):
            return
        row = self.rows.pop(place)
        if verb != "remove":
            self.rows.insert(max(place + (-1 if verb == "up" else 1), 0), row)

    def _renumber(self) -> None:
        taken = {row.key for row in self.rows}
        offered: list[tuple[str, str]] = []
        for place, row in enumerate(self.rows):
            row.number = place
            if not row.key:
                row.key = next(f"q{n}" for n in range(1, 100) if f"q{n}" not in taken)
                taken.add(row.key)
            row.conditions = list(offered)
            choices = tidy(row.question()).choices
            offered += [(f"{row.key}={each}", f"{row.label}: {each}") for each in choices]


def _row_of(question: Question) -> Row:
    return Row(
        0,
        key=question.key,
        label=question.label,
        kind=question.kind,
        help=question.help,
        required=question.required,
        choices="\n".join(question.choices),
        condition=f"{question.depends_on}={question.depends_value}" if question.depends_on else "",
    )


def _row_in(data: QueryDict, place: int) -> Row:
    def typed(name: str) -> str:
        return data.get(f"{place}-{name}", "").replace("\x00", "")

    key, kind = typed("key"), typed("kind")
    return Row(
        place,
        key=key if KEY.fullmatch(key) else "",
        label=typed("label"),
        kind=kind if kind in Kind.values else Kind.TEXT.value,
        help=typed("help"),
        required=bool(typed("required")),
        choices=typed("choices"),
        condition=typed("condition"),
    )
