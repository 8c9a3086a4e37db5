"""Playing the acts through the services, with the sweep running in between as it does in life."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import connection
from django.db.models import F

from accounts.models import Membership
from notifications.models import Notification, OutboxMessage
from sla.sweep import sweep_tenant
from supportdesk.demo.acts import Act, Filing
from supportdesk.demo.stage import Stage
from tickets import services
from tickets.lifecycle import Status
from tickets.models import Approval, ApprovalState, Channel, Service, Ticket
from tickets.permissions import can_decide

# The sweep comes every 15 seconds, so on average it sees an instant half of that later.
_SEEN_AFTER = timedelta(seconds=7)
_FIRST_DUE = """
    SELECT next_action_at, id FROM sla_clock WHERE next_action_at <= %s AND error = ''
    ORDER BY next_action_at, id LIMIT 1"""
_OLD_MAIL = timedelta(hours=1)
_READ_AFTER = timedelta(minutes=25)
_UNREAD_FOR = timedelta(hours=30)


class StandStill(RuntimeError):
    """A sweep left a clock due that it should have dealt with."""


class Player:
    """Carries out the acts of one desk; call within the scope of its tenant."""

    def __init__(self, stage: Stage, services: dict[str, Service]) -> None:
        self.stage, self.services = stage, services
        self.tickets: dict[int, Ticket] = {}
        self.asked: set[int] = set()

    def play(self, act: Act) -> None:
        """Let what falls due before the act happen, then the act itself."""
        self.let_time_pass(act.at)
        if act.filing is not None:
            self.tickets[act.ticket] = self._file(act, act.filing)
        else:
            self._handle(act, self.tickets[act.ticket])

    def let_time_pass(self, until: datetime) -> None:
        """Sweep at each instant up to `until` at which a clock asks for it. Raises StandStill."""
        before: tuple[datetime, int] | None = None
        while (due := _first_due(until - _SEEN_AFTER)) is not None:
            if before == due:
                raise StandStill(f"clock {due[1]} stays due at {due[0]}")
            before = due
            sweep_tenant(now=due[0] + _SEEN_AFTER)

    def _file(self, act: Act, filing: Filing) -> Ticket:
        by = self._person(act.who)
        return services.file_ticket(
            by=by,
            requester=self._person(filing.requester),
            subject=filing.subject,
            body=act.text,
            category=self.stage.categories[filing.category],
            priority=filing.priority,
            service=self.services.get(filing.service),
            affected_service="" if filing.service in self.services else filing.service,
            channel=Channel.AGENT if by.is_staff_member else Channel.PORTAL,
            files=_files(act),
            at=act.at,
        )

    def _handle(self, act: Act, ticket: Ticket) -> None:
        if act.kind == "close":
            services.close_ticket(ticket=ticket, at=act.at)
            return
        by = self._person(act.who)
        if act.kind == "reply":
            self._reply(act, ticket, by)
        elif act.kind == "note":
            services.add_note(ticket=ticket, by=by, body=act.text, at=act.at)
        elif act.kind == "assign":
            services.assign_ticket(ticket=ticket, assignee=self._person(act.to), by=by, at=act.at)
        elif act.kind == "priority":
            services.change_priority(ticket=ticket, priority=act.to, by=by, at=act.at)
        elif act.kind == "status":
            services.change_status(ticket=ticket, status=act.to, by=by, at=act.at)
        elif act.kind == "reopen":
            services.reopen_ticket(ticket=ticket, by=by, at=act.at)
        elif act.kind == "resolve":
            services.resolve_ticket(ticket=ticket, by=by, at=act.at)
        else:
            raise ValueError(act.kind)

    def _reply(self, act: Act, ticket: Ticket, by: Membership) -> None:
        """What waits for an approval asks for one, and what the customer says next is its yes."""
        if act.status == Status.AWAITING_APPROVAL:
            services.ask_approval(ticket=ticket, question=act.text, by=by, at=act.at)
            self.asked.add(act.ticket)
        elif by.is_contact and act.ticket in self.asked:
            self.asked.remove(act.ticket)
            decider = by if can_decide(by, ticket) else ticket.requester
            approval = Approval.objects.get(ticket=ticket, state=ApprovalState.WAITING)
            services.decide_approval(approval=approval, approve=True, comment=act.text, by=decider, at=act.at)
        else:
            services.reply_to_ticket(ticket=ticket, by=by, body=act.text, then=act.status, at=act.at)

    def _person(self, email: str) -> Membership:
        return self.stage.people[email]


def _first_due(by: datetime) -> tuple[datetime, int] | None:
    """When a clock of the desk in scope asks for the sweep, and its id; asked before each act."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_DUE, [by])
        found: tuple[datetime, int] | None = cursor.fetchone()
    return found


def _files(act: Act) -> list[UploadedFile[bytes]]:
    if act.filing is None or not act.filing.file:
        return []
    return [SimpleUploadedFile(act.filing.file, act.file_text.encode(), "text/plain")]


def leave_the_past_behind(now: datetime) -> None:
    """In the desk of the scope mail older than an hour has left, and older notifications have been read."""
    # What was called back later had left by then: here nothing leaves while the past is played.
    OutboxMessage.objects.filter(created_at__lt=now - _OLD_MAIL, sent_at=None).update(
        sent_at=F("created_at") + timedelta(seconds=3), attempts=1, cancelled_at=None
    )
    OutboxMessage.objects.filter(sent_at__isnull=False, is_secret=True).update(body_text="", body_html="")
    Notification.objects.filter(created_at__lt=now - _UNREAD_FOR, read_at=None).update(
        read_at=F("created_at") + _READ_AFTER
    )
