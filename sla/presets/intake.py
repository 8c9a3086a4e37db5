"""What a preset's categories ask for before a ticket is filed: sets of questions by name."""

from __future__ import annotations

from sla.presets.table import Table
from tickets.intake import Kind, Question, faults_of, tidy

QuestionSets = dict[str, tuple[Question, ...]]


def question_sets_in(table: Table) -> QuestionSets:
    """The arrays of tables below `intake`; categories name them with `asks`. Raises PresetError."""
    if not table.has("intake"):
        return {}
    outer = table.table("intake")
    sets = {name: _questions(outer, name) for name in list(outer.data)}
    outer.refuse_rest()
    return sets


def asked_by(category: Table, sets: QuestionSets) -> tuple[Question, ...]:
    """The questions that a category names; none without `asks`. Raises PresetError."""
    return sets[category.choice("asks", list(sets))] if category.has("asks") else ()


def _questions(outer: Table, name: str) -> tuple[Question, ...]:
    questions = tuple(_question(row) for row in outer.rows(name))
    for place, (field, words) in faults_of(questions).items():
        raise outer.error(f"{name}[{place}].{field}", words.rstrip("."))
    return questions


def _question(table: Table) -> Question:
    depends_on, _sign, depends_value = table.text("asked_if", default="").partition(" = ")
    question = Question(
        key=table.text("key"),
        label=table.text("label"),
        kind=table.choice("kind", list(Kind.values)),
        help=table.text("help", default=""),
        required=table.flag("required"),
        choices=tuple(table.lines("choices")),
        depends_on=depends_on,
        depends_value=depends_value,
    )
    table.refuse_rest()
    return tidy(question)
