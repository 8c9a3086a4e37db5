"""Making a calendar in the settings: what is accepted, and what is said about the rest."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Membership
from sla.models import SupportCalendar
from tests.console.forms import calendar_form
from tests.factories import Desk, DeskClient
from tests.forms import NOT_OFFERED, FormPage, reader

Login = Callable[[Membership], DeskClient]
PAGE = "/console/calendars/new/"
TWICE_OPEN = [(0, "opens", "08:00"), (0, "closes", "12:00"), (1, "opens", "11:00"), (1, "closes", "15:00")]
# Without a country there are no states to choose from.
HIDDEN = {"week_slots", "exceptions", "exception_slots", "holiday_subdivision"}
CHOICES = {"zone", "holiday_country"}
KEPT = {"exception_0_date": "2027-06-01", "exception_0_name": "Kept words"}


def spec_of(name: str) -> dict[str, Any]:
    spec: dict[str, Any] = SupportCalendar.objects.get(name=name).versions.get().spec
    return spec


def test_a_week_is_kept_as_it_was_entered(desk: Desk, login: Login) -> None:
    data = calendar_form(
        week_0_0_opens="9", week_0_0_closes="13.30", week_0_1_opens="1430", week_0_1_closes="18"
    )
    response = login(desk.admin).post(PAGE, data, follow=True)
    assert "was created" in response.content.decode()
    week = spec_of("Shop hours")["week"]
    assert week["0"] == [["09:00", "13:30"], ["14:30", "18:00"]]
    assert sorted(week) == ["0", "1", "2", "3", "4"]


def test_closing_before_opening_means_the_next_day(desk: Desk, login: Login) -> None:
    data = calendar_form(week_5_0_opens="22:00", week_5_0_closes="02:00")
    response = login(desk.admin).post(PAGE, data, follow=True)
    assert "22:00\u201302:00 (next day)" in response.content.decode()


def test_around_the_clock_needs_no_hours(desk: Desk, login: Login) -> None:
    login(desk.admin).post(PAGE, {"name": "Always", "zone": "UTC", "always_open": "on", "action": "save"})
    assert spec_of("Always")["week"]["6"] == [["00:00", "24:00"]]


def test_public_holidays_come_from_country_and_state_in_the_desks_language(desk: Desk, login: Login) -> None:
    desk.tenant.language = "es"
    desk.tenant.save()
    data = calendar_form(holiday_country="ES", holiday_subdivision="MD")
    login(desk.admin).post(PAGE, data)
    holidays = spec_of("Shop hours")["holidays"]
    assert "Natividad" in "".join(name for day, name in holidays.items() if day.endswith("12-25"))
    assert any(day.endswith("05-02") for day in holidays), "the day of Madrid"
    assert len({day[:4] for day in holidays}) == 4, "last year to two years ahead"


def test_exceptions_have_names_and_hours(desk: Desk, login: Login) -> None:
    data = calendar_form(
        exceptions="2",
        exception_0_date="2026-12-24",
        exception_0_name="Short day",
        exception_0_0_opens="09:00",
        exception_0_0_closes="12:00",
        exception_1_date="2026-12-31",
    )
    login(desk.admin).post(PAGE, data)
    assert spec_of("Shop hours")["overrides"] == {
        "2026-12-24": {"name": "Short day", "hours": [["09:00", "12:00"]]},
        "2026-12-31": [],
    }


CLOSED_ALL_WEEK = {f"week_{day}_0_{part}": "" for day in range(5) for part in ("opens", "closes")}
NEVER = {
    "en": "These hours never open, so nothing promised could ever fall due. Enter at least one opening.",
    "es": "Este horario nunca abre, así que nada de lo prometido vencería. Indique al menos una apertura.",
}
WHEN = {
    "en": "Say when it opens and when it closes.",
    "es": "Indique a qué hora abre y a qué hora cierra.",
}
NO_TIME = {
    "en": "“25:00” is not a time of day. Example: 09:00.",
    "es": "“25:00” no es una hora del día. Ejemplo: 09:00.",
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("field", "changes", "said"),
    [
        ("week_0_0_opens", CLOSED_ALL_WEEK, NEVER),
        (
            "exception_0_date",
            CLOSED_ALL_WEEK
            | {"exception_0_date": "", "exception_0_0_opens": "09:00", "exception_0_0_closes": "10:00"},
            {"en": "Say on which date.", "es": "Indique en qué fecha."},
        ),
        # One day with hours that is over, or far ahead, makes no calendar either.
        (
            "week_0_0_opens",
            CLOSED_ALL_WEEK
            | {
                "exception_0_date": "2020-06-01",
                "exception_0_0_opens": "09:00",
                "exception_0_0_closes": "10:00",
            },
            NEVER,
        ),
        (
            "week_1_0_opens",
            {"week_1_1_opens": "17:00", "week_1_1_closes": "19:00"},
            {
                "en": "09:00\u201318:00 and 17:00\u201319:00 overlap.",
                "es": "09:00\u201318:00 y 17:00\u201319:00 se traslapan.",
            },
        ),
        (
            "exception_0_0_opens",
            {f"exception_0_{n}_{part}": time for n, part, time in TWICE_OPEN},
            {
                "en": "08:00\u201312:00 and 11:00\u201315:00 overlap.",
                "es": "08:00\u201312:00 y 11:00\u201315:00 se traslapan.",
            },
        ),
        (
            "zone",
            {"zone": "Mars/Olympus"},
            {
                "en": "“Mars/Olympus” is not a time zone. Example: America/Mexico_City.",
                "es": "“Mars/Olympus” no es una zona horaria. Ejemplo: America/Mexico_City.",
            },
        ),
        ("week_2_0_opens", {"week_2_0_opens": "25:00"}, NO_TIME),
        ("week_2_0_closes", {"week_2_0_closes": ""}, WHEN),
        (
            "week_2_0_closes",
            {"week_2_0_closes": "09:00"},
            {
                "en": "Opens and closes at the same time. All day is 00:00 to 24:00.",
                "es": "Abre y cierra a la misma hora. Todo el día es de 00:00 a 24:00.",
            },
        ),
        (
            "name",
            {"name": "office HOURS"},
            {
                "en": "This name is taken already. Choose another.",
                "es": "Este nombre ya está en uso. Elija otro.",
            },
        ),
        ("name", {"name": ""}, {"en": "This field is required.", "es": "Este campo es requerido."}),
        (
            "exception_0_date",
            {"exception_0_name": "Fair", "exception_0_date": ""},
            {"en": "Say on which date.", "es": "Indique en qué fecha."},
        ),
        (
            "exception_0_date",
            {"exception_0_date": "soon"},
            {"en": "Enter a valid date.", "es": "Introduzca una fecha válida."},
        ),
        (
            "exception_1_date",
            {"exceptions": "2", "exception_0_date": "2027-06-01", "exception_1_date": "2027-06-01"},
            {
                "en": "There is another exception on this date.",
                "es": "Hay otra excepción en esta fecha.",
            },
        ),
        (
            "holiday_country",
            {"holiday_country": "XX"},
            {lang: words.format("XX") for lang, words in NOT_OFFERED.items()},
        ),
    ],
)
def test_bad_input_is_said_beside_the_field_and_kept(
    desk: Desk, language: str, field: str, changes: dict[str, str], said: dict[str, str]
) -> None:
    sent = calendar_form(**KEPT) | changes
    page = FormPage(reader(desk.admin, language).post(PAGE, sent))
    assert page.status == 422
    page.says(field, said[language], language=language)
    assert said[language] in page.summary[f"id_{field}"], "the summary leads to the field"
    page.keeps({k: v for k, v in sent.items() if k not in HIDDEN}, but=field if field in CHOICES else "")
    assert SupportCalendar.objects.count() == 1


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("copy_monday", 'name="week_4_0_opens" value="07:00"'),
        ("more_intervals", 'name="week_6_3_closes"'),
        ("more_exceptions", 'name="exception_1_date"'),
        ("holidays", "Navidad"),
    ],
)
def test_the_buttons_of_the_form_work_without_scripts_and_save_nothing(
    desk: Desk, login: Login, action: str, expected: str
) -> None:
    desk.tenant.language = "es"
    desk.tenant.save()
    data = calendar_form(action=action, week_0_0_opens="07:00", holiday_country="MX", name="Half done")
    response = login(desk.admin).post(PAGE, data)
    page = response.content.decode()
    assert response.status_code == 200
    assert expected in page
    assert 'value="Half done"' in page
    assert "There is a problem" not in page
    assert SupportCalendar.objects.count() == 1


def test_removing_an_exception_keeps_the_others(desk: Desk, login: Login) -> None:
    dates = {f"exception_{n}_date": f"2027-0{n + 1}-01" for n in range(3)}
    data = calendar_form(action="remove_1", exceptions="3", exception_2_name="Fair", **dates)
    page = login(desk.admin).post(PAGE, data).content.decode()
    assert "2027-02-01" not in page
    assert 'name="exception_1_date" value="2027-03-01"' in page
    assert 'name="exception_1_name" value="Fair"' in page
