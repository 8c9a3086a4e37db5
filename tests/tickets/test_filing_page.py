"""The filing page while it is being filled in: what is covered and promised, what is alike, what is kept."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from sla import services as sla
from sla.coverage_terms import CoverageTerms
from sla.services.edits import contents_of
from sla.services.proposals import head_of
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tests.forms import FormPage
from tests.hours.factories import sold_pack
from tests.knowledge.factories import new_article
from tickets.models import FilingDraft, Ticket
from tickets.services import resolve_ticket
from tickets.services.categories import create_category

Login = Callable[[Any], DeskClient]
PAGE = "/tickets/new/"


def covers(desk: Desk, kind: str) -> None:
    """Let the customer's plan say so of the desk's category."""
    last = desk.plan.versions.latest("number")
    values = head_of(desk.plan) | contents_of(last) | {"coverage": CoverageTerms({desk.category.pk: kind})}
    sla.change_plan(plan=desk.plan, seen_number=last.number, at=MONDAY, by=desk.admin, **values)


def test_who_chooses_a_category_is_told_what_the_plan_says_and_what_is_promised(
    desk: Desk, login: Login
) -> None:
    client = login(desk.contact)
    desk.category.description = "What fails and did not fail before."
    desk.category.save(update_fields=["description"])
    assert "Covered by" not in client.get(PAGE).content.decode()
    asked = {"category": desk.category.pk, "priority": "critical", "step": "questions"}
    page = client.post(PAGE, asked).content.decode()
    assert "Covered by Gold" in page
    assert "What fails and did not fail before." in page
    assert "First reply by" in page.partition('id="filing-terms"')[2].partition("</div>")[0]
    covers(desk, "billable")
    page = client.post(PAGE, asked).content.decode()
    assert "Billable under Gold" in page
    assert "prepaid hours left" not in page
    sold_pack(desk, hours=3.5)
    assert "3 h 30 min of prepaid hours left" in client.post(PAGE, asked).content.decode()
    covers(desk, "not_covered")
    page = client.post(PAGE, asked).content.decode()
    assert "Not covered by Gold" in page
    assert "its price is agreed on" in page
    staff = login(desk.agent)
    assert "Not covered by" not in staff.get(PAGE, {"category": desk.category.pk}).content.decode()
    named = {"category": desk.category.pk, "requester": desk.contact.pk}
    assert "Not covered by Gold" in staff.get(PAGE, named).content.decode()
    desk.contract.delete()
    assert "no time is promised" in client.post(PAGE, asked).content.decode()


def test_open_tickets_of_the_company_that_sound_alike_are_shown(desk: Desk, login: Login) -> None:
    alike = new_ticket(desk, subject="The till does not print receipts", by=desk.contact2)
    done = new_ticket(desk, subject="The till does not print at all")
    resolve_ticket(ticket=done, by=desk.agent, at=MONDAY)
    other = new_ticket(desk, subject="The till does not print here", by=desk.other_contact)
    new_ticket(desk, subject="Add a colleague")

    def shown(person: Any, **asked: Any) -> set[int]:
        page = login(person).get("/tickets/new/similar/", asked).content.decode()
        return {t.number for t in Ticket.objects.all() if f"/tickets/{t.number}/" in page}

    typed = "till doesnt print receipt"
    assert shown(desk.contact, subject=typed) == {alike.number}
    assert shown(desk.contact, subject="till") == set()
    assert shown(desk.agent, subject=typed) == set()
    assert shown(desk.agent, subject=typed, requester=desk.other_contact.pk) == {other.number}
    assert shown(desk.contact, subject=typed, requester=desk.other_contact.pk) == {alike.number}
    page = login(desk.contact).post(PAGE, {"subject": typed, "step": "questions"}).content.decode()
    assert f"/tickets/{alike.number}/" in page, "without scripts too"


def test_articles_that_may_answer_it_are_offered_while_the_subject_is_typed(desk: Desk, login: Login) -> None:
    article = new_article(desk).article
    client, address = login(desk.contact), f"/help/articles/{article.pk}/"
    typed = {"subject": "Reset my password"}
    assert address in client.get("/tickets/new/similar/", typed).content.decode()
    assert address in client.post(PAGE, typed | {"step": "questions"}).content.decode()
    assert address not in client.get("/tickets/new/similar/", {"subject": "Till"}).content.decode()


def test_a_draft_outlives_page_and_session_and_ends_with_the_filing(desk: Desk, login: Login) -> None:
    typed = {"subject": "The till", "body": "It was so:", "category": desk.category.pk, "priority": "low"}
    answer = login(desk.contact).post("/tickets/new/draft/", typed, headers={"HX-Request": "true"})
    assert "Draft kept" in answer.content.decode()
    client = login(desk.contact)
    response = client.get(PAGE)
    FormPage(response).keeps(typed)
    assert "You began this" in response.content.decode()
    assert "The till" not in login(desk.contact2).get(PAGE).content.decode()
    client.post(PAGE, typed)
    assert Ticket.objects.get().subject == "The till"
    assert not FilingDraft.objects.exists()


def test_a_draft_is_kept_without_scripts_and_thrown_away_when_asked(desk: Desk, login: Login) -> None:
    client = login(desk.contact)
    kept = client.post("/tickets/new/draft/", {"subject": "Half a thought"}, follow=True)
    assert "is kept" in kept.content.decode()
    client.post(PAGE, {"subject": "A whole thought", "step": "questions"})
    assert FilingDraft.objects.get().values == {"subject": "A whole thought"}
    client.post("/tickets/new/draft/", {"discard": "1"})
    assert not FilingDraft.objects.exists()
    client.post("/tickets/new/draft/", {"priority": "low", "q_x": "", "other": "x"})
    assert not FilingDraft.objects.exists(), "choices alone are no draft"


def test_the_page_asks_as_much_with_many_tickets_as_with_few(desk: Desk, login: Login) -> None:
    client, counts = login(desk.contact), []
    asked = {"category": desk.category.pk, "subject": "The till does not print", "step": "questions"}
    for more in (1, 15):
        for _turn in range(more):
            new_ticket(desk)
        create_category(tenant_id=desk.tenant.pk, name=f"Category {more}")
        client.post(PAGE, asked)
        with CaptureQueriesContext(connection) as queries:
            client.post(PAGE, asked)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30
