"""The policy of Código Binario, typed into the console's own forms; and both as their presets have them.

Availability, backups and restores (B2, B3, B4) are `tests/maintenance/test_policy_clauses.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.services import accept_invitation, add_owner
from accounts.tenancy import tenant_scope
from hours.balances import balance_of
from maintenance.models import Window
from notifications.models import Notification, OutboxMessage
from sla.models import Clock
from sla.services.chats import NoChat, ask_for_chat
from tests.console.policy_acts import chosen, decided, filed, hand, on, out_of_scope, read, time_on
from tests.console.policy_desk import PolicyDesk, policy_desk
from tests.factories import FOUNDED, PASSWORD
from tests.filling import words_of
from tests.sla.test_presets import new_desk
from tickets.intake import Question
from tickets.models import IntakeForm

pytestmark = pytest.mark.django_db

FALLA = {
    "¿Qué hizo": "Abrí una factura y oprimí imprimir",
    "¿Qué esperaba": "Una factura impresa",
    "¿Qué ocurrió": "Una hoja en blanco",
}


def mexico(day: int, hour: int, minute: int = 0) -> datetime:
    """A reading of the clock in Mexico City in March 2026; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) + timedelta(hours=6)


def b1_hours_of_mexico_in_spanish(desk: PolicyDesk) -> None:
    friday_evening = on(mexico(6, 17, 30), desk.contact, "Uso del sistema", "high")
    assert friday_evening.due_at == mexico(9, 12, 30)
    before_holiday = on(mexico(15, 12), desk.contact, "Uso del sistema", "high")
    assert before_holiday.due_at == mexico(17, 13)  # Monday the 16th: Natalicio de Benito Juárez
    for path in ("/", "/tickets/", "/tickets/new/", "/plan/", f"/tickets/{friday_evening.number}/"):
        assert hand(desk.contact).open(path).language == "es", path
    receipt = OutboxMessage.objects.filter(kind="filed", recipient=desk.contact).first()
    assert receipt is not None
    assert (receipt.language, "received" in receipt.subject) == ("es", False)
    assert "America/Mexico City" in read(desk.contact, "/plan/")


def b1_chat_while_support_is_open(desk: PolicyDesk) -> None:
    plan = read(desk.contact, "/plan/")
    assert "Portal, Correo, Chat" in plan
    ticket = on(mexico(3, 10), desk.contact, "Uso del sistema", "low")
    ask_for_chat(ticket=ticket, by=desk.contact, at=mexico(3, 10, 5))
    assert Notification.objects.filter(kind="chat", recipient=desk.agent).exists()
    assert "chat" in read(desk.agent, f"/tickets/{ticket.number}/").lower()
    quiet = on(mexico(3, 10), desk.contact, "Uso del sistema", "low")
    with pytest.raises(NoChat):
        ask_for_chat(ticket=quiet, by=desk.contact, at=mexico(7, 10))
    assert "Chat" in read(desk.contact, f"/tickets/{quiet.number}/")


def b5_guides_and_frequent_questions_are_offered(desk: PolicyDesk) -> None:
    client = hand(desk.contact).client
    typed = "No me deja entrar, olvidé mi contraseña"
    offered = client.get("/tickets/new/similar/", {"subject": typed}).content.decode()
    assert "Restablecer su contraseña" in offered
    found = client.get("/help/", {"q": "guía oficial"}, follow=True).content.decode()
    assert "Guía oficial de ERPNext" in found
    customer = hand(desk.contact)
    customer.open("/help/?q=guía+oficial")
    customer.follow("Guía oficial de ERPNext")
    assert [a for a in customer.page.elements if a.attributes.get("href") == "https://docs.frappe.io/erpnext"]
    user = {"¿De qué usuario": "nora"}
    ticket = filed(desk.contact, "Usuarios y contraseñas", subject=typed, **user)
    helped = hand(desk.agent).client.get(f"/tickets/{ticket.number}/articles/").content.decode()
    assert "Restablecer su contraseña" in helped
    assert "data-insert" in helped


def b6_an_upgrade_request_leads_to_a_window(desk: PolicyDesk) -> None:
    category = "Cuenta, suscripción y facturación"
    assert "Cubierto por Soporte ilimitado" in words_of(chosen(desk.contact, category).page)
    ticket = filed(desk.contact, "Actualización de la plataforma", priority="low")
    agent = hand(desk.agent)
    agent.open(f"/tickets/{ticket.number}/")
    agent.follow(to=f"/maintenance/new/?ticket={ticket.number}")
    agent.send({"title": "Versión nueva", "kind": "update", "services": ["ERP"], "impact": "down"})
    window = Window.objects.get()
    assert window.window_tickets.get().ticket == ticket
    agent.fill(f"/maintenance/{window.pk}/schedule/", {})
    window.refresh_from_db()
    assert window.status == "scheduled"
    for person in (desk.contact, desk.agent):
        assert "Versión nueva" in read(person, f"/tickets/{ticket.number}/")


