"""The world of the isolation test: two desks, each thing with a word that betrays its owner."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Absence, ContactGroup, Customer, Membership, SsoConnection, Team, Tenant
from accounts.services.absences import AbsenceTerms, add_absence
from accounts.tenancy import tenant_scope
from knowledge.models import Article, Image, MissedSearch, Section
from knowledge.services import Text, add_image
from maintenance.models import (
    BackupJob,
    BackupRun,
    RestoreRequest,
    RestoreStep,
    Series,
    StatusPage,
    Window,
)
from maintenance.services.alert_sources import SourceTerms, create_source
from maintenance.services.feed_keys import create_feed_key
from maintenance.services.monitors import MonitorTerms, create_monitor
from maintenance.services.series import SeriesTerms, begin_series
from maintenance.services.windows import WindowTerms, draft_window, log_work, schedule_window
from notifications.models import Notification, OutboxMessage
from reports.models import Download
from sla.models import Contract, Edit
from tests.factories import MONDAY, Desk, build_desk, draft_of, new_service, new_ticket
from tests.hours.factories import sold_pack, worked_on
from tests.knowledge.factories import new_article, new_section
from tests.maintenance.factories import new_outage
from tests.maintenance.status import public_page, public_service, work_on
from tests.pictures import dress
from tests.sla.rota import declared, include_emergencies, rota_of_two
from tickets.models import Attachment, HandOver, Rating, Service, ServiceGroup, Ticket
from tickets.services import Clause, add_note, ask_approval, assign_ticket, reply_to_ticket
from tickets.services.handing_over import hand_over_tickets

FOREIGN, NEIGHBOUR, STAFF_ONLY = "zzforeign", "zzneighbour", "zzstaffonly"
HELD_BACK = {
    # Nobody of "acme" may ever read a word of "umbra"; no contact a word of a note or of another customer.
    "staff": (FOREIGN,),
    "contact": (FOREIGN, NEIGHBOUR, STAFF_ONLY),
}


@dataclass
class Belongings:
    """The ids of one owner's things, by kind."""

    ids: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, kind: str) -> Any:
        return self.ids[kind]


@dataclass
class World:
    """Two desks; of the first, what its first customer has and what its second has."""

    desk: Desk
    umbra: Desk
    own: Belongings
    neighbour: Belongings
    foreign: Belongings
    people: dict[str, Membership]


def build_world() -> World:
    """Fill two desks. Only the second one has ticket numbers above 1005."""
    desk, umbra = build_desk("acme"), build_desk("umbra")
    with tenant_scope(desk.tenant.pk):
        own = _fill(desk, desk.contact, "ours")
        neighbour = _fill(desk, desk.other_contact, NEIGHBOUR)
        _mark(desk.other_customer, desk.other_contact, NEIGHBOUR)
        dress(desk)
    with tenant_scope(umbra.tenant.pk):
        for number in range(8):
            new_ticket(umbra, subject=f"{FOREIGN} {number}")
        foreign = _fill(umbra, umbra.contact, FOREIGN)
        _mark(umbra.customer, umbra.contact, FOREIGN)
        dress(umbra)
        for thing in (umbra.category, umbra.plan, umbra.calendar, umbra.agent):
            thing.name = f"{FOREIGN} {thing.name}"
            thing.save()
    Tenant.objects.filter(pk=umbra.tenant.pk).update(name=f"{FOREIGN} support")
    Tenant.objects.update(has_public_plans=True)
    people = {
        name: getattr(desk, name)
        for name in ("owner", "admin", "supervisor", "agent", "customer_admin", "contact")
    }
    return World(desk, umbra, own, neighbour, foreign, people)


def _service_of(customer: Customer | None, word: str) -> tuple[Service, ServiceGroup]:
    """A service of that customer alone, in a group of the desk that has no word of anybody."""
    assert customer is not None
    group, _made = ServiceGroup.objects.get_or_create(tenant_id=customer.tenant_id, name="Systems")
    service = Service.objects.create(
        tenant_id=customer.tenant_id, customer=customer, group=group, name=f"{word} service"
    )
    return service, group


def _series_of(desk: Desk, contact: Membership, word: str) -> Series:
    """Recurring maintenance of the contact's company alone."""
    service = Service.objects.create(tenant=desk.tenant, name=f"{word} router", customer=contact.customer)
    now = timezone.now()
    terms = SeriesTerms(
        title=f"{word} series",
        kind="security",
        impact="none",
        rule="FREQ=MONTHLY;BYMONTHDAY=1",
        zone="UTC",
        first_date=now.date() + timedelta(days=20),
        starts_at_time=time(2),
        minutes=60,
        services=[service],
        runbook=f"{word} {STAFF_ONLY} series runbook",
    )
    return begin_series(terms=terms, by=desk.agent, at=now)


