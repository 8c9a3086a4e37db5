"""The knowledge base of a desk of the demo: what its preset brought, in the other language too, and its own.

Some articles are read and judged, one waits for a review, one is for staff alone, and a few searches were in
vain.
"""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Membership
from knowledge.models import Edition, MissedSearch, Section
from knowledge.services import (
    Text,
    add_edition,
    ask_for_review,
    change_section,
    create_article,
    give_feedback,
    publish_edition,
    voter_of,
)
from supportdesk.demo.content import FOLDER
from supportdesk.demo.stage import Stage

_TEXT = ("title", "summary", "keywords", "guide_url", "body")


def lay_articles(stage: Stage, *, at: datetime, now: datetime) -> None:
    """Write, translate and publish at `at`; readers come in the days before `now`."""
    desk = stage.plot.desk
    data = tomllib.loads((FOLDER / "articles" / f"{desk.slug}.toml").read_text(encoding="utf-8"))
    owner, agent = stage.people[desk.staff[0].email], stage.people[desk.agents[0].email]
    for each in data.get("names", ()):
        _name(each, owner, at)
    for each in data["translations"]:
        source = Edition.objects.select_related("article").get(title=each["of"])
        edition = add_edition(
            article=source.article, language=data["language"], text=_text(each), by=agent, at=at
        )
        publish_edition(edition=edition, seen=edition.latest, by=owner, at=at)
    for each in data["articles"]:
        _write(each, stage, owner, agent, at=at, now=now)
    _read(stage, data, now)


def _text(each: dict[str, Any]) -> Text:
    return Text(**{name: each.get(name, "") for name in _TEXT})


def _name(each: dict[str, Any], owner: Membership, at: datetime) -> None:
    """Give a section its name in the other language."""
    section = next(one for one in Section.objects.all() if each["of"] in one.names.values())
    change_section(
        section=section,
        seen_version=section.version,
        names={**section.names, each["language"]: each["name"]},
        descriptions={**section.descriptions, each["language"]: each["description"]},
        position=section.position,
        by=owner,
        at=at,
    )


def _write(
    each: dict[str, Any], stage: Stage, owner: Membership, agent: Membership, *, at: datetime, now: datetime
) -> None:
    section = next(one for one in Section.objects.all() if each["section"] in one.names.values())
    is_ready = not each.get("waits", False)
    written_at = at if is_ready else now - timedelta(hours=5)
    edition = create_article(
        section=section,
        audience=each["audience"],
        language=stage.plot.rules.language,
        text=_text(each),
        position=each.get("position", 10),
        by=agent,
        at=written_at,
    )
    if is_ready:
        publish_edition(edition=edition, seen=1, by=owner, at=at)
    else:
        ask_for_review(edition=edition, seen=1, by=agent, at=written_at)


def _read(stage: Stage, data: dict[str, Any], now: datetime) -> None:
    """What contacts said of articles, and what they did not find."""
    contacts = [person for person in stage.people.values() if person.is_contact]
    for each in data["judged"]:
        edition = Edition.objects.get(title=each["title"])
        said = [True] * each["yes"] + [False] * each["no"]
        for place, (reader, helped) in enumerate(zip(contacts, said, strict=False)):
            give_feedback(
                edition=edition,
                voter=voter_of(reader, address="", agent=""),
                membership=reader,
                helped=helped,
                comment="" if helped else each.get("missing", ""),
                at=now - timedelta(days=1 + place, hours=3),
            )
    for place, (words, times) in enumerate(data["in_vain"].items()):
        MissedSearch.objects.create(
            tenant=stage.tenant,
            language=stage.plot.rules.language,
            words=words,
            times=times,
            first_at=now - timedelta(days=20 - place),
            last_at=now - timedelta(days=2, hours=place),
        )
