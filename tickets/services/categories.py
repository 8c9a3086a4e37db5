"""Intentions about categories: the kinds of service that tickets are about."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import archiving
from accounts.models import Membership
from accounts.oneline import one_line
from accounts.uniqueness import once_only
from tickets.models import Category
from tickets.services.errors import EditedMeanwhile, NotAllowed, TicketRuleBroken


class CategoryNameTaken(TicketRuleBroken):
    """Another category of the desk has that name."""

    code = "name_taken"

    def words(self) -> str:
        return _("A category with this name exists already. It may be archived.")


def create_category(
    *, tenant_id: int, name: str, description: str = "", position: int = 0, is_outage: bool = False
) -> Category:
    """A category that new tickets may take; lower positions stand first.

    For an outage the restore clock runs. Raises CategoryNameTaken.
    """
    with once_only(CategoryNameTaken):
        return Category.objects.create(
            tenant_id=tenant_id,
            name=one_line(name),
            description=description.strip(),
            position=position,
            is_outage=is_outage,
        )


@transaction.atomic
def change_category(
    *,
    category: Category,
    seen_version: int,
    by: Membership,
    at: datetime,
    name: str,
    description: str = "",
    position: int = 0,
    is_outage: bool = False,
) -> Category:
    """Rename, describe, move, say whether it is about outages: that holds for tickets filed from then on.

    `seen_version` is the one that was edited.

    Raises NotAllowed, EditedMeanwhile, CategoryNameTaken.
    """
    category = _lock(category, by)
    if category.version != seen_version:
        raise EditedMeanwhile(category.name)
    category.name = one_line(name)
    category.description, category.position = description.strip(), position
    category.is_outage = is_outage
    category.version += 1
    with once_only(CategoryNameTaken):
        category.save(update_fields=["name", "description", "position", "is_outage", "version"])
    return category


@transaction.atomic
def archive_category(*, category: Category, by: Membership, at: datetime) -> None:
    """Offer it no more for new tickets; those that have it keep it. Raises NotAllowed."""
    category = _lock(category, by)
    archiving.archive(category, at=at)


@transaction.atomic
def restore_category(*, category: Category, by: Membership, at: datetime) -> None:
    """Offer an archived category again. Raises NotAllowed."""
    category = _lock(category, by)
    archiving.restore(category)


def _lock(category: Category, by: Membership) -> Category:
    if not by.is_admin or by.tenant_id != category.tenant_id:
        raise NotAllowed
    return Category.objects.select_for_update().get(pk=category.pk)
