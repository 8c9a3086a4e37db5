"""How a desk looks and speaks: an admin chooses it, customers see it, other desks do not."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import AuditEntry, Logo, Membership, Tenant
from notifications.services import deliver_waiting
from tests.factories import Desk, DeskClient, new_ticket
from tests.maintenance.status import public_page
from tests.pictures import picture
from tickets.services import reply_to_ticket

Login = Callable[[Membership], DeskClient]
LOG_IN = "/t/acme/accounts/login/"
FOREVER = "public, max-age=31536000, immutable"


def uploaded(content: bytes, use: str = "light", name: str = "logo.png") -> dict[str, Any]:
    return {"use": use, "image": SimpleUploadedFile(name, content)}


def seen(client: DeskClient, section: str) -> str:
    """The mark of a section as its form carries it."""
    page = client.get("/console/look/").content.decode()
    after = page.split(f"/console/look/{section}/", 1)[1]
    return after.split('name="seen_state" value="', 1)[1][:16]


def test_a_logo_is_drawn_anew_and_stands_where_customers_look(
    desk: Desk, other_desk: Desk, login: Login, client: Client
) -> None:
    admin = login(desk.admin)
    hidden = picture() + b"<script>alert(1)</script>"
    assert admin.post("/console/look/logo/", uploaded(hidden)).status_code == 302
    desk.tenant.refresh_from_db()
    assert desk.tenant.logo.startswith("480x114-"), "without its border, no larger than it is shown"
    address = f"/t/acme/logo.png?v={desk.tenant.logo}"
    public_page(desk)
    at_home = login(desk.contact).get("/").content.decode()
    for page in (at_home, *(client.get(path).content.decode() for path in (LOG_IN, "/t/acme/status/"))):
        assert f'src="{address}"' in page
        assert 'alt="Acme"' in page
    served = client.get(address)
    assert (served.headers["Content-Type"], served.headers["Cache-Control"]) == ("image/png", FOREVER)
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert b"script" not in served.content
    assert Image.open(io.BytesIO(served.content)).size == (480, 114)
    assert client.get("/t/acme/logo.png").headers["Cache-Control"] == "public, no-cache"
    to_a_person = login(desk.contact).get(f"/logo.png?v={desk.tenant.logo}")
    assert not to_a_person.cookies, "any cache may keep it"
    assert "Cookie" not in to_a_person.headers.get("Vary", "")
    # Another desk has none, and says nothing of ours.
    assert client.get(f"/t/umbra/logo.png?v={desk.tenant.logo}").status_code == 404
    assert "logo.png" not in client.get("/t/umbra/accounts/login/").content.decode()

    assert admin.post("/console/look/logo/", uploaded(picture("WEBP"), "dark")).status_code == 302
    assert 'class="logo logo-dark"' in client.get(LOG_IN).content.decode()
    assert client.get("/t/acme/logo-dark.png").status_code == 200
    assert admin.post("/console/look/logo/remove/", {"use": "light"}).status_code == 302
    assert not Logo.objects.exists(), "what is left for dark pages alone would be a half"
    assert client.get(address).status_code == 404
    assert '<span class="provider-name">Acme</span>' in client.get(LOG_IN).content.decode()
    acts = AuditEntry.objects.filter(kind="accounts.logo").order_by("pk").values_list("act", "by_name")
    assert list(acts) == [(act, "Adam Admin") for act in ("created", "created", "removed", "removed")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "SVG is not taken"),
        (b"\x89PNG\r\n\x1a\n and nothing", "none of the images that are taken"),
        (picture("GIF"), "none of the images that are taken"),
        (b"GIF89a<script>", "none of the images that are taken"),
        (b"x" * (2 * 1024 * 1024 + 1), "too large"),
        (b"", "empty"),
    ],
    ids=["svg", "cut off", "gif", "not a picture", "large", "empty"],
)
def test_what_is_no_logo_is_refused_in_words(desk: Desk, login: Login, content: bytes, words: str) -> None:
    answer = login(desk.admin).post("/console/look/logo/", uploaded(content))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Logo.objects.exists()


def test_a_picture_that_unfolds_into_the_memory_is_refused(desk: Desk, login: Login) -> None:
    huge = io.BytesIO()
    Image.new("1", (9000, 9000)).save(huge, "PNG")
    answer = login(desk.admin).post("/console/look/logo/", uploaded(huge.getvalue()))
    assert answer.status_code == 422
    assert "too many pixels" in answer.content.decode()
    photograph = picture("JPEG", (40, 80), exif=Image.Exif())
    assert login(desk.admin).post("/console/look/logo/", uploaded(photograph, "dark")).status_code == 422
    assert not Logo.objects.exists(), "one for dark pages alone"


def test_an_own_colour_is_looked_at_with_its_figures_and_then_taken(
    desk: Desk, login: Login, client: Client
) -> None:
    admin = login(desk.admin)
    sent = {"accent": "own", "own_colour": "FFCC00", "seen_state": seen(admin, "colour")}
    page = admin.post("/console/look/colour/", sent | {"preview": "1"})
    said = page.content.decode()
    assert page.status_code == 200
    assert "Text on light pages: 1.35 to 1 is too little." in said
    assert "Text on dark pages: 9.63 to 1, as it is." in said
    sample = admin.get("/console/look/preview.css?colour=ffcc00").content.decode()
    assert sample.startswith(".look-sample{--accent:light-dark(#9")
    assert client.get("/t/acme/look.css").status_code == 404, "nothing is saved by looking"

    assert admin.post("/console/look/colour/", sent).status_code == 302
    linked = '<link rel="stylesheet" href="/t/acme/look.css?v=ffcc00">'
    assert linked in client.get(LOG_IN).content.decode()
    assert linked in login(desk.contact).get("/").content.decode()
    served = client.get("/t/acme/look.css?v=ffcc00")
    assert served.headers["Content-Type"] == "text/css; charset=utf-8"
    assert served.headers["Cache-Control"] == FOREVER
    assert served.content.decode() == sample.replace(".look-sample", ":root")
    assert client.get("/t/acme/look.css?v=000000").headers["Cache-Control"] == "public, no-cache"
    assert "look.css" not in client.get("/t/umbra/accounts/login/").content.decode()
    entry = AuditEntry.objects.get(field="own_colour")
    assert (entry.before, entry.after, entry.by) == ("", "#ffcc00", desk.admin)

    second = admin.post("/console/look/colour/", sent | {"own_colour": "#112233"})
    assert second.status_code == 409, "somebody saved meanwhile"
    wrong = {"accent": "own", "own_colour": "};body{display:none", "seen_state": "x"}
    refused = admin.post("/console/look/colour/", wrong)
    assert refused.status_code == 422
    assert "This is not a colour" in refused.content.decode()
    back = {"accent": "teal", "own_colour": "", "seen_state": seen(admin, "colour")}
    assert admin.post("/console/look/colour/", back).status_code == 302
    assert "look.css" not in client.get(LOG_IN).content.decode()
    assert 'class="accent-teal"' in client.get(LOG_IN).content.decode()


def test_the_desks_words_stand_in_mails_and_on_pages(desk: Desk, login: Login, client: Client) -> None:
    admin = login(desk.admin)
    admin.post("/console/look/logo/", uploaded(picture()))
    sent = {
        "sender_name": "Bright, Inc.\r\nBcc: all@acme.example",
        "greeting_en": "Welcome to <Acme>",
        "greeting_es": "Bienvenidos",
        "shows_hours": "on",
        "seen_state": seen(admin, "words"),
    }
    assert admin.post("/console/look/words/", sent).status_code == 302
    assert "Welcome to &lt;Acme&gt;" in client.get(LOG_IN).content.decode()
    assert "Bienvenidos" in client.get(LOG_IN, headers={"Accept-Language": "es"}).content.decode()
    assert "Welcome to &lt;Acme&gt;" in login(desk.contact).get("/").content.decode()

    ticket = new_ticket(desk, at=timezone.now())
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Done.", at=timezone.now())
    client.post("/t/acme/accounts/password/reset/", {"email": desk.contact.user.email})
    deliver_waiting(now=timezone.now())
    assert len(mail.outbox) > 1
    for letter in mail.outbox:
        assert letter.message()["From"] == '"Bright, Inc. Bcc: all@acme.example" <desk@localhost>'
        assert letter.message()["Bcc"] is None
    html = next(str(letter.alternatives[0][0]) for letter in mail.outbox if letter.alternatives)
    assert 'alt="Acme"' in html
    assert f"/t/acme/logo.png?v={Tenant.objects.get(pk=desk.tenant.pk).logo}" in html


def test_the_hours_are_those_of_the_calendar_until_the_desk_says_its_own(
    desk: Desk, login: Login, client: Client
) -> None:
    public_page(desk)
    hours = "Open Monday to Saturday 09:00\u201318:00 (Karachi)"
    for path in (LOG_IN, "/t/acme/status/"):
        assert hours in client.get(path).content.decode()
    spanish = client.get(LOG_IN, headers={"Accept-Language": "es"}).content.decode()
    assert "lunes" in spanish
    desk.contact.user.time_zone = "America/Mexico_City"
    desk.contact.user.save()
    at_home = login(desk.contact).get("/").content.decode()
    assert f"{hours}, in your time " in at_home
    assert "Sunday to Friday 22:00\u201307:00 (next day)" in at_home

    admin = login(desk.admin)
    sent = {"shows_hours": "on", "hours_text_en": "Always, for you", "seen_state": seen(admin, "words")}
    assert admin.post("/console/look/words/", sent).status_code == 302
    page = client.get(LOG_IN).content.decode()
    assert "Always, for you" in page
    assert hours not in page
    assert "lunes" in client.get(LOG_IN, headers={"Accept-Language": "es"}).content.decode()
    off = {"hours_text_en": "Always, for you", "seen_state": seen(admin, "words")}
    assert admin.post("/console/look/words/", off).status_code == 302
    assert "Always, for you" not in client.get(LOG_IN).content.decode()


def test_a_desk_speaks_the_languages_that_it_offers(desk: Desk, login: Login, client: Client) -> None:
    desk.contact.user.language = "es"
    desk.contact.user.save()
    admin, spaniard = login(desk.admin), login(desk.contact)
    assert 'lang="es"' in spaniard.get("/").content.decode()
    sent = {"languages": ["es"], "language": "en", "seen_state": seen(admin, "languages")}
    assert "Choose one of the languages" in admin.post("/console/look/languages/", sent).content.decode()
    assert admin.post("/console/look/languages/", sent | {"languages": []}).status_code == 422
    only_english = sent | {"languages": ["en"]}
    assert admin.post("/console/look/languages/", only_english).status_code == 302
    public_page(desk)
    for page in (
        spaniard.get("/"),
        client.get(LOG_IN, headers={"Accept-Language": "es-MX,es;q=0.9"}),
        client.get("/t/acme/status/?lang=es"),
    ):
        said = page.content.decode()
        assert '<html lang="en"' in said
        assert "Español" not in said, "nothing to choose"
    client.post("/t/acme/i18n/setlang/", {"language": "es", "next": LOG_IN})
    assert "django_language" not in client.cookies
    profile = spaniard.get("/profile/").content.decode()
    assert "This desk does not offer yours" in profile, (
        "and leaves the choice alone, which other desks follow"
    )
    desk.contact.tenant.refresh_from_db()
    new_ticket(desk, at=timezone.now())
    deliver_waiting(now=timezone.now())
    mine = [letter for letter in mail.outbox if letter.to == [desk.contact.user.email]]
    assert mine
    assert all('<html lang="en"' in str(letter.alternatives[0][0]) for letter in mine)

    spanish = {"languages": ["es", "en"], "language": "es", "seen_state": seen(admin, "languages")}
    assert admin.post("/console/look/languages/", spanish).status_code == 302
    assert '<html lang="es"' in client.get(LOG_IN).content.decode(), "to whoever asks for nothing"
    assert '<html lang="en"' in client.get(LOG_IN, headers={"Accept-Language": "fr,en"}).content.decode()
