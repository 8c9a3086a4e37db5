"""Contracts in the settings: given, ended, withdrawn; never two on a day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Customer, Membership
from sla import services as sla
from sla.models import Contract
from tests.factories import FOUNDED, KARACHI, Desk, DeskClient, new_ticket
from tests.forms import FormPage, reader
from tickets.models import DueState

Login = Callable[[Membership], DeskClient]


@pytest.fixture
def dairy(desk: Desk) -> Customer:
    return accounts.create_customer(tenant_id=desk.tenant.pk, name="Delta Dairy", at=FOUNDED)


class Giving:
    """The page that gives a customer a contract."""

    def __init__(self, client: DeskClient, customer: Customer) -> None:
        self.client = client
        self.address = f"/console/customers/{customer.pk}/contracts/new/"
        self.page = ""

    def give(self, plan: int, first: str, last: str = "", calendar: str = "") -> int:
        """Send the form; gives the status of the answer."""
        data = {"plan": plan, "starts_on": first, "ends_on": last, "calendar": calendar}
        response = self.client.post(self.address, data)
        self.page = response.content.decode()
        return int(response.status_code)


def test_the_last_day_is_covered(desk: Desk, login: Login, dairy: Customer) -> None:
    assert Giving(login(desk.admin), dairy).give(desk.plan.pk, "2027-01-01", "2027-12-31") == 302
    contract = dairy.contracts.get()
    assert contract.period.upper == date(2028, 1, 1)
    assert contract.last_day == date(2027, 12, 31)
    assert contract.created_by == desk.admin


def test_what_it_begins_on_open_tickets_is_said_before_and_after(desk: Desk, login: Login) -> None:
    Contract.objects.all().delete()
    new_ticket(desk)
    client = login(desk.admin)
    address = f"/console/customers/{desk.customer.pk}/contracts/new/"
    assert "1 open ticket of this customer has no promise" in client.get(address).content.decode()
    given = client.post(address, {"plan": desk.plan.pk, "starts_on": "2026-01-01"}, follow=True)
    assert "1 open ticket has a promise now, 1 of them overdue." in given.content.decode()
    assert "has no promise" not in client.get(address).content.decode()


def test_contracts_may_touch_but_not_overlap(desk: Desk, login: Login, dairy: Customer) -> None:
    giving = Giving(login(desk.admin), dairy)
    assert giving.give(desk.plan.pk, "2027-01-01", "2027-06-30") == 302
    assert giving.give(desk.plan.pk, "2027-07-01", "2027-12-31") == 302
    assert giving.give(desk.plan.pk, "2027-12-31") == 422
    assert "already has “Gold” from Thu 1 Jul 2027 to Fri 31 Dec 2027" in giving.page
    assert dairy.contracts.count() == 2


def test_one_without_end_is_named(desk: Desk, login: Login) -> None:
    assert (giving := Giving(login(desk.admin), desk.customer)).give(desk.plan.pk, "2027-01-01") == 422
    assert "without end. End that contract first" in giving.page


def test_the_last_day_is_not_before_the_first(desk: Desk, login: Login, dairy: Customer) -> None:
    assert (giving := Giving(login(desk.admin), dairy)).give(desk.plan.pk, "2027-01-02", "2027-01-01") == 422
    assert "must not be before the first" in giving.page


@pytest.mark.parametrize(
    ("language", "no_plan", "no_calendar"),
    [
        (
            "en",
            "This plan does not exist (any more). Choose another.",
            "This calendar does not exist (any more). Choose another.",
        ),
        (
            "es",
            "Este plan no existe (o ya no). Elija otro.",
            "Este calendario no existe (o ya no). Elija otro.",
        ),
    ],
)
def test_plan_and_calendar_of_another_desk_cannot_be_chosen(
    desk: Desk, other_desk: Desk, dairy: Customer, *, language: str, no_plan: str, no_calendar: str
) -> None:
    client, address = reader(desk.admin, language), f"/console/customers/{dairy.pk}/contracts/new/"
    sent = {"plan": desk.plan.pk, "starts_on": "2027-01-01", "ends_on": "2027-12-31", "calendar": ""}
    for field, forged, said in (
        ("plan", other_desk.plan.pk, no_plan),
        ("calendar", other_desk.calendar.pk, no_calendar),
    ):
        page = FormPage(client.post(address, sent | {field: forged}))
        assert page.status == 422
        page.says(field, said, language=language)
        page.keeps(sent, but=field)
    assert not dairy.contracts.exists()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Somebody else has changed this meanwhile: the contract now ends on Wed 31 Mar 2027. "
            "Nothing was overwritten.",
        ),
        (
            "es",
            "Otra persona cambió esto mientras tanto: el contrato ahora termina el 31 de marzo de 2027. "
            "No se sobrescribió nada.",
        ),
    ],
)
def test_ending_sets_the_last_day_and_a_second_edit_is_told(
    desk: Desk, login: Login, language: str, said: str
) -> None:
    address = f"/console/contracts/{desk.contract.pk}/end/"
    first, second = login(desk.owner), reader(desk.admin, language)
    draft = first.post(address, {"ends_on": "2027-03-31", "seen_ends_on": "none"})
    first.post(f"{draft['Location']}apply/", {"reach": "new"})
    desk.contract.refresh_from_db()
    assert desk.contract.last_day == date(2027, 3, 31)
    page = FormPage(second.post(address, {"ends_on": "2027-01-31", "seen_ends_on": "none"}))
    assert page.status == 409
    page.says("ends_on", said, language=language)
    page.keeps({"ends_on": "2027-01-31"})
    draft = second.post(address, {"ends_on": "", "seen_ends_on": "2027-04-01"})
    second.post(f"{draft['Location']}apply/", {"reach": "new"})
    desk.contract.refresh_from_db()
    assert desk.contract.last_day is None


def test_a_contract_keeps_at_least_a_day(desk: Desk, login: Login) -> None:
    address = f"/console/contracts/{desk.contract.pk}/end/"
    response = login(desk.admin).post(address, {"ends_on": "2025-12-31", "seen_ends_on": "none"})
    assert response.status_code == 422
    assert "must not be before the first" in response.content.decode()


def test_only_an_unused_contract_is_withdrawn(desk: Desk, login: Login, dairy: Customer) -> None:
    client = login(desk.admin)
    Giving(client, dairy).give(desk.plan.pk, "2027-01-01")
    client.post(f"/console/contracts/{dairy.contracts.get().pk}/withdraw/")
    assert not dairy.contracts.exists()
    new_ticket(desk)
    page = client.post(f"/console/contracts/{desk.contract.pk}/withdraw/", follow=True).content.decode()
    assert "End it instead" in page
    assert Contract.objects.filter(pk=desk.contract.pk).exists()


EVENING = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)  # Monday 2 March, 01:00 in Lahore; Sunday in Mexico


@pytest.fixture
def evening(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An admin in Mexico looks at contracts that are served from Lahore, where it is tomorrow already."""
    monkeypatch.setattr(timezone, "now", lambda: EVENING)
    desk.admin.user.time_zone = "America/Mexico_City"
    desk.admin.user.save(update_fields=["time_zone"])


