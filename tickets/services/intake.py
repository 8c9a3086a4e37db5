"""Intentions about intake forms: what a category asks for, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from accounts.models import Membership
from tickets.intake import Kind, Question, check_answers, faults_of, question_of, tidy
from tickets.models import Category, IntakeAnswers, IntakeForm, Ticket
from tickets.querysets import TicketQuerySet
from tickets.services.errors import EditedMeanwhile, NotAllowed, TicketRuleBroken


class FaultyQuestions(TicketRuleBroken):
    """A form cannot ask like this; `faults` names field and words by the question's place."""

    code = "faulty_questions"

    def __init__(self, faults: Mapping[int, tuple[str, str]]) -> None:
        super().__init__(faults)
        self.faults = dict(faults)

    def words(self) -> str:
        return _("There is a problem with some of the questions.")


class RefusedAnswers(TicketRuleBroken):
    """Facts that the category asks for are missing or impossible; `errors` has words by question key."""

    code = "refused_answers"

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(errors)
        self.errors = {key: str(words) for key, words in errors.items()}

    def words(self) -> str:
        return _("Some questions of this category still need an answer.")


def intake_form_of(category: Category | int) -> IntakeForm | None:
    """The version that is in use; None while the category never had one."""
    pk = category if isinstance(category, int) else category.pk
    found: IntakeForm | None = IntakeForm.objects.filter(category_id=pk).order_by("-number").first()
    return found


@transaction.atomic
def change_intake_form(
    *,
    category: Category,
    questions: Sequence[Question],
    seen: int,
    by: Membership | None,
    at: datetime,
) -> IntakeForm:
    """Let a category ask for these facts from now on; tickets that were filed keep what they were asked.

    `seen` is the number of the version that was edited, 0 for none. `by` None: a preset does. Nothing is
    written when nothing changed. Raises NotAllowed, EditedMeanwhile, FaultyQuestions.
    """
    if by is not None and (not by.is_admin or by.tenant_id != category.tenant_id):
        raise NotAllowed
    category = Category.objects.select_for_update().get(pk=category.pk)
    current = intake_form_of(category)
    if seen != (current.number if current else 0):
        raise EditedMeanwhile(category.name)
    questions = [tidy(question) for question in questions]
    if faults := faults_of(questions):
        raise FaultyQuestions(faults)
    data = [question.as_data() for question in questions]
    if current is not None and current.questions == data:
        return current
    return IntakeForm.objects.create(
        tenant_id=category.tenant_id,
        category=category,
        number=seen + 1,
        questions=data,
        created_at=at,
        created_by=by,
    )


def read_answers(
    category: Category,
    given: Mapping[str, Any] | None,
    *,
    by: Membership,
    service_words: str = "",
    file_names: Sequence[str] = (),
) -> tuple[IntakeForm | None, dict[str, Any]]:
    """The form in use and the answers to keep. None given: it came by a way on which nothing is asked.

    The affected service is the ticket's own, and files are named that come with it. Staff may leave out what
    is required: who is on the telephone does not always know. Raises RefusedAnswers.
    """
    form = intake_form_of(category) if given is not None else None
    asked = form.asked if form else []
    services = {question.key: service_words for question in asked if question.kind == Kind.SERVICE}
    kept, errors = check_answers(asked, {**(given or {}), **services}, lenient=by.is_staff_member)
    for question in asked:
        if question.kind == Kind.FILE and set(kept.get(question.key, ())) - set(file_names):
            errors[question.key] = _("Files of this name were not sent.")
    if errors:
        raise RefusedAnswers(errors)
    return form, kept


def keep_answers(ticket: Ticket, form: IntakeForm | None, answers: Mapping[str, Any]) -> None:
    """Put the answers down with the version that asked; no row without an answer."""
    if form is not None and answers:
        IntakeAnswers.objects.create(
            tenant_id=ticket.tenant_id, ticket=ticket, form=form, answers=dict(answers)
        )


def with_intake(tickets: TicketQuerySet) -> TicketQuerySet:
    """With `intake_said`, questions, answers and version, in the same query."""
    rows = IntakeAnswers.objects.filter(ticket=OuterRef("pk"))
    said = rows.values(
        said=JSONObject(number="form__number", questions="form__questions", answers="answers")
    )[:1]
    return tickets.annotate(intake_said=Subquery(said))


def answered(ticket: Ticket) -> list[tuple[Question, Any]]:
    """Each question that was answered when the ticket was filed, with its answer, as the form had them.

    Days are dates. The ticket comes from `with_intake`; else it costs a query.
    """
    if not hasattr(ticket, "intake_said"):
        ticket = with_intake(Ticket.objects.filter(pk=ticket.pk)).get()
    said = ticket.intake_said  # type: ignore[attr-defined] # of the annotation
    if not said:
        return []
    questions = [question_of(data) for data in said["questions"]]
    given = said["answers"]
    return [(each, _spoken(each, given[each.key])) for each in questions if each.key in given]


def _spoken(question: Question, answer: Any) -> Any:
    return date.fromisoformat(answer) if question.kind == Kind.DATE else answer
