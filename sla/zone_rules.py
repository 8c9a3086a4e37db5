"""Following the world's time zones: a new edition of their rules moves promises that are still open.

Morocco leaves summer time for good, a government moves the change by a week with a month's notice: the rules
come with the next release of the `tzdata` package. Calendars are compiled anew in every process that starts,
but a stored deadline is a copy of what the rules said when it was reckoned. So each desk keeps the edition
that its open clocks were reckoned with, and where it is another the sweep is given all of them to reckon
again, some thousand at a time, so that nothing that falls due meanwhile has to wait. What has ended is never
judged again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from sla.models import Clock, ZoneRules
from sla.zones import TZDATA_VERSION
from tickets.models import Ticket

log = logging.getLogger(__name__)

PORTION = 5_000
"""Clocks that are given to the sweep at a time: fewer than it takes in one run."""
SWEPT_WITHIN = timedelta(hours=1)
"""A sweep that is later than this has stopped, or cannot see the clock."""


@transaction.atomic
def follow_zone_rules(tenant_id: int, *, now: datetime) -> int:
    """Give the sweep the next open clocks of the current desk that older rules reckoned; how many."""
    rules, _is_new = ZoneRules.objects.get_or_create(
        tenant_id=tenant_id, defaults={"version": TZDATA_VERSION, "reached": 0}
    )
    if _are_followed(rules):
        return 0
    rules = ZoneRules.objects.select_for_update().get(pk=rules.pk)
    if _are_followed(rules):  # by another worker, while this one waited for the row
        return 0
    if rules.version != TZDATA_VERSION:
        log.warning("desk %s: zone rules %s instead of %s", tenant_id, TZDATA_VERSION, rules.version)
        rules.version, rules.since, rules.reached = TZDATA_VERSION, now, 0
    clocks = Clock.objects.not_ended().filter(pk__gt=rules.reached or 0).order_by("pk")
    found = list(clocks.values_list("pk", "ticket_id")[:PORTION])
    _give(found, now)
    rules.reached = found[-1][0] if len(found) == PORTION else None
    rules.save()
    return len(found)


def _are_followed(rules: ZoneRules) -> bool:
    return rules.version == TZDATA_VERSION and rules.reached is None


def _give(clocks: list[tuple[int, int]], now: datetime) -> None:
    """Let the sweep look at clocks (id, ticket) at once, unless it is to do so earlier."""
    # The tickets first and in the order of their ids, as everybody does: no reply waits for us in a ring.
    tickets = Ticket.objects.select_for_update(of=("self",), no_key=True)
    list(tickets.filter(pk__in={ticket for _pk, ticket in clocks}).order_by("pk").values_list("pk"))
    later = Q(next_action_at=None) | Q(next_action_at__gt=now)
    Clock.objects.not_ended().filter(later, pk__in=[pk for pk, _ticket in clocks]).update(next_action_at=now)


def waits_for_new_rules(clock: Clock, rules: ZoneRules | None, now: datetime) -> bool:
    """Whether an open clock may still say what older rules said: the sweep is to be given it, or to look."""
    if rules is None or clock.pk is None or clock.ended_at is not None:
        return False
    if rules.version != TZDATA_VERSION or (rules.reached is not None and clock.pk > rules.reached):
        return True
    look = clock.next_action_at
    return rules.since is not None and look is not None and now - SWEPT_WITHIN <= look <= now


def ended_under_older_rules(clock: Clock, rules: ZoneRules | None) -> bool:
    """Whether a clock ended before the rules of now: it was judged by others, and is not judged again."""
    if rules is None or clock.ended_at is None:
        return False
    # Replies come in before the first worker has seen that the rules are others.
    return rules.version != TZDATA_VERSION or (rules.since is not None and clock.ended_at < rules.since)
