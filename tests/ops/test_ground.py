"""The tests' own ground: the application's role, real row security, tests that commit."""

import psycopg
import pytest
from django.db import connection

from supportdesk.roles import steps_around_row_security
from tests.database import addresses


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
