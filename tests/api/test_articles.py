"""Articles by API: read, searched, written, reviewed, published, judged."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from knowledge.models import Edition, MissedSearch
from tests.api.callers import ApiCaller, Callers
from tests.factories import MONDAY, Desk
from tests.knowledge.factories import in_spanish, new_article, new_section


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["results"]]


def test_callers_read_and_search_what_is_for_them(desk: Desk, caller: Callers, anonymous: ApiCaller) -> None:
    public = new_article(desk)
    in_spanish(desk, public.article)
    staff = new_article(desk, audience="staff")
    draft = new_article(desk, is_published=False)
    contact = caller(desk.contact)
    assert titles(contact.get("articles/")) == ["Reset your password"]
    assert titles(contact.get("articles/?language=es")) == ["Restablecer su contraseña"]
    assert titles(contact.get("articles/?q=pasword")) == ["Reset your password"]
    assert titles(contact.get(f"articles/?section={10**6}")) == []
    assert len(titles(caller(desk.agent).get("articles/"))) == 2
    shown = contact.get(f"articles/{public.article_id}/?language=es").json()
    assert (shown["language"], shown["body"][:4]) == ("es", "Abra")
    assert shown["url"].endswith(f"/t/acme/help/articles/{public.article_id}/?lang=es")
    for hidden in (staff, draft):
        assert contact.get(f"articles/{hidden.article_id}/").status_code == 404
    assert anonymous.get("articles/").status_code == 401
    said = contact.post(
        f"articles/{public.article_id}/feedback/", {"helped": False, "language": "en", "comment": "Too short"}
    )
    assert said.json() == {"helped": False, "comment": "Too short"}
    rows = caller(desk.agent).get(f"editions/?article={public.article_id}").json()["results"]
    assert {row["language"]: row["did_not_help"] for row in rows} == {"en": 1, "es": 0}
    assert contact.get("editions/").status_code == 403


def test_an_article_is_written_reviewed_and_published(desk: Desk, caller: Callers) -> None:
    section, agent, chief = new_section(desk), caller(desk.agent), caller(desk.supervisor)
    new = {"title": "Fax", "body": "Send *it*.", "section": section.pk}
    new |= {"audience": "public", "language": "en"}
    empty = agent.post("editions/", new | {"body": ""})
    assert (empty.status_code, empty.json()["code"]) == (422, "article_not_accepted")
    made = agent.post("editions/", new | {"position": 3}).json()
    assert Edition.objects.get(pk=made["id"]).article.position == 3
    assert (made["state"], made["latest"], made["published"]) == ("draft", 1, None)
    one = f"editions/{made['id']}/"
    saved = agent.put(one, {"title": "Fax", "body": "Send **it**.", "seen": 1}, format="json").json()
    assert saved["latest"] == 2
    late = agent.put(one, {"title": "Fax", "body": "Mine.", "seen": 1}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "edited_meanwhile")
    assert agent.post(f"{one}publish/", {"seen": 2}).status_code == 403
    assert agent.post(f"{one}review/", {"seen": 2}).json()["state"] == "review"
    back = chief.post(f"{one}send-back/", {"seen": 2, "comment": "Which number?"})
    assert back.json()["state"] == "draft"
    assert chief.post(f"{one}publish/", {"seen": 2}).json()["published"] == 2
    again = chief.post(f"{one}publish/", {"seen": 2})
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert [row["number"] for row in agent.get(f"{one}versions/").json()["results"]] == [2, 1]
    assert chief.post(f"{one}withdraw/", {"seen": 2}).json()["published"] is None
    article = f"articles/{made['article']}"
    twice = agent.post(f"{article}/editions/", {"title": "Fax", "body": "x", "language": "en"})
    assert (twice.status_code, twice.json()["code"]) == (409, "edition_exists")
    spanish = agent.post(f"{article}/editions/", {"title": "Fax", "body": "x", "language": "es"})
    assert spanish.status_code == 201


def test_articles_are_placed_archived_and_illustrated(desk: Desk, caller: Callers) -> None:
    edition, section = new_article(desk), new_section(desk, "Old things")
    agent, chief, base = caller(desk.agent), caller(desk.supervisor), f"articles/{edition.article_id}"
    place = {"section": section.pk, "audience": "staff", "position": 2, "seen": 1}
    assert agent.post(f"{base}/place/", place).status_code == 403
    placed = chief.post(f"{base}/place/", place).json()["results"][0]
    assert (placed["section"], placed["audience"], placed["article_version"]) == (section.pk, "staff", 2)
    assert chief.post(f"{base}/archive/", {}).json()["results"][0]["archived_at"]
    assert chief.post(f"{base}/restore/", {}).json()["results"][0]["archived_at"] is None
    png = SimpleUploadedFile("till.png", b"\x89PNG\r\n\x1a\n")
    image = agent.post(f"{base}/images/", {"image": png}, format="multipart")
    assert image.json()["markdown"] == f"![till](image:{image.json()['id']})"
    text = SimpleUploadedFile("till.png", b"no picture")
    refused = agent.post(f"{base}/images/", {"image": text}, format="multipart")
    assert (refused.status_code, refused.json()["code"]) == (422, "refused_image")


def test_sections_and_searches_in_vain(desk: Desk, caller: Callers) -> None:
    admin = caller(desk.admin)
    made = admin.post("sections/", {"names": {"en": "Billing"}}, format="json").json()
    assert made["names"] == {"en": "Billing"}
    nameless = admin.post("sections/", {"names": {}}, format="json")
    assert (nameless.status_code, nameless.json()["code"]) == (422, "article_not_accepted")
    change = {"names": {"es": "Facturas"}, "seen": 1}
    assert admin.put(f"sections/{made['id']}/", change, format="json").json()["names"] == {"es": "Facturas"}
    assert admin.put(f"sections/{made['id']}/", change, format="json").status_code == 409
    assert admin.post(f"sections/{made['id']}/archive/", {}).json()["archived_at"]
    assert admin.post(f"sections/{made['id']}/restore/", {}).json()["archived_at"] is None
    assert caller(desk.agent).get("sections/").status_code == 200
    assert caller(desk.agent).post("sections/", {"names": {"en": "x"}}, format="json").status_code == 403
    missed = MissedSearch.objects.create(
        tenant=desk.tenant, language="en", words="fax", first_at=MONDAY, last_at=MONDAY
    )
    agent = caller(desk.agent)
    assert [row["words"] for row in agent.get("searches-in-vain/").json()["results"]] == ["fax"]
    assert agent.delete(f"searches-in-vain/{missed.pk}/").status_code == 204
    assert not MissedSearch.objects.exists()
