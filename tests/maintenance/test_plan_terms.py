"""What a plan says about maintenance, read for customers at an instant."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services import create_customer
from sla.maintenance_terms import (
    BackupTerms,
    MaintenanceTerms,
    maintenance_terms_of,
    maintenance_terms_of_all,
)
from sla.models import BackupTerm, PlanVersion
from sla.services import end_contract
from tests.factories import FOUNDED, MONDAY, Desk


def promise(desk: Desk) -> None:
    version = desk.plan.versions.latest("number")
    PlanVersion.objects.filter(pk=version.pk).update(
        notice_hours=72,
        reminder_hours=[1, 72, 24],
        maintenance_pauses=True,
        availability=Decimal("99.99"),
        availability_counts_planned=True,
    )
    for hosting, retention in (("shared", 30), ("dedicated", None)):
        BackupTerm.objects.create(
            tenant=desk.tenant,
            plan_version=version,
            hosting_model=hosting,
            every_hours=24,
            parts=["database", "files"],
            retention_days=retention,
        )


SAID = MaintenanceTerms(
    72,
    (72, 24, 1),
    True,
    Decimal("99.990"),
    True,
    (
        BackupTerms("shared", 24, ("database", "files"), 30),
        BackupTerms("dedicated", 24, ("database", "files")),
    ),
)


def test_many_customers_are_read_in_three_queries(desk: Desk) -> None:
    promise(desk)
    stranger = create_customer(tenant_id=desk.tenant.pk, name="Dry Docks", at=FOUNDED)
    everyone = [desk.customer.pk, desk.other_customer.pk, stranger.pk]
    with CaptureQueriesContext(connection) as queries:
        found = maintenance_terms_of_all(everyone, MONDAY)
    assert len(queries) <= 3
    assert found == {desk.customer.pk: SAID, desk.other_customer.pk: SAID}


def test_one_customer_and_one_without_a_contract(desk: Desk) -> None:
    promise(desk)
    end_contract(contract=desk.contract, ends_on=date(2026, 4, 1), by=desk.owner, at=MONDAY)
    assert maintenance_terms_of(desk.customer.pk, MONDAY) == SAID
    # 18:30 UTC of the last day is still that day in Lahore, 19:30 is not.
    last = MONDAY.replace(day=31, hour=18, minute=30)
    assert maintenance_terms_of(desk.customer.pk, last) == SAID
    assert maintenance_terms_of(desk.customer.pk, last + timedelta(hours=1)) is None


def test_backups_are_those_of_the_hosting_model(desk: Desk) -> None:
    promise(desk)
    terms = maintenance_terms_of(desk.customer.pk, MONDAY)
    assert terms is not None
    shared = terms.backup_for("shared")
    assert shared is not None
    assert shared.retention_days == 30
    assert terms.backup_for("on_premises") is None
