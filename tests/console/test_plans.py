"""Plans in the settings: targets as people write them, versions, two edits at once."""

from collections.abc import Callable

import pytest

from accounts.models import Membership
from sla.amounts import BadAmount, read_amount, write_amount
from sla.forms.plans import PlanForm, initial_of_values
from sla.models import Plan, Target
from sla.services.plan_parts import standing_values
from sla.services.plans import terms_of
from sla.services.proposals import contents_of
from tests.api.callers import call_as
from tests.console.forms import apply_draft_of, plan_form
from tests.factories import Desk, DeskClient, new_ticket
from tests.filling import Hand, words_of
from tests.forms import NOT_OFFERED, OVERTAKEN, FormPage, reader

Login = Callable[[Membership], DeskClient]
NEW = "/console/plans/new/"


def test_a_plan_promises_what_was_entered(desk: Desk, login: Login) -> None:
    data = plan_form(
        desk.calendar.pk,
        first_response_high_unit="business_days",
        first_response_high_aim="1",
        first_response_high_limit="2",
        resolution_low_unit="elapsed_time",
        resolution_low_aim="1,5",
        resolution_low_limit="2:45",
        exclusion_rows="3",
        **{
            "exclusion_0-text": "Your own hardware",
            "exclusion_1-title": "",
            "exclusion_2-title": "On site",
            "exclusion_2-text": "Training on site",
        },
        definition_critical="Nobody can work.",
    )
    assert login(desk.admin).post(NEW, data).status_code == 302
    version = Plan.objects.get(name="Bronze").versions.get()
    assert {(t.metric, t.priority, t.unit, t.aim, t.limit) for t in terms_of(version)} == {
        ("first_response", "critical", "business_time", 7200, 14400),
        ("first_response", "high", "business_days", 1, 2),
        ("resolution", "low", "elapsed_time", 5400, 9900),
    }
    assert [(line["title"], line["text"]) for line in version.exclusions] == [
        ("", "Your own hardware"),
        ("On site", "Training on site"),
    ]
    assert version.definitions == {"critical": "Nobody can work."}


def test_a_plan_begins_with_what_another_one_says(desk: Desk, login: Login) -> None:
    client, gold = login(desk.admin), desk.plan
    assert f'<option value="{gold.pk}"' in client.get(NEW).content.decode()
    assert f"{NEW}?like={gold.pk}" in client.get(f"/console/plans/{gold.pk}/").content.decode()
    browser = Hand(client)
    page = browser.open(f"{NEW}?like={gold.pk}")
    assert "Everything below begins as in “Gold”" in words_of(page)
    assert page.value("name") == "", "it is still to be named"
    browser.refused({"name": "gold"}, press="save")
    browser.send({"name": "Silver"}, press="save")
    silver, said = Plan.objects.get(name="Silver"), contents_of(gold.versions.get())
    assert contents_of(silver.versions.get()) == said
    assert FormPage(client.get(f"{NEW}?like=x")).value("terms") == ""

    api = call_as(desk.admin)
    made = api.post("plans/", {"name": "Bronze", "like": gold.pk, "terms": "By day"}, format="json")
    assert (made.status_code, made.json()["terms"]) == (201, "By day")
    bronze = Plan.objects.get(name="Bronze").versions.get()
    assert contents_of(bronze) == said | {"terms": "By day"}
    alone = api.post("plans/", {"name": "Bare", "calendar": desk.calendar.pk}, format="json")
    assert (alone.json()["targets"], alone.json()["ladder"]) == ([], [])
    for body, place in (({"name": "X"}, "/calendar"), ({"name": "Bare", "like": gold.pk}, "/name")):
        refused = api.post("plans/", body, format="json")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, place)
    assert call_as(desk.agent).post("plans/", {"name": "X", "like": gold.pk}).status_code == 403


PLACE = "first_response_critical"
NO_HOURS = {
    "en": "“{}” is not a number of hours. Examples: 4, 1.5, 1:30.",
    "es": "“{}” no es un número de horas. Ejemplos: 4, 1.5, 1:30.",
}
NO_CALENDAR = {
    "en": "This calendar does not exist (any more). Choose another.",
    "es": "Este calendario no existe (o ya no). Elija otro.",
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (
            f"{PLACE}_aim",
            "5",
            {
                "en": "The aim must not be above the limit.",
                "es": "La meta no debe ser mayor que el límite.",
            },
        ),
        (
            f"{PLACE}_aim",
            "",
            {
                "en": "Enter both aim and limit, or leave both empty for no commitment.",
                "es": "Indique meta y límite, o deje ambos vacíos: sin compromiso.",
            },
        ),
        (f"{PLACE}_limit", "soon", NO_HOURS),
        (f"{PLACE}_limit", "99999", NO_HOURS),
        (
            f"{PLACE}_aim",
            "0",
            {"en": "The aim must be above zero.", "es": "La meta debe ser mayor que cero."},
        ),
        (f"{PLACE}_unit", "moons", NOT_OFFERED),
        ("calendar", "999999", NO_CALENDAR),
        (
            "name",
            "gold",
            {
                "en": "This name is taken already. Choose another.",
                "es": "Este nombre ya está en uso. Elija otro.",
            },
        ),
    ],
)
def test_bad_input_is_said_beside_the_field_and_kept(
    desk: Desk, language: str, field: str, typed: str, said: dict[str, str]
) -> None:
    sent = plan_form(desk.calendar.pk, terms="No changes to data.") | {field: typed}
    page = FormPage(reader(desk.admin, language).post(NEW, sent))
    assert page.status == 422
    words = said[language].format(typed)
    page.says(field, words, language=language)
    assert words in page.summary[f"id_{field}"], "the summary leads to the field"
    page.keeps(sent, but=field if field in ("calendar", f"{PLACE}_unit") else "")
    assert Plan.objects.count() == 1


