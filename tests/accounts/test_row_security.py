"""The second wall, seen from PostgreSQL: what the application's role reaches, whatever the code does."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from accounts.models import ApiToken, Customer, Membership, Tenant
from accounts.rowsecurity import TenantForeignKey, tenant_foreign_keys, tenant_models
from accounts.services import create_customer, create_token
from accounts.tenancy import current_tenant_id, tenant_scope
from tests.factories import Desk, new_ticket
from tickets.models import Category, Ticket, TicketEvent

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
TENANT_MODELS = tenant_models(list(apps.get_models(include_auto_created=True)))


class Trouble(Exception):
    pass


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


@pytest.fixture
def both(desk: Desk, other_desk: Desk) -> tuple[Desk, Desk]:
    """Two desks with a ticket each; the test stands in the first one's scope."""
    new_ticket(desk)
    with tenant_scope(other_desk.tenant.pk):
        new_ticket(other_desk)
    return desk, other_desk


@pytest.mark.django_db
def test_the_role_is_neither_superuser_nor_owner_and_cannot_bypass() -> None:
    [(is_super, bypasses)] = rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    assert (is_super, bypasses) == (False, False)
    owned = rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
        "AND pg_has_role(current_user, relowner, 'MEMBER')"
    )
    assert owned == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda m: m._meta.label)
def test_every_tenant_table_has_its_policy(model: type[models.Model]) -> None:
    table = model._meta.db_table
    [(enabled,)] = rows("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", f'"{table}"')
    assert enabled
    policies = {
        name: (command, using, check)
        for name, command, using, check in rows(
            "SELECT policyname, cmd, qual, with_check FROM pg_policies WHERE tablename = %s", table
        )
    }
    command, using, check = policies.pop("tenant_rows")
    assert command == "ALL"
    assert "app.tenant_id" in using
    assert "app.tenant_id" in check
    # The one other door: outside a desk a person may read its own memberships.
    assert set(policies) <= ({"own_memberships"} if model is Membership else set())


def _is_of_a_tenant(model: Any) -> bool:
    return model in TENANT_MODELS


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda m: m._meta.label)
def test_keys_between_tenant_tables_are_tenant_keys(model: type[models.Model]) -> None:
    loose = [
        field.name
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and _is_of_a_tenant(field.related_model)
        and not isinstance(field, TenantForeignKey)
    ]
    assert loose == []
    # A table between two is one of the house's own, with tenant keys: none that Django makes by itself.
    between = [f.remote_field.through for f in model._meta.local_many_to_many]
    assert [table._meta.label for table in between if not _is_of_a_tenant(table)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda m: m._meta.label)
def test_every_tenant_key_carries_the_tenant(model: type[models.Model]) -> None:
    keys = {
        (tuple(columns), target, tuple(target_columns))
        for columns, target, target_columns in rows(
            """
            SELECT (SELECT array_agg(attname ORDER BY attname = 'tenant_id' DESC) FROM pg_attribute
                    WHERE attrelid = conrelid AND attnum = ANY(conkey))::text[],
                   confrelid::regclass::text,
                   (SELECT array_agg(attname ORDER BY attname = 'tenant_id' DESC) FROM pg_attribute
                    WHERE attrelid = confrelid AND attnum = ANY(confkey))::text[]
            FROM pg_constraint WHERE contype = 'f' AND convalidated AND conrelid = %s::regclass
            """,
            f'"{model._meta.db_table}"',
        )
    }
    for field in tenant_foreign_keys(model):
        target = field.related_model._meta
        assert (("tenant_id", field.column), target.db_table, ("tenant_id", target.pk.column)) in keys


@pytest.mark.django_db
def test_a_table_with_a_tenant_column_is_a_tenant_model() -> None:
    """Also one that no model knows: made by hand, or by a third party."""
    tables = {
        name
        for (name,) in rows(
            "SELECT table_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND column_name = 'tenant_id'"
        )
    }
    assert tables == {model._meta.db_table for model in TENANT_MODELS}


def test_without_a_scope_there_are_no_rows(both: tuple[Desk, Desk]) -> None:
    with tenant_scope(None):
        seen = {m._meta.label: m._base_manager.count() for m in TENANT_MODELS}
    assert {label: n for label, n in seen.items() if n} == {}


