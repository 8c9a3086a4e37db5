"""What the rooms above may listen to."""

from django.dispatch import Signal

# Somebody was invited (again). Arguments: membership, link_path (path of the page that accepts), at.
person_invited = Signal()
