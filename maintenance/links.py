"""Where things of maintenance are found inside a desk."""

from accounts.links import desk_path
from maintenance.models import Window


def window_path(window: Window) -> str:
    """The path of the window's page, the same for staff and for the people concerned."""
    return desk_path("window", window.pk)