def test_a_scope_shows_its_own_rows_only(both: tuple[Desk, Desk]) -> None:
    desk, _other = both
    for model in TENANT_MODELS:
        tenants = set(model._base_manager.values_list("tenant_id", flat=True))
        assert tenants <= {desk.tenant.pk}, model._meta.label
    assert Ticket.objects.count() == 1


def test_rows_of_another_tenant_cannot_be_changed_or_removed(both: tuple[Desk, Desk]) -> None:
    _desk, other = both
    for model in TENANT_MODELS:
        strange = model._base_manager.filter(tenant_id=other.tenant.pk)
        assert strange.update(tenant_id=other.tenant.pk) == 0, model._meta.label
        assert strange._raw_delete(strange.db) == 0, model._meta.label
    with tenant_scope(other.tenant.pk):
        assert Ticket.objects.count() == 1
        assert Membership.objects.count() == 9


def test_a_row_cannot_be_written_into_another_tenant(both: tuple[Desk, Desk]) -> None:
    _desk, other = both
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        create_customer(tenant_id=other.tenant.pk, name="Smuggled", at=NOW)


def test_a_row_cannot_be_moved_into_another_tenant(both: tuple[Desk, Desk]) -> None:
    desk, other = both
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Category.objects.filter(pk=desk.category.pk).update(tenant_id=other.tenant.pk)


def test_nothing_can_be_written_without_a_scope(both: tuple[Desk, Desk]) -> None:
    desk, _other = both
    with (
        tenant_scope(None),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        create_customer(tenant_id=desk.tenant.pk, name="Nobody's", at=NOW)


def test_a_row_cannot_point_into_another_tenant(both: tuple[Desk, Desk]) -> None:
    """PostgreSQL checks foreign keys without row security: only the composite key holds this."""
    desk, other = both
    token, _secret = create_token(membership=desk.agent, name="script", at=NOW)
    person, key = Membership.objects.filter(pk=desk.contact.pk), ApiToken.objects.filter(pk=token.pk)
    with pytest.raises(IntegrityError, match="tenant_customer_id"):
        _and_check(lambda: person.update(customer_id=other.customer.pk))
    with pytest.raises(IntegrityError, match="tenant_membership_id"):
        _and_check(lambda: key.update(membership_id=other.agent.pk))


def _and_check(act: Callable[[], object]) -> None:
    """Do it, and have the constraints checked that wait for the end of the transaction."""
    with transaction.atomic():
        act()
        connection.check_constraints()


def test_events_are_never_changed_nor_removed(both: tuple[Desk, Desk]) -> None:
    event = TicketEvent.objects.latest("pk")
    for act in (
        lambda: TicketEvent.objects.filter(pk=event.pk).update(kind="forged"),
        lambda: TicketEvent.objects.filter(pk=event.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            act()
    assert TicketEvent.objects.filter(pk=event.pk).exists()


def test_outside_a_desk_one_sees_ones_own_memberships_and_cannot_change_them(both: tuple[Desk, Desk]) -> None:
    desk, other = both
    with tenant_scope(None, desk.agent.user_id):
        assert list(Membership.objects.values_list("user_id", flat=True)) == [desk.agent.user_id]
        assert Membership.objects.update(role="owner") == 0
        assert Customer.objects.count() == 0
    with tenant_scope(desk.tenant.pk, other.agent.user_id):
        assert Membership.objects.filter(tenant_id=other.tenant.pk).update(role="owner") == 0


def test_scopes_nest_and_end_also_when_something_fails(desk: Desk, other_desk: Desk) -> None:
    def fail_in_there() -> None:
        with tenant_scope(other_desk.tenant.pk):
            assert current_tenant_id() == other_desk.tenant.pk
            assert set(Customer.objects.values_list("tenant_id", flat=True)) == {other_desk.tenant.pk}
            raise Trouble

    with pytest.raises(Trouble):
        fail_in_there()
    assert current_tenant_id() == desk.tenant.pk
    assert set(Customer.objects.values_list("tenant_id", flat=True)) == {desk.tenant.pk}


def test_a_database_error_inside_a_scope_keeps_its_name_and_the_outer_scope(desk: Desk) -> None:
    """In an aborted transaction the old settings cannot be written back; its rollback does it."""
    with pytest.raises(IntegrityError), transaction.atomic(), tenant_scope(desk.tenant.pk):
        Tenant.objects.create(slug="acme", name="Twice", ticket_prefix="TW")
    assert Customer.objects.count() == 2
