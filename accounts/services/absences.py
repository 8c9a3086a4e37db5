"""Intentions about absences of staff: enter one, change it, take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.absences import may_plan_absences, may_read_note
from accounts.models import Absence, AbsenceKind, Membership
from accounts.oneline import one_line
from accounts.services.errors import EditedMeanwhile, NotAllowed


class AbsenceRuleBroken(Exception):
    """A rule of absences refused an intention; `field` names what is to blame."""

    code = "refused_absence"
    field = "ends_at"

    def words(self) -> str:
        """What was refused, for people."""
        return _("This cannot be done.")


class EndsBeforeStart(AbsenceRuleBroken):
    """An absence lasts some time."""

    def words(self) -> str:
        return _("The end lies before the start.")


class AwayAlready(AbsenceRuleBroken):
    """Two absences of one person overlap."""

    field = "starts_at"

    def words(self) -> str:
        return _("Another absence is entered for a part of this time. Change that one.")


@dataclass(frozen=True)
class AbsenceTerms:
    """What is said of an absence: away from `starts_at`, back at `ends_at`."""

    starts_at: datetime
    ends_at: datetime
    kind: str = AbsenceKind.HOLIDAY
    note: str = ""


@transaction.atomic
def add_absence(*, person: Membership, terms: AbsenceTerms, by: Membership, at: datetime) -> Absence:
    """Enter that somebody of the staff is away; it may lie in the past.

    Raises NotAllowed, EndsBeforeStart, AwayAlready.
    """
    if not may_plan_absences(by, person):
        raise NotAllowed
    absence = Absence(tenant_id=person.tenant_id, person=_lock(person), created_at=at)
    return _save(absence, terms, by)


@transaction.atomic
def change_absence(
    *, absence: Absence, terms: AbsenceTerms, seen_version: int, by: Membership, at: datetime
) -> Absence:
    """Change when or why somebody is away; of somebody who is back early, the end.

    `seen_version` is the one that was edited. A note that `by` may not read stays as it is. Raises
    NotAllowed, EditedMeanwhile, EndsBeforeStart, AwayAlready.
    """
    absence = _lock_absence(absence, by)
    if absence.version != seen_version:
        raise EditedMeanwhile(str(absence.person))
    absence.version += 1
    return _save(absence, terms, by)


@transaction.atomic
def remove_absence(*, absence: Absence, by: Membership, at: datetime) -> None:
    """Take an absence back as if it had never been entered. Raises NotAllowed."""
    _lock_absence(absence, by).delete()


def _lock(person: Membership) -> Membership:
    """The person's row is locked, so that two who enter the same time are told apart in words."""
    return Membership.objects.select_for_update().get(pk=person.pk)


def _lock_absence(absence: Absence, by: Membership) -> Absence:
    if not may_plan_absences(by, absence.person):
        raise NotAllowed
    _lock(absence.person)
    return Absence.objects.select_related("person").get(pk=absence.pk)


def _save(absence: Absence, terms: AbsenceTerms, by: Membership) -> Absence:
    if terms.ends_at <= terms.starts_at:
        raise EndsBeforeStart
    others = Absence.objects.filter(person=absence.person).exclude(pk=absence.pk)
    if others.filter(starts_at__lt=terms.ends_at, ends_at__gt=terms.starts_at).exists():
        raise AwayAlready
    absence.starts_at, absence.ends_at = terms.starts_at, terms.ends_at
    absence.kind = AbsenceKind(terms.kind)
    if may_read_note(by, absence.person) or not absence.pk:
        absence.note = one_line(terms.note)
    absence.save()
    return absence
