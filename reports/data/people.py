"""People: oneself with everything that the desk keeps of one, or the people of one's company."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import ApiToken, LogIn, Membership
from reports.data.archive import Archive
from reports.data.tickets import moment


def write_company_people(archive: Archive, reader: Membership) -> None:
    """Everybody of the company, as the list of its people shows them."""
    people = Membership.objects.visible_to(reader).select_related("user").prefetch_related("contact_groups")
    rows = [_person(one) for one in people.annotate(last_log_in=Max("log_ins__at")).order_by("name", "pk")]
    archive.json("people.json", rows)
    head = [
        *(_("Name"), _("Email"), _("Role"), _("Sees tickets"), _("Groups"), _("Since"), _("Last log-in")),
        _("No access since"),
    ]
    archive.table("people.csv", head, [_cells(one) for one in rows])


def write_own_person(archive: Archive, reader: Membership) -> None:
    """Oneself: profile, groups, quiet hours, names of tokens, log-ins."""
    user = reader.user
    archive.json(
        "you.json",
        {
            "name": reader.name,
            "email": user.email,
            "company": reader.customer.name if reader.customer else "",
            "role": reader.role,
            "sees": reader.sees,
            "groups": [group.name for group in reader.contact_groups.all()],
            "language": user.language,
            "time_zone": user.time_zone,
            "invited_at": reader.invited_at,
            "accepted_at": reader.accepted_at,
            "quiet_from": reader.quiet_from,
            "quiet_until": reader.quiet_until,
            "quiet_days": reader.quiet_days,
            "tokens": list(ApiToken.objects.filter(membership=reader).values("name", "created_at")),
        },
    )
    log_ins = LogIn.objects.filter(person=reader)
    rows = [(moment(one.at), one.get_way_display(), one.address, one.browser) for one in log_ins]
    archive.table("log-ins.csv", [_("When"), _("How"), _("Address"), _("Browser")], rows)


def _person(person: Any) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.user.email,
        "role": person.role,
        "role_words": person.get_role_display(),
        "sees": person.sees,
        "sees_words": _("All of the company") if person.sees_company else person.get_sees_display(),
        "groups": [group.name for group in person.contact_groups.all()],
        "accepted_at": person.accepted_at,
        "last_log_in": person.last_log_in,
        "deactivated_at": person.deactivated_at,
    }


def _cells(person: dict[str, Any]) -> list[Any]:
    return [
        *(person["name"], person["email"], person["role_words"], person["sees_words"]),
        ", ".join(person["groups"]),
        *(moment(person[name]) for name in ("accepted_at", "last_log_in", "deactivated_at")),
    ]
