"""A desk with something on every page, and the addresses of all its pages."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import services as accounts
from accounts.models import Absence, Membership, Role, SsoConnection
from accounts.services.absences import AbsenceTerms, add_absence
from knowledge.models import MissedSearch
from knowledge.services import ask_for_review, save_version
from maintenance.models import (
    AlertSource,
    BackupJob,
    BackupRun,
    ChecklistItem,
    Monitor,
    RestoreRequest,
    RestoreStep,
    Series,
    SeriesService,
)
from maintenance.services.feed_keys import create_feed_key
from maintenance.services.outages import end_outage
from notifications.models import Notification, OutboxMessage
from sla.services import TargetTerms
from sla.services.publishing import publish_plans
from sla.sweep import sweep_tenant
from tests.factories import Desk, build_desk, draft_of, new_ticket
from tests.hours.factories import sold_pack, worked_on
from tests.knowledge.factories import RESET, in_spanish, new_article
from tests.maintenance.factories import new_outage
from tests.maintenance.status import public_page, public_service, running_work_on, work_on
from tests.sla.rota import declared, include_emergencies, rota_of_two
from tests.tenancy_walk import Address, addresses
from tickets import services
from tickets.approval_links import approval_token
from tickets.models import Rating, ServiceGroup, Ticket
from tickets.services.handing_over import hand_over_tickets

HOUR = 3600
AROUND_THE_CLOCK = {"tz": "Asia/Karachi", "week": {str(day): [["00:00", "24:00"]] for day in range(7)}}
LONG = """The till prints **nothing** since this morning.

1. Switch it on
2. Print `anything`

> Paper is there.

| till | paper |
|---|---|
| 1 | yes |

See <https://example.com/help>."""


@dataclass
class World:
    """`ids` says which thing stands for an argument, by the kind of thing."""

    desk: Desk
    ids: dict[str, Any]
    tickets: dict[str, Ticket]


def targets() -> list[TargetTerms]:
    """Eight hours to answer, aim at four, around the clock; a high one is solved in two days."""
    kinds = [("first_response", 4, 8), ("next_response", 4, 8), ("resolution", 24, 48)]
    return [
        TargetTerms(metric, priority, "business_time", aim * HOUR, limit * HOUR)
        for metric, aim, limit in kinds
        for priority in ("critical", "high", "medium", "low")
        if metric != "resolution" or priority in {"critical", "high"}
    ]


def build_world() -> World:
    """Tickets in every state of their clocks and their lives, seen by the sweep; call inside no scope."""
    from accounts.tenancy import tenant_scope

    desk = build_desk("acme", spec=AROUND_THE_CLOCK, targets=targets())
    now = timezone.now()
    with tenant_scope(desk.tenant.pk):
        tickets = _tickets(desk, now)
        pending = accounts.invite_person(
            by=desk.admin, email="new@acme.example", name="Nina New", role=Role.AGENT, at=now
        )
        accounts.deactivate_person(membership=desk.contact2, by=desk.admin, at=now)
        sweep_tenant(now=now)
        return World(desk, _ids(desk, tickets, pending, now), tickets)


def _tickets(desk: Desk, now: datetime) -> dict[str, Ticket]:
    def filed(hours: float, **changes: Any) -> Ticket:
        return new_ticket(desk, at=now - timedelta(hours=hours), **changes)

    found = {
        "fresh": filed(0.1, subject="The till does not print", body=LONG, priority="high"),
        "at risk": filed(5, priority="critical", subject="Nobody can log in"),
        "breached": filed(9, subject="The export is empty"),
        "answered": filed(3, files=[SimpleUploadedFile("till.txt", b"no paper")]),
        "pending": filed(7, priority="low", subject="A question about the invoice"),
        "resolved": filed(30, subject="A new colleague"),
    }
    by, at = desk.agent, now - timedelta(hours=1)
    services.assign_ticket(ticket=found["answered"], assignee=by, by=desk.supervisor, at=at)
    services.reply_to_ticket(ticket=found["answered"], by=by, body="We look **into** it.", at=at)
    services.add_note(ticket=found["answered"], by=by, body="The spool is full.", at=at)
    services.change_priority(ticket=found["answered"], priority="high", by=desk.supervisor, at=at)
    services.reply_to_ticket(ticket=found["pending"], by=by, body="Which one?", then="pending", at=at)
    services.resolve_ticket(ticket=found["resolved"], by=by, at=at)
    return found


