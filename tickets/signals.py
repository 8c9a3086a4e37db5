"""What the rooms above may listen to."""

from django.dispatch import Signal

# A row was appended to a ticket's history; sent inside the transaction of the change, so that a receiver
# that fails undoes it. Arguments: ticket, event.
ticket_event_recorded = Signal()