def b7_what_is_excluded_is_paid_from_a_success_pack(desk: PolicyDesk) -> None:
    admin = hand(desk.admin)
    admin.open(f"/hours/{desk.plain.pk}/")
    admin.follow(to="/packs/new/")
    admin.send({"name": "Success Pack 10", "minutes": "10", "price": "$ 11,000 MXN"})
    ticket = filed(desk.contact, "Uso del sistema", **FALLA)
    work = time_on(desk.agent, ticket)
    work.send({"minutes": "0:30", "note": "Orientación"})
    assert balance_of(desk.plain.pk, timezone.now()) == 600, "what is covered draws nothing"
    exclusion = next(one for one in desk.preset.exclusions if one.name == "consulting")
    out_of_scope(desk.agent, ticket, exclusion.title, estimate="2:00")
    assert Clock.objects.get(ticket=ticket, metric="first_response").status == "met"
    assert exclusion.text in decided(desk.chief, exclusion.title, "approve", "Adelante.")
    work = time_on(desk.agent, ticket)
    work.refused({"minutes": "2:30", "note": "Más de lo aprobado"})
    work = time_on(desk.agent, ticket)
    work.send({"minutes": "1:30", "note": "Análisis del proceso de compras"})
    assert balance_of(desk.plain.pk, timezone.now()) == 510
    statement = read(desk.chief, "/hours/")
    assert "8 h 30 min" in statement
    assert "Análisis del proceso de compras" in statement
    month = timezone.localdate().strftime("%Y-%m")
    table = hand(desk.chief).client.get(f"/hours/{desk.plain.pk}/statement.csv?month={month}")
    assert "Análisis del proceso de compras" in table.content.decode()


def b8_agents_read_what_they_may_not_do(desk: PolicyDesk) -> None:
    ticket = filed(desk.contact, "Uso del sistema", **FALLA)
    limit = "Soporte no modifica los datos ni los flujos de trabajo del cliente."
    assert limit in read(desk.agent, f"/tickets/{ticket.number}/")
    assert limit not in read(desk.contact, f"/tickets/{ticket.number}/")
    assert limit not in read(desk.contact, "/plan/")


CLAUSES: list[tuple[str, Callable[[PolicyDesk], None]]] = [
    ("B1", b1_hours_of_mexico_in_spanish),
    ("B1, chat", b1_chat_while_support_is_open),
    ("B5", b5_guides_and_frequent_questions_are_offered),
    ("B6", b6_an_upgrade_request_leads_to_a_window),
    ("B7", b7_what_is_excluded_is_paid_from_a_success_pack),
    ("B8", b8_agents_read_what_they_may_not_do),
]


@pytest.mark.parametrize(("clause", "holds"), CLAUSES, ids=[row[0] for row in CLAUSES])
def test_the_clause_is_enforced_and_evidenced(clause: str, holds: Callable[[PolicyDesk], None]) -> None:
    desk = policy_desk("codigo-binario")
    with tenant_scope(desk.tenant.pk):
        holds(desk)


SHOWN = ("/console/plans/compare/", "/console/categories/", "/console/calendars/")


@pytest.mark.parametrize("name", ["salsabeel-erp", "codigo-binario"])
def test_what_was_typed_in_reads_as_the_preset_does(name: str) -> None:
    typed = policy_desk(name)
    with tenant_scope(typed.tenant.pk):
        by_hand = {path: read(typed.admin, path) for path in SHOWN}
        asked = questions()
    tenant = new_desk(name)
    owner = add_owner(tenant=tenant, email="owner@preset.example", name="Olga Owner", at=FOUNDED)
    with tenant_scope(tenant.pk):
        accept_invitation(membership=owner, at=FOUNDED, password=PASSWORD)
        for path in SHOWN:
            assert read(owner, path) == by_hand[path], path
        assert questions() == asked


def questions() -> dict[str, list[tuple[Question, str | None]]]:
    """What each category asks for, without the keys that a form gave its questions."""
    found = {}
    for form in IntakeForm.objects.select_related("category"):
        labels = {one.key: one.label for one in form.asked}
        found[form.category.name] = [
            (replace(one, key="", depends_on=""), labels.get(one.depends_on)) for one in form.asked
        ]
    return found