def _window_of(desk: Desk, contact: Membership, word: str) -> Window:
    """An announced window that concerns the contact's company alone, with words for staff."""
    service = Service.objects.create(tenant=desk.tenant, name=f"{word} till", customer=contact.customer)
    start = timezone.now() + timedelta(days=7)
    terms = WindowTerms(
        title=f"{word} window",
        kind="update",
        impact="down",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        services=[service],
        runbook=f"{word} {STAFF_ONLY} runbook",
        checklist=[f"{STAFF_ONLY} step"],
    )
    window = draft_window(terms=terms, by=desk.agent, at=MONDAY)
    log_work(window=window, text=f"{STAFF_ONLY} log", by=desk.agent, at=MONDAY)
    return schedule_window(window=window, by=desk.agent, at=timezone.now())


def _restore_of(ticket: Ticket, contact: Membership, word: str) -> RestoreStep:
    """A backup of that contact's company with a restore that the ticket asks for."""
    tenant_id, name = ticket.tenant_id, f"{word} backup"
    job = BackupJob.objects.create(
        tenant_id=tenant_id, customer=contact.customer, name=name, part="files", token_hash=name, start="bk_"
    )
    BackupRun.objects.create(tenant_id=tenant_id, job=job, run=f"{word} run", started_at=MONDAY)
    wanted = RestoreRequest.objects.create(tenant_id=tenant_id, ticket=ticket, job=job, what=f"{word} files")
    return RestoreStep.objects.create(tenant_id=tenant_id, request=wanted, text=f"{word} step")


def _article_of(desk: Desk, word: str) -> tuple[Article, MissedSearch]:
    """A published article with an image; what is the neighbour's no contact may read."""
    is_ours = word == "ours"
    section = Section.objects.filter(names__en="Guides").first() if is_ours else None
    section = section or new_section(desk, "Guides" if is_ours else f"{word} {STAFF_ONLY} guides")
    text = Text(title=f"{word} article", body=f"{word} how to" if is_ours else f"{word} {STAFF_ONLY}")
    edition = new_article(desk, text, section=section, audience="customers" if is_ours else "staff")
    file = SimpleUploadedFile(f"{word}.png", b"\x89PNG\r\n\x1a\n")
    add_image(article=edition.article, file=file, by=desk.agent, at=MONDAY)
    missed = MissedSearch.objects.create(
        tenant=desk.tenant, language="en", words=f"{word} in vain", first_at=MONDAY, last_at=MONDAY
    )
    return edition.article, missed


def _mark(customer: Customer, contact: Membership, word: str) -> None:
    customer.name, customer.notes = f"{word} company", f"{word} {STAFF_ONLY}"
    customer.save()
    contact.name = f"{word} person"
    contact.save()


def _show_status(desk: Desk, own: Service, word: str) -> None:
    """A public page, and a window on a private service, which has no place on it."""
    if not StatusPage.objects.exists():
        public_page(desk)
        shared = public_service(desk, "Shared")
        new_outage(desk, {shared: "down"})
        work_on(shared, runbook=STAFF_ONLY)
    work_on(own, title=f"{word} work", runbook=STAFF_ONLY)


def _connection_of(contact: Membership, word: str) -> SsoConnection:
    """The contact's company logs in by its own provider."""
    return SsoConnection.objects.create(
        tenant_id=contact.tenant_id,
        kind="saml",
        name=f"{word} directory",
        customer=contact.customer,
        domains=[f"{word}.example"],
    )


def _download_of(contact: Membership, word: str) -> Download:
    """What that contact gathered, ready to be taken."""
    now = timezone.now()
    return Download.objects.create(
        tenant_id=contact.tenant_id,
        person=contact,
        scope="own",
        state="ready",
        asked_at=now,
        expires_at=now + timedelta(days=7),
        file=SimpleUploadedFile("x", f"{word} data".encode()),
    )


def _absence_of(desk: Desk, word: str) -> Absence:
    """Somebody of the staff is away; of the first desk both customers' belongings name the same one."""
    found: Absence | None = Absence.objects.first()
    terms = AbsenceTerms(MONDAY, MONDAY + timedelta(days=3), note=f"{word} {STAFF_ONLY} note")
    return found or add_absence(person=desk.agent2, terms=terms, by=desk.agent2, at=MONDAY)


def _handed_over(desk: Desk) -> HandOver:
    """A hand-over that is through; colleague keeps a ticket, which leaving would hand over."""
    assign_ticket(ticket=new_ticket(desk), assignee=desk.agent2, by=desk.supervisor, at=MONDAY)
    return hand_over_tickets(person=desk.admin, to=None, by=desk.supervisor, at=MONDAY)


