"""An admin chooses which category takes the tickets that the desk files by itself."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import MONDAY, Desk, DeskClient
from tickets.models import Category, CategoryPurpose
from tickets.services.categories import archive_category, change_category, create_category
from tickets.services.errors import NotAllowed
from tickets.services.purposes import DoesNotFit, category_for, choose_categories

PAGE = "/console/categories/purposes/"


@pytest.fixture
def outage(desk: Desk) -> Category:
    return create_category(tenant_id=desk.tenant.pk, name="Outage", is_outage=True, position=1)


def found(desk: Desk) -> list[str]:
    """The categories for alarms, backups and restores."""
    rows = [category_for(desk.tenant.pk, purpose) for purpose in ("alarm", "backup", "restore")]
    return [row.name if row else "" for row in rows]


def test_without_a_choice_the_first_that_fits_is_taken(desk: Desk) -> None:
    assert found(desk) == ["Technical issue", "Technical issue", ""]
    create_category(tenant_id=desk.tenant.pk, name="Outage", is_outage=True, position=1)
    assert found(desk) == ["Outage", "Technical issue", "Outage"]


def test_an_admin_chooses_and_chooses_otherwise(
    desk: Desk, outage: Category, login: Callable[[Any], DeskClient]
) -> None:
    restores = create_category(tenant_id=desk.tenant.pk, name="Restore", is_outage=True, position=2)
    backups = create_category(tenant_id=desk.tenant.pk, name="Backups", position=3)
    client = login(desk.admin)
    sent = {"seen": "", "alarm": desk.category.pk, "backup": backups.pk, "restore": restores.pk}
    assert client.post(PAGE, sent).status_code == 302
    assert found(desk) == ["Technical issue", "Backups", "Restore"]
    listed = client.get("/console/categories/").content.decode()
    assert "Backups in trouble" in listed
    assert PAGE in listed
    late = client.post(PAGE, sent | {"alarm": outage.pk})
    assert late.status_code == 409, "somebody has chosen since that form was shown"
    seen = f"alarm:{desk.category.pk},backup:{backups.pk},restore:{restores.pk}"
    assert f'value="{seen}"' in late.content.decode(), "sent again it is taken"
    assert client.post(PAGE, {"seen": seen, "alarm": outage.pk}).status_code == 302
    assert found(desk) == ["Outage", "Technical issue", "Outage"]
    assert CategoryPurpose.objects.count() == 1


def test_a_choice_that_does_not_fit_is_refused(
    desk: Desk, outage: Category, login: Callable[[Any], DeskClient]
) -> None:
    wrong = {"backup": outage, "restore": desk.category}
    for purpose, category in wrong.items():
        assert login(desk.admin).post(PAGE, {"seen": "", purpose: category.pk}).status_code == 422
        with pytest.raises(DoesNotFit):
            choose_categories(chosen={purpose: category}, seen="", by=desk.admin, at=MONDAY)
    with pytest.raises(NotAllowed):
        choose_categories(chosen={}, seen="", by=desk.agent, at=MONDAY)
    assert not CategoryPurpose.objects.exists()


def test_a_choice_that_fits_no_longer_is_passed_over(desk: Desk, outage: Category) -> None:
    backups = create_category(tenant_id=desk.tenant.pk, name="Backups", position=3)
    choose_categories(chosen={"alarm": backups, "backup": backups}, seen="", by=desk.admin, at=MONDAY)
    assert found(desk) == ["Backups", "Backups", "Outage"]
    change_category(
        category=backups, seen_version=1, by=desk.admin, at=MONDAY, name="Backups", position=3, is_outage=True
    )
    assert found(desk) == ["Backups", "Technical issue", "Outage"]
    archive_category(category=backups, by=desk.admin, at=MONDAY)
    assert found(desk) == ["Outage", "Technical issue", "Outage"]
