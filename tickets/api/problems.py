"""Which problem answers which refused rule of tickets."""

from django.utils.translation import gettext_lazy as _

from accounts.api.problems import (
    EDITED_MEANWHILE,
    NAME_TAKEN,
    NOT_ALLOWED,
    REFUSED,
    Described,
    Problem,
    register_problem,
    said_of_field,
    said_with_current,
)
from tickets.services import (
    AccountStopped,
    ApprovalOver,
    ApprovalWaits,
    CannotMerge,
    CannotSplit,
    CustomerClosed,
    EditedMeanwhile,
    FaultyQuestions,
    NotAllowed,
    RatingOver,
    RefusedAnswers,
    RefusedApproval,
    RefusedDue,
    RefusedFile,
    TicketClosed,
    TicketMerged,
    TicketRuleBroken,
    WrongStatus,
)
from tickets.services.catalogue import GroupInUse, GroupNameTaken, PrivateService, ServiceNameTaken
from tickets.services.categories import CategoryNameTaken
from tickets.services.purposes import DoesNotFit

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
REFUSED_APPROVAL = Problem(
    "refused_approval",
    422,
    _("This cannot be asked like that"),
    _("The question is missing, or what is out of scope has neither an estimate nor a price."),
)
APPROVAL_WAITS = Problem(
    "approval_waits",
    409,
    _("Another question waits"),
    _("The customer has not answered the last one on this ticket. Withdraw it to ask another one."),
)
APPROVAL_OVER = Problem(
    "approval_over",
    409,
    _("Nobody waits for this answer"),
    _("It was answered or withdrawn before, or the ticket is resolved."),
)
DOES_NOT_FIT = Problem(
    "category_does_not_fit",
    422,
    _("The category does not fit the purpose"),
    _("Restores need a category about outages, backups in trouble one that is not."),
)


def _with_place(error: RefusedFile) -> Described:
    return error.words(), {"errors": [{"pointer": "/files", "code": error.code, "detail": error.words()}]}


def _with_answers(error: RefusedAnswers) -> Described:
    errors = [
        {"pointer": f"/answers/{key}", "code": error.code, "detail": words}
        for key, words in error.errors.items()
    ]
    return error.words(), {"errors": errors}


def _with_questions(error: FaultyQuestions) -> Described:
    errors = [
        {"pointer": f"/questions/{place}/{field}", "code": error.code, "detail": words}
        for place, (field, words) in error.faults.items()
    ]
    return error.words(), {"errors": errors}


def _with_survivor(error: TicketMerged) -> Described:
    return error.words(), {"merged_into": error.number}


def _of_question(error: RefusedApproval) -> Described:
    field = "estimate_minutes" if error.field == "estimate" else error.field
    said = {"pointer": f"/{field}", "code": error.code, "detail": error.words()}
    return error.words(), {"errors": [said]}


register_problem(TicketRuleBroken, REFUSED)
register_problem(TicketMerged, TICKET_MERGED, _with_survivor)
register_problem(CannotMerge, CANNOT_MERGE)
register_problem(CannotSplit, CANNOT_SPLIT)
register_problem(AccountStopped, ACCOUNT_STANDING)
register_problem(CustomerClosed, CUSTOMER_CLOSED)
register_problem(RefusedDue, REFUSED_DUE, said_of_field)
register_problem(RatingOver, RATING_OVER)
register_problem(NotAllowed, NOT_ALLOWED)
register_problem(TicketClosed, TICKET_CLOSED)
register_problem(WrongStatus, WRONG_STATUS)
register_problem(EditedMeanwhile, EDITED_MEANWHILE, said_with_current)
register_problem(ServiceNameTaken, NAME_TAKEN)
register_problem(GroupNameTaken, NAME_TAKEN)
register_problem(PrivateService, PRIVATE_SERVICE)
register_problem(GroupInUse, GROUP_IN_USE)
register_problem(RefusedAnswers, REFUSED_ANSWERS, _with_answers)
register_problem(FaultyQuestions, FAULTY_QUESTIONS, _with_questions)
register_problem(RefusedFile, REFUSED_FILE, _with_place)
register_problem(RefusedApproval, REFUSED_APPROVAL, _of_question)
register_problem(ApprovalWaits, APPROVAL_WAITS)
register_problem(ApprovalOver, APPROVAL_OVER)
register_problem(CategoryNameTaken, NAME_TAKEN)
register_problem(DoesNotFit, DOES_NOT_FIT, said_of_field)
