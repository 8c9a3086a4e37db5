"""The pages that are measured, and who asks for them."""

import gzip
import re
from collections.abc import Callable
from urllib.parse import urlencode

from django.db import connection
from django.test import Client as TestClient
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from scripts.bench_clients import Client, Page
from scripts.bench_seed import COMMON, RARE
from tickets.models import Category, Ticket

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AT = "/t/first"
DEPTH = 50  # pages turned by the cursor before the one that is measured


def pages(client: Client) -> list[Page]:
    """Every page with a cookie of somebody who may see it."""
    tenant = Tenant.objects.get(slug="first")
    with tenant_scope(tenant.pk):
        people = Membership.objects.filter(tenant=tenant).order_by("id").select_related("user")
        agent = people.filter(role="agent")[0]
        contact = people.filter(role="member")[0]
        open_tickets = Ticket.objects.filter(tenant=tenant).unresolved().order_by("number")
        numbers = list(open_tickets.values_list("number", flat=True)[:2000:40])
        customer = open_tickets[0].customer_id
        category = Category.objects.filter(tenant=tenant)[0].pk
    staff, theirs = _cookie(agent), _cookie(contact)
    deep = _deep_cursor(client, staff)
    queue = f"{AT}/queue/"

    def one_of(number: int) -> str:
        return f"{AT}/tickets/{numbers[number % len(numbers)]}/"

    return [
        Page("queue, all open", _fixed(queue), staff),
        Page("queue, filtered", _fixed(queue, status="open", priority="high", assignee=agent.pk), staff),
        Page("queue, a customer's", _fixed(queue, customer=customer), staff),
        Page(f"queue, page {DEPTH} by cursor", _fixed(queue, cursor=deep), staff),
        Page("queue, recently resolved", _fixed(queue, view="resolved"), staff),
        Page("queue, rows alone (htmx)", _fixed(queue), staff, headers={"HX-Target": "queue-list"}),
        Page("ticket, staff", one_of, staff),
        Page("ticket, contact", _fixed(_own_ticket(contact)), theirs),
        Page("tickets of a customer (portal)", _fixed(f"{AT}/tickets/"), theirs),
        Page("search, rare word", _fixed(queue, q=RARE), staff),
        Page("search, common word", _fixed(queue, q=COMMON), staff),
        Page("search, common word, resolved", _fixed(queue, q=COMMON, view="resolved"), staff),
        Page("search, common word (portal)", _fixed(f"{AT}/tickets/", q=COMMON), theirs),
        Page("search, reference", _fixed(queue, q=f"FIRST-{numbers[0]}"), staff, expects=302),
        _filing(client, theirs, category),
        Page("API, list of tickets", _fixed(f"{AT}/api/v1/tickets/"), staff),
    ]


def count_queries(page: Page) -> int:
    """The statements of one request, those that name the tenant included, with a warm process."""
    browser = TestClient(SERVER_NAME="127.0.0.1", headers=page.headers)
    browser.cookies.load(page.cookie)
    for number in (1, 2):
        with CaptureQueriesContext(connection) as caught:
            if page.form is None:
                answer = browser.get(page.path(number))
            else:
                answer = browser.post(page.path(number), page.form(number))
        if answer.status_code != page.expects:
            raise RuntimeError(f"{page.name}: {answer.status_code}")
    return len(caught)


def _fixed(path: str, **values: object) -> Callable[[int], str]:
    address = f"{path}?{urlencode(values)}" if values else path
    return lambda _number: address


def _cookie(member: Membership) -> str:
    """A session of that person."""
    browser = TestClient()
    browser.force_login(member.user, backend=BACKEND)
    return f"sessionid={browser.cookies['sessionid'].value}"


def _deep_cursor(client: Client, cookie: str) -> str:
    """The cursor that leads to page DEPTH of the queue, found as a reader finds it."""
    cursor = ""
    for _page in range(DEPTH - 1):
        _took, packed = client.ask(Page("paging", _fixed(f"{AT}/queue/", cursor=cursor), cookie), 0)
        links = re.findall(r"cursor=(a[^\"&]*)", gzip.decompress(packed).decode())
        if not links:
            break
        cursor = links[-1]
    return cursor


def _own_ticket(contact: Membership) -> str:
    with tenant_scope(contact.tenant_id):
        number = Ticket.objects.visible_to(contact).order_by("-number").values_list("number", flat=True)[0]
    return f"{AT}/tickets/{number}/"


def _filing(client: Client, cookie: str, category: int) -> Page:
    """The portal's form, sent as a browser sends it."""
    client.connection.request("GET", f"{AT}/tickets/new/", headers={"Cookie": cookie})
    answer = client.connection.getresponse()
    form = answer.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    secret = re.search(r"csrftoken=([^;]+)", " ".join(answer.headers.get_all("Set-Cookie", [])))
    if token is None or secret is None:
        raise RuntimeError("The form for a new ticket has no token.")
    values = {
        "csrfmiddlewaretoken": token[1],
        "category": str(category),
        "priority": "medium",
        "body": "It worked **yesterday**. Today it does not, and nobody here can work.",
    }
    return Page(
        "file a ticket (portal form)",
        lambda _number: f"{AT}/tickets/new/",
        f"{cookie}; csrftoken={secret[1]}",
        form=lambda number: values | {"subject": f"The till does not print, case {number}"},
        expects=303,
    )
