"""Look, words and host name by API: the same rules as the console's, for admins alone."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import HostClaim, Tenant
from tests.api.callers import call_as
from tests.factories import Desk
from tests.pictures import picture


def test_an_admin_changes_what_it_names_and_reads_the_figures(desk: Desk) -> None:
    admin = call_as(desk.admin)
    before = admin.get("look/").json()
    assert (before["own_colour"], before["contrast"], before["logo_url"]) == ("", None, "")
    answer = admin.patch("look/", {"own_colour": "FFCC00", "greeting": {"en": "Welcome"}})
    assert answer.status_code == 200
    after = answer.json()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"own_colour", "contrast", "greeting"}
    assert after["own_colour"] == "#ffcc00"
    assert after["contrast"]["dark_text"] == {"contrast": 9.63, "shade": "#ffcc00", "shade_contrast": 9.63}
    assert (
        after["contrast"]["light_text"]["contrast"] < 4.5 <= after["contrast"]["light_text"]["shade_contrast"]
    )
    for person in (desk.agent, desk.contact):
        assert call_as(person).get("look/").status_code == 403
        assert call_as(person).patch("look/", {"own_colour": ""}).status_code == 403


@pytest.mark.parametrize(
    ("sent", "status", "pointer"),
    [
        ({"own_colour": "red"}, 422, "/own_colour"),
        ({"languages": []}, 422, "/languages"),
        ({"languages": ["en"], "language": "es"}, 422, "/language"),
        ({"languages": ["fr"]}, 400, "/languages/0"),
        ({"greeting": {"fr": "Salut"}}, 400, "/greeting/fr"),
        ({"accent": "mud"}, 400, "/accent"),
        ({"colour": "#ffffff"}, 400, "/colour"),
        ({"sender_name": "Acme", "languages": []}, 422, "/languages"),
    ],
)
def test_what_is_wrong_is_named_and_changes_nothing(
    desk: Desk, sent: dict[str, Any], status: int, pointer: str
) -> None:
    answer = call_as(desk.admin).patch("look/", sent)
    assert answer.status_code == status
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert Tenant.objects.get(pk=desk.tenant.pk).sender_name == ""


def test_logos_come_and_go(desk: Desk) -> None:
    admin = call_as(desk.admin)
    sent = {"image": SimpleUploadedFile("x.svg", b"<svg/>")}
    refused = admin.put("look/logo/", sent, format="multipart")
    assert (refused.status_code, refused.json()["code"]) == (422, "refused_logo")
    for use in ("light", "dark"):
        taken = {"image": SimpleUploadedFile("x.png", picture()), "use": use}
        assert admin.put("look/logo/", taken, format="multipart").status_code == 200
    shown = admin.get("look/").json()
    assert shown["logo_url"].endswith(f"/t/acme/logo.png?v={Tenant.objects.get(pk=desk.tenant.pk).logo}")
    assert admin.delete("look/logo/?use=dark").status_code == 204
    assert admin.get("look/").json()["logo_dark_url"] == ""
    assert admin.delete("look/logo/").status_code == 204
    assert admin.get("look/").json()["logo_url"] == ""


def test_a_host_name_is_asked_for_with_its_records(desk: Desk) -> None:
    admin = call_as(desk.admin)
    assert admin.put("host/", {"host": "desk"}).json()["code"] == "refused_host"
    answer = admin.put("host/", {"host": "support.acme.example"}).json()
    assert (answer["active"], answer["asked"]) == ("", "support.acme.example")
    assert answer["records"][-1]["value"] == HostClaim.objects.get().proof
    assert admin.post("host/check/").status_code == 202
    assert admin.delete("host/").status_code == 204
    assert admin.get("host/").json()["asked"] == ""
    assert call_as(desk.supervisor).put("host/", {"host": "support.acme.example"}).status_code == 403
