"""The tests' own ground: the application's role, real row security, tests that commit."""

import json
import re
from typing import Any

import psycopg
import pytest
from django.db import connection

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from supportdesk.roles import steps_around_row_security
from tests.database import addresses
from tests.factories import build_desk, set_up_desk
from tests.kept import rows_of


@pytest.mark.django_db
def test_tests_run_as_a_role_that_cannot_step_around_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("supportdesk_app",)
    connection.ensure_connection()
    assert not steps_around_row_security(connection.connection)


def test_the_owner_and_the_superuser_are_recognized_as_such() -> None:
    for name in ("DATABASE_OWNER_URL", "ADMIN_URL"):
        with psycopg.connect(addresses()[name]) as other:
            assert steps_around_row_security(other)


@pytest.mark.django_db
def test_the_application_role_cannot_change_the_schema() -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("CREATE TABLE mine (id int)")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_committing_test_leaves_is_gone_for_the_next(turn: int) -> None:
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    assert not Session.objects.exists()
    Session.objects.create(session_key=f"k{turn}", session_data="", expire_date=timezone.now())


@pytest.mark.django_db
def test_a_desk_that_is_put_back_is_the_one_that_the_services_set_up() -> None:
    kept, built = build_desk("acme"), set_up_desk("third")
    assert kept.tenant.pk < built.tenant.pk - 1, "it was set up before the test, and another desk after it"
    assert _told(kept.tenant) == _told(built.tenant)


# Besides ids: salts, the present instant, and what carries the token of an invitation.
_NEW_EACH_TIME = {
    "password", "date_joined", "created_at", "key", "message_id", "path", "body_text", "body_html",
}  # fmt: skip


def _told(tenant: Tenant) -> dict[str, list[dict[str, object]]]:
    """All rows of a desk; ids are places in the order of making, and what is new each time is left out."""
    with tenant_scope(tenant.pk):
        found = {model: json.loads(_without_slug(tenant, rows)) for model, rows in rows_of(tenant)}
    places = {
        model: {row[model._meta.pk.column]: place for place, row in enumerate(rows)}
        for model, rows in found.items()
    }
    return {
        model.__name__: [
            {f.name: _value(f, row, places) for f in model._meta.local_concrete_fields if f.column in row}
            for row in rows
        ]
        for model, rows in found.items()
    }


def _without_slug(tenant: Tenant, words: str) -> str:
    return re.sub(tenant.slug, "SLUG", words, flags=re.IGNORECASE)


def _value(field: Any, row: dict[str, Any], places: dict[Any, dict[Any, int]]) -> object:
    if field.name in _NEW_EACH_TIME:
        return None
    if field.primary_key or field.is_relation:
        model = field.related_model if field.is_relation else field.model
        return places.get(model, {}).get(row[field.column])
    return row[field.column]
