"""Refusals as problem documents (RFC 9457, application/problem+json).

`code` names the kind for programs and never changes; `title` and `detail` are for people, in the caller's
language; `type` leads to the kind's explanation on the documentation page. Rooms register the rules that
their services may refuse by (`register_problem`), so views need not catch them: each in its `api/problems.py`
(`api/refusals.py` in this room), which are loaded as the program starts, before any view names a code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.log import log_response
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

MEDIA_TYPE = "application/problem+json"
Words: TypeAlias = str | Promise
Described: TypeAlias = tuple[Words, dict[str, Any]]


@dataclass(frozen=True)
class Problem:
    """A kind of refusal. `meaning` is its explanation on the documentation page."""

    code: str
    status: int
    title: Words
    meaning: Words


@dataclass
class Occurrence:
    """One refusal: what is said about it, and members beyond the standard ones."""

    problem: Problem
    detail: Words = ""
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


INVALID = Problem(
    "invalid",
    400,
    _("Something in the request is not valid"),
    _("“errors” names each place and says what is wrong there. Nothing was changed."),
)
UNREADABLE = Problem(
    "unreadable", 400, _("The request cannot be read"), _("The body is not what its content type says.")
)
NOT_AUTHENTICATED = Problem(
    "not_authenticated",
    401,
    _("Authentication is needed"),
    _("Send a personal token of this desk. One that is expired, revoked or of another desk is refused."),
)
NOT_ALLOWED = Problem(
    "not_allowed", 403, _("You may not do this"), _("Your role in this desk does not include it.")
)
NOT_FOUND = Problem(
    "not_found", 404, _("Not found"), _("It is not there, or not for you: the two look the same.")
)
METHOD_NOT_ALLOWED = Problem(
    "method_not_allowed", 405, _("Method not allowed"), _("This address does not take that method.")
)
NOT_ACCEPTABLE = Problem(
    "not_acceptable", 406, _("Not available in that form"), _("Ask for application/json.")
)
TOO_LARGE = Problem(
    "too_large", 413, _("The request is too large"), _("Text and number of fields have a limit.")
)
UNSUPPORTED_MEDIA_TYPE = Problem(
    "unsupported_media_type",
    415,
    _("Content type not taken"),
    _("Send application/json, or multipart/form-data where files are taken."),
)
THROTTLED = Problem(
    "throttled", 429, _("Too many requests"), _("Wait as many seconds as the header Retry-After says.")
)
SERVER_ERROR = Problem(
    "server_error",
    500,
    _("Something went wrong on our side"),
    _("The error was logged under “request_id”. Quote it when you write to us."),
)
# What rules of several rooms are answered with.
EDITED_MEANWHILE = Problem(
    "edited_meanwhile",
    409,
    _("Somebody else changed it first"),
    _("The value is not the one in “seen” any more; “current” says what it is. Nothing was overwritten."),
)
NAME_TAKEN = Problem(
    "name_taken", 409, _("The name is taken"), _("Another one of its kind has this name; it may be archived.")
)
REFUSED = Problem(
    "refused", 409, _("This cannot be done"), _("A rule of the desk refuses it; “detail” says which.")
)

PROBLEMS: dict[str, Problem] = {
    problem.code: problem
    for problem in (
        INVALID,
        UNREADABLE,
        NOT_AUTHENTICATED,
        NOT_ALLOWED,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
        THROTTLED,
        SERVER_ERROR,
    )
}

_by_exception: dict[type[Exception], Callable[[Any], Occurrence]] = {}


class InvalidQuery(exceptions.ValidationError):
    """A parameter in the address is not valid; `errors` names parameters instead of places in the body."""


class Refusal(Protocol):
    """A refused rule: what is said to people."""

    def words(self) -> str: ...


class RefusalOfField(Refusal, Protocol):
    """One that a part of what was sent is to blame for; `field` "": the whole."""

    code: str
    field: str


class RefusalOfEdit(Refusal, Protocol):
    """Somebody else was first; `current` says what it is now."""

    current: str


def said_in_words(error: Refusal) -> Described:
    """The detail alone."""
    return error.words(), {}


def said_of_field(error: RefusalOfField) -> Described:
    """The detail, and the place that it is about."""
    said = {"pointer": f"/{error.field}" if error.field else "", "code": error.code, "detail": error.words()}
    return error.words(), {"errors": [said]}


def said_with_current(error: RefusalOfEdit) -> Described:
    """The detail, and what it is now."""
    return error.words(), {"current": error.current}


def register_problem(
    exception: type[Exception], problem: Problem, describe: Callable[[Any], Described] = said_in_words
) -> None:
    """Answer an exception of a service with that problem; `describe` gives detail and further members."""
    PROBLEMS[problem.code] = problem

    def occurrence(error: Exception) -> Occurrence:
        detail, extra = describe(error)
        return Occurrence(problem, detail, extra)

    _by_exception[exception] = occurrence


def problem_details(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer any exception of a view. What nobody foresaw is logged like an error of a page (500)."""
    request: HttpRequest = context["request"]._request
    foreseen = _occurrence_of(error)
    if foreseen is None and settings.DEBUG:
        return None
    occurrence = foreseen or Occurrence(SERVER_ERROR)
    set_rollback()
    # Whatever the view would have answered with (YAML, a file), a refusal is JSON.
    context["request"].accepted_renderer = JSONRenderer()
    context["request"].accepted_media_type = JSONRenderer.media_type
    response = Response(
        problem_document(occurrence, request),
        status=occurrence.problem.status,
        headers=occurrence.headers,
        content_type=MEDIA_TYPE,
    )
    if foreseen is None:
        got_request_exception.send(sender=None, request=request)
        log_response(
            "%s: %s", SERVER_ERROR.code, request.path, response=response, request=request, exception=error
        )
    return response


