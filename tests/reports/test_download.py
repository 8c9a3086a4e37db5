"""A copy of own data: what one may see and nothing else, put together in the background."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Membership
from accounts.services import change_role, deactivate_person
from accounts.tenancy import tenant_scope
from notifications.models import Notification, OutboxMessage
from reports import services
from reports.models import Download, DownloadState, folder_of
from reports.tasks import expire, make_downloads_of
from tests.api.callers import call_as
from tests.factories import MONDAY, Desk, DeskClient, new_ticket
from tests.hours.factories import sold_pack, worked_on
from tests.tenancy_walk import body_of
from tickets.services import (
    add_note,
    ask_approval,
    change_privacy,
    merge_tickets,
    rate_ticket,
    reply_to_ticket,
    resolve_ticket,
)

Login = Callable[[Any], DeskClient]
SECRET = "zzsecret"


def a_file(word: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{word}.txt", f"{word} inside".encode())


def fill(desk: Desk) -> None:
    """Something of everything for the bakery, and a word that betrays what nobody there may read."""
    ticket = new_ticket(desk, subject="=The till", files=[a_file("till")])
    reply_to_ticket(ticket=ticket, by=desk.agent, body="Which one?", at=MONDAY, files=[a_file("answer")])
    add_note(ticket=ticket, by=desk.agent, body=f"{SECRET} note", at=MONDAY, files=[a_file(SECRET)])
    ask_approval(ticket=ticket, question="Shall we come?", price="80 EUR", by=desk.agent, at=MONDAY)
    worked_on(ticket, desk.agent, note=f"{SECRET} work")
    done = new_ticket(desk, by=desk.contact2, subject="By Chris")
    resolve_ticket(ticket=done, by=desk.agent, at=MONDAY)
    rate_ticket(ticket=done, score=4, comment="Fine", by=desk.contact2, at=MONDAY)
    twin = new_ticket(desk, subject="The same again")
    merge_tickets(ticket=twin, into=ticket, by=desk.agent, at=MONDAY)
    private = new_ticket(desk, by=desk.contact2, subject=f"{SECRET} private", files=[a_file(SECRET)])
    change_privacy(ticket=private, private=True, by=desk.contact2, at=MONDAY)
    new_ticket(desk, by=desk.other_contact, subject=f"{SECRET} of another", files=[a_file(SECRET)])
    desk.customer.notes = f"{SECRET} notes for staff"
    desk.customer.save()
    sold_pack(desk, name="Success Pack 10", at=timezone.now())
    sold_pack(desk, desk.other_customer, name=f"{SECRET} pack", at=timezone.now())


def taken(browser: DeskClient, tenant_id: int, scope: str) -> zipfile.ZipFile:
    """Asked for on the page, put together by the task, taken from the page."""
    assert browser.post("/downloads/new/", {"scope": scope}).status_code == 302
    assert "being put together" in browser.get("/downloads/").content.decode()
    make_downloads_of.run(tenant_id)
    with tenant_scope(tenant_id):
        download = Download.objects.latest("asked_at")
    assert download.state == DownloadState.READY
    assert f"/downloads/{download.pk}/" in browser.get("/downloads/").content.decode()
    answer = browser.get(f"/downloads/{download.pk}/")
    assert answer.headers["Content-Type"] == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def text_of(whole: zipfile.ZipFile) -> str:
    return "\n".join([*whole.namelist(), *(whole.read(name).decode() for name in whole.namelist())])


def test_an_admin_takes_the_company_and_nothing_that_it_may_not_see(desk: Desk, login: Login) -> None:
    fill(desk)
    whole = taken(login(desk.customer_admin), desk.tenant.pk, "company")
    said = text_of(whole)
    assert SECRET not in said
    assert "agent@acme.example" not in said
    names = {PurePosixPath(name).name for name in whole.namelist()}
    assert {"tickets.csv", "people.csv", "contracts.txt", "packs.csv", "read-me.txt", "ratings.csv"} <= names
    rows = list(csv.DictReader(io.StringIO(whole.read("tickets.csv").decode("utf-8-sig"))))
    assert [row["Subject"] for row in rows] == ["The same again", "By Chris", "'=The till"]
    ticket = json.loads(whole.read("tickets/ACME-1001/ticket.json"))
    assert [one["text"] for one in ticket["conversation"]][1] == "Which one?"
    assert whole.read(ticket["conversation"][0]["files"][0]) == b"till inside"
    assert ticket["approvals"][0]["question"] == "Shall we come?"
    assert any("merged ACME-1003 into" in one["words"] for one in ticket["events"])
    for words in ("carla", "contact@acme.example", "Gold", "Nobody can work.", "Success Pack 10", "Fine"):
        assert words.lower() in said.lower(), words
    letter = OutboxMessage.objects.get(kind="download_ready")
    assert letter.to == desk.customer_admin.user.email
    assert "/downloads/" in letter.body_text
    assert Notification.objects.filter(recipient=desk.customer_admin, kind="download_ready").exists()


def test_a_contact_takes_what_is_its_own_in_its_language(desk: Desk, login: Login) -> None:
    fill(desk)
    desk.contact2.user.language = "es"
    desk.contact2.user.save()
    whole = taken(login(desk.contact), desk.tenant.pk, "own")
    said = text_of(whole)
    assert "The till" in said
    assert SECRET not in said
    assert "By Chris" not in said
    assert "Success Pack" not in said
    assert json.loads(whole.read("you.json"))["email"] == desk.contact.user.email
    browser = login(desk.contact)
    browser.post("/downloads/new/", {"scope": "company"})
    assert "Only an admin" in browser.get("/downloads/").content.decode()
    assert Download.objects.count() == 1
    login(desk.contact2).post("/downloads/new/", {"scope": "own"})
    make_downloads_of.run(desk.tenant.pk)
    mine = Download.objects.get(person=desk.contact2)
    spanish = zipfile.ZipFile(mine.file.open("rb"))
    assert "Asunto" in spanish.read("tickets.csv").decode()
    assert f"{SECRET} private" in text_of(spanish), "one's own private ticket is one's own"


def test_one_at_a_time_five_a_day_and_gone_after_a_week(
    desk: Desk, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = login(desk.customer_admin)
    for _turn in range(2):
        boss.post("/downloads/new/", {"scope": "own"})
    assert "being put together already" in boss.get("/downloads/").content.decode()
    assert Download.objects.count() == 1
    make_downloads_of.run(desk.tenant.pk)
    for _turn in range(5):
        boss.post("/downloads/new/", {"scope": "own"})
        make_downloads_of.run(desk.tenant.pk)
    assert Download.objects.count() == services.MOST_A_DAY
    first = Download.objects.earliest("asked_at")
    name = str(first.file.name)
    assert default_storage.exists(name)
    Download.objects.filter(pk=first.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert boss.get(f"/downloads/{first.pk}/").status_code == 404
    assert expire() == 1
    assert expire() == 0
    first.refresh_from_db()
    assert (first.state, default_storage.exists(name)) == (DownloadState.EXPIRED, False)
    assert "Expired" in boss.get("/downloads/").content.decode()

    stray = default_storage.save(f"{folder_of(desk.tenant.pk)}/left", ContentFile(b"of a killed worker"))
    assert (expire(), default_storage.exists(stray)) == (0, True), "it may be on its way"
    monkeypatch.setattr(services, "STRAY_AFTER", timedelta(minutes=-1))
    assert expire() >= 1
    assert not default_storage.exists(stray)
    ready = Download.objects.filter(state=DownloadState.READY)
    assert all(default_storage.exists(str(one.file.name)) for one in ready)
    assert ready.count() == services.MOST_A_DAY - 1


def test_nobody_else_takes_it_and_who_no_longer_may_does_not_either(desk: Desk, login: Login) -> None:
    boss = login(desk.customer_admin)
    boss.post("/downloads/new/", {"scope": "company"})
    make_downloads_of.run(desk.tenant.pk)
    address = f"/downloads/{Download.objects.get().pk}/"
    for person in (desk.contact, desk.other_contact):
        assert login(person).get(address).status_code == 404
    assert login(desk.owner).get(address).status_code == 403
    change_role(membership=desk.contact, role="customer_admin", by=desk.admin, at=MONDAY)
    other = login(Membership.objects.get(pk=desk.contact.pk))
    assert other.get(address).status_code == 404, "another admin asks for a download of its own"
    change_role(membership=desk.customer_admin, role="member", by=desk.admin, at=MONDAY)
    assert boss.get(address).status_code == 404
    change_role(membership=desk.customer_admin, role="customer_admin", by=desk.admin, at=MONDAY)
    other.post("/downloads/new/", {"scope": "company"})
    change_role(membership=desk.contact, role="member", by=desk.admin, at=MONDAY)
    make_downloads_of.run(desk.tenant.pk)
    assert Download.objects.get(person=desk.contact).state == DownloadState.FAILED
    deactivate_person(membership=desk.customer_admin, by=desk.admin, at=MONDAY)
    assert boss.get(address).status_code == 404


def test_a_worker_that_dies_is_followed_and_an_error_is_said(
    desk: Desk, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(desk)
    boss = login(desk.customer_admin)
    boss.post("/downloads/new/", {"scope": "company"})
    long_ago = timezone.now() - timedelta(minutes=11)
    Download.objects.update(state=DownloadState.WORKING, started_at=long_ago, attempts=1, done=1, total=9)
    assert "1 of 9 tickets" in boss.get("/downloads/").content.decode()
    make_downloads_of.run(desk.tenant.pk)
    made = Download.objects.get()
    assert (made.state, made.attempts, made.done) == (DownloadState.READY, 2, made.total)
    make_downloads_of.run(desk.tenant.pk)
    made.refresh_from_db()
    assert made.attempts == 2

    def breaks(*_values: Any, **_named: Any) -> int:
        raise OSError("no space left")

    monkeypatch.setattr(services, "write_all", breaks)
    boss.post("/downloads/new/", {"scope": "own"})
    make_downloads_of.run(desk.tenant.pk)
    assert "Failed" in boss.get("/downloads/").content.decode()
    assert "went wrong on our side" in OutboxMessage.objects.get(kind="download_failed").body_text


def test_programs_ask_look_and_take(desk: Desk) -> None:
    new_ticket(desk)
    program = call_as(desk.customer_admin)
    asked = program.post("downloads/", {"scope": "company"})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    again = program.post("downloads/", {"scope": "own"})
    assert (again.status_code, again.json()["code"]) == (409, "download_under_way")
    here = f"downloads/{asked.json()['id']}/"
    assert program.get(f"{here}file/").status_code == 404
    make_downloads_of.run(desk.tenant.pk)
    assert program.get(here).json()["state"] == "ready"
    assert len(program.get("downloads/").json()["results"]) == 1
    assert body_of(program.get(f"{here}file/")).startswith("PK")
    assert call_as(desk.contact).get(f"{here}file/").status_code == 404
    refused = call_as(desk.contact).post("downloads/", {"scope": "company"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert call_as(desk.agent).get("downloads/").status_code == 403
