"""What categories ask for, by API: read, changed, answered."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.callers import Callers
from tests.api.test_file import body
from tests.factories import Desk
from tests.tickets.intake_forms import ask
from tickets.models import Attachment, IntakeAnswers, Ticket


def test_everybody_reads_and_admins_change_what_is_asked(desk: Desk, caller: Callers) -> None:
    address = f"categories/{desk.category.pk}/questions/"
    assert caller(desk.contact).get(address).json() == {"version": 0, "questions": [], "created_at": None}
    sent: dict[str, Any] = {
        "seen": 0,
        "questions": [
            {"key": "often", "label": "How often?", "kind": "choice", "choices": ["Always", "Once"]},
            {"key": "when", "label": "When?", "depends_on": "often", "depends_value": "Once"},
        ],
    }
    assert caller(desk.agent).put(address, sent, format="json").status_code == 403
    changed = caller(desk.admin).put(address, sent, format="json").json()
    assert (changed["version"], [row["key"] for row in changed["questions"]]) == (1, ["often", "when"])
    late = caller(desk.admin).put(address, sent | {"questions": []}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "edited_meanwhile")
    sent["questions"].reverse()
    faulty = caller(desk.admin).put(address, sent | {"seen": 1}, format="json")
    assert (faulty.status_code, faulty.json()["code"]) == (422, "faulty_questions")
    assert faulty.json()["errors"][0]["pointer"] == "/questions/0/condition"


def test_answers_are_sent_with_the_ticket_and_read_back(desk: Desk, caller: Callers) -> None:
    ask(desk)
    refused = caller(desk.contact).post(
        "tickets/", body(desk, answers={"often": "Never", "typo": "x"}), format="json"
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "refused_answers")
    assert {error["pointer"] for error in refused.json()["errors"]} == {
        "/answers/steps",
        "/answers/often",
        "/answers/typo",
    }
    assert caller(desk.contact).post("tickets/", body(desk, answers=["x"]), format="json").status_code == 400
    assert not Ticket.objects.exists()
    answers = {"steps": "Press print", "often": "Always", "since": "2026-03-01"}
    filed = caller(desk.contact).post("tickets/", body(desk, answers=answers), format="json").json()
    shown = [(row["key"], row["question"], row["answer"]) for row in filed["answers"]]
    assert shown == [
        ("steps", "What did you do?", "Press print"),
        ("since", "Since when?", "2026-03-01"),
        ("often", "How often?", "Always"),
    ]


def test_files_of_questions_come_by_their_names(desk: Desk, caller: Callers) -> None:
    ask(desk)
    answers = {"steps": "Press print", "often": "Always", "log": ["till.log"]}
    nothing = caller(desk.contact).post("tickets/", body(desk, answers=answers), format="json")
    assert nothing.json()["errors"][0]["pointer"] == "/answers/log"
    file = SimpleUploadedFile("till.log", b"paper out")
    sent = body(desk, answers=json.dumps(answers), files=[file])
    assert caller(desk.contact).post("tickets/", sent, format="multipart").status_code == 201
    assert IntakeAnswers.objects.get().answers["log"] == ["till.log"]
    assert Attachment.objects.count() == 1
