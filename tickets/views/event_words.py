"""What happened to a ticket, in the reader's words: a clause after the name of whoever did it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from accounts.humantime import paused_left, short_moment, work_time
from accounts.models import Membership
from sla.models import Metric, Place
from sla.views.emergency_words import emergency_words
from tickets.lifecycle import Priority, Status
from tickets.models import Channel, EventKind, TicketEvent
from tickets.views.wording import status_label


def event_words(event: TicketEvent, reader: Membership) -> str:
    """What happened, as a clause after the actor's name; "" for what the message beside it says already."""
    words = _WORDS.get(event.kind)
    return words(event, reader) if words else ""


def _is_logged(event: TicketEvent) -> bool:
    return event.data.get("channel") == Channel.AGENT and "split_from" not in event.data


def _assignment_words(event: TicketEvent) -> str:
    name = event.data.get("to", "")
    if event.actor is not None and event.actor.name == name:
        return _("took it")
    if "ladder" in event.data:
        return _("The escalation ladder assigned it to %(name)s") % {"name": name}
    return _("assigned it to %(name)s") % {"name": name} if name else _("left it unassigned")


def _priority_words(event: TicketEvent) -> str:
    values = {"before": Priority(event.data["from"]).label, "after": Priority(event.data["to"]).label}
    if "ladder" in event.data:
        return _("The escalation ladder raised the priority from %(before)s to %(after)s") % values
    return _("changed the priority from %(before)s to %(after)s") % values


def _status_words(event: TicketEvent, reader: Membership) -> str:
    before, after = event.data.get("from", ""), event.data.get("to", "")
    if before == after or not after:
        return ""
    if after == Status.RESOLVED:
        return _("resolved it")
    return _("set the status to “%(status)s”") % {"status": status_label(after, reader)}


def _escalation_words(event: TicketEvent) -> str:
    values = {
        "metric": str(Metric(event.data["metric"]).label),
        "share": event.data.get("amount", 0),
        "number": event.data.get("number", 1),
    }
    return {
        Place.SHARE: _("%(share)s%% of the time for “%(metric)s” has passed"),
        Place.AIM: _("At risk: the aim for “%(metric)s” has passed"),
        Place.LIMIT: _("Breached: the limit for “%(metric)s” has passed"),
        Place.AFTER: _("Still breached: “%(metric)s” is missing some time after its limit"),
        Place.DAILY: _("Still breached: “%(metric)s” is missing on business day %(number)s after its limit"),
    }[Place(event.data["step"])] % values


def _merge_words(event: TicketEvent, reader: Membership) -> str:
    if event.kind == EventKind.MERGED:
        return _said(_("merged this ticket into %(ticket)s"), ticket=_link(event.data["into"], reader))
    return _said(_("merged %(ticket)s into this ticket"), ticket=_link(event.data["from"], reader))


def _split_words(event: TicketEvent, reader: Membership) -> str:
    if "to" in event.data:
        return _said(_("split %(ticket)s off from this ticket"), ticket=_link(event.data["to"], reader))
    return _said(_("split this ticket off from %(ticket)s"), ticket=_link(event.data["from"], reader))


def _said(words: str, **values: str) -> Markup:
    """Words of the catalogue, with values put in that are escaped unless they are links."""
    return Markup(words) % values  # noqa: S704 - the catalogue's, never input


def _link(number: int, reader: Membership) -> Markup:
    address = reverse("ticket", args=[number])
    return Markup('<a href="{}">{}-{}</a>').format(address, reader.tenant.ticket_prefix, number)


def _category_words(event: TicketEvent) -> str:
    return _("changed the category from “%(before)s” to “%(after)s”") % {
        "before": event.data["from"],
        "after": event.data["to"],
    }


def _service_words(event: TicketEvent) -> str:
    before, after = event.data["from"], event.data["to"]
    if not after:
        return _("took the affected service “%(before)s” off") % {"before": before}
    if not before:
        return _("set the affected service to “%(after)s”") % {"after": after}
    words = _("changed the affected service from “%(before)s” to “%(after)s”")
    return words % {"before": before, "after": after}