def _ids(desk: Desk, tickets: dict[str, Ticket], pending: Membership, now: datetime) -> dict[str, Any]:
    token, _secret = accounts.create_token(membership=desk.admin, name="Reports", at=now)
    mine, _secret = accounts.create_token(membership=desk.customer_admin, name="Reports", at=now)
    rota = rota_of_two(desk, start=now - timedelta(days=1))
    include_emergencies(desk, 0, rota)
    declared(tickets["breached"], desk.contact, at=now)
    work = _services_at_work(desk, now)
    backup, step = _restore_asked_for(tickets["answered"], now)
    key, _secret = create_feed_key(membership=desk.admin, at=now)
    directory = SsoConnection.objects.create(
        tenant=desk.tenant,
        kind="openid_connect",
        name="Bakery ID",
        customer=desk.customer,
        domains=["x.example"],
    )
    team = accounts.create_team(name="Night watch", members=[desk.agent2], by=desk.owner, at=now)
    pack = sold_pack(desk, at=now)
    worked = worked_on(tickets["answered"], desk.agent, at=now)
    approval = services.ask_approval(
        ticket=tickets["fresh"],
        question="Shall we come to your shop?\nIt takes half a day.",
        clause=services.Clause("on_site", "Work on site", "Support works remotely. Visits are offered."),
        estimate_minutes=240,
        by=desk.agent,
        at=now,
    )
    group = accounts.create_group(name="Branch", members=[desk.contact], by=desk.customer_admin, at=now)
    services.rate_ticket(
        ticket=tickets["resolved"], score=2, comment="It took long.", by=desk.contact, at=now
    )
    return {
        "group": group.pk,
        "rating": Rating.objects.get().pk,
        "ticket": tickets["answered"].number,
        "calendar": desk.calendar.pk,
        "plan": desk.plan.pk,
        "contract": desk.contract.pk,
        "category": desk.category.pk,
        "edit": draft_of(desk).pk,
        "customer": desk.customer.pk,
        "person": desk.agent2.pk,
        "assignee": desk.agent.pk,
        "absence": _away(desk, now).pk,
        "hand-over": hand_over_tickets(person=desk.admin, to=None, by=desk.owner, at=now).pk,
        "contact": desk.contact.pk,
        "invitation": accounts.invitation_token(pending),
        "outbox message": OutboxMessage.objects.filter(is_secret=False).values_list("pk", flat=True)[0],
        "notification": Notification.objects.filter(recipient=desk.supervisor).values_list("pk", flat=True)[
            0
        ],
        "token": token.pk,
        "token of a contact": mine.pk,
        "message": tickets["answered"].messages.filter(from_staff=False).earliest("id").pk,
        "team": team.pk,
        "feed key": key.pk,
        "approval": approval.pk,
        "pack": pack.pk,
        "time entry": worked.pk,
        "approval link": approval_token(approval, desk.contact),
        "sso": directory.pk,
        "sso key": directory.key,
        **work,
        **_articles(desk, now),
        "backup": backup.pk,
        "restore step": step.pk,
        "rota": rota.pk,
        "turn": rota.turns.earliest("id").pk,
        "version": 1,
    }


def _away(desk: Desk, now: datetime) -> Absence:
    """Whoever has the tickets is away, so that one of them falls due meanwhile."""
    terms = AbsenceTerms(now, now + timedelta(days=3), "sick", "Back on Friday.")
    return add_absence(person=desk.agent, terms=terms, by=desk.agent, at=now)


