"""Logs as one JSON object a line, each with the request (or task), the tenant and the person it is about."""

import logging
from contextvars import ContextVar
from typing import Any

from accounts.tenancy import current_tenant_id, current_user_id

#: The id of the request, or of the task, that this code runs in; empty outside both.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class WhereFrom(logging.Filter):
    """Adds request_id, tenant_id and person_id to every record that does not say them itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or None
        if not hasattr(record, "tenant_id"):
            record.tenant_id = current_tenant_id()
        if not hasattr(record, "person_id"):
            record.person_id = current_user_id()
        return True


def configuration(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: `form` is "json" or "plain" (for a person at a terminal)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"where_from": {"()": WhereFrom}},
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": "%(levelname)s %(name)s %(message)s",
                "rename_fields": {"levelname": "level", "name": "logger"},
                "timestamp": "at",
            },
            "plain": {"format": "%(levelname)s %(message)s"},
        },
        "handlers": {
            "stream": {"class": "logging.StreamHandler", "formatter": form, "filters": ["where_from"]},
        },
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            # Django's own handler would print a second time, and its server log doubles our request line.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
            # A line for every task of a sweep that runs every few seconds says nothing.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
