"""Templates of our own for mails that are written late, and a receiver of webhooks on this machine."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.notifications.receiver import Receiver

TEMPLATES = {
    "late.subject.txt": "{{ heading }}",
    "late.txt": (
        '{% extends "email/base.txt" %}{% block content %}{{ heading }} {{ due_at|exact_words }}\n'
        "{{ recipient.name if recipient else '' }} {{ ticket.priority if ticket else '' }} {{ link }}"
        "{% endblock %}"
    ),
    "late.html": "<p>{{ heading }}</p>",
    "broken.subject.txt": "{{ nothing.at.all }}",
    "broken.txt": "",
    "broken.html": "",
}


@pytest.fixture
def late_templates() -> Iterator[None]:
    """`late` and `broken`, beside the product's own."""
    from django.template import engines
    from jinja2 import ChoiceLoader, DictLoader

    environment: Any = engines["jinja2"].env  # type: ignore[attr-defined]
    before = environment.loader
    environment.loader = ChoiceLoader([DictLoader(TEMPLATES), before])
    yield
    environment.loader = before
    environment.cache.clear()


@pytest.fixture
def receiver(settings: Any) -> "Iterator[Receiver]":
    """A receiver that the installation trusts."""
    from tests.notifications.receiver import Receiver

    with Receiver() as started:
        settings.WEBHOOK_TRUSTED = [started.place]
        yield started
