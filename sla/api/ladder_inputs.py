"""Ladders and emergencies of plans as the API takes them: in the form in which plans are listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.api.base import LARGEST_ID, Input
from accounts.models import Membership
from sla.models import Metric, Place, Rota, Who
from sla.services.ladders import MOST_AFTER, MOST_TIMES, StepTerms, Tell
from tickets.lifecycle import Priority

MOST_TOLD = 50
_OWN = {Who.TEAM: "team", Who.ON_CALL: "rota", Who.ADDRESS: "address", Who.WEBHOOK: "url"}


def rotas_in_use(membership: Membership) -> Any:
    """Those of the desk that are not archived."""
    return Rota.objects.filter(tenant_id=membership.tenant_id, archived_at=None)


def _id(words: Any) -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, allow_null=True, help_text=words
    )


class TellInput(Input):
    """Somebody whom a step tells."""

    who = serializers.ChoiceField(choices=Who.choices)
    team = _id(_("The id of a team."))
    rota = _id(_("The id of an on-call rota."))
    address = serializers.CharField(
        max_length=254, required=False, allow_blank=True, help_text=_("An email address, or empty.")
    )
    url = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        help_text=_("Where a webhook leads. It is never shown."),
    )
    host = serializers.CharField(
        max_length=253,
        required=False,
        allow_blank=True,
        help_text=_("As listed: keeps the address that stands, without “url”."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What belongs to that kind of telling must be there."""
        needed = _OWN.get(Who(attrs["who"]))
        given = needed is None or attrs.get(needed) or (needed == "url" and attrs.get("host"))
        if needed is not None and not given:
            missing = self.fields[needed].error_messages["required"]
            raise serializers.ValidationError({needed: [missing]}, code="required")
        return attrs


class StepInput(Input):
    """A step of an escalation ladder."""

    metric = serializers.ChoiceField(choices=Metric.choices)
    place = serializers.ChoiceField(choices=Place.choices)
    amount = serializers.IntegerField(
        min_value=0,
        max_value=MOST_AFTER,
        default=0,
        help_text=_(
            "Per cent of the limit for a share, business seconds for a step after the limit, else 0."
        ),
    )
    times = serializers.IntegerField(
        min_value=1,
        max_value=MOST_TIMES,
        default=1,
        help_text=_("How often at most it is taken, if every business day."),
    )
    priorities = serializers.ListField(
        child=serializers.ChoiceField(choices=Priority.choices),
        default=list,
        max_length=len(Priority),
        help_text=_("None: every priority."),
    )
    tells = TellInput(many=True, default=list, max_length=MOST_TOLD)  # type: ignore[call-arg]
    raises_priority = serializers.BooleanField(default=False)
    reassigns_to = _id(_("The id of a person."))
    declares_emergency = serializers.BooleanField(default=False)


def steps_from(sent: Sequence[Mapping[str, Any]], standing: Sequence[StepTerms]) -> list[StepTerms]:
    """The steps that were sent, with the addresses of webhooks that they keep. Raises ValidationError."""
    steps: list[StepTerms] = []
    wrong: dict[str, Any] = {}
    every = [url for one in standing for url in _urls(one)]
    for number, step in enumerate(sent):
        same = [one for one in standing if _where(one) == _where(StepTerms(**_own(step)))]
        here = [url for one in same for url in _urls(one)]
        try:
            tells = _tells(step["tells"], here, every)
        except serializers.ValidationError as error:
            wrong[str(number)] = {"tells": error.detail}
            continue
        steps.append(StepTerms(**_own(step), tells=tuple(tells)))
    if wrong:
        raise serializers.ValidationError({"ladder": wrong})
    return steps


def _own(step: Mapping[str, Any]) -> dict[str, Any]:
    """All of a step but whom it tells."""
    values = {name: value for name, value in step.items() if name != "tells"}
    return values | {"priorities": tuple(step["priorities"])}


def _where(step: StepTerms) -> tuple[Any, ...]:
    return step.metric, step.place, step.amount, step.priorities


def _urls(step: StepTerms) -> list[str]:
    return [told.url for told in step.tells if told.url]


def _tells(sent: Iterable[Mapping[str, Any]], here: list[str], every: list[str]) -> list[Tell]:
    found: list[Tell] = []
    wrong: dict[str, Any] = {}
    kept: Counter[str] = Counter()
    for number, told in enumerate(sent):
        who = Who(told["who"])
        own = _OWN.get(who)
        value: Any = told.get(own) if own else None
        if own == "url" and not value:
            host = told["host"]
            value = _kept(host, here, every, kept[host])
            kept[host] += 1
            if value is None:
                words = _("There is no such webhook, or several are. Send its whole address.")
                wrong[str(number)] = {"host": [ErrorDetail(str(words), code="unknown")]}
                continue
        parts: dict[str, Any] = {own: value} if own else {}
        found.append(Tell(who.value, **parts))
    if wrong:
        raise serializers.ValidationError(wrong)
    return found


def _kept(host: str, here: list[str], every: list[str], place: int) -> str | None:
    """The address at that host: those of the same step in their order, else the only one of the ladder."""
    mine = [url for url in here if urlsplit(url).netloc == host]
    if mine:
        return mine[place % len(mine)]
    others = {url for url in every if urlsplit(url).netloc == host}
    return others.pop() if len(others) == 1 else None
