"""The scope of one tenant: what PostgreSQL's row security compares every row with.

Two session settings of the database connection carry it: `app.tenant_id` and `app.user_id`. Outside a
scope both are empty and tenant tables show no row at all, so forgetting the scope shows at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from django.db import connection
from django.db.models import Func, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from psycopg.pq import TransactionStatus

if TYPE_CHECKING:
    from accounts.models import Tenant

P = ParamSpec("P")
R = TypeVar("R")

_scope: ContextVar[tuple[int | None, int | None]] = ContextVar("tenant_scope", default=(None, None))


def current_tenant_id() -> int | None:
    """The tenant of the scope that this code runs in, None outside any."""
    return _scope.get()[0]


def current_user_id() -> int | None:
    """The identity of the scope that this code runs in, None outside any."""
    return _scope.get()[1]


def _setting(name: str, value: Combinable) -> Func:
    """Set it for the session, not for the transaction alone."""
    told = (Value(name), value, Value(value=False))
    return Func(*told, function="set_config", output_field=TextField())


def entering(tenants: QuerySet[Tenant]) -> QuerySet[Tenant]:
    """These tenants; of the one that is found the database is told in the same breath.

    The caller must go on in `tenant_scope(…, is_told=True)`, which takes it back.
    """
    tenant = _setting("app.tenant_id", Cast("pk", TextField()))
    person = _setting("app.user_id", Value(""))
    return tenants.annotate(entered=Concat(tenant, person, output_field=TextField()))


@contextmanager
def tenant_scope(
    tenant_id: int | None, user_id: int | None = None, *, is_told: bool = False
) -> Iterator[None]:
    """Run with the rows of one tenant; `user_id` adds the person's own memberships elsewhere.

    Nests: the outer scope is back afterwards. Never leaks through a pooled connection, because the
    settings are put back even when the block raises. `is_told`: by a query that was `entering` already,
    without a person.
    """
    before = _scope.get()
    token = _scope.set((tenant_id, user_id))
    try:
        if not is_told:
            _tell_database(tenant_id, user_id)
        yield
    finally:
        _scope.reset(token)
        if connection.connection is not None and not _is_aborted():
            _tell_database(*before)


def _is_aborted() -> bool:
    """In an aborted transaction no statement runs; its rollback puts the old settings back by itself."""
    if connection.needs_rollback:
        return True
    return bool(connection.connection.info.transaction_status == TransactionStatus.INERROR)


def tell_database_again() -> None:
    """Repeat the scope on a connection that is new (a worker that was cut off and connected again)."""
    _tell_database(*_scope.get())


def _tell_database(tenant_id: int | None, user_id: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.tenant_id', %s, false), set_config('app.user_id', %s, false)",
            ["" if tenant_id is None else str(tenant_id), "" if user_id is None else str(user_id)],
        )


def in_tenant(task: Callable[Concatenate[int, P], R]) -> Callable[Concatenate[int, P], R]:
    """Decorate a task whose first argument is a tenant's id: it runs inside that tenant's scope."""

    @wraps(task)
    def scoped(tenant_id: int, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with tenant_scope(tenant_id):
            return task(tenant_id, *args, **kwargs)

    return scoped
