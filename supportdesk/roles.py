"""The two database roles: one owns the schema, the other runs the application under row security."""

from pathlib import Path
from typing import Any

from psycopg import Connection

ROLES_SQL = Path(__file__).with_name("roles.sql")


def ensure_roles(
    connection: "Connection[Any]", *, owner: str, app: str, owner_password: str = "", app_password: str
) -> None:
    """Make both roles and their privileges in the database of the connection; safe to repeat.

    The connection belongs to a superuser, or to the owner itself if it may create roles; then
    `owner_password` stays empty and the owner is left as it is.
    """
    values = {
        "desk.owner": owner,
        "desk.app": app,
        "desk.owner_password": owner_password,
        "desk.app_password": app_password,
    }
    for name, value in values.items():
        connection.execute("SELECT set_config(%s, %s, false)", [name, value])
    connection.execute(ROLES_SQL.read_bytes())


def steps_around_row_security(connection: "Connection[Any]") -> bool:
    """Whether the role of the connection is a superuser, has BYPASSRLS, or owns database or tables."""
    row = connection.execute(
        """
        SELECT r.rolsuper OR r.rolbypassrls
            OR pg_has_role(current_user, d.datdba, 'MEMBER')
            OR EXISTS (
                SELECT FROM pg_class c
                WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity
                    AND pg_has_role(current_user, c.relowner, 'MEMBER')
            )
        FROM pg_roles r, pg_database d
        WHERE r.rolname = current_user AND d.datname = current_database()
        """
    ).fetchone()
    return bool(row and row[0])


def forget_tenant(connection: "Connection[Any]") -> None:
    """Empty the settings that row security reads, on a connection that goes back to its pool.

    The scope empties them itself; this holds when code above it is wrong. It runs in a thread of the pool.
    """
    connection.execute("SELECT set_config('app.tenant_id', '', false), set_config('app.user_id', '', false)")
    connection.commit()
