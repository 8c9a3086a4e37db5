"""`manage.py migrate` as Django's, but quick on a new database (`supportdesk/patient_state.py`)."""

from typing import Any
from unittest.mock import patch

from django.core.management.commands import migrate

from supportdesk.patient_state import PatientExecutor


class Command(migrate.Command):
    """Django's command, which knows its executor by a name of its module only."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate."""
        with patch.object(migrate, "MigrationExecutor", PatientExecutor):
            super().handle(*args, **options)
