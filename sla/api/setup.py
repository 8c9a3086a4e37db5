"""The set-up of a desk by API, for admins: what stands, what is missing, and what fills it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, Instant, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsAdmin
from accounts.models import Tenant
from accounts.services.setup import begin_setup, confirm_look, finish_setup
from accounts.views.setup_bar import STEPS
from sla.presets import load_preset, preset_names
from sla.presets.opening import begin_with_preset
from sla.setup import Missing, Step, Thing, setup_steps
from tickets.services.usual import take_usual_categories

KEYS = list(STEPS)
PRESETS = preset_names()


class GapThingSerializer(serializers.Serializer[Thing]):
    """A row that something is missing of."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()


class SetupGapSerializer(serializers.Serializer[Missing]):
    """One kind of gap."""

    code = serializers.CharField(help_text=_("For programs, such as “no_plan”."))
    count = serializers.IntegerField(help_text=_("Of so many things."))
    things = GapThingSerializer(many=True, help_text=_("The first few of them."))


class SetupStepSerializer(serializers.Serializer[Step]):
    """One step of the set-up."""

    key = serializers.ChoiceField(choices=KEYS)
    count = serializers.IntegerField(help_text=_("How many things stand."))
    is_complete = serializers.BooleanField(help_text=_("Whether nothing is missing."))
    missing = SetupGapSerializer(many=True)


class SetupSerializer(serializers.Serializer[Any]):
    """How far the set-up of the desk is."""

    under_way_since = Instant(
        allow_null=True, help_text=_("Null: the console does not lead through it (any more).")
    )
    steps = SetupStepSerializer(many=True)


class PresetInput(Input):
    """Which preset the desk begins with."""

    preset = serializers.ChoiceField(choices=PRESETS)


def _answer(tenant: Tenant) -> Response:
    steps: Any = setup_steps(tenant, now=timezone.now())
    return Response(SetupSerializer({"under_way_since": tenant.setup_since, "steps": steps}).data)


class Setup(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("See what the set-up lacks"),
        name="get_setup",
        group="promises",
        answers={200: SetupSerializer},
        refused=["not_allowed"],
        description=_("Six steps from hours to look; what is missing is read from what stands. For admins."),
    )
    def get(self, request: Request) -> Response:
        return _answer(self.tenant)


class BeginSetup(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Lead through the set-up again"),
        name="begin_setup",
        group="actions",
        answers={200: SetupSerializer},
        refused=["not_allowed"],
        request=None,
    )
    def post(self, request: Request) -> Response:
        return _answer(begin_setup(tenant=self.tenant, by=self.membership, at=timezone.now()))


class FinishSetup(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Close the set-up"),
        name="finish_setup",
        group="actions",
        answers={200: SetupSerializer},
        refused=["not_allowed"],
        request=None,
        description=_("The console leads through it no more, whether or not anything is missing."),
    )
    def post(self, request: Request) -> Response:
        return _answer(finish_setup(tenant=self.tenant, by=self.membership, at=timezone.now()))


class ConfirmLook(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Confirm name and colour"),
        name="confirm_look",
        group="actions",
        answers={200: SetupSerializer},
        refused=["not_allowed"],
        request=None,
    )
    def post(self, request: Request) -> Response:
        return _answer(confirm_look(tenant=self.tenant, by=self.membership, at=timezone.now()))


class TakeUsualCategories(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Take the usual categories"),
        name="take_usual_categories",
        group="actions",
        answers={200: SetupSerializer},
        refused=["not_allowed"],
        request=None,
        description=_("Thirteen in the desk's language; names that are there already are left as they are."),
    )
    def post(self, request: Request) -> Response:
        take_usual_categories(tenant=self.tenant, by=self.membership, at=timezone.now())
        return _answer(self.tenant)


class BeginWithPreset(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Begin with a preset"),
        name="begin_with_preset",
        group="actions",
        answers={200: SetupSerializer},
        refused=[*CHANGE, "refused"],
        request=PresetInput,
        description=_("Hours, plans and categories of a published policy, as long as there is no plan."),
    )
    def post(self, request: Request) -> Response:
        preset = load_preset(read_input(self, PresetInput)["preset"])
        begin_with_preset(tenant=self.tenant, preset=preset, by=self.membership, at=timezone.now())
        return _answer(Tenant.objects.get(pk=self.tenant.pk))
