"""Models of the past are rendered only when asked for, and are then what Django would have made."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState, StateApps

from supportdesk.patient_state import PatientState


@pytest.fixture(scope="module")
def history(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> ProjectState:
    """The state of all models after the last migration."""
    with django_db_blocker.unblock():
        return MigrationLoader(connection).project_state()


def relations(apps: StateApps, label: str, name: str) -> set[tuple[str, str]]:
    """What points to a model: the model it comes from, and the name there."""
    model = apps.get_model(label, name)
    return {(found.related_model._meta.label, found.field.name) for found in model._meta.related_objects}


def test_a_model_comes_with_what_it_points_to_and_no_more(history: ProjectState) -> None:
    state = PatientState(history.models, history.real_apps)
    customer = state.apps.get_model("accounts", "Customer")
    assert customer._meta.get_field("tenant").related_model is state.apps.get_model("accounts.Tenant")
    assert "ticket" not in state.apps.all_models["tickets"], "nobody has asked for tickets"


def test_whoever_asks_what_points_to_a_model_misses_nothing(history: ProjectState) -> None:
    state = PatientState(history.models, history.real_apps)
    seen = relations(state.apps, "accounts", "Membership")
    assert ("tickets.Ticket", "assignee") in seen
    assert seen == relations(history.apps, "accounts", "Membership")


def test_an_app_has_all_its_models(history: ProjectState) -> None:
    found = PatientState(history.models, history.real_apps).apps.get_app_config("hours").get_models()
    assert {model.__name__ for model in found} == {
        model.__name__ for model in history.apps.get_app_config("hours").get_models()
    }


def test_a_change_shows_at_once_and_leaves_the_state_before_it_alone(history: ProjectState) -> None:
    state = PatientState({key: model.clone() for key, model in history.models.items()}, history.real_apps)
    assert state.apps.get_model("hours", "Pack")
    before = state.clone()
    state.remove_field("hours", "pack", "name")
    names = [
        {field.name for field in each.apps.get_model("hours", "Pack")._meta.get_fields()}
        for each in (before, state)
    ]
    assert names[0] - names[1] == {"name"}


def test_classes_stay_that_lead_nowhere_to_a_change(history: ProjectState) -> None:
    state = PatientState({key: model.clone() for key, model in history.models.items()}, history.real_apps)
    tenant, pack, entry = (
        state.apps.get_model(name) for name in ("accounts.Tenant", "hours.Pack", "hours.LedgerEntry")
    )
    before = state.clone()
    state.remove_field("hours", "pack", "name")
    assert state.apps.get_model("accounts.Tenant") is tenant
    assert state.apps.get_model("hours.Pack") is not pack
    changed = state.apps.get_model("hours.LedgerEntry")
    assert changed is not entry
    assert changed._meta.get_field("pack").related_model is state.apps.get_model("hours.Pack")
    assert before.apps.get_model("hours.LedgerEntry") is entry
    assert relations(state.apps, "accounts", "Tenant") == relations(history.apps, "accounts", "Tenant")


def test_what_comes_to_point_to_a_model_that_stays_is_seen(history: ProjectState) -> None:
    state = PatientState({key: model.clone() for key, model in history.models.items()}, history.real_apps)
    pack = state.models["hours", "pack"].clone()
    state.remove_model("hours", "pack")
    state.remove_model("hours", "ledgerentry")
    kept = state.apps.get_model("accounts.Customer")
    state.clone()
    state.add_model(pack)
    assert state.apps.get_model("accounts.Customer") is kept
    assert ("hours.Pack", "customer") in relations(state.apps, "accounts", "Customer")
