"""Loading the demo: at any hour, the same for the same instant, whole or not at all."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Tenant, User
from accounts.services import create_tenant
from accounts.tenancy import tenant_scope
from notifications.models import OutboxMessage
from sla.models import Clock, Escalation
from supportdesk.connections import lacks_demo
from supportdesk.demo.acts import Act
from supportdesk.demo.content import SLUGS
from supportdesk.demo.load import Wanted, add_operator, load_desk, missing_desks
from supportdesk.demo.play import Player
from tests.demo.demo import states_in_the_queue
from tickets.models import Ticket, TicketEvent

ROOT = Path(__file__).resolve().parents[2]
FIRST, SECOND = SLUGS
SUNDAY_NIGHT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # Sunday 07:00 in Lahore
NEW_YEAR = datetime(2027, 1, 1, 5, 0, tzinfo=UTC)  # a holiday comes, and the years of the calendars change

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_a_load_is_whole_or_not_at_all_and_the_same_in_any_process(
    monkeypatch: pytest.MonkeyPatch, transactional_db: None, process_environment: dict[str, str]
) -> None:
    with transaction.atomic():
        load_desk(Wanted(FIRST, SUNDAY_NIGHT, 1, 0))
        every_state_is_in_the_queue(FIRST, SUNDAY_NIGHT)
        a_load_that_fails_leaves_nothing(monkeypatch)
        load_desk(Wanted(SECOND, NEW_YEAR, 1, 0))
        assert missing_desks() == []
        every_state_is_in_the_queue(SECOND, NEW_YEAR)
        here = everything(SECOND)
        transaction.set_rollback(True)
    command = [sys.executable, "manage.py", "load_demo", "--now", NEW_YEAR.isoformat()]
    command += ["--tickets", "0", "--days", "1"]
    out = subprocess.check_output(command, cwd=ROOT, env=process_environment, text=True)
    assert re.search(r"Salsabeel ERP: \d+ tickets, \d+ of them unresolved", out)
    assert Tenant.objects.count() == 2
    assert everything(SECOND) == here


def a_load_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither rows nor files, when it fails half way."""
    files, play = _files(), Player.play

    def keep_a_file_and_fail(player: Player, act: Act) -> None:
        assert act.filing is not None
        play(player, replace(act, filing=replace(act.filing, file="trace.txt"), file_text="lost"))
        assert len(_files()) == len(files) + 1
        raise RuntimeError("half way")

    with monkeypatch.context() as patch:
        patch.setattr(Player, "play", keep_a_file_and_fail)
        with pytest.raises(RuntimeError, match="half way"):
            load_desk(Wanted(SECOND, NEW_YEAR, 1, 0))
    assert [tenant.slug for tenant in Tenant.objects.all()] == [FIRST]
    assert _files() == files
    assert missing_desks() == [SECOND]


def every_state_is_in_the_queue(slug: str, now: datetime) -> None:
    with tenant_scope(Tenant.objects.get(slug=slug).pk):
        states_in_the_queue(now)


def _files() -> list[Path]:
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def everything(slug: str) -> list[Any]:
    """What a desk holds, in words and instants; ids and secrets left out."""
    with tenant_scope(Tenant.objects.get(slug=slug).pk):
        tickets = Ticket.objects.order_by("number")
        events = TicketEvent.objects.order_by("ticket__number", "at", "pk")
        clocks = Clock.objects.order_by("ticket__number", "metric", "cycle")
        steps = Escalation.objects.order_by("due_at", "clock__ticket__number")
        mails = OutboxMessage.objects.order_by("created_at", "to", "key")
        return [
            *tickets.values_list("number", "subject", "status", "priority", "filed_at", "due_at"),
            *events.values_list("ticket__number", "kind", "at", "actor__name", "message__body"),
            *clocks.values_list("metric", "status", "due_at", "breached_at", "ended_at"),
            *steps.values_list("step__place", "fired_at"),
            *mails.values_list("to", "subject", "sent_at"),
        ]


def test_a_start_loads_what_the_one_before_did_not_finish(transactional_db: None) -> None:
    def lacks(*desks: str) -> bool:
        return lacks_demo(os.environ["DATABASE_OWNER_URL"], desks)

    assert lacks(*SLUGS)
    _make(FIRST)
    assert lacks(*SLUGS)
    assert lacks(SECOND, FIRST)
    assert not lacks(SECOND), "somebody else's desk is there"
    _make(SECOND)
    assert not lacks(*SLUGS)
    _make("acme")
    assert not lacks(*SLUGS)
    assert not lacks(FIRST, "another"), "of the demo one is missing, but there is a desk of one's own"


def _make(slug: str) -> None:
    create_tenant(slug=slug, name=slug, ticket_prefix="ABC", language="en", time_zone="UTC", at=NEW_YEAR)


def test_without_the_setting_nobody_gets_a_known_password_to_the_admin() -> None:
    add_operator()
    assert not User.objects.filter(is_superuser=True).exists()


@pytest.mark.parametrize("now", ["yesterday", "2026-11-24T10:00:00"])
def test_an_instant_that_is_none_is_refused_in_one_line(now: str) -> None:
    with pytest.raises(CommandError, match="--now: "):
        call_command("load_demo", now=now)