def _articles(desk: Desk, now: datetime) -> dict[str, Any]:
    """An article in both languages of which the next version waits for a review, and a search in vain."""
    edition = new_article(desk)
    in_spanish(desk, edition.article)
    text = replace(RESET, title="Reset your password or passkey", body=f"{RESET.body}\n\nOr ask us.")
    save_version(edition=edition, seen=edition.latest, text=text, by=desk.agent, at=now)
    edition.refresh_from_db()
    ask_for_review(edition=edition, seen=edition.latest, by=desk.agent, at=now)
    MissedSearch.objects.create(
        tenant=desk.tenant, language="en", words="pinter", times=3, first_at=now, last_at=now
    )
    return {"article": edition.article_id, "edition": edition.pk, "section": edition.article.section_id}


def _services_at_work(desk: Desk, now: datetime) -> dict[str, Any]:
    """A public status page with something of everything; the ids of what stands on it."""
    public_page(desk, about="How our services do.")
    publish_plans(tenant=desk.tenant, is_public=True, by=desk.admin, at=now)
    group = ServiceGroup.objects.create(tenant=desk.tenant, name="Tills")
    erp = public_service(desk, group=group)
    sync = public_service(desk, "POS sync", description="Tills and stock.")
    outage = new_outage(desk, {erp: "down", sync: "degraded"}, at=now - timedelta(hours=1))
    past = new_outage(desk, {sync: "down"}, at=now - timedelta(days=3))
    end_outage(outage=past, text="It works again.", by=desk.agent, at=now - timedelta(days=2))
    window = running_work_on(erp, advice="Save your work before.")
    step = ChecklistItem.objects.create(tenant=desk.tenant, window=window, text="Make a backup.")
    work_on(sync, summary="Faster disks.")
    series = Series.objects.create(
        tenant=desk.tenant,
        title="Patches",
        kind="security",
        impact="down",
        rule="FREQ=MONTHLY;BYDAY=1SU",
        zone="Asia/Karachi",
        first_date=now.date(),
        starts_at_time=time(2),
        minutes=120,
    )
    SeriesService.objects.create(tenant=desk.tenant, series=series, service=sync)
    beat = Monitor.objects.create(
        tenant=desk.tenant, service=sync, name="Night job", kind="heartbeat", token_hash="beat"
    )
    source = AlertSource.objects.create(tenant=desk.tenant, name="Prometheus", token_hash="source")
    return {
        "series": series.pk,
        "monitor": beat.pk,
        "alert source": source.pk,
        "service": erp.pk,
        "service group": group.pk,
        "outage": outage.pk,
        "window": window.pk,
        "checklist item": step.pk,
    }


def _restore_asked_for(ticket: Ticket, now: datetime) -> tuple[BackupJob, RestoreStep]:
    """A backup of the customer's with a good run, and a restore that the ticket asks for."""
    job = BackupJob.objects.create(
        tenant=ticket.tenant, customer=ticket.customer, name="Nightly files", part="files", start="bk_",
        token_hash="backup", state="good", last_good_at=now, every_hours=24,
    )  # fmt: skip
    BackupRun.objects.create(
        tenant=ticket.tenant, job=job, run="1", started_at=now - timedelta(hours=1), finished_at=now,
        succeeded=True, size=52_428_800,
    )  # fmt: skip
    asked = RestoreRequest.objects.create(tenant=ticket.tenant, ticket=ticket, job=job, what="The price list")
    return job, RestoreStep.objects.create(tenant=ticket.tenant, request=asked, text="Copy it back.")


