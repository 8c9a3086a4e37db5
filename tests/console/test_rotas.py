"""Settings: on-call rotas, their turns one by one and by weeks, and what is said of wrong input."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from sla.models import Rota, RotaTurn
from sla.services.rotas import on_call
from sla.services.turns import stamp_of
from tests.factories import MONDAY, Desk, DeskClient
from tests.forms import CHANGED, FormPage, reader
from tests.sla.rota import WEEK, rota_of_two, started_yesterday

Login = Callable[[Any], DeskClient]
DAY = timedelta(days=1)
NOT_STAFF = {
    "en": "Choose somebody of the staff from the list.",
    "es": "Elija de la lista a alguien del personal.",
}


def week(desk: Desk, **changes: Any) -> dict[str, Any]:
    """Four weeks of Ali and Bea from the first Monday of 2027, at nine."""
    return {
        "person_1": desk.agent.pk,
        "person_2": desk.agent2.pk,
        "first_day": "2027-01-04",
        "first_time": "09:00",
        "changes": "week",
        "turns": "4",
        "position": "0",
    } | changes


def turns() -> list[tuple[str, datetime, datetime]]:
    return list(RotaTurn.objects.values_list("person__name", "starts_at", "ends_at"))


def test_a_rota_is_made_and_filled_with_weeks(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    made = client.post(
        "/console/rotas/new/", {"name": " Night  watch", "minutes": "5", "time_zone": "Europe/Madrid"}
    )
    rota = Rota.objects.get(name="Night watch")
    assert made["Location"].endswith(f"/console/rotas/{rota.pk}/fill/")
    client.post(made["Location"], week(desk, first_day="2027-03-22", turns="3"))
    # The clocks go forward on the 28th: the first week is an hour shorter, and all change at nine.
    assert turns() == [
        ("Ali Agent", datetime(2027, 3, 22, 8, tzinfo=UTC), datetime(2027, 3, 29, 7, tzinfo=UTC)),
        ("Bea Agent", datetime(2027, 3, 29, 7, tzinfo=UTC), datetime(2027, 4, 5, 7, tzinfo=UTC)),
        ("Ali Agent", datetime(2027, 4, 5, 7, tzinfo=UTC), datetime(2027, 4, 12, 7, tzinfo=UTC)),
    ]


def test_the_pages_say_who_is_on_call_and_when_nobody_is(desk: Desk, login: Login) -> None:
    rota = rota_of_two(desk, start=started_yesterday(), weeks=2)
    client = login(desk.owner)
    page = client.get("/console/rotas/").content.decode()
    assert page.index("Ali Agent") < page.index("Bea Agent")
    assert "1 gap" in page
    page = client.get(f"/console/rotas/{rota.pk}/").content.decode()
    assert "Nobody is on call:" in page
    assert "In an emergency supervisors are called then" in page


def test_somebody_takes_over_a_turn(desk: Desk, login: Login) -> None:
    rota = rota_of_two(desk)
    turn = rota.turns.first()
    assert turn is not None
    client = login(desk.admin)
    page = FormPage(client.get(f"/console/turns/{turn.pk}/edit/"))
    assert page.value("starts_at") == "2026-03-02T10:00"  # Lahore's wall clock
    sent = {name: page.value(name) for name in ("starts_at", "ends_at", "position")}
    sent |= {"person": str(desk.supervisor.pk), "seen": stamp_of(turn)}
    assert client.post(f"/console/turns/{turn.pk}/edit/", sent).status_code == 302
    assert on_call(rota, MONDAY)[0] == desk.supervisor
    again = client.post(f"/console/turns/{turn.pk}/edit/", sent | {"person": str(desk.owner.pk)})
    assert again.status_code == 409
    assert on_call(rota, MONDAY)[0] == desk.supervisor


def test_a_turn_is_taken_out(desk: Desk, login: Login) -> None:
    rota = rota_of_two(desk)
    login(desk.admin).post(f"/console/turns/{rota.turns.first().pk}/remove/")  # type: ignore[union-attr]
    assert [person.name for person in on_call(rota, MONDAY)][:2] == ["Bea Agent", "Adam Admin"]


def test_a_second_place_is_called_after_the_first(desk: Desk, login: Login) -> None:
    rota = rota_of_two(desk)
    sent = {
        "person": desk.supervisor.pk,
        "starts_at": "2026-03-02T10:00",
        "ends_at": "2026-03-09T10:00",
        "position": "1",
    }
    login(desk.admin).post(f"/console/rotas/{rota.pk}/turns/new/", sent)
    assert on_call(rota, MONDAY + DAY) == [desk.agent, desk.supervisor, desk.agent2]


def test_filling_again_replaces_only_when_told_to(desk: Desk, login: Login) -> None:
    rota = rota_of_two(desk, start=datetime(2027, 1, 1, 4, tzinfo=UTC), weeks=2)
    client = login(desk.admin)
    address = f"/console/rotas/{rota.pk}/fill/"
    sent = week(desk, person_1=desk.owner.pk, person_2="", turns="1")
    refused = FormPage(client.post(address, sent))
    assert "Ali Agent has this place from Friday 1 January 2027" in refused.error_of("first_day")
    assert client.post(address, sent | {"replaces": "on"}).status_code == 302
    names = [name for name, _start, _end in turns()]
    assert names == ["Ali Agent", "Olga Owner", "Bea Agent"]
    found = turns()
    assert found[0][2] == found[1][1]
    assert found[1][2] == found[2][1]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "“soon” is not a day with a time. Example: 2026-11-23T09:00."),
        ("es", "“soon” no es un día con hora. Ejemplo: 2026-11-23T09:00."),
    ],
)
def test_a_turn_that_cannot_be_read(desk: Desk, language: str, words: str) -> None:
    rota = rota_of_two(desk)
    sent = {"person": desk.agent.pk, "starts_at": "soon", "ends_at": "2031-01-06T09:00", "position": "0"}
    page = FormPage(reader(desk.admin, language).post(f"/console/rotas/{rota.pk}/turns/new/", sent))
    assert page.status == 422
    page.says("starts_at", words, language=language)
    page.keeps(sent)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "A turn ends after it begins."), ("es", "Un turno termina después de que empieza.")],
)
def test_a_turn_that_ends_before_it_begins(desk: Desk, language: str, words: str) -> None:
    rota = rota_of_two(desk)
    sent = {
        "person": desk.agent.pk,
        "starts_at": "2031-01-06T09:00",
        "ends_at": "2031-01-06T09:00",
        "position": "0",
    }
    page = FormPage(reader(desk.admin, language).post(f"/console/rotas/{rota.pk}/turns/new/", sent))
    page.says("ends_at", words, language=language)
    page.keeps(sent)


@pytest.mark.parametrize("language", ["en", "es"])
def test_contacts_are_never_on_call(desk: Desk, language: str) -> None:
    rota = rota_of_two(desk)
    sent = {
        "person": desk.contact.pk,
        "starts_at": "2031-01-06T09:00",
        "ends_at": "2031-01-07T09:00",
        "position": "0",
    }
    client = reader(desk.admin, language)
    page = FormPage(client.post(f"/console/rotas/{rota.pk}/turns/new/", sent))
    page.says("person", NOT_STAFF[language], language=language)
    page = FormPage(client.post(f"/console/rotas/{rota.pk}/fill/", week(desk, person_2=desk.contact.pk)))
    page.says("person_2", NOT_STAFF[language], language=language)


@pytest.mark.parametrize("language", ["en", "es"])
def test_two_admins_at_one_rota(desk: Desk, language: str) -> None:
    rota = rota_of_two(desk)
    Rota.objects.filter(pk=rota.pk).update(name="Day watch", version=2)
    sent = {"name": "Evening watch", "minutes": "10", "time_zone": "Asia/Karachi", "seen_version": "1"}
    page = FormPage(reader(desk.admin, language).post(f"/console/rotas/{rota.pk}/edit/", sent))
    assert page.status == 409
    assert page.summary[""] == CHANGED[language].format("Day watch")
    page.keeps(sent, but="seen_version")


def test_a_name_is_taken_once(desk: Desk, login: Login) -> None:
    rota_of_two(desk)
    sent = {"name": "night WATCH", "minutes": "10", "time_zone": "Asia/Karachi"}
    page = FormPage(login(desk.admin).post("/console/rotas/new/", sent))
    assert page.error_of("name") == "This name is taken already. Choose another."


def test_an_archived_rota_is_offered_to_no_plan(desk: Desk, login: Login) -> None:
    rota = rota_of_two(desk)
    client = login(desk.admin)
    assert ">Night watch</option>" in client.get("/console/plans/new/").content.decode()
    client.post(f"/console/rotas/{rota.pk}/archive/")
    assert ">Night watch</option>" not in client.get("/console/plans/new/").content.decode()
    client.post(f"/console/rotas/{rota.pk}/archive/", {"restore": "1"})
    assert ">Night watch</option>" in client.get("/console/plans/new/").content.decode()


def test_a_long_rota_costs_no_more_queries(
    desk: Desk, login: Login, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    rota = rota_of_two(desk, start=timezone.now() - WEEK, weeks=50)
    client = login(desk.admin)
    client.get("/console/rotas/")
    with django_assert_max_num_queries(9):
        client.get("/console/rotas/")
    with django_assert_max_num_queries(10):
        client.get(f"/console/rotas/{rota.pk}/")
