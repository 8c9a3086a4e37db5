"""Pages about oneself are the same for everybody; the frame around them is the one of where one stands."""

from django.http import HttpRequest


def frame_of(request: HttpRequest) -> str:
    """The desk's frame for staff, the portal's for contacts, the plain one outside any desk."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return "frames/plain.html"
    return "frames/desk.html" if membership.is_staff_member else "frames/portal.html"
