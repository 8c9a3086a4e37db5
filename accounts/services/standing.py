"""Intentions about how customers stand: set it, lift it, say what it stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Customer, Ground, Membership, Standing, StandingLevel, StandingRule
from accounts.services.errors import EditedMeanwhile, NotAllowed
from accounts.signals import standing_told


class StandingRuleBroken(Exception):
    """A rule of standings refused an intention; `field` names what is to blame, "" the whole."""

    code = "refused_standing"
    field = ""

    def words(self) -> str:
        """What was refused, for people."""
        return _("This cannot be done.")


class ReviewTooEarly(StandingRuleBroken):
    """A review before the standing begins has nothing to look at."""

    field = "review_on"

    def words(self) -> str:
        return _("Choose a day after the one from which it counts.")


class StartsInPast(StandingRuleBroken):
    """What was done under a good standing was done rightly."""

    field = "starts_at"

    def words(self) -> str:
        return _("A standing counts from now or later, never from the past.")


class NothingToLift(StandingRuleBroken):
    """The customer stands well."""

    def words(self) -> str:
        return _("This customer is in good standing already.")


@dataclass(frozen=True)
class StandingTerms:
    """What is said of a standing. `way_out` "": the words of its rule. `starts_at` None: at once."""

    level: str
    ground: str
    reason: str
    way_out: str = ""
    evidence: Sequence[int] = ()
    starts_at: datetime | None = None
    review_on: date | None = None


@dataclass(frozen=True)
class RuleTerms:
    """What a rule says; `priorities` and `channels` are the stopped ones."""

    stops_tickets: bool
    priorities: Sequence[str] = ()
    channels: Sequence[str] = ()
    stops_emergencies: bool = False
    lets_critical_outages: bool = True
    way_out: str = field(default="")


@transaction.atomic
def set_standing(
    *, customer: Customer, terms: StandingTerms, seen: int | None, by: Membership, at: datetime
) -> Standing:
    """Restrict or suspend support of a customer; a standing that is open ends with it.

    `seen` is the id of the open standing that was shown, None for none.
    Raises NotAllowed, EditedMeanwhile, StartsInPast, ReviewTooEarly.
    """
    customer, before = _lock(customer, seen, by)
    starts_at = terms.starts_at or at
    if starts_at < at:
        raise StartsInPast
    zone = ZoneInfo(customer.tenant.time_zone)
    if terms.review_on is not None and terms.review_on < starts_at.astimezone(zone).date():
        raise ReviewTooEarly
    if before is not None:
        _end(before, by, at)
    standing = Standing.objects.create(
        tenant_id=customer.tenant_id,
        customer=customer,
        level=_worse_than_good(terms.level),
        ground=Ground(terms.ground),
        reason=terms.reason.strip(),
        way_out=terms.way_out.strip(),
        evidence=sorted(set(terms.evidence)),
        starts_at=starts_at,
        review_on=terms.review_on,
        set_by=by,
        set_at=at,
    )
    customer.open_standing = standing.level
    customer.save(update_fields=["open_standing"])
    standing_told.send(sender=Standing, standing=standing, act="changed" if before else "set", at=at)
    return standing


@transaction.atomic
def lift_standing(*, customer: Customer, seen: int | None, by: Membership, at: datetime) -> Standing:
    """Good standing again, at once. Raises NotAllowed, EditedMeanwhile, NothingToLift."""
    customer, standing = _lock(customer, seen, by)
    if standing is None:
        raise NothingToLift
    _end(standing, by, at)
    standing.customer = customer
    customer.open_standing = StandingLevel.GOOD
    customer.save(update_fields=["open_standing"])
    standing_told.send(sender=Standing, standing=standing, act="lifted", at=at)
    return standing


def tell_reviews(*, today: date, at: datetime) -> int:
    """Tell those whom it concerns, once, that the day has come on which a standing is to be looked at.

    Of the current desk, `today` in its zone; each in a transaction of its own. Returns how many.
    """
    due = Standing.objects.not_lifted().filter(review_on__lte=today, review_told_at=None)
    return sum(_tell_review(pk, at) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _tell_review(pk: int, at: datetime) -> int:
    """Look again under the lock: it may have been lifted meanwhile, or told by another worker."""
    found = Standing.objects.not_lifted().select_for_update(of=("self",)).select_related("customer")
    standing = found.filter(pk=pk, review_told_at=None).first()
    if standing is None:
        return 0
    standing.review_told_at = at
    standing.save(update_fields=["review_told_at"])
    standing_told.send(sender=Standing, standing=standing, act="review", at=at)
    return 1


@transaction.atomic
def change_standing_rule(
    *, level: str, ground: str, terms: RuleTerms, seen_version: int, by: Membership, at: datetime
) -> StandingRule:
    """Say what standings of that level and ground stop from now on, those in force included.

    `seen_version` is the one that was edited, 0 where none was set. Raises NotAllowed, EditedMeanwhile.
    """
    if not by.is_admin:
        raise NotAllowed
    key = {"tenant_id": by.tenant_id, "level": _worse_than_good(level), "ground": Ground(ground)}
    StandingRule.objects.get_or_create(**key, defaults={"version": 0})
    rule = StandingRule.objects.select_for_update().get(**key)
    if rule.version != seen_version:
        raise EditedMeanwhile(str(rule))
    rule.stops_tickets, rule.stops_emergencies = terms.stops_tickets, terms.stops_emergencies
    rule.priorities, rule.channels = sorted(set(terms.priorities)), sorted(set(terms.channels))
    rule.lets_critical_outages, rule.way_out = terms.lets_critical_outages, terms.way_out.strip()
    rule.version += 1
    rule.save()
    return rule


def _lock(customer: Customer, seen: int | None, by: Membership) -> tuple[Customer, Standing | None]:
    if not by.is_admin or by.tenant_id != customer.tenant_id:
        raise NotAllowed
    customer = Customer.objects.select_for_update(of=("self",)).select_related("tenant").get(pk=customer.pk)
    standing: Standing | None = Standing.objects.not_lifted().filter(customer=customer).first()
    if (standing.pk if standing else None) != seen:
        raise EditedMeanwhile(str(standing or StandingLevel.GOOD.label))
    return customer, standing


def _end(standing: Standing, by: Membership, at: datetime) -> None:
    standing.lifted_at, standing.lifted_by = at, by
    standing.save(update_fields=["lifted_at", "lifted_by"])


def _worse_than_good(level: str) -> StandingLevel:
    """ValueError for good: that is lifting."""
    if level == StandingLevel.GOOD:
        raise ValueError(level)
    return StandingLevel(level)
