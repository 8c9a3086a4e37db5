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
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from sla.models import Clock, ZoneRules
from sla.zones import TZDATA_VERSION

log = logging.getLogger(__name__)

PORTION = 5_000
"""Clocks that are given to the sweep at a time: fewer than it takes in one run."""


@transaction.atomic
def follow_zone_rules(tenant_id: int, *, now: datetime) -> int:
    """Give the sweep the next open clocks of the current desk that older rules reckoned; how many."""
    rules, _is_new = ZoneRules.objects.get_or_create(
        tenant_id=tenant_id, defaults={"version": TZDATA_VERSION, "reached": 0}
    )
    if rules.version == TZDATA_VERSION and rules.reached is None:
        return 0
    rules = ZoneRules.objects.select_for_update().get(pk=rules.pk)
    if rules.version != TZDATA_VERSION:
        log.warning("desk %s: zone rules %s instead of %s", tenant_id, TZDATA_VERSION, rules.version)
        rules.version, rules.since, rules.reached = TZDATA_VERSION, now, 0
    clocks = Clock.objects.not_ended().filter(pk__gt=rules.reached or 0).order_by("pk")
    ids = list(clocks.values_list("pk", flat=True)[:PORTION])
    later = Q(next_action_at=None) | Q(next_action_at__gt=now)
    Clock.objects.filter(later, pk__in=ids).update(next_action_at=now)
    rules.reached = ids[-1] if len(ids) == PORTION else None
    rules.save()
    return len(ids)


def ended_under_older_rules(clock: Clock, rules: ZoneRules | None) -> bool:
    """Whether a clock ended before the rules of now: it was judged by others, and is not judged again."""
    if rules is None or rules.since is None or clock.ended_at is None:
        return False
    return clock.ended_at < rules.since
