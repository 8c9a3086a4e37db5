"""Files leave the desk as downloads, after a look at who asks. They are never shown inside a page of ours."""

from uuid import UUID

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.door import member_required
from accounts.requests import DeskRequest
from tickets.models import Attachment


@member_required
@require_safe
def attachment(request: DeskRequest, pk: UUID) -> HttpResponseBase:
    """The file under the name that its sender gave it; 404 for whoever may not see the message."""
    found: Attachment = get_object_or_404(Attachment.objects.visible_to(request.membership), pk=pk)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        opened, as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    # A browser that opens the download anyway gives it no scripts, no forms and no origin.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
