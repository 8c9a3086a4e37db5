"""What stands under the bells of the staff when something that watches finds trouble, and its end."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.links import desk_path
from accounts.models import Membership
from maintenance.models import Outage
from notifications.services import notify_each

FOUND = gettext_noop("%(name)s: %(title)s")
OVER = gettext_noop("%(name)s: “%(title)s” is over")


def tell_staff_found(outage: Outage, *, name: str, at: datetime) -> None:
    """A line for everybody on the staff; `name` is what watched."""
    _tell(outage, FOUND, "found", name, at)


def tell_staff_over(outage: Outage, *, name: str, at: datetime) -> None:
    """A line for everybody on the staff; `name` is what watched."""
    _tell(outage, OVER, "over", name, at)


def tell_staff_recovered(outage: Outage, *, text: str, at: datetime) -> None:
    """A line for everybody on the staff: what is watched works again, as `text` says; the outage goes on."""
    _tell(outage, "%(name)s", f"recovered:{at.isoformat()}", text, at)


def _tell(outage: Outage, words: str, step: str, name: str, at: datetime) -> None:
    staff = Membership.objects.active().staff().filter(tenant_id=outage.tenant_id, user__is_active=True)
    values = {"name": name, "title": outage.title}
    notify_each(
        staff.select_related("user"),
        kind="outage",
        key=f"outage:{outage.pk}:{step}",
        title_for=lambda _person: _(words) % values,
        path=desk_path("outage", outage.pk),
        at=at,
    )
