"""The ledger: a balance is the sum of its rows, never below what the pack allows, whoever writes."""

import random
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts.tenancy import tenant_scope
from hours.balances import balance_of
from hours.models import EntryKind, LedgerEntry, Pack, TimeEntry
from hours.services import HoursRuleBroken, adjust_pack, expire_packs, void_time
from tests.factories import Desk, build_desk, new_ticket
from tests.hours.factories import billing, rows, sold_pack, worked_on
from tests.sla.test_emergencies_at_once import at_once


def assert_sums(desk: Desk) -> None:
    for pack in Pack.objects.all():
        total = pack.entries.aggregate(total=Sum("minutes"))["total"]
        assert pack.balance == total
        assert pack.balance >= -pack.overdraft_minutes
    left = Pack.objects.filter(customer=desk.customer).aggregate(total=Sum("balance"))["total"]
    assert balance_of(desk.customer.pk, timezone.now()) == left


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_balances_are_sums_and_none_is_overdrawn(desk: Desk, seed: int) -> None:
    chance, now = random.Random(seed), timezone.now()  # noqa: S311  a test, no secret
    billing(desk)
    ticket = new_ticket(desk, at=now - timedelta(days=2))
    done = refused = 0
    sold_pack(desk, hours=3)
    for _turn in range(60):
        act = chance.choice(["sell", "work", "work", "work", "void", "adjust"])
        pack = chance.choice(list(Pack.objects.all()))
        try:
            with transaction.atomic():
                if act == "sell" and Pack.objects.count() < 5:
                    sold_pack(desk, hours=chance.randint(1, 4), overdraft_minutes=chance.choice([0, 0, 45]))
                elif act == "work":
                    worked_on(ticket, desk.agent, minutes=chance.randint(1, 240))
                elif act == "void" and (entry := TimeEntry.objects.standing().order_by("?").first()):
                    void_time(entry=entry, reason="Wrong ticket", by=desk.supervisor, at=now)
                else:
                    minutes = chance.choice([-90, -10, 15, 60])
                    adjust_pack(pack=pack, minutes=minutes, reason="Agreed", by=desk.admin, at=now)
            done += 1
        except HoursRuleBroken:
            refused += 1
        assert_sums(desk)
    assert done > 20
    assert refused > 0


def test_the_database_itself_refuses_what_code_might_get_wrong(desk: Desk) -> None:
    pack, now = sold_pack(desk, hours=1), timezone.now()
    wrong = {"tenant": desk.tenant, "pack": pack, "kind": EntryKind.ADJUSTED, "at": now, "reason": "x"}
    for refused in (
        lambda: LedgerEntry.objects.create(**wrong, minutes=-61),
        lambda: LedgerEntry.objects.create(**(wrong | {"kind": EntryKind.BOUGHT}), minutes=-1),
        lambda: LedgerEntry.objects.create(**(wrong | {"kind": EntryKind.DRAWN}), minutes=-1),
        lambda: LedgerEntry.objects.create(**(wrong | {"reason": ""}), minutes=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()
    for forbidden in (
        lambda: Pack.objects.update(balance=F("balance") + 60),
        lambda: LedgerEntry.objects.update(minutes=600),
        lambda: LedgerEntry.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            forbidden()
    assert rows(desk.customer) == [("bought", 60)]
    # Not even one that is made with a balance has more than its ledger says.
    made = Pack.objects.create(
        tenant=desk.tenant,
        customer=desk.customer,
        name="Gift",
        minutes=60,
        starts_on=now.date(),
        balance=600,
        sold_by=desk.admin,
        sold_at=now,
    )
    made.refresh_from_db()
    assert made.balance == 0


def test_of_two_who_draw_at_once_the_second_is_refused(transactional_db: None) -> None:
    desk, now = build_desk("acme"), timezone.now()
    with tenant_scope(desk.tenant.pk):
        billing(desk)
        first, second = (new_ticket(desk, at=now - timedelta(hours=1)) for _turn in range(2))
        sold_pack(desk, hours=1)
        sold_pack(desk, hours=0.5)
    answers = at_once(
        desk,
        lambda: worked_on(first, desk.agent, minutes=60),
        lambda: worked_on(second, desk.agent2, minutes=60),
    )
    assert sum(isinstance(answer, TimeEntry) for answer in answers) == 1
    assert "NotEnoughHours" in answers
    with tenant_scope(desk.tenant.pk):
        assert_sums(desk)
        assert balance_of(desk.customer.pk, timezone.now()) == 30


def test_many_who_draw_at_once_draw_what_there_is(transactional_db: None) -> None:
    desk, now = build_desk("acme"), timezone.now()
    with tenant_scope(desk.tenant.pk):
        billing(desk)
        tickets = [new_ticket(desk, at=now - timedelta(hours=1)) for _turn in range(6)]
        for _turn in range(2):
            sold_pack(desk, hours=1)
    answers = at_once(desk, *(lambda t=t: worked_on(t, desk.agent, minutes=30) for t in tickets))  # type: ignore[misc]
    assert sum(isinstance(answer, TimeEntry) for answer in answers) == 4
    assert answers.count("NotEnoughHours") == 2
    with tenant_scope(desk.tenant.pk):
        assert_sums(desk)
        assert set(Pack.objects.values_list("balance", flat=True)) == {0}


def test_a_pack_expires_once_after_its_last_day_in_the_zone_of_the_desk(desk: Desk) -> None:
    now = timezone.now()
    pack = sold_pack(desk, hours=2, ends_on=now.date() + timedelta(days=3))
    kept = sold_pack(desk, hours=1)
    assert expire_packs(tenant=desk.tenant, at=now + timedelta(days=2)) == 0
    after = now + timedelta(days=5)
    assert [expire_packs(tenant=desk.tenant, at=after) for _turn in range(2)] == [1, 0]
    pack.refresh_from_db()
    assert (pack.balance, list(pack.entries.values_list("kind", "minutes"))) == (
        0,
        [("bought", 120), ("expired", -120)],
    )
    assert balance_of(desk.customer.pk, after) == 60
    kept.refresh_from_db()
    assert kept.balance == 60
