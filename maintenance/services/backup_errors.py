"""Refused rules of backups. Each says in the reader's language what was refused."""

from django.utils.translation import gettext as _

from maintenance.services.errors import MaintenanceRuleBroken


class BackupRuleBroken(MaintenanceRuleBroken):
    """A rule of backups refused an intention."""


class WrongRequester(BackupRuleBroken):
    """The alarm's ticket would be filed for somebody of another customer."""

    code = "wrong_requester"
    field = "requester"

    def words(self) -> str:
        return _("Choose somebody of the customer whose backup it is.")


class NobodyToFileFor(BackupRuleBroken):
    """Tickets are asked for, and nobody at the customer can have one filed for them."""

    code = "nobody_to_file_for"
    field = "requester"

    def words(self) -> str:
        return _("Nobody of this customer can enter the desk yet. Invite somebody, or do without tickets.")


class WrongService(BackupRuleBroken):
    """The customer does not use that service."""

    code = "wrong_service"
    field = "service"

    def words(self) -> str:
        return _("Choose a service that the customer uses.")


class NoRestoreCategory(BackupRuleBroken):
    """No category of the desk has a restore clock."""

    code = "no_restore_category"

    def words(self) -> str:
        return _("This desk has no category for outages and restores yet. Ask its admin for one.")


class StateToCome(BackupRuleBroken):
    """A restore would go back to what has not been yet."""

    code = "state_to_come"
    field = "wanted_at"

    def words(self) -> str:
        return _("Choose a moment that has passed.")


class RunInFuture(BackupRuleBroken):
    """A report tells of an instant that has not come."""

    code = "run_in_future"
    field = "at"

    def words(self) -> str:
        return _("A run cannot be reported before it happens.")
