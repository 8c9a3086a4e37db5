"""The composition root: settings, addresses, processes. Imported by no other room."""

from supportdesk.celery import app as celery_app

__all__ = ["celery_app"]
