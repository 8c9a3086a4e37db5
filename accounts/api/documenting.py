"""How operations are described in the OpenAPI document, so that none leaves out its refusals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers

from accounts.api import problems
from accounts.api.problems import MEDIA_TYPE, PROBLEMS, Problem, Words

F = TypeVar("F", bound=Callable[..., Any])

EXAMPLE_DESK = "https://support.example.com"
ALWAYS = ("not_authenticated", "not_found", "throttled")
# What any sent body may meet, and what a change may that is not everybody's.
BODY = ("invalid", "unreadable", "unsupported_media_type", "too_large")
CHANGE = (*BODY, "not_allowed")


class ProblemErrorSerializer(serializers.Serializer[Any]):
    """One thing that is not valid, and where."""

    pointer = serializers.CharField(
        required=False, help_text=_("JSON pointer (RFC 6901) into the body; empty for the body as a whole.")
    )
    parameter = serializers.CharField(required=False, help_text=_("The parameter of the address."))
    code = serializers.CharField(help_text=_("What is wrong, for programs."))
    detail = serializers.CharField(help_text=_("What is wrong, for people."))


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal (RFC 9457). Programs look at `code`; `title` and `detail` are in the caller's language."""

    type = serializers.URLField(help_text=_("Leads to the explanation of this kind of problem."))
    title = serializers.CharField(help_text=_("The kind of problem in words."))
    status = serializers.IntegerField(help_text=_("The HTTP status again."))
    code = serializers.CharField(help_text=_("The kind of problem, for programs."))
    detail = serializers.CharField(help_text=_("What happened this time."))
    instance = serializers.CharField(help_text=_("The path that was asked."))
    request_id = serializers.CharField(help_text=_("Quote it when you write to us about this."))
    errors = ProblemErrorSerializer(  # type: ignore[assignment] # DRF takes fields off the class
        many=True, required=False, help_text=_("Each place that is not valid.")
    )
    current = serializers.CharField(
        required=False, help_text=_("With “edited_meanwhile”: what it is now, in words.")
    )


def operation(
    summary: Words,
    *,
    name: str,
    group: str,
    answers: Any,
    refused: Sequence[str] = (),
    description: Words = "",
    anonymous: bool = False,
    **options: Any,
) -> Callable[[F], F]:
    """Describe one operation. `name` is its operationId, `refused` the codes that it answers besides ALWAYS.

    `answers` maps a status to a serializer or an OpenApiResponse. The rest goes to `extend_schema`.
    """
    codes = [*refused, *(() if anonymous else ALWAYS)]
    options.setdefault("examples", [])
    return extend_schema(
        summary=summary,
        description=description or summary,
        operation_id=name,
        tags=[group],
        responses={**answers, **_refusals(codes)},
        **options,
    )


def _refusals(codes: Sequence[str]) -> dict[tuple[int, str], OpenApiResponse]:
    """One response a status; several kinds may share it, each with its example."""
    by_status: dict[int, list[Problem]] = {}
    for code in codes:
        problem = PROBLEMS[code]
        by_status.setdefault(problem.status, []).append(problem)
    return {
        (status, MEDIA_TYPE): OpenApiResponse(
            response=ProblemSerializer,
            description=_joined(kinds),
            examples=[_example(problem, status) for problem in kinds],
        )
        for status, kinds in sorted(by_status.items())
    }


def _joined(kinds: Sequence[Problem]) -> Words:
    # The words are looked up when the document is written, in its language.
    return _said(_Join(kinds))


# Django's `lazystr` makes a class at each call, of which every process would make fifteen hundred.
_said = lazy(str, str)


class _Join:
    def __init__(self, kinds: Sequence[Problem]) -> None:
        self.kinds = kinds

    def __str__(self) -> str:
        return " / ".join(f"{kind.title} (`{kind.code}`)" for kind in self.kinds)


def _example(problem: Problem, status: int) -> OpenApiExample:
    value: dict[str, Any] = {
        "type": f"{EXAMPLE_DESK}/api/v1/docs/#problem-{problem.code}",
        "title": problem.title,
        "status": status,
        "code": problem.code,
        "detail": problem.meaning,
        "instance": "/api/v1/…",
        "request_id": "5b2f1c0e9d7a4b6c8e3f2a1d0c9b8a76",
    }
    if problem is problems.INVALID:
        words = _("This field may not be blank.")
        value["errors"] = [{"pointer": "/body", "code": "blank", "detail": words}]
    if problem is problems.EDITED_MEANWHILE:
        value["current"] = _("High")
    return OpenApiExample(problem.code, value=value, response_only=True, media_type=MEDIA_TYPE)


ARGUMENTS = {
    "number": _("The ticket's number in this desk, without its prefix."),
    "approval_id": _("The approval's id."),
    "person_id": _("The person's id."),
    "colleague_id": _("The id of somebody of the staff."),
    "absence_id": _("The absence's id."),
    "hand_over_id": _("The hand-over's id."),
    "category_id": _("The category's id."),
    "rating_id": _("The rating's id."),
    "customer_id": _("The customer's id."),
    "pack_id": _("The id of a pack of hours."),
    "entry_id": _("The id of logged time."),
    "attachment_id": _("The file's id, as its message names it."),
    "token_id": _("The token's id."),
    "contact_group_id": _("The id of a group of people."),
    "connection_id": _("The id of a sign-in connection."),
    "download_id": _("The download's id."),
    "service_id": _("The service's id."),
    "job_id": _("The backup's id."),
    "step_id": _("The id of a step of a restore."),
    "group_id": _("The id of a group of services."),
    "rota_id": _("The rota's id."),
    "turn_id": _("The turn's id."),
    "outbox_id": _("The id of a message of the outbox."),
    "team_id": _("The team's id."),
    "plan_id": _("The plan's id."),
    "calendar_id": _("The calendar's id."),
    "edit_id": _("The edit's id."),
    "contract_id": _("The contract's id."),
    "window_id": _("The maintenance window's id."),
    "outage_id": _("The outage's id."),
    "key_id": _("The calendar address's id."),
    "series_id": _("The id of the recurring maintenance."),
    "item_id": _("The step's id."),
    "monitor_id": _("The monitor's id."),
    "source_id": _("The id of a source of alerts."),
    "article_id": _("The article's id."),
    "edition_id": _("The id of an article in one language."),
    "section_id": _("The section's id."),
    "missed_id": _("The id of a search in vain."),
}


def describe_arguments(result: Any, **context: Any) -> Any:
    """A hook of drf-spectacular: say what the parts of an address mean; describe forms in the language.

    KeyError for a part without words. Forms are described by the docstrings of their serializers.
    """
    for form in result.get("components", {}).get("schemas", {}).values():
        if said := form.get("description"):
            form["description"] = gettext(said)
    for item in result["paths"].values():
        for described in item.values():
            for parameter in described.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["description"] = str(ARGUMENTS[parameter["name"]])
    return result


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names the personal token in the document."""

    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "personalToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        words = _("A personal token of this desk, made on your profile page: `Authorization: Bearer sd_…`")
        return {"type": "http", "scheme": "bearer", "bearerFormat": "sd_…", "description": words}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names the browser's session in the document."""

    target_class = "accounts.api.authentication.SessionAuthentication"
    name = "browserSession"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        words = _("The session of a logged-in browser. Requests that change something need X-CSRFToken.")
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": words}
