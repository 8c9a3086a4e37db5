"""All lists at once: none asks more of the database with more rows, none gets heavy, none speaks English to
somebody who reads Spanish."""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from html import unescape
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import services as accounts
from accounts.models import AuditEntry, Membership
from accounts.tenancy import tenant_scope
from knowledge.models import MissedSearch
from supportdesk.catalogue import path_of
from tests.browser.world import World, build_world, page_paths
from tests.factories import DeskClient, browser_of, new_ticket
from tests.hours.factories import sold_pack, worked_on
from tests.kept import Kept
from tests.knowledge.factories import RESET, new_article
from tests.pages.test_weight import MOST, MOST_COMPRESSED
from tickets import services

MORE = 12
STAFF_ALONE = ("console", "knowledge/", "queue/", "people/", "absences/", "satisfaction/", "hours/")
OLD_LETTERS = ("notifications/", "console/outbox/")
"""What was told to somebody stays in the language in which it was told."""
LISTS = {
    "agent": ("/knowledge/", "/approvals/", "/help/"),
    "admin": (
        "/hours/",
        "/hours/{customer}/",
        "/satisfaction/",
        "/knowledge/searches/",
        "/console/audit/",
        "/console/customers/",
        "/console/customers/import/",
        "/console/customers/{customer}/",
        "/console/customers/{customer}/tickets/",
        "/console/customers/{customer}/clocks/",
        "/console/categories/",
        "/console/standing/",
        "/console/sign-in/",
        "/console/knowledge/",
    ),
    "contact": ("/", "/approvals/", "/help/", "/plan/"),
    "customer_admin": ("/hours/", "/company/groups/", "/company/people/", "/company/statement/"),
}


@pytest.fixture(scope="module")
def kept_world(django_db_setup: None, django_db_blocker: Any) -> Kept[World]:
    with django_db_blocker.unblock():
        return Kept(build_world, lambda world: [world.desk.tenant])


@pytest.fixture
def world(db: None, kept_world: Kept[World]) -> Iterator[World]:
    built = kept_world.put_back()
    with tenant_scope(built.desk.tenant.pk):
        yield built


def in_spanish(person: Membership) -> DeskClient:
    person.user.language = "es"
    person.user.save()
    return browser_of(person)


def more_of_everything(world: World) -> None:
    """More rows in each of the lists."""
    desk, now = world.desk, timezone.now()
    for turn in range(MORE):
        text = replace(RESET, title=f"Reset the password of till {turn}")
        new_article(desk, text)
        ticket = new_ticket(desk, at=now - timedelta(hours=2), subject=f"Till {turn} does not print")
        services.ask_approval(
            ticket=ticket,
            question=f"Shall we repair till {turn}?",
            estimate_minutes=60,
            by=desk.agent,
            at=now,
        )
        done = new_ticket(desk, at=now - timedelta(hours=2), subject=f"Till {turn} was slow")
        sold_pack(desk, at=now, name=f"Success Pack {turn}")
        worked_on(done, desk.agent, at=now, minutes=15)
        services.resolve_ticket(ticket=done, by=desk.agent, at=now)
        services.rate_ticket(ticket=done, score=1 + turn % 5, comment="So be it.", by=desk.contact, at=now)
        accounts.create_group(name=f"Branch {turn}", members=[desk.contact], by=desk.customer_admin, at=now)
        bakery = accounts.create_customer(tenant_id=desk.tenant.pk, name=f"Bakery {turn}", at=now)
        sold_pack(desk, bakery, at=now)
    tenant_id = desk.tenant.pk
    MissedSearch.objects.bulk_create(
        MissedSearch(tenant_id=tenant_id, language="en", words=f"till {n}", first_at=now, last_at=now)
        for n in range(MORE)
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(
            tenant_id=tenant_id, at=now, by=desk.admin, by_name=desk.admin.name, kind="accounts.customer",
            object_id=desk.customer.pk, object_name=desk.customer.name, act="changed", field="name",
            before=f"Name {n}", after=f"Name {n + 1}",
        )
        for n in range(MORE)
    )  # fmt: skip


