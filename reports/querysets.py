"""The named sets of downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import Membership
    from reports.models import Download

UNDER_WAY = ("waiting", "working")


class DownloadQuerySet(models.QuerySet["Download"]):
    """Downloads of own data."""

    def visible_to(self, membership: Membership) -> Self:
        """A person's own, which nobody else reads: not even who sees the portal as they do.

        What was gathered for a company stays with those who still speak for it.
        """
        if membership.seen_by is not None:
            return self.none()
        own = self.filter(tenant_id=membership.tenant_id, person=membership)
        return own if membership.role == "customer_admin" else own.exclude(scope="company")

    def under_way(self) -> Self:
        """Asked for and not ended."""
        return self.filter(state__in=UNDER_WAY)
