"""Pages stay light: the main pages in both languages, and all styles and scripts, as they are sent."""

import gzip
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import timezone

from accounts.models import Membership
from accounts.services import create_customer
from accounts.tenancy import tenant_scope
from supportdesk.storage import join_stylesheet
from tests.browser.world import LONG, World, build_world
from tests.factories import add_person, browser_of, new_ticket
from tests.kept import Kept
from tickets import services

STATIC = Path(settings.BASE_DIR) / "static"
MOST, MOST_COMPRESSED = 60_000, 15_000
ROWS = 25


def build_full_world() -> World:
    """Rows and messages in every state, more than a page of them."""
    built = build_world()
    desk, now = built.desk, timezone.now()
    with tenant_scope(desk.tenant.pk):
        for turn in range(ROWS):
            ticket = new_ticket(
                desk,
                at=now - timedelta(hours=turn / 2),
                priority=("critical", "high", "medium", "low")[turn % 4],
                subject=f"The {turn}th till of the shop in the main street does not print receipts",
            )
            if turn % 3:
                services.assign_ticket(ticket=ticket, assignee=desk.agent, by=desk.supervisor, at=now)
        for turn in range(20):
            by = desk.agent if turn % 2 else desk.contact
            services.reply_to_ticket(ticket=built.tickets["answered"], by=by, body=LONG, at=now)
    return built


@pytest.fixture(scope="module")
def kept_world(django_db_setup: None, django_db_blocker: Any) -> Kept[World]:
    with django_db_blocker.unblock():
        return Kept(build_full_world, lambda world: [world.desk.tenant])


@pytest.fixture
def world(db: None, kept_world: Kept[World]) -> World:
    """The full world in its first state, for each test anew."""
    return kept_world.put_back()


def page_of(person: Membership, path: str, language: str) -> bytes:
    person.user.language = language
    person.user.save()
    response = browser_of(person).get(path)
    assert response.status_code == 200, path
    return bytes(response.content)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("agent", "/queue/"),
        ("agent", "/tickets/{ticket}/"),
        ("contact", "/tickets/"),
        ("contact", "/tickets/{ticket}/"),
        ("contact", "/tickets/new/"),
    ],
)
def test_a_full_page_is_light(world: World, who: str, path: str, language: str) -> None:
    page = page_of(getattr(world.desk, who), path.format(**world.ids), language)
    compressed = len(gzip.compress(page))
    assert len(page) < MOST, f"{path} in {language}: {len(page)} bytes"
    assert compressed < MOST_COMPRESSED, f"{path} in {language}: {compressed} bytes compressed"


KINDS = ("Bakery", "Medical Supplies", "Consulting Engineers", "Freight Services", "Primary School", "Hotel")
PLACES = ("Lahore", "Guadalajara", "Faisalabad", "San Luis Potosí", "Karachi", "Aguascalientes")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_queue_does_not_grow_with_customers_and_colleagues(world: World, language: str) -> None:
    desk, now = world.desk, timezone.now()
    with tenant_scope(desk.tenant.pk):
        for turn in range(300):
            name = f"{PLACES[turn % 6]} {KINDS[turn // 6 % 6]} and Sons {turn}"
            last = create_customer(tenant_id=desk.tenant.pk, name=name, at=now)
        for turn in range(100):
            name = f"Alejandra Muhammad-Ramírez {turn}"
            add_person(desk.owner, f"colleague{turn}@acme.example", name, "agent")
    page = page_of(desk.agent, "/queue/", language)
    assert page.count(b"data-row>") == ROWS
    assert len(page) < MOST, f"{len(page)} bytes"
    assert len(gzip.compress(page)) < MOST_COMPRESSED
    assert last.name.encode() not in page


def test_pages_leave_compressed(world: World) -> None:
    client = browser_of(world.desk.agent)
    response = client.get("/queue/", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert (
        len(response.content) < MOST_COMPRESSED + 500
    )  # the middleware adds a little noise against guessing


def test_all_styles_and_scripts_of_a_page_are_light(world: World) -> None:
    page = page_of(world.desk.agent, "/queue/", "en").decode()
    linked = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page))
    assert {"css/app.css", "js/app.js"} < linked
    own = {f"js/{path.name}" for path in (STATIC / "js").glob("*.js")}
    total = sum(len(gzip.compress(_content(name))) for name in linked | own)
    assert total < MOST, f"{total} bytes compressed"


def _content(name: str) -> bytes:
    if name == "css/app.css":
        return join_stylesheet(name, lambda part: (STATIC / part).read_text()).encode()
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found).read_bytes()
