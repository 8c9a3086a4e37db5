"""Plans and calendars with the version that is in force, for the API's views of both."""

from copy import copy
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.base import DeskView, PageQuery, page_response, read_query
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsMember, IsStaffMember

NEWEST = Order("newest", [Key("number", descending=True)])


class ArchivedQuery(PageQuery):
    """Which of them."""

    archived = serializers.BooleanField(default=False, help_text=_("Archived ones too."))


class VersionedView(DeskView):
    """About things with versions: staff read, admins write.

    `things()` are those of the desk, `versions()` all of theirs, `of` is what those call the thing.
    """

    of = ""
    form: type[serializers.Serializer[Any]]

    def get_permissions(self) -> list[IsMember]:
        return [IsStaffMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    def things(self) -> QuerySet[Any]:
        """Those of the desk."""
        raise NotImplementedError

    def versions(self) -> QuerySet[Any]:
        """With what is written of them."""
        raise NotImplementedError

    def page(self, order: Order) -> Response:
        """A page of them, each with the version that is in force as `current`."""
        query = read_query(self, ArchivedQuery)
        things = self._with_versions()
        if not query["archived"]:
            things = things.filter(archived_at=None)
        return page_response(self, things, order, query, self.form, prepare=_with_current)

    def thing(self, pk: int) -> Any:
        """One of them. Raises Http404."""
        return get_object_or_404(self.things(), pk=pk)

    def shown(self, pk: int) -> Any:
        """One as it is now. Raises Http404."""
        [thing] = _with_current([get_object_or_404(self._with_versions(), pk=pk)])
        return self.form(thing, context=self.context()).data

    def page_of_versions(self, pk: int) -> Response:
        """All versions of one of them, written as it was by each, the newest first. Raises Http404."""
        thing, query = self.thing(pk), read_query(self, PageQuery)

        def written(versions: list[Any]) -> list[Any]:
            rows = [copy(thing) for _version in versions]
            for row, version in zip(rows, versions, strict=True):
                row.current = version
            return rows

        found = self.versions().filter(**{self.of: pk})
        return page_response(self, found, NEWEST, query, self.form, prepare=written)

    def _with_versions(self) -> QuerySet[Any]:
        begun = self.versions().filter(Q(valid_from=None) | Q(valid_from__lte=timezone.now()))
        newest = begun.order_by(self.of, "-number").distinct(self.of)
        return self.things().prefetch_related(Prefetch("versions", newest, to_attr="in_force"))


def _with_current(rows: list[Any]) -> list[Any]:
    for row in rows:
        row.current = row.in_force[0]
    return rows
