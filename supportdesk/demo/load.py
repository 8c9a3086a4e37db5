"""The whole demo: set up both desks, draw up what happens, play it in order of time over both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count

from accounts.models import Tenant, User
from accounts.tenancy import tenant_scope
from supportdesk.demo.content import SLUGS, read_desk
from supportdesk.demo.logins import OPERATOR, PASSWORD
from supportdesk.demo.play import Player, leave_the_past_behind
from supportdesk.demo.queue import around_now
from supportdesk.demo.stage import Stage, set_up
from tickets.models import Ticket

_FOUNDED_BEFORE = timedelta(days=30)


class AlreadyThere(Exception):
    """A desk of the demo exists; nothing was changed."""


@dataclass(frozen=True)
class Loaded:
    """What a desk holds after loading: tickets by status."""

    name: str
    slug: str
    tickets: dict[str, int]


@transaction.atomic
def load_demo(*, now: datetime, days: int = 60, tickets: int = 96) -> list[Loaded]:
    """Make both desks with `days` of past until `now` and so many tickets each, besides those around now.

    All or nothing, and the same for the same arguments. Raises AlreadyThere.
    """
    there = Tenant.objects.filter(slug__in=SLUGS).values_list("slug", flat=True).first()
    if there:
        raise AlreadyThere(there)
    if settings.DEMO:
        _add_operator()
    founded_at = now - timedelta(days=days) - _FOUNDED_BEFORE
    stages = [set_up(read_desk(slug), founded_at=founded_at, now=now) for slug in SLUGS]
    with _without_savepoints():
        _play(stages, now=now, days=days, tickets=tickets)
    return [_settle(stage, now) for stage in stages]


def _add_operator() -> None:
    """A person for Django's admin; only where the setting DEMO says that this is no real installation."""
    if not User.objects.filter(email=OPERATOR).exists():
        user = User.objects.create_superuser(OPERATOR, PASSWORD, name="Operator")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def _play(stages: list[Stage], *, now: datetime, days: int, tickets: int) -> None:
    players = {stage.plot.desk.slug: Player(stage) for stage in stages}
    acts = [act for stage in stages for act in (*stage.plot.past(days, tickets), *around_now(stage.plot))]
    # Sorting is stable: acts of one ticket at the same second stay in the order in which they were told.
    acts.sort(key=lambda act: act.at)
    for slug, group in groupby(acts, key=lambda act: act.desk):
        with tenant_scope(players[slug].stage.tenant.pk):
            for act in group:
                players[slug].play(act)
    for player in players.values():
        with tenant_scope(player.stage.tenant.pk):
            player.let_time_pass(now)


def _settle(stage: Stage, now: datetime) -> Loaded:
    with tenant_scope(stage.tenant.pk):
        leave_the_past_behind(now)
        counted = Ticket.objects.order_by().values_list("status").annotate(Count("pk"))
        return Loaded(stage.tenant.name, stage.tenant.slug, dict(counted))


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """Leave out what lets a part fail alone: here all fails together, and it is a third of all statements."""
    features = connection.features
    before = features.uses_savepoints
    features.uses_savepoints = False
    try:
        yield
    finally:
        features.uses_savepoints = before
