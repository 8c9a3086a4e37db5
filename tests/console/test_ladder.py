"""The ladder of a plan: written step by step without scripts, looked at before it is applied, drawn."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Team
from accounts.services import archive_team, create_team
from sla.models import Edit, LadderStep, Plan, Rota
from sla.services.edits import values_of, work_on
from sla.services.ladders import StepTerms, Tell, ladder_of
from sla.services.plans import change_plan, terms_of
from tests.api.callers import call_as
from tests.console.forms import apply_draft_of, plan_form
from tests.factories import FOUNDED, MONDAY, Desk, DeskClient
from tests.filling import Hand, words_of
from tests.forms import FormPage, reader

Login = Callable[[Membership], DeskClient]

NEW = "/console/plans/new/"
FIRST = {"step_0-metric": "first_response"}


def step(number: int = 0, **values: Any) -> dict[str, Any]:
    """What a browser sends of one row."""
    given = {"metric": "first_response", "place": "limit"} | values
    return {f"step_{number}-{name}": value for name, value in given.items()}


def ladder_form(desk: Desk, *rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A plan's form with these rows."""
    sent = plan_form(desk.calendar.pk, **changes) | {"steps": str(len(rows))}
    for row in rows:
        sent |= row
    return sent


@pytest.fixture
def team(desk: Desk) -> Team:
    return create_team(name="Night watch", members=[desk.agent], by=desk.admin, at=FOUNDED)


@pytest.fixture
def rota(desk: Desk) -> Rota:
    return Rota.objects.create(tenant=desk.tenant, name="Platform", time_zone="Asia/Karachi")


def test_a_ladder_is_written_with_all_that_a_step_can_do(
    desk: Desk, team: Team, rota: Rota, login: Login
) -> None:
    everything = step(
        place="share",
        share="75",
        tell_assignee="on",
        tell_supervisors="on",
        tell_coordinator="on",
        addresses="boss@example.com, duty@example.com",
        urls="https://hooks.example.com/secret",
        raises_priority="on",
        declares_emergency="on",
        reassigns_to=desk.supervisor.pk,
        for_high="on",
        for_critical="on",
    ) | {f"step_0-tell_team_{team.pk}": "on", f"step_0-tell_on_call_{rota.pk}": "on"}
    rows = (
        everything,
        step(1, place="after", hours="1:30", tell_supervisors="on"),
        step(2, place="daily", times="4", tell_assignee="on"),
    )
    response = login(desk.admin).post(NEW, ladder_form(desk, *rows))
    assert response.status_code == 302, response.content.decode()
    assert ladder_of(Plan.objects.get(name="Bronze").versions.get()) == [
        StepTerms(
            "first_response",
            "share",
            75,
            priorities=("critical", "high"),
            tells=(
                Tell("assignee"),
                Tell("team", team=team.pk),
                Tell("supervisors"),
                Tell("coordinator"),
                Tell("on_call", rota=rota.pk),
                Tell("address", address="boss@example.com"),
                Tell("address", address="duty@example.com"),
                Tell("webhook", url="https://hooks.example.com/secret"),
            ),
            raises_priority=True,
            reassigns_to=desk.supervisor.pk,
            declares_emergency=True,
        ),
        StepTerms("first_response", "after", 5400, tells=(Tell("supervisors"),)),
        StepTerms("first_response", "daily", times=4, tells=(Tell("assignee"),)),
    ]


