"""Which problem answers which refused rule of tickets."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import NOT_ALLOWED, Problem, Words, register_problem
from tickets.services import (
    AccountStopped,
    CannotMerge,
    CannotSplit,
    CustomerClosed,
    EditedMeanwhile,
    FaultyQuestions,
    NotAllowed,
    RatingOver,
    RefusedAnswers,
    RefusedDue,
    RefusedFile,
    TicketClosed,
    TicketMerged,
    TicketRuleBroken,
    WrongStatus,
)
from tickets.services.catalogue import GroupInUse, GroupNameTaken, PrivateService, ServiceNameTaken

TICKET_CLOSED = Problem(
    "ticket_closed",
    409,
    _("The ticket is closed"),
    _("A closed ticket stays closed. File a new one and name its number."),
)
TICKET_MERGED = Problem(
    "ticket_merged",
    409,
    _("The ticket was merged into another one"),
    _("The conversation goes on in the ticket that “merged_into” names."),
)
CANNOT_MERGE = Problem(
    "cannot_merge",
    409,
    _("These tickets cannot be merged"),
    _("The other ticket is the same one, another customer's, closed or merged itself; “detail” says which."),
)
CANNOT_SPLIT = Problem(
    "cannot_split",
    409,
    _("This message cannot be split off"),
    _("It is not the customer's, is what the ticket is about, or was split off before."),
)
ACCOUNT_STANDING = Problem(
    "account_standing",
    409,
    _("The customer's standing stops this"),
    _("Support for the company is restricted or suspended; “detail” says why, and the way out."),
)
CUSTOMER_CLOSED = Problem(
    "customer_closed",
    409,
    _("The customer is closed"),
    _("Its people can read and send nothing new until the desk opens it again."),
)
REFUSED_DUE = Problem(
    "refused_due",
    422,
    _("This due time is not taken"),
    _("The instant has passed, the reason is missing, or there is no such clock on the ticket."),
)
WRONG_STATUS = Problem(
    "wrong_status",
    409,
    _("The ticket's status does not allow this"),
    _("There is no way from the ticket's status to the wanted one. Read the ticket again."),
)
EDITED_MEANWHILE = Problem(
    "edited_meanwhile",
    409,
    _("Somebody else changed it first"),
    _("The value is not the one in “seen” any more; “current” says what it is. Nothing was overwritten."),
)
NAME_TAKEN = Problem(
    "name_taken", 409, _("The name is taken"), _("Another one of its kind has this name; it may be archived.")
)
PRIVATE_SERVICE = Problem(
    "private_service",
    409,
    _("This service is private"),
    _("A service of one customer cannot stand on the public status page."),
)
GROUP_IN_USE = Problem(
    "group_in_use", 409, _("The group is in use"), _("Services stand in it, archived ones perhaps.")
)
REFUSED_FILE = Problem(
    "refused_file",
    422,
    _("A file is not taken"),
    _("It is too large, empty, of a type that is not taken, or one too many."),
)
REFUSED_ANSWERS = Problem(
    "refused_answers",
    422,
    _("Answers are missing"),
    _("The category asks for facts that are missing or impossible; “errors” says which."),
)
FAULTY_QUESTIONS = Problem(
    "faulty_questions",
    422,
    _("It cannot be asked like this"),
    _("A question lacks something or hangs on an answer that is not asked for; “errors” says which."),
)
RATING_OVER = Problem(
    "rating_over",
    409,
    _("The time for an answer is over"),
    _("A ticket can be rated until 30 days after it was resolved."),
)
REFUSED = Problem(
    "refused", 409, _("This cannot be done"), _("A rule of the desk refuses it; “detail” says which.")
)


def _words(error: TicketRuleBroken) -> tuple[Words, dict[str, Any]]:
    return error.words(), {}


def _with_current(error: EditedMeanwhile) -> tuple[Words, dict[str, Any]]:
    return error.words(), {"current": error.current}


def _with_place(error: RefusedFile) -> tuple[Words, dict[str, Any]]:
    return error.words(), {"errors": [{"pointer": "/files", "code": error.code, "detail": error.words()}]}


def _with_answers(error: RefusedAnswers) -> tuple[Words, dict[str, Any]]:
    errors = [
        {"pointer": f"/answers/{key}", "code": error.code, "detail": words}
        for key, words in error.errors.items()
    ]
    return error.words(), {"errors": errors}


def _with_questions(error: FaultyQuestions) -> tuple[Words, dict[str, Any]]:
    errors = [
        {"pointer": f"/questions/{place}/{field}", "code": error.code, "detail": words}
        for place, (field, words) in error.faults.items()
    ]
    return error.words(), {"errors": errors}


def _with_survivor(error: TicketMerged) -> tuple[Words, dict[str, Any]]:
    return error.words(), {"merged_into": error.number}


def _with_field(error: RefusedDue) -> tuple[Words, dict[str, Any]]:
    said = {"pointer": f"/{error.field}", "code": error.code, "detail": error.words()}
    return error.words(), {"errors": [said]}


register_problem(TicketRuleBroken, REFUSED, _words)
register_problem(TicketMerged, TICKET_MERGED, _with_survivor)
register_problem(CannotMerge, CANNOT_MERGE, _words)
register_problem(CannotSplit, CANNOT_SPLIT, _words)
register_problem(AccountStopped, ACCOUNT_STANDING, _words)
register_problem(CustomerClosed, CUSTOMER_CLOSED, _words)
register_problem(RefusedDue, REFUSED_DUE, _with_field)
register_problem(RatingOver, RATING_OVER, _words)
register_problem(NotAllowed, NOT_ALLOWED, _words)
register_problem(TicketClosed, TICKET_CLOSED, _words)
register_problem(WrongStatus, WRONG_STATUS, _words)
register_problem(EditedMeanwhile, EDITED_MEANWHILE, _with_current)
register_problem(ServiceNameTaken, NAME_TAKEN, _words)
register_problem(GroupNameTaken, NAME_TAKEN, _words)
register_problem(PrivateService, PRIVATE_SERVICE, _words)
register_problem(GroupInUse, GROUP_IN_USE, _words)
register_problem(RefusedAnswers, REFUSED_ANSWERS, _with_answers)
register_problem(FaultyQuestions, FAULTY_QUESTIONS, _with_questions)
register_problem(RefusedFile, REFUSED_FILE, _with_place)
