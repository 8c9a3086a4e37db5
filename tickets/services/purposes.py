"""Which category takes the tickets that the desk files by itself, and how an admin chooses it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from accounts.models import Membership
from tickets.models import Category, CategoryPurpose, Purpose
from tickets.services.errors import EditedMeanwhile, NotAllowed, TicketRuleBroken


class DoesNotFit(TicketRuleBroken):
    """The restore clock does not run where it has to, or runs where nothing is down."""

    code = "category_does_not_fit"

    def __init__(self, purpose: str) -> None:
        super().__init__(purpose)
        self.field = purpose

    def words(self) -> str:
        if self.field == Purpose.RESTORE:
            return _("Choose a category about outages and restores: the restore clock has to run.")
        return _("Choose a category that is not about outages: nothing is down, so no restore clock may run.")


def category_for(tenant_id: int, purpose: str) -> Category | None:
    """The category of that purpose in use: the chosen one as long as it fits, else the first that does.

    A restore needs the restore clock, so without a category about outages there is none. What monitors find
    is an outage where the desk has such a category; a backup in trouble is not, unless there is no other.
    """
    chosen = CategoryPurpose.objects.filter(purpose=purpose, category=OuterRef("pk"))
    fitting = Category.objects.filter(tenant_id=tenant_id, archived_at=None)
    fitting = fitting.annotate(is_chosen=Exists(chosen))
    order = {
        Purpose.ALARM: (F("is_chosen").desc(), F("is_outage").desc()),
        Purpose.BACKUP: (F("is_outage").asc(), F("is_chosen").desc()),
        Purpose.RESTORE: (F("is_chosen").desc(),),
    }[Purpose(purpose)]
    if purpose == Purpose.RESTORE:
        fitting = fitting.filter(is_outage=True)
    found: Category | None = fitting.order_by(*order, "position", "name").first()
    return found


def chosen_categories(tenant_id: int) -> dict[str, int]:
    """The ids of the categories that were chosen, by purpose."""
    rows = CategoryPurpose.objects.filter(tenant_id=tenant_id)
    return dict(rows.values_list("purpose", "category_id"))


def fingerprint(chosen: Mapping[str, int]) -> str:
    """What tells one choice from another, for a form that was open meanwhile."""
    return ",".join(f"{purpose}:{chosen[purpose]}" for purpose in sorted(chosen))


@transaction.atomic
def choose_categories(
    *, chosen: Mapping[str, Category | None], seen: str, by: Membership, at: datetime
) -> None:
    """Say which category takes what the desk files by itself; None: the first that fits. It holds for tickets
    filed from then on. `seen` is the fingerprint of the choice that was edited.

    Raises NotAllowed, EditedMeanwhile, DoesNotFit.
    """
    named = [category for category in chosen.values() if category is not None]
    if not by.is_admin or any(category.tenant_id != by.tenant_id for category in named):
        raise NotAllowed
    # Locking what is chosen from makes two admins who choose at once do so one after the other.
    rows = Category.objects.select_for_update().filter(tenant_id=by.tenant_id).order_by("pk")
    locked = {category.pk: category for category in rows}
    if seen != fingerprint(chosen_categories(by.tenant_id)):
        raise EditedMeanwhile(_("Tickets that the desk files by itself"))
    for purpose, category in chosen.items():
        if category is None:
            CategoryPurpose.objects.filter(tenant_id=by.tenant_id, purpose=purpose).delete()
        else:
            give_purpose(category=locked[category.pk], purpose=purpose)


def give_purpose(*, category: Category, purpose: str) -> None:
    """Let a category take the tickets of that purpose, instead of the one before. Raises DoesNotFit."""
    if purpose == Purpose.RESTORE and not category.is_outage:
        raise DoesNotFit(purpose)
    if purpose == Purpose.BACKUP and category.is_outage:
        raise DoesNotFit(purpose)
    CategoryPurpose.objects.update_or_create(
        tenant_id=category.tenant_id, purpose=purpose, defaults={"category": category}
    )
