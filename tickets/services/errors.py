"""Refused rules. Each says in the reader's language what was refused; pages and API show that text."""

from django.utils.translation import gettext as _


class TicketRuleBroken(Exception):
    """A rule of tickets refused an intention; `words()` says which, for people."""

    code = "refused"

    def words(self) -> str:
        return _("This cannot be done.")


class NotAllowed(TicketRuleBroken):
    """The person may not do this to this ticket."""

    code = "not_allowed"

    def words(self) -> str:
        return _("You may not do this on this ticket.")


class NobodyTakes(TicketRuleBroken):
    """Whoever tickets were to be given to cannot take any."""

    code = "nobody_takes"

    def words(self) -> str:
        return _("Nobody there can take the tickets. Choose somebody else.")


class TicketClosed(TicketRuleBroken):
    """The ticket is closed for good."""

    code = "ticket_closed"

    def words(self) -> str:
        return _("This ticket is closed. Please file a new one and name its number.")


class TicketMerged(TicketClosed):
    """The ticket was merged into another one, where its conversation goes on."""

    code = "ticket_merged"

    def __init__(self, reference: str, number: int) -> None:
        super().__init__(reference)
        self.reference, self.number = reference, number

    def words(self) -> str:
        return _("This ticket was merged into %(reference)s. Please go on there.") % {
            "reference": self.reference
        }


class WrongStatus(TicketRuleBroken):
    """There is no way from the ticket's status to the wanted one."""

    code = "wrong_status"

    def words(self) -> str:
        return _("The ticket's status does not allow this any more. Look at what has changed and try again.")


class EditedMeanwhile(TicketRuleBroken):
    """Somebody else changed the same thing first."""

    code = "edited_meanwhile"

    def __init__(self, current: str) -> None:
        super().__init__(current)
        self.current = current

    def words(self) -> str:
        return _(
            "Somebody else has changed this meanwhile: it is now “%(current)s”. Nothing was overwritten."
        ) % {"current": self.current}


class SentBefore(TicketRuleBroken):
    """The same sending of a form has done its work already: `earlier_event` finds it."""

    code = "sent_before"

    def words(self) -> str:
        return _("This was sent already.")


class RefusedFile(TicketRuleBroken):
    """A file is too large, of a type that is not taken, or one too many."""

    code = "refused_file"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def words(self) -> str:
        return self.message


class Explained(TicketRuleBroken):
    """Refused for one of several reasons; the message says which, in the reader's language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def words(self) -> str:
        return self.message


class CannotMerge(Explained):
    """The two tickets may not become one."""

    code = "cannot_merge"


class CannotSplit(Explained):
    """The message may not become a ticket of its own."""

    code = "cannot_split"


class AccountStopped(Explained):
    """How the customer stands with the desk stops this, see `tickets.services.standing`; `field` is
    "priority" where another one would be taken, else ""."""

    code = "account_standing"

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class CustomerClosed(Explained):
    """The desk has closed the customer: its people read and begin nothing any more."""

    code = "customer_closed"

    @staticmethod
    def words_for_contacts() -> str:
        return _(
            "The account of your company is closed: you can read everything, and send nothing new. "
            "Write to your account contact to have it opened again."
        )


class RefusedDue(Explained):
    """A due time cannot be set by hand like this; `field` (metric, due_at or reason) is to blame."""

    code = "refused_due"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class RefusedApproval(Explained):
    """Nothing can be asked like this; `field` (question, estimate, price or clause) is to blame."""

    code = "refused_approval"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ApprovalWaits(TicketRuleBroken):
    """The customer has been asked something else on this ticket and has not answered yet."""

    code = "approval_waits"

    def words(self) -> str:
        return _("The customer has not answered the last question yet. Withdraw it to ask another one.")


class ApprovalOver(TicketRuleBroken):
    """It was answered or withdrawn before, or its ticket is resolved."""

    code = "approval_over"

    def words(self) -> str:
        return _("This was answered before, or nobody asks for it any more.")