def _due_words(event: TicketEvent) -> str:
    metric = str(Metric(event.data["metric"]).label)
    if event.kind == EventKind.DUE_CLEARED:
        return _("cleared the due time set by hand for “%(metric)s”") % {"metric": metric}
    due_at = datetime.fromisoformat(event.data["due_at"])
    return _("set “%(metric)s” to be due %(when)s: %(reason)s") % {
        "metric": metric,
        "when": short_moment(due_at, now=event.at),
        "reason": event.data["reason"],
    }


def _moved_words(event: TicketEvent) -> str:
    said = [
        _("“%(metric)s” %(after)s instead of %(before)s")
        % {
            "metric": Metric(move["metric"]).label,
            "after": _due_as(move.get("after"), move.get("left_after"), event.at),
            "before": _due_as(move.get("before"), move.get("left_before"), event.at),
        }
        for move in event.data["moves"]
    ]
    return _("applied an edit of what is promised: %(moves)s") % {"moves": "; ".join(said)}


def _due_as(due_at: str | None, left: int | None, now: datetime) -> str:
    if due_at is not None:
        return _("due %(when)s") % {"when": short_moment(datetime.fromisoformat(due_at), now=now)}
    return paused_left(left) if left is not None else _("no commitment")


def _maintenance_words(event: TicketEvent) -> str:
    if event.kind == EventKind.MAINTENANCE_LIFTED:
        return _("Maintenance “%(title)s” is no longer planned as it was") % {"title": event.data["title"]}
    starts_at, ends_at = (datetime.fromisoformat(event.data[name]) for name in ("starts_at", "ends_at"))
    return _("Maintenance planned from %(start)s to %(end)s: %(title)s") % {
        "start": short_moment(starts_at, now=event.at),
        "end": short_moment(ends_at, now=event.at),
        "title": event.data["title"],
    }


def _outage_words(event: TicketEvent) -> Markup | str:
    address = reverse("outage", args=[event.data["outage"]])
    link = Markup('<a href="{}">{}</a>').format(address, event.data["title"])
    words = _("linked this to the outage %(outage)s") if event.actor else _("Linked to the outage %(outage)s")
    return _said(words, outage=link)


def _window_words(event: TicketEvent) -> Markup | str:
    address = reverse("window", args=[event.data["window"]])
    link = Markup('<a href="{}">{}</a>').format(address, event.data["title"])
    if event.kind == EventKind.WINDOW_UNLINKED:
        return _said(_("unlinked this from the maintenance %(window)s"), window=link)
    if event.actor is None:
        return _said(_("Linked to the maintenance %(window)s"), window=link)
    return _said(_("linked this to the maintenance %(window)s"), window=link)


def _approval_words(event: TicketEvent) -> str:
    if event.kind == EventKind.APPROVAL_WITHDRAWN:
        return _("no longer asks for approval")
    comment = event.data.get("comment", "")
    if event.kind != EventKind.APPROVAL_ASKED:
        is_yes = event.kind == EventKind.APPROVAL_GIVEN
        said = _("approved") if is_yes else _("declined")
        return f"{said}: {comment}" if comment else said
    minutes, price = event.data.get("estimate"), event.data.get("price", "")
    offer = " · ".join([*([work_time(minutes)] if minutes else []), *([price] if price else [])])
    if event.data.get("clause"):
        words = _("asked for approval of work out of scope (%(clause)s): %(offer)s")
        return words % {"clause": event.data["clause"], "offer": offer}
    return _("asked for approval: %(offer)s") % {"offer": offer} if offer else _("asked for approval")


def _time_words(event: TicketEvent) -> str:
    minutes, charged = event.data["minutes"], event.data["charged"]
    values = {"time": work_time(minutes), "charged": work_time(charged)}
    if event.kind == EventKind.TIME_VOIDED:
        words = (
            _("took %(time)s of logged time back")
            if charged == 0
            else _("took %(time)s of logged time back; %(charged)s are prepaid again")
        )
        return words % values
    words = _("logged %(time)s") if charged == 0 else _("logged %(time)s, %(charged)s from prepaid hours")
    return words % values


def _drawn_words(event: TicketEvent, reader: Membership) -> str:
    """For customers; staff read the same beside the time that was logged."""
    minutes = event.data["minutes"]
    if reader.is_staff_member:
        return ""
    if minutes < 0:
        return _("gave %(time)s back to your prepaid hours") % {"time": work_time(-minutes)}
    return _("drew %(time)s from your prepaid hours") % {"time": work_time(minutes)}


