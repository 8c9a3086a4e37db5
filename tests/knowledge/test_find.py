"""Finding articles: stemming, accents, misspelt words, languages, and who may find what."""

from collections.abc import Callable

import pytest

from knowledge.search import search, suggest
from knowledge.services import Text
from tests.factories import Desk
from tests.knowledge.factories import in_spanish, new_article, publish


def titles(desk: Desk, words: str, *, language: str = "en", by: object = "contact") -> list[str]:
    reader = getattr(desk, str(by)) if by else None
    found = search(words, language=language, membership=reader, tenant_id=desk.tenant.pk)
    return [edition.title for edition in found.editions]


def test_words_are_stemmed_in_the_language_of_the_text(desk: Desk) -> None:
    article = new_article(desk).article
    in_spanish(desk, article)
    new_article(desk, Text(title="Printing invoices", body="Press the green button."))
    assert titles(desk, "resetting passwords") == ["Reset your password"]
    assert titles(desk, "print invoice")[0] == "Printing invoices"
    assert titles(desk, "imprimir factura", language="es") == ["Restablecer su contraseña"]
    assert titles(desk, "credential") == ["Reset your password"], "keywords count"
    # In another language than one's own it is better than nothing; in both, one's own.
    assert titles(desk, "contraseñas", language="en") == ["Restablecer su contraseña"]
    assert titles(desk, "the of and") == []
    assert titles(desk, "") == titles(desk, " ' :* !&| \\ ") == []


def test_accents_may_be_left_out_or_put_in(desk: Desk) -> None:
    new_article(desk, Text(title="Configuración del país", body="Elija México."), language="es")
    new_article(desk, Text(title="Configuracion vieja", body="Sin acentos."), language="es")
    for words in ("configuracion", "configuración", "CONFIGURACIONES"):
        assert len(titles(desk, words, language="es")) >= 1, words
    assert len(titles(desk, "configuracion", language="es")) == 2
    assert titles(desk, "mexico", language="es") == ["Configuración del país"]


def test_misspelt_words_are_put_right_by_what_the_reader_may_read(desk: Desk) -> None:
    new_article(desk)
    new_article(desk, Text(title="Secret escrow", body="Quarantine procedure."), audience="staff")
    found = search("reset pasword", language="en", membership=desk.contact, tenant_id=desk.tenant.pk)
    assert (found.editions[0].title, found.read_as) == ("Reset your password", "reset password")
    assert titles(desk, "profille") == ["Reset your password"], "a word that stands in the text alone"
    hidden = search("quarantin proceduer", language="en", membership=desk.contact, tenant_id=desk.tenant.pk)
    assert (hidden.editions, hidden.read_as) == ([], "")
    assert titles(desk, "quarantin proceduer", by="agent") == ["Secret escrow"]


def test_words_that_say_nothing_are_not_put_right(desk: Desk) -> None:
    new_article(desk, Text(title="Reset the width", body="Turn the wheel with both hands, from the form."))
    found = search("reset with what", language="en", membership=None, tenant_id=desk.tenant.pk)
    assert ([one.title for one in found.editions], found.read_as) == (["Reset the width"], "")


def test_articles_with_more_of_the_words_stand_first(desk: Desk) -> None:
    new_article(desk, Text(title="Backups", body="The till and its printer."))
    new_article(desk, Text(title="Printer of the till", body="Paper."))
    new_article(desk, Text(title="Paper", body="For the till printer, in rolls of paper."))
    assert titles(desk, "till printer paper") == ["Printer of the till", "Paper", "Backups"]


@pytest.mark.parametrize("audience", ["public", "customers", "staff"])
def test_readers_find_what_is_for_them_and_published(desk: Desk, other_desk: Desk, audience: str) -> None:
    edition = new_article(desk, audience=audience, is_published=False)
    for reader in (None, "contact", "agent"):
        assert titles(desk, "password", by=reader) == [], "a draft is found by nobody"

    publish(desk, edition)
    may: dict[str, set[str | None]] = {
        "public": {None, "contact", "agent"},
        "customers": {"contact", "agent"},
        "staff": {"agent"},
    }
    for reader in (None, "contact", "agent"):
        assert bool(titles(desk, "password", by=reader)) == (reader in may[audience]), reader
    found = search("password", language="en", membership=other_desk.agent, tenant_id=other_desk.tenant.pk)
    assert found.editions == []


def test_suggestions_follow_a_subject_as_it_is_typed(
    desk: Desk, django_assert_num_queries: Callable[..., object]
) -> None:
    edition = new_article(desk)
    new_article(desk, Text(title="Working hours", body="We can not answer at night."))
    with django_assert_num_queries(1):
        found = suggest("I forgot my passw", "en", desk.contact)
    assert [one.title for one in found] == ["Reset your password"]
    assert found[0].url.endswith(f"/help/articles/{edition.article_id}/")
    both = suggest("Who answers at night when all are asleep", "en", desk.contact)
    assert [one.title for one in both] == ["Working hours"], "two words speak for it"
    assert suggest("Something in the night", "en", desk.contact) == [], "one word somewhere says nothing"
    assert suggest("", "en", desk.contact) == []
