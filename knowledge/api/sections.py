"""The API of sections: staff read, admins write."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, PageQuery, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsMember, IsStaffMember
from knowledge import services
from knowledge.api.forms import ChangeSectionInput, SectionInput, SectionPage, SectionSerializer
from knowledge.models import Section
from tickets.api.inputs import NothingInput

IN_ORDER = Order("position", [Key("position"), Key("id")])


class SectionView(DeskView):
    """A view about sections."""

    permission_classes = (IsAdmin,)

    def sections(self) -> QuerySet[Section]:
        """Those of the desk, archived ones too."""
        return Section.objects.filter(tenant=self.tenant)

    def section(self, section_id: int) -> Section:
        """The section. Raises Http404."""
        return get_object_or_404(self.sections(), pk=section_id)


class Sections(SectionView):
    def get_permissions(self) -> list[IsMember]:
        return [IsStaffMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    @operation(
        _("List sections"),
        name="list_sections",
        group="knowledge",
        answers={200: SectionPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("In the order in which readers see them, archived ones too. For staff."),
    )
    def get(self, request: Request) -> Response:
        return page_response(self, self.sections(), IN_ORDER, read_query(self, PageQuery), SectionSerializer)

    @operation(
        _("Create a section"),
        name="create_section",
        group="knowledge",
        answers={201: SectionSerializer},
        refused=[*CHANGE, "article_not_accepted"],
        request=SectionInput,
        description=_("For admins alone."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, SectionInput)
        made = services.create_section(
            tenant_id=self.tenant.pk, by=self.membership, at=timezone.now(), **values
        )
        return Response(SectionSerializer(made).data, status=status.HTTP_201_CREATED)


class OneSection(SectionView):
    @operation(
        _("Change a section"),
        name="change_section",
        group="knowledge",
        answers={200: SectionSerializer},
        refused=[*CHANGE, "edited_meanwhile", "article_not_accepted"],
        request=ChangeSectionInput,
        description=_("What is left out becomes empty. For admins alone."),
    )
    def put(self, request: Request, section_id: int) -> Response:
        section, values = self.section(section_id), read_input(self, ChangeSectionInput)
        changed = services.change_section(
            section=section,
            seen_version=values["seen"],
            names=values["names"],
            descriptions=values.get("descriptions", {}),
            position=values.get("position", 0),
            by=self.membership,
            at=timezone.now(),
        )
        return Response(SectionSerializer(changed).data)


class ArchiveSection(SectionView):
    @operation(
        _("Archive a section"),
        name="archive_section",
        group="knowledge",
        answers={200: SectionSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("Readers see none of its articles any more. For admins alone."),
    )
    def post(self, request: Request, section_id: int) -> Response:
        section = self.section(section_id)
        read_input(self, NothingInput)
        archived = services.archive_section(section=section, by=self.membership, at=timezone.now())
        return Response(SectionSerializer(archived).data)


class RestoreSection(SectionView):
    @operation(
        _("Restore a section"),
        name="restore_section",
        group="knowledge",
        answers={200: SectionSerializer},
        refused=CHANGE,
        request=NothingInput,
        description=_("Readers see its articles again. For admins alone."),
    )
    def post(self, request: Request, section_id: int) -> Response:
        section = self.section(section_id)
        read_input(self, NothingInput)
        restored = services.restore_section(section=section, by=self.membership, at=timezone.now())
        return Response(SectionSerializer(restored).data)