def problem_document(occurrence: Occurrence, request: HttpRequest) -> dict[str, Any]:
    """The members of the document, in the order in which people read them."""
    problem = occurrence.problem
    return {
        "type": request.build_absolute_uri(f"{reverse('api_docs')}#problem-{problem.code}"),
        "title": str(problem.title),
        "status": problem.status,
        "code": problem.code,
        "detail": str(occurrence.detail or problem.meaning),
        "instance": request.path,
        "request_id": getattr(request, "request_id", ""),
        **occurrence.extra,
    }


def _occurrence_of(error: Exception) -> Occurrence | None:
    for kind in type(error).__mro__:
        if kind in _by_exception:
            return _by_exception[kind](error)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _of_framework(error: exceptions.APIException) -> Occurrence:
    """DRF's own exceptions, which carry a header or two."""
    if isinstance(error, exceptions.ValidationError):
        place = "parameter" if isinstance(error, InvalidQuery) else "pointer"
        return Occurrence(INVALID, extra={"errors": list(_flat(error.detail, place, ""))})
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(header)
    wait = getattr(error, "wait", None)
    if wait:
        headers["Retry-After"] = str(int(wait))
    problem = _FRAMEWORK.get(type(error), SERVER_ERROR)
    return Occurrence(problem, str(error.detail), headers=headers)


_FRAMEWORK: dict[type[exceptions.APIException], Problem] = {
    exceptions.ParseError: UNREADABLE,
    exceptions.AuthenticationFailed: NOT_AUTHENTICATED,
    exceptions.NotAuthenticated: NOT_AUTHENTICATED,
    exceptions.PermissionDenied: NOT_ALLOWED,
    exceptions.NotFound: NOT_FOUND,
    exceptions.MethodNotAllowed: METHOD_NOT_ALLOWED,
    exceptions.NotAcceptable: NOT_ACCEPTABLE,
    exceptions.UnsupportedMediaType: UNSUPPORTED_MEDIA_TYPE,
    exceptions.Throttled: THROTTLED,
}


def _flat(detail: Any, place: str, path: str) -> Iterator[dict[str, str]]:
    """One item a message, with a JSON pointer (RFC 6901) into the body, or the name of the parameter."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from _flat(inner, place, path if key == "non_field_errors" else _below(path, key, place))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flat(inner, place, path)
    else:
        yield {place: path, "code": str(getattr(detail, "code", "invalid")), "detail": str(detail)}


def _below(path: str, key: object, place: str) -> str:
    if place == "parameter":
        return path or str(key)
    return f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}"


def _plain(problem: Problem) -> Callable[[Exception], Occurrence]:
    return lambda error: Occurrence(problem)


_by_exception[Http404] = _plain(NOT_FOUND)
_by_exception[PermissionDenied] = _plain(NOT_ALLOWED)
_by_exception[SuspiciousOperation] = _plain(UNREADABLE)
_by_exception[RequestDataTooBig] = _plain(TOO_LARGE)
