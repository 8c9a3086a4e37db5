"""Columns of a throw-away database take their models' defaults, so that bulk rows need not name them all."""

import json
from enum import Enum
from typing import Any

import psycopg
from django.apps import apps
from django.db.models import Field
from psycopg import sql


def take_defaults_of_models(owner: "psycopg.Connection[Any]") -> None:
    """Set what Django would fill in by itself; where it calls something for it, that is what it says now."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if (
                field.null
                or field.primary_key
                or field.generated
                or field.is_relation
                or not field.has_default()
            ):
                continue
            owner.execute(
                sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}").format(
                    sql.Identifier(model._meta.db_table),
                    sql.Identifier(field.column or field.name),
                    _literal(field),
                )
            )


def _literal(field: "Field[Any, Any]") -> sql.Composable:
    value = field.get_default()
    if field.get_internal_type() == "JSONField":
        value = json.dumps(value)
    return sql.Literal(value.value if isinstance(value, Enum) else value)