def _rating_words(event: TicketEvent) -> str:
    if event.kind == EventKind.RATING_FOLLOWED_UP:
        return _("followed the low rating up: %(note)s") % {"note": event.data["note"]}
    return _("rated this %(score)s of 5") % {"score": event.data["score"]}


def _people_words(event: TicketEvent) -> str:
    values = {"name": event.data["name"]}
    if event.kind == EventKind.PERSON_REMOVED:
        return _("took %(name)s off this ticket") % values
    return _("added %(name)s to this ticket") % values


def _privacy_words(event: TicketEvent) -> str:
    if event.data["private"]:
        return _("made this ticket private: only its requester and who was added see it, and support")
    return _("lifted the privacy of this ticket: colleagues see it again")


_WORDS: dict[str, Callable[[TicketEvent, Membership], str]] = {
    EventKind.FILED: lambda event, _reader: _("logged this for the customer") if _is_logged(event) else "",
    EventKind.REPLIED: _status_words,
    EventKind.ASSIGNED: lambda event, _reader: _assignment_words(event),
    EventKind.PRIORITY_CHANGED: lambda event, _reader: _priority_words(event),
    EventKind.STATUS_CHANGED: _status_words,
    EventKind.RESOLVED: lambda _event, _reader: _("resolved it"),
    EventKind.REOPENED: lambda _event, _reader: _("reopened it"),
    EventKind.CLOSED: lambda event, _reader: _("closed it") if event.actor else _("Closed"),
    EventKind.ESCALATED: lambda event, _reader: _escalation_words(event),
    EventKind.CATEGORY_CHANGED: lambda event, _reader: _category_words(event),
    EventKind.SERVICE_CHANGED: lambda event, _reader: _service_words(event),
    EventKind.DUE_SET: lambda event, _reader: _due_words(event),
    EventKind.DUE_CLEARED: lambda event, _reader: _due_words(event),
    EventKind.MERGED: _merge_words,
    EventKind.MERGED_IN: _merge_words,
    EventKind.SPLIT: _split_words,
    EventKind.PROMISE_CHANGED: lambda event, _reader: _moved_words(event),
    EventKind.EMERGENCY_DECLARED: lambda event, _reader: emergency_words(event),
    EventKind.EMERGENCY_CALLED: lambda event, _reader: emergency_words(event),
    EventKind.EMERGENCY_ACKNOWLEDGED: lambda event, _reader: emergency_words(event),
    EventKind.EMERGENCY_ENDED: lambda event, _reader: emergency_words(event),
    EventKind.MAINTENANCE_PLANNED: lambda event, _reader: _maintenance_words(event),
    EventKind.MAINTENANCE_LIFTED: lambda event, _reader: _maintenance_words(event),
    EventKind.OUTAGE_LINKED: lambda event, _reader: _outage_words(event),
    EventKind.WINDOW_LINKED: lambda event, _reader: _window_words(event),
    EventKind.WINDOW_UNLINKED: lambda event, _reader: _window_words(event),
    EventKind.APPROVAL_ASKED: lambda event, _reader: _approval_words(event),
    EventKind.APPROVAL_GIVEN: lambda event, _reader: _approval_words(event),
    EventKind.APPROVAL_DECLINED: lambda event, _reader: _approval_words(event),
    EventKind.APPROVAL_WITHDRAWN: lambda event, _reader: _approval_words(event),
    EventKind.TIME_LOGGED: lambda event, _reader: _time_words(event),
    EventKind.TIME_VOIDED: lambda event, _reader: _time_words(event),
    EventKind.HOURS_DRAWN: _drawn_words,
    EventKind.RATED: lambda event, _reader: _rating_words(event),
    EventKind.RATING_FOLLOWED_UP: lambda event, _reader: _rating_words(event),
    EventKind.WITHDRAWN: lambda _event, _reader: _("withdrew it: it is not needed any more"),
    EventKind.PERSON_ADDED: lambda event, _reader: _people_words(event),
    EventKind.PERSON_REMOVED: lambda event, _reader: _people_words(event),
    EventKind.CHAT_ASKED: lambda _event, _reader: _("asked for a chat"),
    EventKind.PRIVACY_CHANGED: lambda event, _reader: _privacy_words(event),
}
