"""What many tests begin with: made once by the real services, then put back row by row as it was.

Setting up a desk is some 230 statements, a world of two desks is thousands. It is made once a process, in a
transaction that is rolled back; each test gets the same rows with the same ids in a single statement.
Sequences are not rolled back, so what a test makes besides never meets them.
"""

import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection, models, transaction
from psycopg import sql

import sla.coverage_terms
import sla.steps
import sla.terms.reading
import sla.terms.versions
from accounts.models import Membership, Tenant, User
from accounts.rowsecurity import tenant_models
from accounts.tenancy import tenant_scope

T = TypeVar("T")
_IDENTITIES: tuple[type[models.Model], ...] = (Tenant, User, EmailAddress)


class Kept(Generic[T]):
    """The rows of some desks, and the objects that `build` returned for them.

    `build` writes rows of desks and of their people's identities, nothing else: AssertionError otherwise.
    """

    def __init__(self, build: Callable[[], T], tenants: Callable[[T], Sequence[Tenant]]) -> None:
        with transaction.atomic():
            before = _rows_elsewhere()
            made = build()
            added = set(_rows_elsewhere().items()) - set(before.items())
            assert not added, f"rows that would not be put back: {added}"
            self._rows = [(tenant.pk, _insertions(tenant)) for tenant in tenants(made)]
            self._made = pickle.dumps(made)
            transaction.set_rollback(True)

    def put_back(self) -> T:
        """The rows in the database again, with fresh objects for them."""
        with transaction.atomic():
            for tenant_id, insertions in self._rows:
                with tenant_scope(tenant_id), connection.cursor() as cursor:
                    cursor.execute(insertions)
        _forget_versions()
        made: T = pickle.loads(self._made)  # noqa: S301  our own, of this process
        return made


def _forget_versions() -> None:
    """What a process has kept of versions, which never change, may be of an earlier test with their ids."""
    for module in (sla.terms.reading, sla.terms.versions, sla.steps, sla.coverage_terms):
        for thing in vars(module).values():
            if hasattr(thing, "cache_clear") and thing.__module__ == module.__name__:
                thing.cache_clear()


def rows_of(tenant: Tenant) -> Iterator[tuple[type[models.Model], str]]:
    """All rows of a desk and of its people's identities as JSON, by model; call within its scope."""
    people = list(Membership.objects.values_list("user_id", flat=True))
    yield from _as_json(Tenant, Tenant.objects.filter(pk=tenant.pk))
    yield from _as_json(User, User.objects.filter(pk__in=people))
    yield from _as_json(EmailAddress, EmailAddress.objects.filter(user__in=people))
    for model in _of_desks():
        yield from _as_json(model, model._default_manager.filter(tenant_id=tenant.pk))


def _of_desks() -> list[type[models.Model]]:
    return tenant_models(list(apps.get_models(include_auto_created=True)))


def _rows_elsewhere() -> dict[str, int]:
    """How many rows there are in each table that is not put back."""
    covered = {*_of_desks(), *_IDENTITIES}
    others = [model for model in apps.get_models(include_auto_created=True) if model not in covered]
    return {model._meta.label: model._default_manager.count() for model in others}


def _as_json(model: type[models.Model], wanted: Any) -> Iterator[tuple[type[models.Model], str]]:
    keys = list(wanted.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return
    query = sql.SQL(
        "SELECT json_agg(r ORDER BY r.{key})::text"
        " FROM (SELECT {columns} FROM {table} WHERE {key} = ANY({keys})) r"
    )
    key, table = sql.Identifier(model._meta.pk.column or ""), sql.Identifier(model._meta.db_table)
    made = query.format(columns=_columns(model), table=table, key=key, keys=sql.Literal(keys))
    with connection.cursor() as cursor:
        cursor.execute(made.as_string(cursor.connection))
        yield model, cursor.fetchone()[0]


def _insertions(tenant: Tenant) -> str:
    """One text of many statements: a single journey to the database, which checks foreign keys at its end."""
    with tenant_scope(tenant.pk), connection.cursor() as cursor:
        return ";\n".join(_insertion(*rows).as_string(cursor.connection) for rows in rows_of(tenant))


def _insertion(model: type[models.Model], rows: str) -> sql.Composed:
    table, columns = sql.Identifier(model._meta.db_table), _columns(model)
    insertion = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, {rows})"
    )
    return insertion.format(table=table, columns=columns, rows=sql.Literal(rows))


def _columns(model: type[models.Model]) -> sql.Composed:
    """What is stored; what the database itself makes of it is left to the database."""
    names = [field.column for field in model._meta.local_concrete_fields if not field.generated]
    return sql.Composed([sql.Identifier(name) for name in names if name]).join(", ")
