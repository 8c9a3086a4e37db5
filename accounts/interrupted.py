"""What somebody was writing when the session ended: kept until they are back.

A form that is sent without a session is answered with the log-in page. Its text fields are put into the
new, still anonymous session, and the page on which the form stood takes them out again after the log-in.
Works without JavaScript. Files and secrets are not kept.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest

KEY = "interrupted"
MOST_CHARACTERS = 60_000
NEVER_KEPT = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "version"}


def page_of(request: HttpRequest) -> str:
    """The path (with its query) of the page that a request was made from: itself, if it was a look at a page.

    A form is often sent to an address that only takes forms; the page that it stood on is what the browser
    says (Referer, or htmx's own header), believed only for this very host.
    """
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        return request.get_full_path()
    try:
        said = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    except ValueError:  # not an address at all
        return request.get_full_path()
    if said.netloc != request.get_host() or not said.path.startswith("/"):
        return request.get_full_path()
    return f"{said.path}?{said.query}" if said.query else said.path


def keep_text(request: HttpRequest) -> bool:
    """Put the posted text into the session, for the page it was written on; says whether there was any."""
    fields = {
        k: v for k, v in request.POST.items() if k not in NEVER_KEPT and isinstance(v, str) and v.strip()
    }
    if not fields or sum(len(v) for v in fields.values()) > MOST_CHARACTERS:
        return False
    path = urlsplit(page_of(request)).path
    request.session[KEY] = {"path": path, "sent_to": request.path, "fields": fields}
    return True


def take_text(request: HttpRequest, *, sent_to: str | None = None) -> dict[str, str]:
    """What was kept for this page, once; empty if nothing was.

    A page with several forms names the path that its form is sent to, and takes only what was meant for it.
    """
    kept = request.session.get(KEY)
    if not kept or request.path not in (kept["path"], kept["sent_to"]):
        return {}
    if sent_to is not None and kept["sent_to"] != sent_to:
        return {}
    del request.session[KEY]
    return dict(kept["fields"])
