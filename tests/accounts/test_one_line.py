"""Names and subjects hold no unseen marks, through whichever door they come."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import ApiToken, Customer, Membership
from accounts.oneline import one_line
from tests.api.callers import ApiCaller
from tests.factories import FOUNDED, Desk, DeskClient
from tickets.models import Category, Ticket

Login = Callable[[Any], DeskClient]

TURNED = "Till\u202e 3\u2066\u200f\u061c\x07\x9f"
ONLY_MARKS = "\u202e\u2069 \x1b\ufeff"


def test_marks_and_control_characters_go_and_line_ends_become_spaces() -> None:
    for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x61C, *range(1, 9), 0x7F):
        assert one_line(f"a{chr(code)}b") == "ab"
    assert one_line("  a\r\n\tb\u2028c\x85d\u00a0e ") == "a b c d e"


def test_scripts_are_spelt_as_they_are() -> None:
    for name in ("Ñandú Gómez", "عمر فاروق", "می\u200cخوانم", "क्\u200dष", "山田", "👩\u200d💻"):  # noqa: RUF001
        assert one_line(name) == name


def filing(desk: Desk, **changes: Any) -> dict[str, Any]:
    values = {"subject": TURNED, "body": "Text", "category": desk.category.pk, "priority": "low"}
    return values | {"affected_service": TURNED} | changes


@pytest.fixture
def api(desk: Desk) -> ApiCaller:
    from accounts.services import create_token

    return ApiCaller("acme", create_token(membership=desk.contact, name="Cron", at=FOUNDED)[1])


def test_a_subject_is_freed_of_them_in_the_portal_and_in_the_api(
    desk: Desk, login: Login, api: ApiCaller
) -> None:
    assert login(desk.contact).post("/tickets/new/", filing(desk)).status_code == 303
    assert api.post("tickets/", filing(desk)).status_code == 201
    found = Ticket.objects.values_list("subject", "affected_service")
    assert list(found) == [("Till 3", "Till 3")] * 2


def test_a_subject_of_nothing_else_is_none(desk: Desk, login: Login, api: ApiCaller) -> None:
    refused = login(desk.contact).post("/tickets/new/", filing(desk, subject=ONLY_MARKS))
    assert refused.status_code == 422
    assert "Write a subject." in refused.content.decode()
    answer = api.post("tickets/", filing(desk, subject=ONLY_MARKS))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "blank")
    assert api.post("tickets/", filing(desk, affected_service=ONLY_MARKS)).status_code == 201


def test_names_are_freed_of_them(desk: Desk, login: Login) -> None:
    admin = login(desk.admin)
    admin.post("/console/customers/new/", {"name": f"Zed {TURNED}", "hosting_model": "shared"})
    customer = Customer.objects.get(name="Zed Till 3")
    who = {"name": f"Zoe {TURNED}", "email": "zoe@zed.example", "role": "member"}
    admin.post(f"/console/customers/{customer.pk}/invite/", who)
    zoe = Membership.objects.get(user__email="zoe@zed.example")
    assert (zoe.name, zoe.user.name) == ("Zoe Till 3", "Zoe Till 3")
    admin.post("/console/categories/new/", {"name": TURNED, "position": 1})
    assert Category.objects.filter(name="Till 3").exists()
    profile = {"name": f"Carla {TURNED}", "language": "en", "time_zone": "UTC"}
    login(desk.contact).post("/profile/", profile)
    desk.contact.refresh_from_db()
    assert desk.contact.name == "Carla Till 3"
    made = login(desk.contact).post("/api/v1/tokens/", {"name": TURNED}, content_type="application/json")
    assert made.status_code == 201
    assert ApiToken.objects.filter(name="Till 3").exists()


def test_a_name_of_nothing_else_is_none(desk: Desk, login: Login) -> None:
    response = login(desk.admin).post("/console/customers/new/", {"name": ONLY_MARKS})
    assert response.status_code == 422
    assert Customer.objects.count() == 2
