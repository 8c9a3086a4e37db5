"""Forms that say what a rule of maintenance refused."""

from __future__ import annotations

from django.http import QueryDict

from maintenance.services.errors import MaintenanceRuleBroken
from maintenance.services.outage_errors import EditedMeanwhile
from tickets.forms import DeskForm


class RefusingForm(DeskForm):
    """A form that says beside the right field what a service refused."""

    def refuse(self, error: MaintenanceRuleBroken) -> None:
        """Put the words where they belong: beside the field that is in the form, else on top of it."""
        self.add_error(error.field if error.field in self.fields else None, error.words())
        if isinstance(error, EditedMeanwhile):
            # The answer shows the newer version: whoever sends it again has seen that one.
            again = QueryDict(mutable=True)
            again.update(self.data)
            again["seen"] = str(error.version)
            self.data = again