# What an argument stands for whose name says it.
_BY_ARGUMENT = {
    "window_id": "window",
    "item_id": "checklist item",
    "approval_id": "approval",
    "pack_id": "pack",
    "entry_id": "time entry",
    "customer_id": "customer",
    "outage_id": "outage",
    "series_id": "series",
    "article_id": "article",
    "edition_id": "edition",
    "section_id": "section",
    "version_number": "version",
    "rating_id": "rating",
    "person_id": "contact",
    "connection_key": "sso key",
}
# What <pk> stands for; the first word that the name of an address holds decides.
_BY_NAME = {
    "company_group": "group",
    "standing": "customer",
    "service_group": "service group",
    "service": "service",
    "monitor": "monitor",
    "heartbeat": "monitor",
    "alert_source": "alert source",
    "contract_end": "contract",
    "change_contract": "contract",
    **dict.fromkeys(("console_edit", "apply_edit", "discard_edit", "cancel_edit", "undo_edit"), "edit"),
    "edit_effect": "edit",
    "withdraw_contract": "contract",
    "new_contract": "customer",
    "invite_contact": "customer",
    "company": "contact",
    "calendar": "calendar",
    "plan": "plan",
    "sso_connection": "sso",
    "log_ins": "contact",
    "team": "team",
    "new_turn": "rota",
    "rota": "rota",
    "turn": "turn",
    "categor": "category",
    "intake_form": "category",
    "customer": "customer",
    "deactivate_person": "assignee",
    "person": "person",
    "hand_over_progress": "hand-over",
    "hand_over": "assignee",
    "absence": "absence",
    "working_hours": "person",
    "message": "outbox message",
    "notification": "notification",
    "token": "token",
    "feed_key": "feed key",
    "restore_step": "restore step",
    "backup": "backup",
    "ask_for_restore": "backup",
}
# Answers of the API, files, and pages of allauth that want a key out of a letter (tested by themselves).
_NOT_WALKED = {
    *("attachment", "account_confirm_email", "account_reset_password_from_key"),
    # Pages of somebody who has a second factor and has just shown it (tests/browser/test_second_factor.py).
    *("mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes", "mfa_download_recovery_codes"),
    *("mfa_deactivate_totp",),
    *("help_image", "settle_search"),
    # Stylesheets and pictures of desks that have them (tests/browser/test_look.py).
    *("look_css", "logo", "logo_dark", "preview_css"),
    # A part of the filing page (tests/tickets/test_filing_page.py).
    *("similar_tickets",),
    "end_session",
    # They lead to a provider, or come from one (tests/accounts/test_company_sign_in.py).
    *("openid_connect_login", "openid_connect_callback", "saml_login", "saml_acs", "saml_finish_acs"),
    *("saml_metadata", "saml_sls"),
    *("status_atom", "status_json", "status_calendar", "personal_feed", "window_file", "beat", "beat_backup"),
    *("export_audit", "import_template", "hours_statement"),
    *("ticket_live", "company_statement_file", "download_file"),
}


def page_paths(world: World) -> list[str]:
    """The address of everything in a desk that may be a page, less the leading slash."""
    return [
        address.path(_values(address, world)).removeprefix("/")
        for address in addresses("supportdesk.tenant_urls")
        if "get" in address.methods and not address.is_api and address.name not in _NOT_WALKED
    ] + ["api/v1/docs/"]


def _values(address: Address, world: World) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for argument in address.arguments:
        if argument == "number" and "version" not in address.name:
            found[argument] = world.ids["ticket"]
        elif argument == "number":
            found[argument] = world.ids["version"]
        elif argument == "message_id":
            found[argument] = world.ids["message"]
        elif argument == "token" and address.name == "answer_approval":
            found[argument] = world.ids["approval link"]
        elif argument == "token":
            found[argument] = world.ids["invitation"]
        elif argument in _BY_ARGUMENT:
            found[argument] = world.ids[_BY_ARGUMENT[argument]]
        else:
            kind = next((kind for part, kind in _BY_NAME.items() if part in address.name), None)
            assert kind, f"what does <{argument}> of {address.name} stand for? Say so in _BY_NAME."
            found[argument] = world.ids[kind]
    return found
