"""A form that is sent twice does its work once.

Each form is drawn with a key of its own. The key and what was typed make the mark of a sending; the first
one is kept with the event that it made, unique for the person, and a second one is led to the same place.
What was typed counts too, so that somebody who goes back, writes something else and sends the same page
again does not lose it.
"""

import uuid

from accounts.requests import DeskRequest

FIELD = "submission"
_NEVER_COUNTED = {FIELD, "csrfmiddlewaretoken"}  # the second one is masked anew for every page


def submission_key(request: DeskRequest) -> str:
    """The key for the form on this page: the one that came with it when it is shown again, else a new one."""
    return str(_given_key(request) or uuid.uuid4())


def submission_of(request: DeskRequest) -> uuid.UUID | None:
    """The mark of this sending; None when the form came without a key."""
    key = _given_key(request)
    if key is None:
        return None
    typed = [(name, request.POST.getlist(name)) for name in request.POST if name not in _NEVER_COUNTED]
    files = [(name, [(f.name, f.size) for f in request.FILES.getlist(name)]) for name in request.FILES]
    return uuid.uuid5(key, repr((request.path, sorted(typed), sorted(files))))


def _given_key(request: DeskRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None