def test_a_new_plan_starts_with_the_usual_steps_of_what_it_promises(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    page = FormPage(client.get(NEW))
    assert page.value("step_0-place") == "aim"
    assert page.value("step_1-tell_supervisors") == "on"
    names = {e.attributes["name"] for e in page.elements if e.attributes.get("name", "").startswith("step")}
    shown = {name: page.ids[f"id_{name}"] for name in names if f"id_{name}" in page.ids}
    rows = {name: _sent(page, name) for name in shown} | {"steps": "8"}
    typed = {name: value for name, value in rows.items() if value}
    assert client.post(NEW, plan_form(desk.calendar.pk) | typed).status_code == 302
    ladder = ladder_of(Plan.objects.get(name="Bronze").versions.get())
    assert [(one.metric, one.place) for one in ladder] == [
        ("first_response", "aim"),
        ("first_response", "limit"),
    ], "steps of what is not promised are left away"


def _sent(page: FormPage, name: str) -> str:
    element = page.ids[f"id_{name}"]
    if element.attributes.get("type") == "hidden":
        return element.attributes["value"]
    return page.value(name)


def test_adding_and_removing_a_step_keeps_everything_that_was_typed(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    sent = ladder_form(
        desk,
        step(0, tell_assignee="on", addresses="nonsense"),
        step(1, place="share", share="50", tell_supervisors="on", for_low="on"),
        terms="No changes to data.",
    )
    page = FormPage(client.post(NEW, sent | {"action": "add_step_resolution"}))
    assert page.status == 200
    page.keeps({name: value for name, value in sent.items() if name != "steps" and "metric" not in name})
    assert page.ids["id_step_2-metric"].attributes["value"] == "resolution"
    page = FormPage(client.post(NEW, sent | {"action": "remove_step_0"}))
    assert (page.value("step_0-share"), page.value("step_0-for_low")) == ("50", "on")
    assert page.value("step_0-addresses") == ""
    assert "id_step_1-place" not in page.ids
    assert Plan.objects.count() == 1


HOURS = {
    "en": "“soon” is not a number of hours. Examples: 4, 1.5, 1:30.",
    "es": "“soon” no es un número de horas. Ejemplos: 4, 1.5, 1:30.",
}
SHARE = {
    "en": "A share of the limit is from 1 to 99 per cent.",
    "es": "La parte del límite va de 1 a 99 por ciento.",
}
AFTER = {
    "en": "Enter how long after the limit the step is taken: above zero, at most 90 days.",
    "es": "Indique cuánto después del límite se da el escalón: más de cero, 90 días como máximo.",
}
TIMES = {
    "en": "A step repeats at least once and at most 30 times.",
    "es": "Un escalón se repite al menos una vez y 30 veces como máximo.",
}
NOTHING = {
    "en": "This step tells nobody and changes nothing. Choose what it does.",
    "es": "Este escalón no avisa a nadie ni cambia nada. Elija qué hace.",
}
ADDRESS = {"en": "This is not an email address.", "es": "Esto no es una dirección de correo."}
HTTPS = {
    "en": "The address must begin with https://.",
    "es": "La dirección debe empezar con https://.",
}
PERSON = {
    "en": "This person cannot be given tickets any more. Choose another.",
    "es": "A esta persona ya no se le pueden asignar tickets. Elija a otra.",
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("field", "values", "said"),
    [
        ("share", {"place": "share", "share": "100", "tell_assignee": "on"}, SHARE),
        ("share", {"place": "share", "share": "half", "tell_assignee": "on"}, SHARE),
        ("hours", {"place": "after", "hours": "soon", "tell_assignee": "on"}, HOURS),
        ("hours", {"place": "after", "hours": "", "tell_assignee": "on"}, AFTER),
        ("times", {"place": "daily", "times": "31", "tell_assignee": "on"}, TIMES),
        ("tell_assignee", {}, NOTHING),
        ("addresses", {"addresses": "boss@example.com, nobody"}, ADDRESS),
        ("urls", {"urls": "http://hooks.example.com/"}, HTTPS),
        ("reassigns_to", {"reassigns_to": "999999"}, PERSON),
    ],
)
def test_bad_input_is_said_beside_the_field_and_kept(
    desk: Desk, language: str, field: str, values: dict[str, str], said: dict[str, str]
) -> None:
    sent = ladder_form(desk, step(0, tell_supervisors="on"), step(1, **({"place": "aim"} | values)))
    page = FormPage(reader(desk.admin, language).post(NEW, sent))
    assert page.status == 422
    name = f"step_1-{field}"
    page.says(name, said[language], language=language)
    assert said[language] in page.summary[f"id_{name}"], "the summary leads to the field"
    typed = {key: value for key, value in sent.items() if key != "steps" and "metric" not in key}
    page.keeps({key: value for key, value in typed.items() if key != "step_1-reassigns_to"})
    assert Plan.objects.count() == 1


def test_two_steps_at_one_place_are_refused_at_the_second(desk: Desk, login: Login) -> None:
    sent = ladder_form(desk, step(0, tell_assignee="on"), step(1, tell_supervisors="on"))
    page = FormPage(login(desk.admin).post(NEW, sent))
    said = "Another step stands at the same place for the same priorities. Make them one."
    page.says("step_1-place", said, language="en")


def test_a_team_that_is_gone_is_told_not_forgotten(desk: Desk, team: Team, login: Login) -> None:
    told = StepTerms("first_response", "limit", tells=(Tell("team", team=team.pk),))
    _give(desk, told)
    archive_team(team=team, by=desk.admin, at=MONDAY)
    client, address = login(desk.admin), f"/console/plans/{desk.plan.pk}/edit/"
    assert "Night watch (not there any more)" in client.get(address).content.decode()
    sent = ladder_form(desk, step(0, **{f"tell_team_{team.pk}": "on"}), name="Gold", seen_number="2")
    page = FormPage(client.post(address, sent))
    assert page.error_of("step_0-tell_assignee") == "This team is not there any more. Choose another."


def test_whoever_left_is_offered_to_no_step_and_left_out_of_a_copy(
    desk: Desk, team: Team, login: Login
) -> None:
    both = StepTerms("first_response", "limit", tells=(Tell("supervisors"),), reassigns_to=desk.agent2.pk)
    alone = StepTerms("first_response", "aim", tells=(Tell("team", team=team.pk),))
    _give(desk, both, alone, StepTerms("first_response", "share", 50, tells=(Tell("assignee"),)))
    archive_team(team=team, by=desk.admin, at=MONDAY)
    Membership.objects.filter(pk=desk.agent2.pk).update(deactivated_at=MONDAY)
    client, gone = login(desk.admin), "Bea Agent"
    assert gone not in client.get(NEW).content.decode()
    standing = FormPage(client.get(f"/console/plans/{desk.plan.pk}/edit/"))
    choices = [words for n in range(3) for words in _offered(standing, f"step_{n}-reassigns_to")]
    assert choices.count(f"{gone} (not there any more)") == 1, "in the step alone that names her"
    assert gone not in choices
    browser = Hand(client)
    page = browser.open(f"{NEW}?like={desk.plan.pk}")
    assert "left out of the escalation steps: Bea Agent, Night watch." in words_of(page)
    browser.send({"name": "Silver"}, press="save")
    copy = Plan.objects.get(name="Silver").versions.get()
    kept = [(step.place, step.reassigns_to) for step in ladder_of(copy) if step.metric == "first_response"]
    assert kept == [("limit", None), ("share", None)]
    body = {"name": "Bronze", "like": desk.plan.pk}
    made = call_as(desk.admin).post("plans/", body, format="json")
    assert made.status_code == 201
    assert ladder_of(Plan.objects.get(name="Bronze").versions.get()) == ladder_of(copy)


def _offered(page: FormPage, name: str) -> list[str]:
    [select] = page.controls(name)
    return [option.words for option in select.all() if option.tag == "option"]


def _give(desk: Desk, *steps: StepTerms) -> None:
    last = desk.plan.versions.latest("number")
    change_plan(
        plan=desk.plan,
        seen_number=last.number,
        at=MONDAY,
        by=desk.admin,
        name=desk.plan.name,
        calendar=last.calendar,
        targets=terms_of(last),
        ladder=list(steps),
    )


def test_an_edit_shows_the_ladder_in_words_and_undoing_brings_the_old_one(
    desk: Desk, team: Team, login: Login
) -> None:
    before = ladder_of(desk.plan.versions.get())
    client = login(desk.admin)
    row = step(0, place="share", share="75", for_high="on", **{f"tell_team_{team.pk}": "on"})
    sent = ladder_form(desk, row, name="Gold", seen_number="1")
    saved = client.post(f"/console/plans/{desk.plan.pk}/edit/", sent)
    page = client.get(saved["Location"]).content.decode()
    assert "Ladder of First response" in page
    assert "At 75% of the limit, only high: tells team Night watch" in page
    draft = Edit.objects.get()
    again = FormPage(client.get(f"/console/plans/{desk.plan.pk}/edit/?draft={draft.pk}"))
    assert (again.value("step_0-share"), again.value(f"step_0-tell_team_{team.pk}")) == ("75", "on")
    apply_draft_of(client, saved)
    new = [StepTerms("first_response", "share", 75, priorities=("high",), tells=(Tell("team", team.pk),))]
    assert ladder_of(desk.plan.versions.get(number=2)) == new == values_of(draft)["ladder"]
    client.post(f"/console/edits/{draft.pk}/undo/")
    for edit in Edit.objects.filter(undoes=draft):
        work_on(edit.pk, MONDAY)
    assert ladder_of(desk.plan.versions.get(number=3)) == before


def test_a_form_without_rows_leaves_the_ladder_as_it_stands(desk: Desk, login: Login) -> None:
    client = login(desk.admin)
    sent = plan_form(desk.calendar.pk, name="Gold", seen_number="1")
    apply_draft_of(client, client.post(f"/console/plans/{desk.plan.pk}/edit/", sent))
    assert ladder_of(desk.plan.versions.get(number=2))


def test_the_ladder_is_drawn_with_its_steps_in_words(desk: Desk, rota: Rota, login: Login) -> None:
    _give(
        desk,
        StepTerms("first_response", "share", 50, tells=(Tell("assignee"),)),
        StepTerms("first_response", "limit", tells=(Tell("on_call", rota=rota.pk),), raises_priority=True),
        StepTerms("first_response", "daily", times=5, tells=(Tell("webhook", url="https://h.example/key"),)),
    )
    for address in ("", "versions/2/"):
        response = login(desk.admin).get(f"/console/plans/{desk.plan.pk}/{address}")
        text = response.content.decode()
        page = FormPage(response)
        drawing = next(e for e in page.elements if e.has_class("ladder-band"))
        words = page.ids[drawing.attributes["aria-describedby"]].words
        assert "At 50% of the limit tells the assignee" in words
        assert "At the limit tells whoever is on call in Platform; raises the priority" in words
        assert "Every business day after the limit, at most 5 times tells the webhook at h.example" in words
        assert "https://h.example/key" not in text
        assert 'style="' not in text
        assert sum(e.has_class("ladder-pin") for e in page.elements) == 3


def test_queries_do_not_grow_with_the_steps(desk: Desk, team: Team, rota: Rota, login: Login) -> None:
    client = login(desk.admin)
    addresses = [f"/console/plans/{desk.plan.pk}/", f"/console/plans/{desk.plan.pk}/edit/"]
    tells = (Tell("team", team=team.pk), Tell("on_call", rota=rota.pk))
    counts = []
    for shares in ((10,), range(10, 40)):
        _give(
            desk,
            *(
                StepTerms("resolution", "share", share, tells=tells, reassigns_to=desk.agent.pk)
                for share in shares
            ),
        )
        for address in addresses:
            client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            for address in addresses:
                assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert LadderStep.objects.count() > 30
