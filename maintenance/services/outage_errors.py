"""Refused rules of outages and of what notices them. Each says in the reader's language what was refused."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.services.errors import changed_meanwhile
from maintenance.services.errors import MaintenanceRuleBroken


class OutageEnded(MaintenanceRuleBroken):
    """The outage has ended: what happens now is another one."""

    code = "outage_ended"

    def words(self) -> str:
        return _("This outage has ended. Open a new one if the trouble is back.")


class NoService(MaintenanceRuleBroken):
    """An outage without a service concerns nobody."""

    code = "no_service"
    field = "services"

    def words(self) -> str:
        return _("Choose at least one service.")


class NothingLeft(NoService):
    """An outage that runs hits something."""

    field = ""

    def words(self) -> str:
        return _("Nothing would be hit any more. If all works again, end the outage.")


class WrongInstant(MaintenanceRuleBroken):
    """An outage begins in the future, or ends before it begins."""

    code = "wrong_instant"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message

    def words(self) -> str:
        return self.message


class EditedMeanwhile(MaintenanceRuleBroken):
    """Somebody else changed it after it was shown: it is `current` now, in this `version`."""

    code = "edited_meanwhile"

    def __init__(self, current: str, version: int) -> None:
        super().__init__(current, version)
        self.current, self.version = current, version

    def words(self) -> str:
        return changed_meanwhile(self.current)


class NothingToAnswer(MaintenanceRuleBroken):
    """No linked ticket can take an answer: there is none, or all are closed."""

    code = "nothing_to_answer"
    field = "body"

    def words(self) -> str:
        return _("No open ticket is linked to this outage.")


class AddressNotChecked(MaintenanceRuleBroken):
    """An address that our checks must not call, with the reason."""

    code = "refused_address"
    field = "address"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def words(self) -> str:
        return _(self.message)


class NotTheirService(MaintenanceRuleBroken):
    """A ticket would tell a contact about a service of another customer."""

    code = "not_their_service"
    field = "requester"

    def __init__(self, service: str, customer: str) -> None:
        super().__init__(service)
        self.service, self.customer = service, customer

    def words(self) -> str:
        return _("“%(service)s” is a service of %(customer)s: choose somebody from there, or nobody.") % {
            "service": self.service,
            "customer": self.customer,
        }
