"""The whole demo: for each desk set it up, draw up what happens, play it in order of time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.context import BaseContext

import django
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count

from accounts.links import desk_path
from accounts.models import Tenant, User
from accounts.tenancy import tenant_scope
from notifications.bulk import gathered
from notifications.models import Notification, OutboxMessage
from supportdesk.demo.acts import Act
from supportdesk.demo.content import SLUGS, read_desk
from supportdesk.demo.dealings import Deal, read_dealings
from supportdesk.demo.logins import OPERATOR, PASSWORD
from supportdesk.demo.play import Player, leave_the_past_behind
from supportdesk.demo.queue import around_now
from supportdesk.demo.reading import lay_articles
from supportdesk.demo.stage import Stage, set_up
from supportdesk.demo.works import Works, set_up_works
from tickets.models import Ticket
from tickets.services.files import no_file_left_behind

_FOUNDED_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Wanted:
    """A desk to be made with `days` of past until `now` and so many tickets, besides those around now."""

    slug: str
    now: datetime
    days: int = 60
    tickets: int = 96


@dataclass(frozen=True)
class Loaded:
    """What a desk holds after loading: tickets by status."""

    name: str
    tickets: dict[str, int]


def missing_desks() -> list[str]:
    """The desks of the demo that do not exist."""
    there = set(Tenant.objects.filter(slug__in=SLUGS).values_list("slug", flat=True))
    return [slug for slug in SLUGS if slug not in there]


def load_side_by_side(desks: list[Wanted]) -> list[Loaded]:
    """Load each desk in a process of its own: they share nothing, and it takes half the time."""
    connection.close()
    with ProcessPoolExecutor(len(desks), mp_context=_context(), initializer=django.setup) as pool:
        return list(pool.map(load_desk, desks))


def _context() -> BaseContext:
    """Copies of this process where that is safe: they need not import anything anew."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return get_context("spawn")
    desk_path("home")  # what makes addresses is read once, not by each
    return get_context("fork")


@no_file_left_behind()
@transaction.atomic
def load_desk(wanted: Wanted) -> Loaded:
    """Make a desk of the demo, whole or not at all; the same one for the same `wanted`."""
    founded_at = wanted.now - timedelta(days=wanted.days) - _FOUNDED_BEFORE
    with _without_savepoints():
        stage = set_up(read_desk(wanted.slug), founded_at=founded_at, now=wanted.now)
        with tenant_scope(stage.tenant.pk):
            with gathered(Notification, OutboxMessage):
                works = set_up_works(stage, at=founded_at)
                works.lay_past(wanted.now)
                lay_articles(stage, at=founded_at, now=wanted.now)
                _play(stage, works, wanted)
                works.announce(wanted.now)
            leave_the_past_behind(wanted.now)
            counted = Ticket.objects.order_by().values_list("status").annotate(Count("pk"))
            return Loaded(stage.tenant.name, dict(counted))


def add_operator() -> None:
    """A person for Django's admin; only where the setting DEMO says that this is no real installation."""
    if settings.DEMO and not User.objects.filter(email=OPERATOR).exists():
        user = User.objects.create_superuser(OPERATOR, PASSWORD, name="Operator")
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )


def _play(stage: Stage, works: Works, wanted: Wanted) -> None:
    player = Player(stage, works.services)
    dealings = read_dealings(stage)
    acts: list[Act | Deal] = [*stage.plot.past(wanted.days, wanted.tickets), *around_now(stage.plot)]
    # Sorting is stable: acts of one ticket at the same second stay in the order in which they were told.
    for act in sorted([*acts, *dealings.deals()], key=lambda act: act.at):
        if isinstance(act, Deal):
            player.let_time_pass(act.at)
            act.do(act.at)
        else:
            player.play(act)
    player.let_time_pass(wanted.now)
    dealings.finish()


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
