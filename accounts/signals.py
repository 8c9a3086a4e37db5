"""What the rooms above may listen to."""

from django.dispatch import Signal

# Somebody was invited (again). Arguments: membership, link_path (path of the page that accepts), at.
person_invited = Signal()

# Support of a customer was restricted, changed or opened again, or the day came on which that is looked at.
# Arguments: standing (with its customer), act ("set", "changed", "lifted", "review"), at.
standing_told = Signal()
