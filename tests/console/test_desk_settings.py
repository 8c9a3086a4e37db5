"""The desk's own settings, the overview, and a session that ended while somebody was writing."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Membership
from accounts.services import desk_state
from sla import services as sla
from tests.factories import FOUNDED, PASSWORD, Desk, DeskClient
from tests.forms import CHANGED, ENDED, FormPage, reader

Login = Callable[[Membership], DeskClient]


def form_of(desk: Desk, **changes: str) -> dict[str, Any]:
    return {
        "name": "Acme Support",
        "time_zone": "America/Mexico_City",
        "ticket_prefix": "sup",
        "quiet_period_minutes": "30",
        "seen_state": desk_state(desk.tenant),
        **changes,
    }


def test_an_admin_names_the_desk(desk: Desk, login: Login) -> None:
    assert login(desk.admin).post("/console/desk/", form_of(desk)).status_code == 302
    desk.tenant.refresh_from_db()
    assert (desk.tenant.name, desk.tenant.ticket_prefix) == ("Acme Support", "SUP")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ticket_prefix": "A"}, "2 to 10 capital letters"),
        ({"time_zone": "Mars/Olympus"}, "is not a time zone"),
        ({"name": ""}, "required"),
    ],
)
def test_bad_settings_are_said_and_change_nothing(
    desk: Desk, login: Login, changes: dict[str, str], words: str
) -> None:
    response = login(desk.admin).post("/console/desk/", form_of(desk, **changes))
    assert response.status_code == 422
    assert words in response.content.decode()
    desk.tenant.refresh_from_db()
    assert desk.tenant.name == "Acme"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_second_of_two_edits_is_told(desk: Desk, login: Login, language: str) -> None:
    data = form_of(desk)
    assert login(desk.owner).post("/console/desk/", data).status_code == 302
    sent = data | {"name": "Other"}
    page = FormPage(reader(desk.admin, language).post("/console/desk/", sent))
    assert (page.status, page.language) == (409, language)
    assert page.summary[""] == CHANGED[language].format("Acme Support")
    del sent["seen_state"]
    page.keeps(sent)


def test_the_overview_says_what_is_missing(desk: Desk, login: Login) -> None:
    sla.create_plan(tenant_id=desk.tenant.pk, name="Empty", calendar=desk.calendar, targets=[], at=FOUNDED)
    sla.end_contract(
        contract=desk.contract, ends_on=desk.contract.period.lower.replace(month=2), by=desk.owner, at=FOUNDED
    )
    page = login(desk.admin).get("/console/").content.decode()
    assert "“Empty” has no target" in page
    assert "1 customer has no contract today" in page
    assert "no open hours ahead" not in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_was_typed_survives_the_end_of_the_session(desk: Desk, language: str) -> None:
    client, address = reader(desk.admin, language), "/console/customers/new/"
    client.get(address)
    del client.cookies["sessionid"]
    sent = {"name": "Delta Dairy", "notes": "A long story", "hosting_model": "dedicated"}
    assert ENDED[language] in client.post(address, sent, follow=True).content.decode()
    back = {"login": desk.admin.user.email, "password": PASSWORD, "next": f"/t/acme{address}"}
    page = FormPage(client.post("/accounts/login/", back, follow=True))
    assert page.language == language
    page.keeps(sent)
