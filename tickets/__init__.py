"""Tickets: filed, talked about, resolved.

Every change is one intention with one service function, and every intention ends in `record_event`, which
appends a `TicketEvent` and sends `ticket_event_recorded`. Timeline, notifications and clocks follow from
that row; nothing else tells them.
"""
