"""An admin builds what a category asks for, with buttons alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.factories import MONDAY, Desk, DeskClient
from tests.tickets.intake_forms import FAULT, ask
from tickets.intake import Question
from tickets.models import IntakeForm
from tickets.services import EditedMeanwhile, FaultyQuestions, NotAllowed, change_intake_form

Login = Callable[[Any], DeskClient]


def page_of(desk: Desk) -> str:
    return f"/console/categories/{desk.category.pk}/questions/"


def row(number: int, **values: str) -> dict[str, str]:
    return {
        f"{number}-{name}": value for name, value in ({"key": f"k{number}", "kind": "text"} | values).items()
    }


def test_questions_are_added_moved_removed_and_saved_without_scripts(desk: Desk, login: Login) -> None:
    client, page = login(desk.admin), page_of(desk)
    assert "Nothing is asked yet" in client.get(page).content.decode()
    added = client.post(page, {"rows": "0", "seen": "0", "action": "add"})
    assert 'name="0-label"' in added.content.decode()
    assert not IntakeForm.objects.exists(), "nothing is saved before it is asked for"
    typed = {"rows": "2", "seen": "0"}
    typed |= row(0, label="Which till?", help="Its number.")
    typed |= row(
        1, label="How often?", kind="choice", choices="Always\nNow and then\nAlways\n\n", required="1"
    )
    moved = client.post(page, typed | {"action": "up_1"}).content.decode()
    assert moved.index("How often?") < moved.index("Which till?")
    assert "How often?: Now and then" in moved, "the question below may hang on it"
    removed = client.post(page, typed | {"action": "remove_1"}).content.decode()
    assert "How often?" not in removed
    saved = typed | {"rows": "3", "action": "save"} | row(2, label="When?", condition="k1=Now and then")
    assert client.post(page, saved).status_code == 302
    form = IntakeForm.objects.get()
    assert (form.number, form.created_by) == (1, desk.admin)
    assert form.asked == [
        Question("k0", "Which till?", help="Its number."),
        Question("k1", "How often?", "choice", required=True, choices=("Always", "Now and then")),
        Question("k2", "When?", depends_on="k1", depends_value="Now and then"),
    ]
    client.post(page, saved | {"seen": "1"})
    assert IntakeForm.objects.count() == 1, "saved unchanged it is no new version"
    late = client.post(page, saved | {"0-label": "Which one?"})
    assert late.status_code == 409
    assert "Which one?" in late.content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        IntakeForm.objects.update(questions=[])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (row(0, label="How often?", kind="choice", choices="Always"), "Write at least two choices"),
        (row(0, label="", help="x"), "Write the question."),
        (row(0, label="x" * 121), "This is too long."),
        (row(0, label="When?", condition="k9=Never"), "is not asked for above it any more"),
    ],
)
def test_a_form_that_cannot_be_asked_is_refused(
    desk: Desk, login: Login, values: dict[str, str], said: str
) -> None:
    response = login(desk.admin).post(page_of(desk), {"rows": "1", "seen": "0", "action": "save"} | values)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not IntakeForm.objects.exists()


def test_rules_hold_below_the_page(desk: Desk) -> None:
    ask(desk)
    values: dict[str, Any] = {"category": desk.category, "at": MONDAY}
    with pytest.raises(NotAllowed):
        change_intake_form(**values, questions=FAULT, seen=1, by=desk.agent)
    with pytest.raises(EditedMeanwhile):
        change_intake_form(**values, questions=[], seen=0, by=desk.admin)
    for wrong in (
        [FAULT[0], FAULT[0]],
        [Question("a", "A", "service"), Question("b", "B", "service")],
        [Question("a", "A", "riddle")],
        [Question("A b", "A")],
        [FAULT[3], FAULT[2]],
        [Question(f"k{number}", "Again?") for number in range(21)],
    ):
        with pytest.raises(FaultyQuestions):
            change_intake_form(**values, questions=wrong, seen=1, by=desk.admin)
    assert change_intake_form(**values, questions=[], seen=1, by=desk.admin).number == 2
