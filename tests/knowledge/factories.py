"""What tests of the knowledge base set up."""

from datetime import datetime
from typing import Any

from knowledge.models import Article, Edition, Section
from knowledge.services import Text, add_edition, create_article, create_section, publish_edition
from tests.factories import MONDAY, Desk

RESET = Text(
    title="Reset your password",
    summary="When you cannot log in any more.",
    keywords="sign-in, credentials",
    body="Open the page **Profile** and choose a new one.\n\n# What then\n\nPrint `anything`.",
)
RESTABLECER = Text(
    title="Restablecer su contraseña",
    summary="Cuando ya no puede entrar.",
    body="Abra la página de configuración e imprima las facturas otra vez.",
)


def new_section(desk: Desk, name: str = "Getting started", **values: Any) -> Section:
    return create_section(
        tenant_id=desk.tenant.pk, names={"en": name, **values.pop("names", {})}, by=desk.admin, at=MONDAY,
        **values,
    )  # fmt: skip


def new_article(
    desk: Desk,
    text: Text = RESET,
    *,
    audience: str = "public",
    section: Section | None = None,
    language: str = "en",
    at: datetime = MONDAY,
    is_published: bool = True,
    **changes: Any,
) -> Edition:
    """An article of the agent's, published by the supervisor unless said otherwise."""
    section = section or Section.objects.first() or new_section(desk)
    edition = create_article(
        section=section, audience=audience, language=language, text=text, by=desk.agent, at=at, **changes
    )
    return publish(desk, edition) if is_published else edition


def in_spanish(desk: Desk, article: Article, text: Text = RESTABLECER) -> Edition:
    return publish(desk, add_edition(article=article, language="es", text=text, by=desk.agent, at=MONDAY))


def publish(desk: Desk, edition: Edition) -> Edition:
    return publish_edition(edition=edition, seen=edition.latest, by=desk.supervisor, at=MONDAY)
