"""What somebody was writing when the session ended: kept until they are back.

A form that is sent without a session is answered with the log-in page. Its text fields are put into the
new, still anonymous session, and the page that they belong to takes them out again after the log-in.
Works without JavaScript. Files and secrets are not kept.
"""

from django.http import HttpRequest

KEY = "interrupted"
MOST_CHARACTERS = 60_000
NEVER_KEPT = {"csrfmiddlewaretoken", "password", "password1", "password2", "version"}


def keep_text(request: HttpRequest) -> bool:
    """Put the posted text into the session, under its path; says whether there was any."""
    fields = {
        k: v for k, v in request.POST.items() if k not in NEVER_KEPT and isinstance(v, str) and v.strip()
    }
    if not fields or sum(len(v) for v in fields.values()) > MOST_CHARACTERS:
        return False
    request.session[KEY] = {"path": request.path, "fields": fields}
    return True


def take_text(request: HttpRequest) -> dict[str, str]:
    """What was kept for this path, once; empty if nothing was."""
    kept = request.session.get(KEY)
    if not kept or kept["path"] != request.path:
        return {}
    del request.session[KEY]
    return dict(kept["fields"])
