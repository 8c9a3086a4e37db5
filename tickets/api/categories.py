"""Categories: everybody reads what a new ticket may take, admins make and change them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, Instant, Line, PageQuery, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsMember, IsStaffMember
from accounts.models import Membership
from tickets.api.inputs import AmongField, NothingInput
from tickets.api.serializers import CategoryPage, CategorySerializer
from tickets.models import Category, Purpose
from tickets.services.categories import (
    archive_category,
    change_category,
    create_category,
    restore_category,
)
from tickets.services.purposes import choose_categories, chosen_categories, fingerprint

IN_ORDER = Order("position", [Key("position"), Key("name"), Key("id")])
MOST_POSITION = 999


class CategorySettingsSerializer(CategorySerializer):
    """A kind of service, with what the desk's staff know of it."""

    is_outage = serializers.BooleanField(help_text=_("The restore clock runs on its tickets."))
    position = serializers.IntegerField(help_text=_("Lower ones stand first."))
    purposes = serializers.SerializerMethodField(help_text=_("Which tickets of the desk itself it takes."))
    archived_at = Instant(allow_null=True, help_text=_("Null while new tickets may take it."))
    version = serializers.IntegerField(help_text=_("What a change sends as “seen”."))

    def get_purposes(self, category: Category) -> list[str]:
        return sorted(row.purpose for row in category.purposes.all())


class CategoriesQuery(PageQuery):
    """Which categories."""

    archived = serializers.BooleanField(default=False, help_text=_("Archived ones too; for staff alone."))


class CategorySettingsInput(Input):
    """What a category is."""

    name = Line(max_length=80)
    description = serializers.CharField(required=False, allow_blank=True, max_length=250)
    is_outage = serializers.BooleanField(
        required=False, help_text=_("The restore clock runs on tickets filed from now on.")
    )
    position = serializers.IntegerField(min_value=0, max_value=MOST_POSITION, required=False)


class ChangeCategorySettingsInput(CategorySettingsInput):
    """A category as it shall be; what is left out becomes empty."""

    seen = serializers.IntegerField(help_text=_("The version that you saw."))


def _categories(membership: Membership) -> QuerySet[Any]:
    return Category.objects.visible_to(membership).in_use()


def _choice(purpose: Purpose) -> AmongField:
    return AmongField(
        _categories,
        queryset=Category.objects.none(),
        allow_null=True,
        help_text=_("The id of a category; null: the first that fits."),
        label=purpose.label,
    )


class PurposesInput(Input):
    """Which category takes the tickets that the desk files by itself."""

    alarm = _choice(Purpose.ALARM)
    backup = _choice(Purpose.BACKUP)
    restore = _choice(Purpose.RESTORE)
    seen = serializers.CharField(
        allow_blank=True, max_length=200, help_text=_("“seen” of the choice that you read.")
    )


class PurposesSerializer(serializers.Serializer[Any]):
    """Which category takes the tickets that the desk files by itself; null: the first that fits."""

    alarm = serializers.IntegerField(allow_null=True, help_text=_("A service is down or degraded."))
    backup = serializers.IntegerField(allow_null=True, help_text=_("A backup is late, or failed."))
    restore = serializers.IntegerField(allow_null=True, help_text=_("A customer asks for a restore."))
    seen = serializers.CharField(help_text=_("What a change sends as “seen”."))


