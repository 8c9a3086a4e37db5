"""Plans in the settings: notice, reminders, pauses, availability and backups."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sla.maintenance_terms import BackupTerms, MaintenanceTerms, terms_said_by
from sla.models import Edit, Plan, PlanVersion
from sla.services.edits import apply_edit, undo_edit, work_on
from tests.factories import MONDAY, Desk, DeskClient
from tests.forms import FormPage

Login = Callable[[Any], DeskClient]
TERMS = MaintenanceTerms(
    72,
    (72, 24, 1),
    True,
    Decimal("99.990"),
    False,
    (
        BackupTerms("shared", 24, ("database", "files"), 30, 30),
        BackupTerms("dedicated", 12, ("database",)),
    ),
)


def sent(desk: Desk, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Platinum",
        "position": "1",
        "calendar": str(desk.calendar.pk),
        "notice_hours": "72",
        "reminder_hours": "1, 24 72",
        "maintenance_pauses": "on",
        "availability": "99,99",
        "backup_shared_every": "24",
        "backup_shared_parts": ["files", "database"],
        "backup_shared_retention": "30",
        "backup_shared_verify": "30",
        "backup_dedicated_every": "12",
        "backup_dedicated_parts": ["database"],
    } | changes


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_plan_says_what_is_promised_about_maintenance(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    made = client.post("/console/plans/new/", sent(desk))
    plan = Plan.objects.get(name="Platinum")
    assert terms_said_by(plan.versions.get()) == TERMS
    for shown in (text_of(client.get(made["Location"])), text_of(client.get("/console/plans/"))):
        assert "72 h, 24 h, 1 h before" in shown
        assert "stand while an announced window lasts" in shown
        assert "99.99 % of a month, planned maintenance not counted" in shown
        assert "every 24 h: Database, Files; kept for 30 days; verified every 30 days" in shown
    again = FormPage(client.get(f"{made['Location']}edit/"))
    names = ("notice_hours", "reminder_hours", "availability", "backup_shared_every")
    assert [again.value(name) for name in names] == ["72", "72, 24, 1", "99.99", "24"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("reminder_hours", "soon", "Enter whole hours with commas between them, as 72, 24, 1."),
        ("reminder_hours", "0, 24", "Enter whole hours, at least 1 and at most 8784."),
        ("availability", "many", "Enter a percentage above 0 and not above 100, as 99.99."),
        ("availability", "100.1", "Enter a percentage above 0 and not above 100, as 99.99."),
        ("backup_shared_parts", [], "Choose at least one part that is backed up."),
        ("backup_shared_every", "", "Say every how many hours."),
    ],
)
def test_what_cannot_be_promised_is_said_beside_its_field(
    desk: Desk, login: Login, field: str, value: Any, words: str
) -> None:
    response = login(desk.admin).post("/console/plans/new/", sent(desk, **{field: value}))
    assert response.status_code == 422
    FormPage(response).says(field, words, language="en")
    assert not Plan.objects.filter(name="Platinum").exists()


def test_an_edit_shows_what_changes_and_undoing_brings_it_back(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    made = client.post("/console/plans/new/", sent(desk))
    plan = Plan.objects.get(name="Platinum")
    changes = {"notice_hours": "48", "backup_dedicated_every": "", "backup_dedicated_parts": []}
    drafted = client.post(f"{made['Location']}edit/", sent(desk, **changes) | {"seen_number": "1"})
    page = text_of(client.get(drafted["Location"]))
    assert "Notice of planned maintenance" in page
    assert "Backup, Dedicated" in page
    assert "Backup, Shared cloud" not in page
    edit = Edit.objects.get(plan=plan)
    apply_edit(edit, reach="new", by=desk.admin, at=MONDAY)
    last = plan.versions.latest("number")
    assert (last.number, last.notice_hours, last.backup_terms.count()) == (2, 48, 1)
    edit.refresh_from_db()
    undone = undo_edit(edit, by=desk.admin, at=MONDAY)
    while work_on(undone.pk, MONDAY):
        pass
    assert terms_said_by(plan.versions.latest("number")) == TERMS


def test_saving_what_stands_changes_nothing(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    made = client.post("/console/plans/new/", sent(desk))
    same = client.post(f"{made['Location']}edit/", sent(desk, ladder="") | {"seen_number": "1"}, follow=True)
    assert "Nothing was changed." in text_of(same)


def test_the_simulator_asks_about_maintenance_where_it_pauses(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    address = f"/console/plans/{desk.plan.pk}/simulator/"
    chosen = {
        "arrives": "2026-03-06T10:00",
        "priority": "critical",
        "metrics": "resolution",
        "maintenance_from": "2026-03-06T12:00",
        "maintenance_to": "2026-03-06T14:00",
    }
    assert "maintenance_from" not in client.get(address).content.decode()
    PlanVersion.objects.filter(plan=desk.plan).update(maintenance_pauses=True)
    shown = text_of(client.get(address, chosen))
    assert "2 h of planned maintenance" in shown
    turned = client.get(address, chosen | {"maintenance_to": "2026-03-06T11:00"}).content.decode()
    assert "The maintenance must end after it begins." in turned