def test_the_days_of_a_contract_are_those_of_its_calendar(
    desk: Desk, login: Login, dairy: Customer, evening: None
) -> None:
    monday = date(2026, 3, 2)
    sla.give_contract(customer=dairy, plan=desk.plan, starts_on=monday, at=FOUNDED, by=desk.owner)
    sla.end_contract(contract=desk.contract, ends_on=monday, by=desk.owner, at=FOUNDED)
    client = login(desk.admin)
    page = client.get(f"/console/customers/{dairy.pk}/").content.decode()
    assert "In force" in page
    assert "To come" not in page
    assert "Ended" in client.get(f"/console/customers/{desk.customer.pk}/").content.decode()
    bare = client.get("/console/customers/?contract=none").content.decode()
    assert "Bright Bakery" in bare
    assert "Delta Dairy" not in bare
    start = client.get(f"/console/customers/{dairy.pk}/contracts/new/").content.decode()
    assert 'value="2026-03-02"' in start


def test_what_is_counted_in_force_is_so_by_the_day_of_its_calendar(
    desk: Desk, login: Login, dairy: Customer, evening: None
) -> None:
    monday = date(2026, 3, 2)
    sla.give_contract(
        customer=dairy, plan=desk.plan, calendar=desk.calendar, starts_on=monday, at=FOUNDED, by=desk.owner
    )
    for contract in desk.plan.contracts.exclude(customer=dairy):
        sla.end_contract(contract=contract, ends_on=monday, by=desk.owner, at=FOUNDED)
    client = login(desk.admin)
    assert "1 contract<" in client.get("/console/plans/").content.decode()
    assert "1 contract in force." in client.get(f"/console/plans/{desk.plan.pk}/").content.decode()
    assert "1 contract names it" in client.get(f"/console/calendars/{desk.calendar.pk}/").content.decode()
    assert "2 customers have no contract today" in client.get("/console/").content.decode()


def test_a_calendar_of_its_own_says_which_day_it_is(
    desk: Desk, login: Login, dairy: Customer, evening: None
) -> None:
    west = sla.create_calendar(
        tenant_id=desk.tenant.pk,
        name="West",
        spec={**KARACHI, "tz": "America/Mexico_City"},
        at=FOUNDED,
        by=desk.owner,
    )
    sla.give_contract(
        customer=dairy,
        plan=desk.plan,
        calendar=west,
        starts_on=date(2026, 3, 2),
        at=FOUNDED,
        by=desk.owner,
    )
    assert "To come" in login(desk.admin).get(f"/console/customers/{dairy.pk}/").content.decode()


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ("Sat 28 Feb", "Fri 31 Dec 2027")), ("es", ("sáb 28 feb", "vie 31 dic 2027"))],
)
@pytest.mark.usefixtures("evening")
def test_days_are_said_as_everywhere(
    desk: Desk, login: Login, dairy: Customer, language: str, said: tuple[str, str]
) -> None:
    desk.admin.user.language = language
    desk.admin.user.save(update_fields=["language"])
    first, after = date(2026, 2, 28), date(2028, 1, 1)
    sla.give_contract(
        customer=dairy, plan=desk.plan, starts_on=first, ends_on=after, at=FOUNDED, by=desk.owner
    )
    page = login(desk.admin).get(f"/console/customers/{dairy.pk}/").content.decode()
    assert f'<time datetime="2026-02-28">{said[0]}</time>' in page
    assert f'<time datetime="2027-12-31">{said[1]}</time>' in page


def test_a_later_end_covers_open_tickets_that_had_no_promise(desk: Desk) -> None:
    first = desk.contract.period.lower
    day, later = first + timedelta(days=3), first + timedelta(days=90)
    sla.end_contract(contract=desk.contract, ends_on=day, by=desk.owner, at=FOUNDED)
    ticket = new_ticket(desk, at=datetime(day.year, day.month, day.day, 7, tzinfo=UTC) + timedelta(days=2))
    assert not ticket.clocks.exists()
    sla.end_contract(contract=desk.contract, ends_on=later, by=desk.owner, at=FOUNDED)
    ticket.refresh_from_db()
    assert ticket.clocks.exists()
    assert ticket.due_state == DueState.RUNNING