def test_days_are_whole(desk: Desk, login: Login) -> None:
    sent = plan_form(desk.calendar.pk) | {f"{PLACE}_unit": "business_days", f"{PLACE}_aim": "1.5"}
    page = FormPage(login(desk.admin).post(NEW, sent))
    page.says(f"{PLACE}_aim", "“1.5” is not a number of days. Example: 2.", language="en")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_calendar_of_another_desk_cannot_be_chosen(desk: Desk, other_desk: Desk, language: str) -> None:
    sent = plan_form(other_desk.calendar.pk)
    page = FormPage(reader(desk.admin, language).post(NEW, sent))
    assert page.status == 422
    page.says("calendar", NO_CALENDAR[language], language=language)
    page.keeps(sent, but="calendar")


def test_an_edit_makes_a_version_and_keeps_the_keys_of_exclusions(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    data = plan_form(desk.calendar.pk, name="Gold", seen_number="1", exclusion_rows="2") | {
        "exclusion_0-key": "hardware",
        "exclusion_0-text": "Your own hardware",
        "exclusion_1-text": "Parts",
    }
    client = login(desk.admin)
    apply_draft_of(client, client.post(f"/console/plans/{desk.plan.pk}/edit/", data))
    assert desk.plan.versions.get(number=2).exclusions == [
        {"key": "hardware", "title": "", "text": "Your own hardware"},
        {"key": "parts", "title": "", "text": "Parts"},
    ]
    assert ticket.clocks.exists()
    assert {clock.agreement.plan_version.number for clock in ticket.clocks.all()} == {1}
    old = login(desk.admin).get(f"/console/plans/{desk.plan.pk}/versions/1/").content.decode()
    assert "8 to 16 business hours" in old


def test_the_edit_form_shows_what_stands_and_saving_it_changes_nothing(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    address = f"/console/plans/{desk.plan.pk}/edit/"
    assert 'name="first_response_high_limit" value="8"' in client.get(address).content.decode()
    form = PlanForm(
        membership=desk.admin, initial=initial_of_values(standing_values(desk.plan, desk.plan.versions.get()))
    )
    shown = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "")}
    page = client.post(address, shown | {"seen_number": "1"}, follow=True).content.decode()
    assert "Nothing was changed" in page
    assert Target.objects.filter(plan_version__plan=desk.plan).count() == 9


@pytest.mark.parametrize(
    ("language", "who"),
    [
        ("en", "Olga Owner has changed this meanwhile, on "),
        ("es", "Olga Owner cambió esto mientras tanto, el "),
    ],
)
def test_the_second_of_two_edits_is_told(desk: Desk, login: Login, language: str, who: str) -> None:
    address = f"/console/plans/{desk.plan.pk}/edit/"
    owner = login(desk.owner)
    apply_draft_of(owner, owner.post(address, plan_form(desk.calendar.pk, name="Gold", seen_number="1")))
    sent = plan_form(desk.calendar.pk, name="Mine")
    page = FormPage(reader(desk.admin, language).post(address, sent | {"seen_number": "1"}))
    assert (page.status, page.language) == (409, language)
    assert who in page.summary[""]
    assert OVERTAKEN[language] in page.summary[""]
    page.keeps(sent)
    assert desk.plan.versions.count() == 2


def test_archiving_says_that_contracts_go_on(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    page = client.post(f"/console/plans/{desk.plan.pk}/archive/", follow=True).content.decode()
    assert "keep it until their contract ends" in page
    assert "Restore" in page
    client.post(f"/console/plans/{desk.plan.pk}/archive/", {"restore": "1"})
    desk.plan.refresh_from_db()
    assert desk.plan.archived_at is None


@pytest.mark.parametrize("text", ["4", "1:30", "0:00:05", "0:45"])
def test_amounts_are_written_as_they_are_read(text: str) -> None:
    assert write_amount(read_amount(text, "business_time"), "business_time") == text


@pytest.mark.parametrize("text", ["", "x", "1:75", "-1", "1e3", "20001"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        read_amount(text, "business_time")
