"""What plans say about maintenance and backups, through the API: listed, and edited in part."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from sla.maintenance_terms import BackupTerms, MaintenanceTerms, terms_said_by
from sla.models import Edit
from sla.services import change_plan
from sla.services.edits import apply_edit
from tests.api.callers import Callers
from tests.factories import FOUNDED, Desk, standard_targets

TERMS = MaintenanceTerms(
    72, (24, 1), True, Decimal("99.9"), True, (BackupTerms("shared", 24, ("database", "files"), 30),)
)


def promise(desk: Desk) -> None:
    change_plan(
        plan=desk.plan, seen_number=1, at=FOUNDED, by=desk.admin, name="Gold", calendar=desk.calendar,
        targets=standard_targets(), maintenance=TERMS,
    )  # fmt: skip


def test_plans_say_it(desk: Desk, caller: Callers) -> None:
    promise(desk)
    [plan] = caller(desk.agent).get("plans/").json()["results"]
    assert plan["maintenance"] == {
        "notice_hours": 72,
        "reminder_hours": [24, 1],
        "pauses": True,
        "availability": "99.900",
        "counts_planned": True,
        "backups": [
            {
                "hosting_model": "shared",
                "every_hours": 24,
                "parts": ["database", "files"],
                "retention_days": 30,
                "verify_every_days": None,
            }
        ],
    }


def drafted(desk: Desk, caller: Callers, maintenance: dict[str, Any]) -> Any:
    body = {"plan": {"id": desk.plan.pk, "version": 2, "maintenance": maintenance}}
    return caller(desk.admin).post("edits/", body)


def test_what_is_left_out_stays(desk: Desk, caller: Callers) -> None:
    promise(desk)
    backups = [{"hosting_model": "dedicated", "every_hours": 6, "parts": ["database"]}]
    made = drafted(desk, caller, {"notice_hours": None, "availability": "99.95", "backups": backups})
    assert made.status_code == 201, made.json()
    apply_edit(Edit.objects.get(), reach="new", by=desk.admin, at=timezone.now())
    assert terms_said_by(desk.plan.versions.latest("number")) == MaintenanceTerms(
        None, (24, 1), True, Decimal("99.95"), True, (BackupTerms("dedicated", 6, ("database",)),)
    )


def test_what_cannot_be_promised_is_refused_at_its_place(desk: Desk, caller: Callers) -> None:
    promise(desk)
    line = {"hosting_model": "shared", "every_hours": 6, "parts": ["database"]}
    for maintenance, place in (
        ({"notice_hours": 0}, "notice_hours"),
        ({"reminder_hours": [0]}, "reminder_hours"),
        ({"availability": 0}, "availability"),
        ({"availability": "100.5"}, "availability"),
        ({"backups": [line, line]}, "backups"),
        ({"backups": [line | {"parts": []}]}, "backups"),
    ):
        refused = drafted(desk, caller, maintenance)
        assert refused.status_code == 400, refused.json()
        assert place in str(refused.json()["errors"])
    assert not Edit.objects.exists()