def test_no_list_asks_more_with_more_rows_or_gets_heavy(world: World) -> None:
    sold_pack(world.desk, world.desk.other_customer)
    browsers = {who: in_spanish(getattr(world.desk, who)) for who in LISTS}
    paths = [(who, path.format(**world.ids)) for who, paths in LISTS.items() for path in paths]
    for who, path in paths:
        assert browsers[who].get(path, follow=True).status_code == 200, path
    before = {place: queries(browsers[place[0]], place[1])[0] for place in paths}
    more_of_everything(world)
    faults = []
    for who, path in paths:
        asked, page = queries(browsers[who], path)
        if asked > before[who, path]:
            faults.append(f"{path}: {before[who, path]} queries, then {asked}")
        if len(page) > MOST or len(gzip.compress(page)) > MOST_COMPRESSED:
            faults.append(f"{path}: {len(page)} bytes, {len(gzip.compress(page))} compressed")
    assert not faults, "\n".join(faults)


def queries(browser: DeskClient, path: str) -> tuple[int, bytes]:
    with CaptureQueriesContext(connection) as caught:
        answer = browser.get(path, follow=True)
    return len(caught), bytes(answer.content)


def test_nobody_who_reads_spanish_is_spoken_to_in_english(world: World) -> None:
    """Every page, the desk's as an admin and the portal's as a customer's admin: what can be read there is no
    source text of ours that has a Spanish one."""
    found: dict[str, list[str]] = defaultdict(list)
    seen = 0
    paths = [path for path in page_paths(world) if not path.startswith(("api/", *OLD_LETTERS))]
    of_desk = [path for path in paths if path.startswith(STAFF_ALONE)]
    others = [path for path in paths if path not in of_desk]
    for person, pages in ((world.desk.admin, of_desk), (world.desk.customer_admin, others)):
        browser = in_spanish(person)
        for path in pages:
            answer = browser.get(f"/{path}")
            is_page = answer.status_code == 200 and "text/html" in answer["Content-Type"]
            if not is_page:
                continue
            seen += 1
            for part in visible(answer.content.decode()):
                begun = english_beginnings().match(part)
                if begun or part in english_texts():
                    found[begun[0] if begun else part].append(path)
    assert seen > 100
    assert not found, "\n".join(f"{words!r} on {places[:3]}" for words, places in found.items())


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Sources with their Spanish, where that is another."""
    with path_of("es").open("rb") as file:
        messages = [message for message in read_po(file) if not message.fuzzy]
    pairs = [pair for one in messages for pair in zip(_forms(one.id), _forms(one.string), strict=False)]
    return tuple((source, spanish) for source, spanish in pairs if spanish and spanish != source)


@cache
def english_texts() -> frozenset[str]:
    """Sources of three words and more."""
    plain = (" ".join(source.split()) for source, _spanish in texts() if "%(" not in source)
    return frozenset(words for words in plain if len(words.split()) >= 3)


@cache
def english_beginnings() -> re.Pattern[str]:
    """How sources with values begin, where that is four words or more."""
    begun = {" ".join(source.split("%(")[0].split()) for source, _spanish in texts() if "%(" in source}
    return re.compile("|".join(re.escape(words) for words in begun if len(words.split()) >= 4))


def _forms(text: Any) -> list[str]:
    return list(text) if isinstance(text, list | tuple) else [text or ""]


def visible(page: str) -> set[str]:
    """What is read or said of a page, part by part: its text, and the words in its attributes."""
    parts = [*_TAG.split(page), *_SAID.findall(page)]
    return {" ".join(unescape(part).split()) for part in parts}


_TAG = re.compile(r"<script\b.*?</script>|<style\b.*?</style>|<[^>]*>", re.DOTALL)
_SAID = re.compile(r' (?:aria-label|title|placeholder|alt|data-tip)="([^"]*)"')
