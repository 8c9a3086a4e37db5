"""Files leave as downloads, and only to those who may see their message."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tickets.models import Attachment
from tickets.services import add_note

Login = Callable[[Any], DeskClient]


@pytest.fixture
def attachment(desk: Desk) -> Attachment:
    new_ticket(desk, files=[SimpleUploadedFile("bill ñ.pdf", b"%PDF-1.7 secret")])
    found: Attachment = Attachment.objects.get()
    return found


@pytest.mark.parametrize("who", ["contact", "contact2", "agent"])
def test_the_company_and_staff_download_it(
    desk: Desk, attachment: Attachment, login: Login, who: str
) -> None:
    response = login(getattr(desk, who)).get(f"/attachments/{attachment.pk}/")
    assert b"".join(response) == b"%PDF-1.7 secret"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''bill%20%C3%B1.pdf"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]


def test_nobody_else_finds_it(desk: Desk, attachment: Attachment, other_desk: Desk, login: Login) -> None:
    assert login(desk.other_contact).get(f"/attachments/{attachment.pk}/").status_code == 404
    assert login(other_desk.admin).get(f"/attachments/{attachment.pk}/").status_code == 404


def test_a_file_of_a_note_is_for_staff(desk: Desk, login: Login) -> None:
    ticket = new_ticket(desk)
    add_note(ticket=ticket, by=desk.agent, body="See", files=[SimpleUploadedFile("a.txt", b"x")], at=MONDAY)
    address = f"/attachments/{Attachment.objects.get().pk}/"
    assert login(desk.contact).get(address).status_code == 404
    assert login(desk.agent).get(address).status_code == 200


def test_a_file_that_is_gone_from_the_storage_is_not_found(
    desk: Desk, attachment: Attachment, login: Login
) -> None:
    attachment.file.delete(save=False)
    Attachment.objects.filter(pk=attachment.pk).update(file="attachments/gone")
    assert login(desk.agent).get(f"/attachments/{attachment.pk}/").status_code == 404


def test_names_in_storage_are_unguessable_and_not_the_senders(desk: Desk, attachment: Attachment) -> None:
    name = str(attachment.file.name)
    assert "bill" not in name
    assert attachment.id.hex in name


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.mark.parametrize("what", ["new", "reply", "note"])
def test_what_fails_leaves_no_file_behind(
    desk: Desk, login: Login, media: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    ticket = new_ticket(desk, files=[SimpleUploadedFile("kept.txt", b"kept")])
    before = stored(media)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError("no more")

    for notice in ("tell_filed", "tell_replied", "tell_noted"):
        monkeypatch.setattr(f"tickets.notices.{notice}", fail)
    path = "/tickets/new/" if what == "new" else f"/tickets/{ticket.number}/{what}/"
    data = {"subject": "No paper", "body": "See both.", "category": desk.category.pk, "priority": "low"}
    files = [SimpleUploadedFile("a.txt", b"one"), SimpleUploadedFile("b.txt", b"two")]
    client = login(desk.agent)
    with pytest.raises(OSError, match="no more"):
        client.post(path, data | {"requester": desk.contact.pk, "attachments": files})
    assert stored(media) == before
    assert Attachment.objects.count() == len(before) == 1


def test_a_second_sending_leaves_no_file_behind(desk: Desk, login: Login, media: Path) -> None:
    ticket, key, client = new_ticket(desk), str(uuid4()), login(desk.agent)
    for _time in range(2):
        data = {"body": "See.", "submission": key, "attachments": SimpleUploadedFile("a.txt", b"one")}
        assert client.post(f"/tickets/{ticket.number}/reply/", data).status_code == 303
    assert len(stored(media)) == 1


def test_a_file_that_is_half_written_is_removed(
    desk: Desk, login: Login, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: FileSystemStorage, name: str, content: Any) -> str:
        path = media / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    ticket = new_ticket(desk)
    client = login(desk.agent)
    with pytest.raises(OSError, match="No space"):
        client.post(
            f"/tickets/{ticket.number}/reply/",
            {"body": "See.", "attachments": SimpleUploadedFile("a.txt", b"one and a half")},
        )
    assert stored(media) == []