def _fill(desk: Desk, contact: Membership, word: str) -> Belongings:
    file = SimpleUploadedFile(f"{word}.txt", f"{word} file".encode())
    ticket = new_ticket(desk, by=contact, subject=f"{word} subject", body=f"{word} body", files=[file])
    reply_to_ticket(ticket=ticket, by=desk.agent, body=f"{word} answer", at=MONDAY)
    asked = reply_to_ticket(ticket=ticket, by=contact, body=f"{word} question", at=MONDAY)
    hidden = SimpleUploadedFile(f"{STAFF_ONLY}.txt", STAFF_ONLY.encode())
    note = add_note(ticket=ticket, by=desk.agent, body=f"{STAFF_ONLY} note", at=MONDAY, files=[hidden])
    if not Team.objects.exists():
        accounts.create_team(name=f"{word} team", members=[desk.agent2], by=desk.owner, at=MONDAY)
    rota = rota_of_two(desk, name=f"{word} rota")
    include_emergencies(desk, 0, rota)
    declared(ticket, contact)
    service, group = _service_of(contact.customer, word)
    _show_status(desk, service, word)
    key, _secret = create_feed_key(membership=contact, at=MONDAY)
    window = _window_of(desk, contact, word)
    series = _series_of(desk, contact, word)
    step = _restore_of(ticket, contact, word)
    article, missed = _article_of(desk, word)
    token, _secret = accounts.create_token(membership=contact, name=f"{word} token", at=MONDAY)
    draft = Edit.objects.first() or draft_of(desk)
    second = new_service(desk, f"{word} second service", customer=contact.customer)
    hit = {service: "down", second: "degraded"}
    monitor, _secret = create_monitor(
        terms=MonitorTerms(name=f"{word} monitor", service=service, kind="heartbeat"),
        by=desk.admin,
        at=MONDAY,
    )
    source, _token = create_source(terms=SourceTerms(name=f"{word} source"), by=desk.admin, at=MONDAY)
    asked_for = ask_approval(
        ticket=ticket,
        question=f"{word} approval",
        clause=Clause("training", f"{word} clause", f"{word} words"),
        price=f"{word} price",
        by=desk.agent,
        at=MONDAY,
    )
    assert contact.customer is not None
    pack = sold_pack(desk, contact.customer, name=f"{word} pack")
    worked = worked_on(ticket, desk.agent, note=f"{word} work")
    outage = new_outage(desk, hit, title=f"{word} outage", text=f"{word} update", tickets=[ticket])
    circle = ContactGroup.objects.create(tenant=desk.tenant, customer=contact.customer, name=f"{word} group")
    rating = Rating.objects.create(
        tenant=desk.tenant,
        ticket=ticket,
        customer=contact.customer,
        category=ticket.category,
        asked_at=MONDAY,
        score=1,
        comment=f"{word} comment",
        rated_at=MONDAY,
        rated_by=contact,
    )
    return Belongings(
        {
            "group": circle.pk,
            "rating": rating.pk,
            "ticket": ticket.number,
            "message": asked.pk,
            "attachment": Attachment.objects.get(message__ticket=ticket, message__kind="reply").pk,
            "hidden attachment": Attachment.objects.get(message=note).pk,
            "notification": Notification.objects.filter(recipient=contact).values_list("pk", flat=True)[0],
            "outbox message": OutboxMessage.objects.filter(recipient=contact).values_list("pk", flat=True)[0],
            "token": token.pk,
            "feed key": key.pk,
            "calendar": desk.calendar.pk,
            "plan": desk.plan.pk,
            "contract": Contract.objects.get(customer=contact.customer).pk,
            "category": desk.category.pk,
            "edit": draft.pk,
            "service": service.pk,
            "backup": step.request.job_id,
            "restore step": step.pk,
            "service_group": group.pk,
            "outage": outage.pk,
            "approval": asked_for.pk,
            "pack": pack.pk,
            "time entry": worked.pk,
            "window": window.pk,
            "series": series.pk,
            "checklist item": window.checklist.get().pk,
            "monitor": monitor.pk,
            "alert source": source.pk,
            "article": article.pk,
            "edition": article.editions.get().pk,
            "section": article.section_id,
            "image": Image.objects.get(article=article).pk,
            "missed search": missed.pk,
            "rota": rota.pk,
            "turn": rota.turns.values_list("pk", flat=True)[0],
            "team": Team.objects.get().pk,
            "customer": contact.customer_id,
            "contact": contact.pk,
            "colleague": desk.agent2.pk,
            "absence": _absence_of(desk, word).pk,
            "hand-over": _handed_over(desk).pk,
            # Sessions are of people, not of desks, and no row of a desk: an id that is nobody's.
            "session": 1,
            "download": _download_of(contact, word).pk,
            "sso connection": _connection_of(contact, word).pk,
            "version": 1,
            "language": "en",
        }
    )
