"""Plans through the API: what a program leaves out stays as it is, ladder and emergencies too."""

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from accounts.models import Membership, Team
from accounts.services.teams import archive_team
from sla import services as sla
from sla.models import Place, PlanVersion, Rota
from sla.services import StepTerms, Tell, ladder_of
from sla.services.plans import terms_of
from tests.api.callers import ApiCaller, Callers
from tests.api.test_edits import PATH, drafted, plan
from tests.api.test_schema import as_json_schema
from tests.factories import FOUNDED, HOUR, MONDAY, Desk

RESTORE = {"metric": "restore", "priority": "high", "unit": "elapsed_time", "aim": HOUR, "limit": 2 * HOUR}


@pytest.fixture
def admin(desk: Desk, caller: Callers) -> ApiCaller:
    return caller(desk.admin)


@pytest.fixture
def team(desk: Desk) -> Team:
    return Team.objects.create(tenant=desk.tenant, name="Network")


def give(desk: Desk, *steps: StepTerms) -> PlanVersion:
    """Another ladder; it makes version 2."""
    return sla.change_plan(
        plan=desk.plan, seen_number=1, at=FOUNDED, by=desk.admin, name="Gold", calendar=desk.calendar,
        targets=terms_of(desk.plan.versions.get()), ladder=steps,
    )  # fmt: skip


def listed(admin: ApiCaller) -> Any:
    [found] = admin.get("plans/").json()["results"]
    return found


def made(desk: Desk, admin: ApiCaller, **changes: Any) -> PlanVersion:
    """The version that such a change makes."""
    last = desk.plan.versions.latest("number").number
    draft = drafted(admin, plan(desk, version=last, **changes))
    response = admin.post(f"{PATH}{draft['id']}/apply/", {"reach": "new"})
    assert response.status_code == 200, response.json()
    version: PlanVersion = desk.plan.versions.get(number=last + 1)
    return version


def test_what_is_newly_promised_gets_the_usual_steps(desk: Desk, admin: ApiCaller) -> None:
    version = made(desk, admin, targets=[*listed(admin)["targets"], RESTORE])
    places = [step.place for step in ladder_of(version) if step.metric == "restore"]
    assert places == ["aim", "limit"]


def test_a_promise_that_comes_back_keeps_the_steps_that_it_had(desk: Desk, admin: ApiCaller) -> None:
    targets = listed(admin)["targets"]
    before = ladder_of(desk.plan.versions.get())
    made(desk, admin, targets=[one for one in targets if one["metric"] != "resolution"])
    assert ladder_of(made(desk, admin, targets=targets)) == before


def test_whoever_is_gone_from_a_ladder_is_in_nobodys_way(desk: Desk, admin: ApiCaller, team: Team) -> None:
    step = StepTerms(
        "first_response", Place.LIMIT, tells=(Tell("team", team=team.pk),), reassigns_to=desk.agent2.pk
    )
    give(desk, step)
    archive_team(team=team, by=desk.admin, at=MONDAY)
    Membership.objects.filter(pk=desk.agent2.pk).update(deactivated_at=MONDAY)
    assert ladder_of(made(desk, admin, terms="Nothing else.")) == [step]
    sent = admin.post(PATH, plan(desk, version=3, ladder=listed(admin)["ladder"]))
    assert [error["pointer"] for error in sent.json()["errors"]] == ["/plan/ladder/0"]


def test_an_edit_is_undone_though_somebody_whom_the_ladder_named_is_gone(
    desk: Desk, admin: ApiCaller, team: Team
) -> None:
    step = StepTerms("first_response", Place.LIMIT, tells=(Tell("team", team=team.pk),))
    give(desk, step)
    version = made(desk, admin, ladder=[], name="Gold")
    assert ladder_of(version) == []
    archive_team(team=team, by=desk.admin, at=MONDAY)
    edit = admin.get(PATH).json()["results"][0]
    response = admin.post(f"{PATH}{edit['id']}/undo/", {})
    assert response.status_code == 201, response.json()
    assert ladder_of(desk.plan.versions.latest("number")) == [step]


def test_a_ladder_is_sent_as_it_is_listed_and_keeps_its_webhooks(
    desk: Desk, admin: ApiCaller, team: Team
) -> None:
    url = "https://hooks.example/desk/secret"
    tells = (Tell("webhook", url=url), Tell("address", address="pager@bakery.example"), Tell("supervisors"))
    give(desk, StepTerms("first_response", Place.SHARE, 75, priorities=("high", "critical"), tells=tells))
    ladder = listed(admin)["ladder"]
    assert url not in str(ladder)
    more = {"metric": "resolution", "place": "after", "amount": 2 * HOUR, "tells": [
        {"who": "team", "team": team.pk}, {"who": "webhook", "host": "hooks.example"},
        {"who": "webhook", "url": "https://other.example/x"},
    ]}  # fmt: skip
    version = made(desk, admin, ladder=[*ladder, more])
    first, second = ladder_of(version)
    assert first == ladder_of(desk.plan.versions.get(number=2))[0]
    assert {told.url for told in second.tells} == {url, "https://other.example/x", ""}
    assert (second.times, second.amount, second.priorities) == (1, 2 * HOUR, ())
    jsonschema.validate(listed(admin), as_json_schema("Plan"))


def test_emergencies_are_part_of_the_terms(desk: Desk, admin: ApiCaller) -> None:
    rota = Rota.objects.create(tenant=desk.tenant, name="Nights", time_zone="UTC")
    made(desk, admin, emergencies_a_month=3, emergency_rota=rota.pk)
    assert (listed(admin)["emergencies_a_month"], listed(admin)["emergency_rota"]) == (3, rota.pk)
    made(desk, admin, terms="Nothing else.")
    assert (listed(admin)["emergencies_a_month"], listed(admin)["emergency_rota"]) == (3, rota.pk)
    made(desk, admin, emergencies_a_month=None, emergency_rota=None)
    assert (listed(admin)["emergencies_a_month"], listed(admin)["emergency_rota"]) == (None, None)


TOLD = {"metric": "resolution", "place": "limit"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"ladder": [TOLD | {"tells": [{"who": "team"}]}]}, "/plan/ladder/0/tells/0/team"),
        ({"ladder": [TOLD | {"tells": [{"who": "team", "team": 99}]}]}, "/plan/ladder/0"),
        (
            {"ladder": [TOLD | {"tells": [{"who": "webhook", "host": "hooks.example"}]}]},
            "/plan/ladder/0/tells/0/host",
        ),
        ({"ladder": [TOLD]}, "/plan/ladder/0"),
        ({"ladder": [TOLD | {"place": "top"}]}, "/plan/ladder/0/place"),
        ({"emergencies_a_month": -1}, "/plan/emergencies_a_month"),
        ({"emergency_rota": 99}, "/plan/emergency_rota"),
    ],
)
def test_what_is_wrong_with_a_ladder_is_named_at_its_place(
    desk: Desk, admin: ApiCaller, changes: dict[str, Any], pointer: str
) -> None:
    response = admin.post(PATH, plan(desk, **changes))
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
