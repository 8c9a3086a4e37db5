"""The help pages: who reads what, in which language, and that images and searches keep to it."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership
from knowledge.models import Feedback, Image, MissedSearch
from knowledge.services import Text, add_image, archive_article, archive_section
from tests.factories import MONDAY, Desk, DeskClient
from tests.knowledge.factories import in_spanish, new_article, new_section, publish

Login = Callable[[Membership], DeskClient]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 30


def body(response: object) -> str:
    return str(response.content.decode())


def test_the_help_page_shows_published_articles_by_section_to_whom_they_are_for(
    desk: Desk, other_desk: Desk, login: Login
) -> None:
    first = new_section(desk, "Getting started", position=1)
    second = new_section(desk, "Billing", position=0, descriptions={"en": "Invoices and payment."})
    new_article(desk, section=first)
    new_article(desk, Text(title="Pay an invoice", body="By card."), section=second, audience="customers")
    new_article(desk, Text(title="Refund rules", body="Ask Olga."), section=second, audience="staff")
    new_article(desk, Text(title="Half written", body="Soon."), section=first, is_published=False)
    anybody = body(DeskClient(desk.tenant).get("/help/"))
    assert "Reset your password" in anybody
    assert "Log in" in anybody
    for words in ("Pay an invoice", "Refund rules", "Half written", "Billing"):
        assert words not in anybody, words
    contact = body(login(desk.contact).get("/help/"))
    assert contact.index("Billing") < contact.index("Pay an invoice") < contact.index("Getting started")
    assert "Invoices and payment." in contact
    assert "Refund rules" not in contact
    agent = body(login(desk.agent).get("/help/"))
    assert "Refund rules" in agent
    assert "Half written" not in agent
    stranger = login(other_desk.agent)
    stranger.prefix = f"/t/{desk.tenant.slug}"
    assert "Pay an invoice" not in body(stranger.get("/help/"))


def test_an_article_is_refused_as_its_readers_allow(desk: Desk, login: Login) -> None:
    public = new_article(desk).article_id
    customers = new_article(desk, audience="customers").article_id
    staff = new_article(desk, audience="staff").article_id
    draft = new_article(desk, is_published=False).article_id
    anybody = DeskClient(desk.tenant)
    assert anybody.get(f"/help/articles/{public}/").status_code == 200
    for hidden in (customers, staff, draft, 10**9):
        answer = anybody.get(f"/help/articles/{hidden}/")
        assert (answer.status_code, "/accounts/login/" in answer["Location"]) == (302, True), (
            "all look the same"
        )
    contact = login(desk.contact)
    found = {pk: contact.get(f"/help/articles/{pk}/").status_code for pk in (public, customers, staff, draft)}
    assert found == {public: 200, customers: 200, staff: 404, draft: 404}
    assert login(desk.agent).get(f"/help/articles/{staff}/").status_code == 200


def test_what_is_archived_or_stands_in_an_archived_section_is_gone(desk: Desk) -> None:
    edition, anybody = new_article(desk), DeskClient(desk.tenant)
    address = f"/help/articles/{edition.article_id}/"
    assert anybody.get(address).status_code == 200
    archive_article(article=edition.article, by=desk.supervisor, at=MONDAY)
    assert anybody.get(address).status_code == 302
    other = new_article(desk)
    archive_section(section=other.article.section, by=desk.admin, at=MONDAY)
    assert anybody.get(f"/help/articles/{other.article_id}/").status_code == 302
    assert "No articles yet" in body(anybody.get("/help/"))


def test_readers_get_their_own_language_and_can_change_to_the_other(desk: Desk) -> None:
    edition, anybody = new_article(desk), DeskClient(desk.tenant)
    in_spanish(desk, edition.article)
    english_only = new_article(desk, Text(title="Only in English", body="Sorry."))
    spanish = {"Accept-Language": "es-MX"}
    address = f"/help/articles/{edition.article_id}/"
    page = body(anybody.get(address, headers=spanish))
    assert "Restablecer su contraseña" in page
    assert 'lang="es"' in page
    assert "?lang=en" in page
    assert "Reset your password" in body(anybody.get(f"{address}?lang=en", headers=spanish))
    only = f"/help/articles/{english_only.article_id}/"
    assert "Only in English" in body(anybody.get(only, headers=spanish))
    home = body(anybody.get("/help/", headers=spanish))
    assert "Restablecer su contraseña" in home
    assert "Reset your password" not in home, "each article once"


def test_the_text_is_clean_html_below_the_heading_of_the_page(desk: Desk) -> None:
    text = Text(
        title="Danger",
        body="# Big\n\n<script>alert(1)</script> ![x](https://evil.example/x.png) [j](javascript:x)",
    )
    edition = new_article(desk, text)
    page = body(DeskClient(desk.tenant).get(f"/help/articles/{edition.article_id}/"))
    assert "<h2>Big</h2>" in page
    assert "<script>alert" not in page
    assert 'evil.example/x.png"' not in page
    assert 'href="javascript' not in page
    guide = new_article(desk, Text(title="The guide", guide_url="https://docs.example.com/till"))
    page = body(DeskClient(desk.tenant).get(f"/help/articles/{guide.article_id}/"))
    assert 'href="https://docs.example.com/till"' in page


def test_images_follow_their_article(desk: Desk, login: Login) -> None:
    edition = new_article(desk, is_published=False, audience="customers")
    file = SimpleUploadedFile("till [1].png", PNG)
    image = add_image(article=edition.article, file=file, by=desk.agent, at=MONDAY)
    assert image.markdown == f"![till 1](image:{image.pk})"
    address, anybody = f"/help/images/{image.pk}/", DeskClient(desk.tenant)
    assert login(desk.agent).get(address)["Content-Type"] == "image/png"
    assert login(desk.contact).get(address).status_code == 404

    publish(desk, edition)
    shown = login(desk.contact).get(address)
    assert (shown.status_code, shown["X-Content-Type-Options"]) == (200, "nosniff")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert anybody.get(address).status_code == 404
    assert Image.objects.count() == 1
    with_image = new_article(desk, Text(title="Till", body=f"Look: {image.markdown}"))
    page = body(anybody.get(f"/help/articles/{with_image.article_id}/"))
    assert f'src="/t/acme/help/images/{image.pk}/" alt="till 1"' in page


def test_readers_say_whether_it_helped_once_each(desk: Desk, login: Login) -> None:
    edition, anybody = new_article(desk), DeskClient(desk.tenant)
    address = f"/help/articles/{edition.article_id}/feedback/"
    answer = anybody.post(address, {"helped": "no", "language": "en"})
    assert answer.status_code == 303
    assert "What was missing?" in body(anybody.get(answer["Location"].removeprefix("/t/acme")))
    anybody.post(address, {"helped": "no", "language": "en", "comment": "Where is Profile?"})
    login(desk.contact).post(address, {"helped": "yes", "language": "en"})
    given = {(one.helped, one.comment, one.membership_id) for one in Feedback.objects.all()}
    assert given == {(False, "Where is Profile?", None), (True, "", desk.contact.pk)}
    assert anybody.post(address, {"helped": "perhaps", "language": "en"}).status_code == 422
    page = body(login(desk.agent).get(f"/knowledge/{edition.article_id}/"))
    assert "Where is Profile?" in page


def test_strangers_are_stopped_from_answering_without_end(desk: Desk) -> None:
    edition, anybody = new_article(desk), DeskClient(desk.tenant)
    address = f"/help/articles/{edition.article_id}/feedback/"
    codes = [anybody.post(address, {"helped": "yes", "language": "en"}).status_code for _ in range(31)]
    assert codes == [303] * 30 + [429]


def test_searches_find_put_right_and_are_noted_when_in_vain(desk: Desk, login: Login) -> None:
    new_article(desk)
    anybody = DeskClient(desk.tenant)
    assert "Reset your password" in body(anybody.get("/help/", {"q": "passwords"}))
    put_right = body(anybody.get("/help/", {"q": "pasword"}))
    assert "These are about “password”" in put_right
    assert not MissedSearch.objects.exists()
    for _time in range(2):
        assert "No article has these words" in body(
            login(desk.contact).get("/help/", {"q": "  Fax   Machine "})
        )
    login(desk.agent).get("/help/", {"q": "staff try things out"})
    missed = MissedSearch.objects.get()
    assert (missed.words, missed.times, missed.language) == ("fax machine", 2, "en")
    page = body(login(desk.agent).get("/knowledge/searches/"))
    assert "fax machine" in page
    assert login(desk.agent).post(f"/knowledge/searches/{missed.pk}/settle/").status_code == 302
    assert not MissedSearch.objects.exists()


@pytest.mark.parametrize("path", ["/help/", "/help/?q=password", "/knowledge/"])
def test_pages_cost_the_same_however_many_articles_there_are(
    desk: Desk, login: Login, path: str, django_assert_max_num_queries: Callable[..., object]
) -> None:
    section, client = new_section(desk), login(desk.agent)
    sizes = []
    for count in (8, 24):
        for number in range(count):
            new_article(desk, Text(title=f"Password {number}", body="x"), section=section)
        with django_assert_max_num_queries(12):
            sizes.append(len(client.get(path).content))
    assert sizes[1] < 60_000
