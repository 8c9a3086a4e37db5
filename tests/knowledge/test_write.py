"""Articles from the first draft to readers: versions, review, publication, translation, history."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from accounts.models import AuditEntry, Membership
from knowledge.models import ArticleEvent, Edition, Image, Section, Version
from knowledge.services import (
    EditionExists,
    NothingChanged,
    Text,
    add_edition,
    archive_section,
    save_version,
)
from tests.factories import MONDAY, Desk, DeskClient
from tests.knowledge.factories import RESET, RESTABLECER, in_spanish, new_article, new_section

Login = Callable[[Membership], DeskClient]
FORM_TEXT = Text(title="Half written", body="Soon.")
FORM = {"title": "Reset it", "summary": "", "guide_url": "", "keywords": "", "body": "Press **reset**."}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 30


def test_an_article_goes_from_an_agents_draft_through_review_to_readers(desk: Desk, login: Login) -> None:
    section, agent, chief = new_section(desk), login(desk.agent), login(desk.supervisor)
    values = FORM | {"section": section.pk, "audience": "public", "language": "en"}
    preview = agent.post("/knowledge/new/", values | {"preview": "1"})
    assert (preview.status_code, "<strong>reset</strong>" in preview.content.decode()) == (200, True)
    assert not Edition.objects.exists()
    assert agent.post("/knowledge/new/", values | {"position": "7"}).status_code == 302
    edition = Edition.objects.get()
    assert edition.article.position == 7
    page, base = f"/knowledge/{edition.article_id}/", f"/knowledge/editions/{edition.pk}"
    assert "Ask for a review" in agent.get(page).content.decode()
    assert agent.post(f"{base}/publish/", {"seen": 1}).status_code == 403
    assert agent.post(f"{base}/review/", {"seen": 1}).status_code == 302
    missing = chief.post(f"{base}/send-back/", {"seen": 1, "comment": " "})
    assert (missing.status_code, "Say what the author should change" in missing.content.decode()) == (
        422,
        True,
    )
    assert chief.post(f"{base}/send-back/", {"seen": 1, "comment": "Say where."}).status_code == 302
    assert "Say where." in agent.get(page).content.decode()
    assert agent.post(f"{base}/edit/", FORM | {"seen": 1, "body": "In **Profile**."}).status_code == 302
    assert chief.post(f"{base}/publish/", {"seen": 1}).status_code == 409, "not the version that was read"
    assert chief.post(f"{base}/publish/", {"seen": 2}).status_code == 302
    read = DeskClient(desk.tenant).get(f"/help/articles/{edition.article_id}/").content.decode()
    assert "<strong>Profile</strong>" in read
    kinds = list(ArticleEvent.objects.values_list("kind", flat=True))
    assert kinds == ["written", "review_asked", "sent_back", "written", "published"]


def test_readers_go_on_seeing_the_published_version_while_the_next_is_written(
    desk: Desk, login: Login
) -> None:
    edition, agent = new_article(desk), login(desk.agent)
    address = f"/help/articles/{edition.article_id}/"
    agent.post(f"/knowledge/editions/{edition.pk}/edit/", FORM | {"seen": 1})
    assert "Reset your password" in DeskClient(desk.tenant).get(address).content.decode()
    assert "An earlier version is published" in agent.get("/knowledge/").content.decode()
    edition.refresh_from_db()
    with pytest.raises(NothingChanged):
        save_version(edition=edition, seen=2, text=_text(edition), by=desk.agent, at=MONDAY)
    chief = login(desk.supervisor)
    assert chief.post(f"/knowledge/editions/{edition.pk}/withdraw/", {"seen": 2}).status_code == 302
    assert DeskClient(desk.tenant).get(address).status_code == 302
    assert chief.post(f"/knowledge/editions/{edition.pk}/withdraw/", {"seen": 2}).status_code == 409


def _text(edition: Edition) -> Any:

    version = edition.versions.get(number=edition.latest)
    names = ("title", "summary", "keywords", "guide_url", "body")
    return Text(**{name: getattr(version, name) for name in names})


def test_two_authors_do_not_overwrite_each_other(desk: Desk, login: Login) -> None:
    edition, agent = new_article(desk), login(desk.agent)
    address = f"/knowledge/editions/{edition.pk}/edit/"
    assert agent.post(address, FORM | {"seen": 1}).status_code == 302
    late = login(desk.agent2).post(address, FORM | {"seen": 1, "body": "My own words."})
    page = late.content.decode()
    assert late.status_code == 409
    assert "My own words." in page
    assert f"/knowledge/editions/{edition.pk}/versions/2/" in page
    assert login(desk.agent2).post(address, FORM | {"seen": 2, "body": "My own words."}).status_code == 302
    assert Version.objects.count() == 3


def test_an_empty_article_is_refused_and_what_was_typed_stays(desk: Desk, login: Login) -> None:
    values = FORM | {"section": new_section(desk).pk, "audience": "public", "language": "en", "body": " "}
    refused = login(desk.agent).post("/knowledge/new/", values)
    assert refused.status_code == 422
    assert "Write a text, or give the address of an official guide." in refused.content.decode()
    assert 'value="Reset it"' in refused.content.decode()
    guide = values | {"guide_url": "javascript:alert(1)"}
    assert login(desk.agent).post("/knowledge/new/", guide).status_code == 422
    assert not Edition.objects.exists()


def test_versions_are_shown_with_what_changed_and_are_never_changed(desk: Desk, login: Login) -> None:
    edition, agent = new_article(desk), login(desk.agent)
    body = RESET.body.replace("Profile", "Account")
    agent.post(
        f"/knowledge/editions/{edition.pk}/edit/", FORM | {"seen": 1, "title": RESET.title, "body": body}
    )
    page = agent.get(f"/knowledge/editions/{edition.pk}/versions/2/").content.decode()
    assert "<mark>Profile</mark>" in page
    assert "<mark>Account</mark>" in page
    assert (
        "This is the first version"
        in agent.get(f"/knowledge/editions/{edition.pk}/versions/1/").content.decode()
    )
    assert agent.get(f"/knowledge/editions/{edition.pk}/versions/9/").status_code == 404
    assert agent.get(f"/knowledge/editions/{edition.pk}/versions/2/?against=7").status_code == 404
    for table in (Version, ArticleEvent):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            table.objects.update(at=MONDAY)


def test_an_article_is_written_in_a_second_language_once(desk: Desk, login: Login) -> None:
    edition, agent = new_article(desk), login(desk.agent)
    address = f"/knowledge/{edition.article_id}/translate/"
    assert "Reset your password" in agent.get(address).content.decode()
    assert agent.post(address, FORM | {"language": "en"}).status_code == 422
    assert agent.post(address, FORM | {"language": "es", "title": "Restablecer"}).status_code == 302
    assert agent.get(address).status_code == 302, "there is no further language"

    with pytest.raises(EditionExists):
        add_edition(article=edition.article, language="es", text=RESTABLECER, by=desk.agent, at=MONDAY)
    assert "Restablecer" in agent.get(f"/knowledge/{edition.article_id}/?lang=es").content.decode()


def test_supervisors_say_where_an_article_stands_and_who_reads_it(desk: Desk, login: Login) -> None:
    edition, section = new_article(desk), new_section(desk, "Archive of old things")
    address = f"/knowledge/{edition.article_id}/place/"
    values = {"section": section.pk, "audience": "staff", "position": "3", "seen_version": "1"}
    assert login(desk.agent).post(address, values).status_code == 403
    chief = login(desk.supervisor)
    assert chief.post(address, values).status_code == 302
    assert chief.post(address, values).status_code == 409
    assert DeskClient(desk.tenant).get(f"/help/articles/{edition.article_id}/").status_code == 302
    archive_section(section=edition.article.section, by=desk.admin, at=MONDAY)
    gone = values | {"section": edition.article.section_id, "seen_version": "2"}
    assert chief.post(address, gone).status_code == 422
    assert chief.post(f"/knowledge/{edition.article_id}/archive/").status_code == 302
    assert "archived" in chief.get(f"/knowledge/{edition.article_id}/").content.decode()
    assert chief.post(f"/knowledge/{edition.article_id}/archive/", {"restore": "1"}).status_code == 302


def test_an_image_is_put_into_the_text_that_is_being_written(desk: Desk, login: Login) -> None:
    edition, agent = new_article(desk), login(desk.agent)
    address = f"/knowledge/editions/{edition.pk}/image/"
    sent = FORM | {"seen": 1, "image": SimpleUploadedFile("till.png", PNG)}
    page = agent.post(address, sent).content.decode()
    image = Image.objects.get()
    assert f"![till](image:{image.pk})" in page
    assert "Press **reset**." in page
    for file in (
        SimpleUploadedFile("x.png", b"<svg onload=alert(1)>"),
        SimpleUploadedFile("x.svg", b"<svg/>"),
    ):
        refused = agent.post(address, FORM | {"seen": 1, "image": file})
        assert (refused.status_code, "Press **reset**." in refused.content.decode()) == (422, True)
    assert agent.post(address, FORM | {"seen": 1}).status_code == 422
    assert Image.objects.count() == 1


def test_staff_list_filters_by_state_section_and_language(desk: Desk, login: Login) -> None:
    in_spanish(desk, new_article(desk).article)
    new_article(desk, FORM_TEXT, is_published=False)
    agent = login(desk.agent)

    def listed(**asked: Any) -> str:
        return str(agent.get("/knowledge/", asked).content.decode())

    assert "Half written" in listed(state="draft")
    assert "Reset your password" not in listed(state="draft")
    assert "Restablecer" in listed(language="es")
    assert "Half written" not in listed(language="es")
    assert "Half written" in listed(q="half")
    assert "Nothing matches" in listed(state="archived")


def test_admins_arrange_sections(desk: Desk, login: Login) -> None:
    admin = login(desk.admin)
    assert login(desk.supervisor).get("/console/knowledge/").status_code == 403
    assert admin.post("/console/knowledge/new/", {"position": "0"}).status_code == 422
    values = {"name_en": "Billing", "name_es": "Facturación", "description_en": "Invoices.", "position": "1"}
    assert admin.post("/console/knowledge/new/", values).status_code == 302

    section = Section.objects.get()
    assert (section.name_in("es"), section.name_in("en"), section.description_in("es")) == (
        "Facturación", "Billing", "",
    )  # fmt: skip
    edit = f"/console/knowledge/{section.pk}/edit/"
    assert admin.post(edit, values | {"name_en": "Money", "seen_version": "1"}).status_code == 302
    assert admin.post(edit, values | {"seen_version": "1"}).status_code == 409
    assert "Money" in admin.get("/console/knowledge/").content.decode()
    assert AuditEntry.objects.filter(field="names", after__contains="Money").count() == 1
    assert admin.post(f"/console/knowledge/{section.pk}/archive/").status_code == 302
    assert "There is no section yet" in login(desk.agent).get("/knowledge/new/").content.decode()
    admin.post(f"/console/knowledge/{section.pk}/archive/", {"restore": "1"})
    assert "There is no section yet" not in login(desk.agent).get("/knowledge/new/").content.decode()
