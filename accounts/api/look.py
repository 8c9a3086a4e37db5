"""How a desk looks and speaks, by API. For owners and admins."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, Line, Query, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsAdmin
from accounts.colour import Finding
from accounts.links import absolute_url, desk_path
from accounts.logos import LARGEST
from accounts.models import Accent, Language, LogoUse, Tenant
from accounts.services import look as services


class FindingSerializer(serializers.Serializer[Finding]):
    """How the own colour does in one use, and the nearest shade of it that passes."""

    contrast = serializers.FloatField(source="given_shown", help_text=_("As given, from 1 to 21 (WCAG 2.2)."))
    shade = serializers.CharField(help_text=_("What is used there; the colour itself where it passes."))
    shade_contrast = serializers.FloatField(source="reached_shown")


class ContrastSerializer(serializers.Serializer[Any]):
    """Figures of an own colour; 4.5 is asked for."""

    light_text = FindingSerializer()
    light_button = FindingSerializer()
    dark_text = FindingSerializer()
    dark_button = FindingSerializer()


class TextsField(serializers.DictField):
    """A text by language."""

    def __init__(self, **options: Any) -> None:
        child = Line(max_length=services.LONGEST_LINE, allow_blank=True)
        super().__init__(child=child, **options)

    def to_internal_value(self, data: Any) -> Any:
        texts = super().to_internal_value(data)
        unknown = sorted(set(texts) - set(Language.values))
        if unknown:
            raise serializers.ValidationError(
                {code: [_("There is no such language here.")] for code in unknown}
            )
        return texts


class LookSerializer(serializers.Serializer[Tenant]):
    """How the desk looks and speaks."""

    accent = serializers.ChoiceField(choices=Accent.choices)
    own_colour = serializers.CharField(help_text=_("“#rrggbb”; empty: the accent counts."))
    contrast = ContrastSerializer(
        source="own_look", allow_null=True, help_text=_("Of the own colour; null without one.")
    )
    logo_url = serializers.SerializerMethodField(help_text=_("Empty where there is none."))
    logo_dark_url = serializers.SerializerMethodField(help_text=_("For dark pages; empty: the other one."))
    sender_name = serializers.CharField(help_text=_("Whom emails come from; empty: the desk's name."))
    greeting = serializers.DictField(child=serializers.CharField(), help_text=_("By language."))
    shows_hours = serializers.BooleanField(help_text=_("Whether pages say when the desk is open."))
    hours_text = serializers.DictField(
        child=serializers.CharField(),
        help_text=_("By language; where empty, the calendar is put into words."),
    )
    languages = serializers.ListField(child=serializers.ChoiceField(choices=Language.choices))
    language = serializers.ChoiceField(choices=Language.choices, help_text=_("The default."))

    def get_logo_url(self, tenant: Tenant) -> str:
        return _address_of(tenant, "logo", tenant.logo)

    def get_logo_dark_url(self, tenant: Tenant) -> str:
        return _address_of(tenant, "logo_dark", tenant.logo_dark)


def _address_of(tenant: Tenant, name: str, mark: str) -> str:
    return f"{absolute_url(tenant, desk_path(name))}?v={mark}" if mark else ""


class LookInput(Input):
    """What shall change; what is left out stays."""

    accent = serializers.ChoiceField(choices=Accent.choices, required=False)
    own_colour = Line(max_length=20, required=False, allow_blank=True)
    sender_name = Line(max_length=80, required=False, allow_blank=True)
    greeting = TextsField(required=False, help_text=_("By language; replaces all of them."))
    shows_hours = serializers.BooleanField(required=False)
    hours_text = TextsField(required=False, help_text=_("By language; replaces all of them."))
    languages = serializers.ListField(
        child=serializers.ChoiceField(choices=Language.choices), required=False, allow_empty=True
    )
    language = serializers.ChoiceField(choices=Language.choices, required=False)


class LogoInput(Input):
    """A picture, in multipart/form-data."""

    image = serializers.FileField(
        help_text=_("PNG, JPEG or WebP, at most 2 MB; it is made to fit 480 by 160 pixels."),
        allow_empty_file=True,
    )
    use = serializers.ChoiceField(choices=LogoUse.choices, default=LogoUse.LIGHT)


class LogoQuery(Query):
    """Which logo."""

    use = serializers.ChoiceField(choices=LogoUse.choices, default=LogoUse.LIGHT)


class _LookView(DeskView):
    permission_classes = (IsAdmin,)

    def shown(self) -> Response:
        """The desk as it is now."""
        return Response(LookSerializer(Tenant.objects.get(pk=self.tenant.pk)).data)


class Look(_LookView):
    @operation(
        _("Read the look"),
        name="get_look",
        group="look",
        answers={200: LookSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request) -> Response:
        return self.shown()

    @operation(
        _("Change the look"),
        name="change_look",
        group="look",
        answers={200: LookSerializer},
        refused=[*CHANGE, "refused_look"],
        request=LookInput,
        description=_(
            "Of an own colour, pages use the nearest shades that are read well; “contrast” says which."
        ),
    )
    def patch(self, request: Request) -> Response:
        services.change_look(
            tenant=self.tenant, by=self.membership, at=timezone.now(), changes=read_input(self, LookInput)
        )
        return self.shown()


class LookLogo(_LookView):
    parser_classes = (MultiPartParser,)

    @operation(
        _("Upload a logo"),
        name="set_logo",
        group="look",
        answers={200: LookSerializer},
        refused=[*CHANGE, "refused_logo"],
        request={"multipart/form-data": LogoInput},
        description=_("In place of the one before. The one for dark pages comes second."),
    )
    def put(self, request: Request) -> Response:
        values = read_input(self, LogoInput)
        services.set_logo(
            tenant=self.tenant,
            use=LogoUse(values["use"]),
            image=values["image"].read(LARGEST + 1),
            by=self.membership,
            at=timezone.now(),
        )
        return self.shown()

    @operation(
        _("Remove a logo"),
        name="remove_logo",
        group="look",
        answers={204: OpenApiResponse(description=_("It is gone; removing twice is no error."))},
        refused=["invalid", "not_allowed"],
        parameters=[LogoQuery],
        description=_("Without the one for all pages, none is left for dark ones."),
    )
    def delete(self, request: Request) -> Response:
        use = LogoUse(read_query(self, LogoQuery)["use"])
        services.remove_logo(tenant=self.tenant, use=use, by=self.membership, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
