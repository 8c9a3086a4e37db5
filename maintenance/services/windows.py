"""Intentions about maintenance windows, one function each."""

from maintenance.services.drafting import WindowTerms, change_window, draft_window, terms_of
from maintenance.services.periods import in_the_way
from maintenance.services.planning import cancel_window, extend_window, move_window, schedule_window
from maintenance.services.running import complete_window, log_work, start_window, tick_item
from maintenance.services.tied_tickets import link_ticket, link_tickets, tell_tickets, unlink_ticket

__all__ = [
    "WindowTerms",
    "cancel_window",
    "change_window",
    "complete_window",
    "draft_window",
    "extend_window",
    "in_the_way",
    "link_ticket",
    "link_tickets",
    "log_work",
    "move_window",
    "schedule_window",
    "start_window",
    "tell_tickets",
    "terms_of",
    "tick_item",
    "unlink_ticket",
]
