"""An intake form to file by, set up through its service."""

from typing import Any

from tests.factories import MONDAY, Desk
from tickets.intake import Question
from tickets.models import IntakeForm
from tickets.services.intake import change_intake_form, intake_form_of

FAULT = (
    Question("steps", "What did you do?", "long_text", required=True),
    Question("since", "Since when?", "date"),
    Question("often", "How often?", "choice", choices=("Always", "Now and then"), required=True),
    Question("pattern", "When not?", "text", required=True, depends_on="often", depends_value="Now and then"),
    Question("log", "The log", "file"),
)


def ask(desk: Desk, *questions: Question) -> IntakeForm:
    """Let the desk's category ask these from now on, or what faults are asked for."""
    current = intake_form_of(desk.category)
    return change_intake_form(
        category=desk.category,
        questions=questions or FAULT,
        seen=current.number if current else 0,
        by=desk.admin,
        at=MONDAY,
    )


def filing(desk: Desk, **changes: Any) -> dict[str, Any]:
    """What a contact sends, answers included."""
    values = {
        "subject": "The till does not print",
        "body": "Since the update.",
        "category": desk.category.pk,
        "priority": "high",
        "q_steps": "Switch it on\nPress print",
        "q_since": "2026-03-01",
        "q_often": "Always",
    }
    return values | changes
