"""Row security in PostgreSQL: the wall that holds when the code above it is wrong.

`SecureTenantTables("app")` stands at the end of every migration that makes or changes tenant tables. It
reads the models of that app and gives each table that has a `tenant` column

* row security with one policy: rows of the tenant named in `app.tenant_id`, for reading and writing;
* a unique key (tenant_id, id), and for every `TenantForeignKey` a foreign key (tenant_id, x_id), since
  PostgreSQL checks foreign keys *without* row security and would else let a row point into another tenant.

The tables belong to the owner role, which migrates; the application connects as another role that owns
nothing, is no superuser and has no BYPASSRLS. The setting is read in a subquery so that it is evaluated
once a statement, and compares with a leak-proof operator so that indexes on tenant_id are used.
"""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

TENANT_SETTING = "(SELECT NULLIF(current_setting('app.tenant_id', true), '')::bigint)"
USER_SETTING = "(SELECT NULLIF(current_setting('app.user_id', true), '')::bigint)"
POLICY = "tenant_rows"

# The owner may (erasing a whole tenant is an operator's act); the application's role may not.
REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME;
END $$"""


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """A foreign key between tenant tables; its constraint carries the tenant (see `SecureTenantTables`)."""

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs


def tenant_models(models_: list[type[models.Model]]) -> list[type[models.Model]]:
    """Those of the models that belong to a tenant: they have a `tenant` foreign key."""
    return [m for m in models_ if any(f.name == "tenant" for f in m._meta.local_concrete_fields)]


def tenant_foreign_keys(model: type[models.Model]) -> list[TenantForeignKey]:
    """The fields of a model that point to another tenant table."""
    return [f for f in model._meta.local_fields if isinstance(f, TenantForeignKey)]


class SecureTenantTables(Operation):
    """Bring row security and tenant-carrying foreign keys of one app up to its models; idempotent."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, app_label: str, append_only: list[str] | None = None) -> None:
        self.app_label_to_secure = app_label
        self.append_only = append_only or []

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs = {"append_only": self.append_only} if self.append_only else {}
        return self.__class__.__qualname__, [self.app_label_to_secure], kwargs

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The state of the models does not change."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Secure every tenant table of the app as it stands after the operations before this one."""
        # Row security must not be set up on tables whose deferred statements still wait.
        for statement in list(schema_editor.deferred_sql):
            schema_editor.execute(statement)
        schema_editor.deferred_sql.clear()
        app = to_state.apps.get_app_config(self.app_label_to_secure)
        app_models = sorted(app.get_models(include_auto_created=True), key=lambda one: one._meta.db_table)
        secured = tenant_models(app_models)
        for model in secured:
            _secure_table(schema_editor, model, append_only=model.__name__ in self.append_only)
        for model in secured:
            for field in tenant_foreign_keys(model):
                _tie_to_tenant(schema_editor, model, field)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Nothing to do: the tables go with their own migrations."""

    def describe(self) -> str:
        return f"Row security on the tenant tables of {self.app_label_to_secure}"


def _secure_table(
    schema_editor: BaseDatabaseSchemaEditor, model: type[models.Model], *, append_only: bool
) -> None:
    table = model._meta.db_table
    statements = [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS {POLICY} ON "{table}"',
        f'CREATE POLICY {POLICY} ON "{table}" USING (tenant_id = {TENANT_SETTING}) '
        f"WITH CHECK (tenant_id = {TENANT_SETTING})",
    ]
    pk = model._meta.pk
    if pk is not None and pk.column != "tenant_id":
        key = _name("tenant_key", table)
        statements.append(
            _unless_constraint(key, table, f'ADD CONSTRAINT "{key}" UNIQUE (tenant_id, "{pk.column}")')
        )
    if append_only:
        trigger = _name("append_only", table)
        statements += [
            REFUSE_CHANGE,
            f'DROP TRIGGER IF EXISTS "{trigger}" ON "{table}"',
            f'CREATE TRIGGER "{trigger}" BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        ]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def _tie_to_tenant(
    schema_editor: BaseDatabaseSchemaEditor, model: type[models.Model], field: TenantForeignKey
) -> None:
    table, target = model._meta.db_table, field.related_model._meta
    key = _name(f"tenant_{field.column}", table)
    schema_editor.execute(
        _unless_constraint(
            key,
            table,
            f'ADD CONSTRAINT "{key}" FOREIGN KEY (tenant_id, "{field.column}") '
            f'REFERENCES "{target.db_table}" (tenant_id, "{target.pk.column}") DEFERRABLE INITIALLY DEFERRED',
        ),
        params=None,
    )


def _unless_constraint(name: str, table: str, change: str) -> str:
    """The change to the table, unless a constraint of that name is already there."""
    is_there = f"conname = '{name}' AND conrelid = '\"{table}\"'::regclass"
    return (  # names of our own models, no input
        f"DO $do$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE {is_there}) "  # noqa: S608
        f'THEN ALTER TABLE "{table}" {change}; END IF; END $do$'
    )


def _name(purpose: str, table: str) -> str:
    """A constraint name within PostgreSQL's 63 bytes."""
    return f"{table}_{purpose}"[:63]
