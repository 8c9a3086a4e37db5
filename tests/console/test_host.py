"""A desk's own host name: only who writes its records gets it, and everybody sees where it points."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import dns.message
import dns.resolver
import pytest
from django.test import Client
from django.utils import timezone

from accounts import hostnames
from accounts.hostnames import NoAnswer, NoSuchName, Whereabouts
from accounts.models import AuditEntry, HostClaim, Membership, Tenant
from accounts.services.hosts import look_at_host
from accounts.tasks import look_at_hosts
from accounts.tenancy import tenant_scope
from tests.factories import Desk, DeskClient

Login = Callable[[Membership], DeskClient]
NAME = "support.acme.example"
PAGE = "/console/desk/host/"


class Records:
    """The name servers of the world, as far as they are asked."""

    def __init__(self) -> None:
        self.where: dict[str, Any] = {"desk.example": Whereabouts(frozenset(), frozenset({"192.0.2.10"}))}
        self.proofs: dict[str, str] = {}

    def look_up(self, host: str) -> Whereabouts:
        found = self.where.get(host, NoSuchName(host))
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, Whereabouts)
        return found

    def has_proof(self, host: str, proof: str) -> bool:
        return self.proofs.get(host) == proof

    def point(self, host: str, *addresses: str, alias: str = "") -> None:
        self.where[host] = Whereabouts(frozenset({host, alias} - {""}), frozenset(addresses))


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Records:
    settings.SITE_HOSTS = ["testserver", "desk.example"]
    settings.SITE_URL = "https://desk.example"
    kept = Records()
    monkeypatch.setattr(hostnames, "look_up", kept.look_up)
    monkeypatch.setattr(hostnames, "has_proof", kept.has_proof)
    return kept


def looked_up(desk: Desk, minutes: int = 0) -> str:
    """What the worker does, some time after now."""
    with tenant_scope(desk.tenant.pk):
        found = look_at_host(tenant_id=desk.tenant.pk, at=timezone.now() + timedelta(minutes=minutes))
    return str(found)


def test_a_name_answers_once_its_records_lead_here_and_prove_whose_it_is(
    desk: Desk, other_desk: Desk, login: Login, records: Records, client: Client
) -> None:
    admin = login(desk.admin)
    assert admin.post(PAGE, {"host": f"{NAME.title()}."}).status_code == 302
    claim = HostClaim.objects.get(tenant=desk.tenant)
    page = admin.get(PAGE).content.decode()
    for words in ("CNAME", "desk.example", "TXT", f"_support-desk.{NAME}", claim.proof, "Not looked up yet"):
        assert words in page
    assert client.get("/accounts/login/", headers={"Host": NAME}).status_code == 400, "not confirmed yet"

    steps: list[tuple[Callable[[], Any], str, str]] = [
        (lambda: None, "no_name", "There is no such name"),
        (lambda: records.where.update({NAME: NoAnswer(NAME)}), "no_answer", "did not answer"),
        (lambda: records.point(NAME, "8.8.8.8", "10.1.2.3"), "elsewhere", "<code>8.8.8.8</code>"),
        (lambda: records.point(NAME, "10.1.2.3"), "elsewhere", "an address inside a network"),
        (lambda: records.point(NAME, "192.0.2.10"), "unproved", "without the record that proves"),
    ]
    for turn, (change, finding, words) in enumerate(steps):
        change()
        assert looked_up(desk, minutes=turn * 11) == finding
        assert words in admin.get(PAGE).content.decode()
        assert Tenant.objects.get(pk=desk.tenant.pk).host is None
    records.proofs[NAME] = claim.proof
    assert looked_up(desk, minutes=60) == "here"
    assert client.get("/accounts/login/", headers={"Host": NAME}).status_code == 200
    page = admin.get(PAGE).content.decode()
    assert "Points here" in page
    assert "Records to set" not in page
    entries = AuditEntry.objects.order_by("pk").values_list("kind", "act", "field", "after", "by_name")
    assert list(entries) == [
        ("accounts.hostclaim", "created", "", f"host: {NAME}", "Adam Admin"),
        ("accounts.tenant", "changed", "host", NAME, "Adam Admin"),
    ]

    # Another desk is told that the name is taken, not by whom; and the proof is no longer needed here.
    refused = login(other_desk.admin).post(PAGE, {"host": NAME})
    assert refused.status_code == 422
    assert "Another desk answers at this host name." in refused.content.decode()
    assert "Acme" not in refused.content.decode()
    records.proofs.clear()
    records.point(NAME, "2001:4860:4860::8888", alias="desk.example")
    assert looked_up(desk, minutes=60 + 24 * 60) == "here", "an alias of ours, wherever that leads"
    records.where.pop(NAME)
    assert looked_up(desk, minutes=60 + 48 * 60 + 1) == "no_name"
    assert client.get("/accounts/login/", headers={"Host": NAME}).status_code == 200, "told, not shut"
    assert "visitors of that name are led elsewhere" in admin.get(PAGE).content.decode()
    # Wanting another one costs nothing: the one before answers until then, and after a change of mind.
    admin.post(PAGE, {"host": "help.acme.example"})
    admin.post(f"{PAGE}give-up/")
    assert client.get("/accounts/login/", headers={"Host": NAME}).status_code == 200
    assert f"<strong>{NAME}</strong>" in admin.get(PAGE).content.decode()
    assert admin.post(f"{PAGE}check/").status_code == 302
    assert "Being looked up now." in admin.get(PAGE).content.decode()
    assert admin.post(f"{PAGE}give-up/").status_code == 302
    assert client.get("/accounts/login/", headers={"Host": NAME}).status_code == 400


def test_typing_a_name_first_keeps_nobody_from_it(
    desk: Desk, other_desk: Desk, login: Login, records: Records
) -> None:
    login(other_desk.admin).post(PAGE, {"host": NAME})
    assert login(desk.admin).post(PAGE, {"host": NAME}).status_code == 302
    records.point(NAME, "192.0.2.10")
    records.proofs[NAME] = HostClaim.objects.get(tenant=desk.tenant).proof
    assert looked_up(other_desk) == "unproved", "it points here, but it is not theirs"
    assert looked_up(desk) == "here"
    with tenant_scope(other_desk.tenant.pk):
        records.proofs[NAME] = HostClaim.objects.get(tenant=other_desk.tenant).proof
    assert looked_up(other_desk, minutes=11) == "taken"
    assert Tenant.objects.get(host=NAME) == desk.tenant


@pytest.mark.parametrize(
    ("typed", "words"),
    [("https://acme.example/", "Only the full host name"), ("acme", "Only the full host name"),
     ("192.0.2.10", "Only the full host name"), ("-a.example", "Only the full host name"),
     ("desk.example", "The installation itself answers"), ("", "required")],
)  # fmt: skip
def test_names_that_no_desk_can_have(
    desk: Desk, login: Login, records: Records, typed: str, words: str
) -> None:
    refused = login(desk.admin).post(PAGE, {"host": typed})
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert not HostClaim.objects.exists()


def test_names_are_watched_daily_also_those_that_an_operator_gave(
    desk: Desk, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("accounts.tasks.look_at_host_of.delay", asked.append)
    Tenant.objects.filter(pk=desk.tenant.pk).update(host=NAME)
    records.point(NAME, "192.0.2.10")
    assert look_at_hosts() == 1
    assert asked == [desk.tenant.pk]
    assert looked_up(desk) == "here"
    assert looked_up(desk) == "None", "once is enough"
    assert look_at_hosts() == 0
    claim = HostClaim.objects.get(tenant=desk.tenant)
    assert timedelta(hours=23) < claim.next_check_at - timezone.now() <= timedelta(days=1)


ALIAS = f"""{NAME}. 60 IN CNAME desk.example.
desk.example. 60 IN CNAME lb.cloud.example.
lb.cloud.example. 60 IN A 192.0.2.10"""
PROOF = f"""_support-desk.{NAME}. 60 IN TXT "v=spf1"
_support-desk.{NAME}. 60 IN TXT "support-desk=" "ab\""""


def test_what_name_servers_say_is_read_with_its_aliases(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"A": ALIAS, "TXT": PROOF}

    def answer(name: str, kind: str, **options: Any) -> dns.resolver.Answer:
        if kind not in said:
            raise dns.resolver.NoAnswer(response=dns.message.make_query(name, kind))
        head = f"id 1\nopcode QUERY\nrcode NOERROR\nflags QR\n;QUESTION\n{name}. IN {kind}\n;ANSWER\n"
        message: Any = dns.message.from_text(head + said[kind])
        question = message.question[0]
        return dns.resolver.Answer(question.name, question.rdtype, question.rdclass, message)

    monkeypatch.setattr(dns.resolver, "resolve", answer)
    where = hostnames.look_up(NAME)
    assert where.addresses == {"192.0.2.10"}
    assert where.names >= {"desk.example", "lb.cloud.example"}
    assert hostnames.points_here(where, ["desk.example"], [])
    assert hostnames.points_here(where, [], ["192.0.2.10", "192.0.2.11"])
    assert not hostnames.points_here(where, ["other.example"], ["192.0.2.11"])
    assert hostnames.has_proof(NAME, "support-desk=ab")
    assert not hostnames.has_proof(NAME, "support-desk=cd")
