"""The usual kinds of service, for a desk that has none: thirteen, with the facts that some of them ask for.

They are the desk's own as soon as they stand: in its language, to be renamed, asked differently, archived.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Membership, Tenant
from tickets.intake import Kind, Question
from tickets.models import Category, CategoryPurpose, Purpose
from tickets.services.categories import create_category
from tickets.services.errors import NotAllowed
from tickets.services.intake import change_intake_form
from tickets.services.purposes import give_purpose


@dataclass(frozen=True)
class Usual:
    """A category as it is suggested."""

    name: str
    description: str
    questions: tuple[Question, ...] = ()
    is_outage: bool = False
    purposes: tuple[Purpose, ...] = ()


@transaction.atomic
def take_usual_categories(*, tenant: Tenant, by: Membership, at: datetime) -> list[Category]:
    """Make the usual categories in the desk's language, after those that stand; the new ones come back.

    A name that is there already, archived or not, is left as it is, and so is every purpose that the desk has
    given to a category. Raises NotAllowed.
    """
    if not by.is_admin or by.tenant_id != tenant.pk:
        raise NotAllowed
    Tenant.objects.select_for_update().get(pk=tenant.pk)  # two at once do so one after the other
    standing = Category.objects.filter(tenant_id=tenant.pk)
    names = {name.casefold() for name in standing.values_list("name", flat=True)}
    place = max(standing.values_list("position", flat=True), default=-1) + 1
    with translation.override(tenant.language):
        wanted = [usual for usual in usual_categories() if usual.name.casefold() not in names]
    made = [_make(tenant, usual, place + n, by, at) for n, usual in enumerate(wanted)]
    _give_purposes(tenant, zip(made, wanted, strict=True))
    return made


def _make(tenant: Tenant, usual: Usual, position: int, by: Membership, at: datetime) -> Category:
    category = create_category(
        tenant_id=tenant.pk,
        name=usual.name,
        description=usual.description,
        position=position,
        is_outage=usual.is_outage,
    )
    if usual.questions:
        change_intake_form(category=category, questions=usual.questions, seen=0, by=by, at=at)
    return category


def _give_purposes(tenant: Tenant, made: Iterable[tuple[Category, Usual]]) -> None:
    given = set(CategoryPurpose.objects.filter(tenant_id=tenant.pk).values_list("purpose", flat=True))
    for category, usual in made:
        for purpose in usual.purposes:
            if purpose not in given:
                give_purpose(category=category, purpose=purpose)


def usual_categories() -> list[Usual]:
    """The thirteen in the language that is active, in the order in which customers see them."""
    fault, access, slowness = _fault(), _access(), _slowness()
    return [
        Usual(_("Technical issue"), _("Something that worked has stopped working."), fault),
        Usual(_("Bug"), _("The software does something other than it should."), fault),
        Usual(_("User assistance"), _("How to carry out a task in the system.")),
        Usual(_("Workflow"), _("Approvals, postings and documents that do not move on."), fault),
        Usual(_("Login and access"), _("Passwords, locked accounts, roles and permissions."), access),
        Usual(
            _("Hosting and monitoring"),
            _("Servers, certificates, disk space and availability."),
            purposes=(Purpose.ALARM, Purpose.BACKUP),
        ),
        Usual(
            _("Backup and recovery"),
            _("Backups, and restoring data from them."),
            is_outage=True,
            purposes=(Purpose.RESTORE,),
        ),
        Usual(_("Performance"), _("Slow pages, reports or jobs."), slowness),
        Usual(
            _("Security and patches"), _("Updates of the system, suspicious access, hardening.")
        ),
        Usual(
            _("Compliance update"),
            _("Changes that a law or an authority requires: tax rates, returns, invoice formats."),
        ),
        Usual(_("Feature improvement"), _("Something new, or something that could work better.")),
        Usual(_("API integration"), _("Connections to other systems."), fault),
        Usual(
            _("Dedicated enterprise support"), _("Matters of customers with an agreement of their own.")
        ),
    ]  # fmt: skip


def _fault() -> tuple[Question, ...]:
    steps = _("As if somebody who does not know your company had to repeat it.")
    error = _("The exact words of an error message help most.")
    return (
        Question("steps", _("What did you do, step by step?"), Kind.LONG_TEXT, steps, required=True),
        Question("expected", _("What did you expect to happen?"), Kind.LONG_TEXT, required=True),
        Question("actual", _("What happened instead?"), Kind.LONG_TEXT, error, required=True),
        *_where_and_when(),
    )


def _access() -> tuple[Question, ...]:
    user = _("The user name. Never send a password.")
    return (
        Question("user", _("Whose access is it about?"), Kind.TEXT, user, required=True),
        Question("since", _("Since when?"), Kind.DATE),
    )


def _slowness() -> tuple[Question, ...]:
    return (
        Question("where", _("Which page, report or job is slow?"), Kind.TEXT, required=True),
        Question("expected", _("How long does it usually take?"), Kind.TEXT),
        Question("actual", _("How long does it take now?"), Kind.TEXT, required=True),
        *_where_and_when(),
    )


def _where_and_when() -> tuple[Question, ...]:
    return (
        Question("service", _("Which system is it about?"), Kind.SERVICE),
        Question("since", _("Since when?"), Kind.DATE),
    )