class CategoryView(DeskView):
    """Staff read, admins write."""

    def get_permissions(self) -> list[IsMember]:
        return [IsStaffMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    def categories(self) -> QuerySet[Any]:
        """Those of the desk, with what they are for."""
        return Category.objects.visible_to(self.membership).prefetch_related("purposes")

    def shown(self, pk: int) -> Any:
        """One as it is now."""
        return CategorySettingsSerializer(self.categories().get(pk=pk)).data


class Categories(CategoryView):
    def get_permissions(self) -> list[IsMember]:
        return [IsMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    @operation(
        _("List categories"),
        name="list_categories",
        group="tickets",
        answers={200: CategoryPage},
        refused=["invalid"],
        parameters=[CategoriesQuery],
        description=_("Those that a new ticket may take."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, CategoriesQuery)
        categories = Category.objects.visible_to(self.membership)
        if not (query["archived"] and self.membership.is_staff_member):
            categories = categories.in_use()
        return page_response(self, categories, IN_ORDER, query, CategorySerializer)

    @operation(
        _("Create a category"),
        name="create_category",
        group="tickets",
        answers={201: CategorySettingsSerializer},
        refused=[*CHANGE, "name_taken"],
        request=CategorySettingsInput,
        description=_("New tickets may take it at once. For admins alone."),
    )
    def post(self, request: Request) -> Response:
        category = create_category(tenant_id=self.tenant.pk, **read_input(self, CategorySettingsInput))
        return Response(self.shown(category.pk), status=status.HTTP_201_CREATED)


class OneCategory(CategoryView):
    @operation(
        _("Show a category"),
        name="show_category",
        group="tickets",
        answers={200: CategorySettingsSerializer},
        refused=["not_allowed"],
        description=_("With its place and what it is for. For staff alone."),
    )
    def get(self, request: Request, category_id: int) -> Response:
        return Response(self.shown(get_object_or_404(self.categories(), pk=category_id).pk))

    @operation(
        _("Change a category"),
        name="edit_category",
        group="tickets",
        answers={200: CategorySettingsSerializer},
        refused=[*CHANGE, "edited_meanwhile", "name_taken"],
        request=ChangeCategorySettingsInput,
        description=_("For admins alone."),
    )
    def put(self, request: Request, category_id: int) -> Response:
        category = get_object_or_404(self.categories(), pk=category_id)
        values = read_input(self, ChangeCategorySettingsInput)
        seen = values.pop("seen")
        change_category(category=category, seen_version=seen, by=self.membership, at=timezone.now(), **values)
        return Response(self.shown(category.pk))


class ArchiveCategory(CategoryView):
    @operation(
        _("Archive a category"),
        name="archive_category",
        group="tickets",
        answers={200: CategorySettingsSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("New tickets cannot take it any more; those that have it keep it. For admins alone."),
    )
    def post(self, request: Request, category_id: int) -> Response:
        category = get_object_or_404(self.categories(), pk=category_id)
        read_input(self, NothingInput)
        archive_category(category=category, by=self.membership, at=timezone.now())
        return Response(self.shown(category.pk))


class RestoreCategory(CategoryView):
    @operation(
        _("Restore an archived category"),
        name="restore_category",
        group="tickets",
        answers={200: CategorySettingsSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("New tickets can take it again. For admins alone."),
    )
    def post(self, request: Request, category_id: int) -> Response:
        category = get_object_or_404(self.categories(), pk=category_id)
        read_input(self, NothingInput)
        restore_category(category=category, by=self.membership, at=timezone.now())
        return Response(self.shown(category.pk))


class CategoryPurposes(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("Show which category takes what the desk files"),
        name="show_category_purposes",
        group="tickets",
        answers={200: PurposesSerializer},
        refused=["not_allowed"],
    )
    def get(self, request: Request) -> Response:
        chosen = chosen_categories(self.tenant.pk)
        said: dict[str, Any] = {purpose.value: chosen.get(purpose.value) for purpose in Purpose}
        return Response(said | {"seen": fingerprint(chosen)})

    @operation(
        _("Choose which category takes what the desk files"),
        name="choose_category_purposes",
        group="tickets",
        answers={200: PurposesSerializer},
        refused=[*CHANGE, "edited_meanwhile", "category_does_not_fit"],
        request=PurposesInput,
        description=_("It holds for tickets filed from then on. For admins alone."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, PurposesInput)
        seen = values.pop("seen")
        choose_categories(chosen=values, seen=seen, by=self.membership, at=timezone.now())
        return self.get(request)
