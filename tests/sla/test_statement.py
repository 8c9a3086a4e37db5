"""A customer's month: tickets, and promises kept and missed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sla.sweep import sweep_tenant
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.services import change_privacy, reply_to_ticket, withdraw_ticket

Login = Callable[[Any], DeskClient]
PATH = "/company/statement/"
HOUR = timedelta(hours=1)


def flat(client: DeskClient, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def test_a_month_says_what_was_kept_and_what_was_missed(desk: Desk, login: Login) -> None:
    kept, missed = (new_ticket(desk, subject=name, priority="critical") for name in ("Kept", "Missed"))
    reply_to_ticket(ticket=kept, by=desk.agent, body="Done", then="resolved", at=MONDAY + HOUR)
    sweep_tenant(now=MONDAY + 6 * HOUR)
    gone = new_ticket(desk, subject="Not needed", priority="critical")
    withdraw_ticket(ticket=gone, by=desk.contact, at=MONDAY + HOUR)
    new_ticket(desk, by=desk.other_contact, subject="Somebody else's")
    secret = new_ticket(desk, subject="Salaries")
    change_privacy(ticket=secret, private=True, by=desk.contact, at=MONDAY)
    boss = login(desk.customer_admin)
    page = flat(boss, f"{PATH}?month=2026-03")
    assert "2 of 3" in page, "first response and solution of the one, first response of the other"
    assert "1 missed" in page
    assert "2 kept" in page
    assert "Withdrawn" in page
    assert "Private ticket" in page
    for words in ("Salaries", "Somebody else"):
        assert words not in page
    assert "Nothing happened in this month" in flat(boss, f"{PATH}?month=2026-02")
    file = boss.get(f"{PATH}csv/?month=2026-03")
    assert file["Content-Type"].startswith("text/csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 5
    assert lines[1].startswith(f"ACME-{kept.number},Kept,Carla Contact")
    assert lines[1].endswith(",2,0")
    assert lines[2].startswith(f"ACME-{missed.number}")
    assert "Salaries" not in file.content.decode()


def test_what_begins_like_a_formula_stays_text(desk: Desk, login: Login) -> None:
    new_ticket(desk, subject="=1+1")
    file = login(desk.customer_admin).get(f"{PATH}csv/?month=2026-03")
    assert ",'=1+1," in file.content.decode()


def test_only_the_companys_admin_reads_it_and_no_month_that_is_none(desk: Desk, login: Login) -> None:
    for who in (desk.contact, desk.owner):
        assert login(who).get(PATH).status_code == 403
    boss = login(desk.customer_admin)
    assert boss.get(PATH).status_code == 200
    for month in ("2026-13", "x", "9999-01", "1999-12"):
        assert boss.get(PATH, {"month": month}).status_code == 404
