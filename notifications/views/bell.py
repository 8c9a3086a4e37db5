"""What stands under a person's bell."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.door import member_required
from accounts.keyset import keyset_page
from accounts.requests import DeskRequest
from notifications.models import Notification
from notifications.services import mark_read

PAGE_SIZE = 30


@member_required
@require_GET
def notifications(request: DeskRequest) -> HttpResponse:
    """The newest first."""
    mine = Notification.objects.visible_to(request.membership)
    page = keyset_page(mine, ["-created_at", "-id"], request.GET.get("cursor", ""), size=PAGE_SIZE)
    return render(request, "notifications/list.html", {"page": page})


@member_required
@require_POST
def mark_notifications_read(request: DeskRequest) -> HttpResponse:
    """All of the person's own, at once."""
    mark_read(recipient=request.membership, at=timezone.now())
    return HttpResponseRedirect(reverse("notifications"), status=303)


@member_required
@require_GET
def open_notification(request: DeskRequest, pk: int) -> HttpResponse:
    """Mark one read and go to what it is about."""
    mine = Notification.objects.visible_to(request.membership)
    notification = get_object_or_404(mine, pk=pk)
    mark_read(recipient=request.membership, at=timezone.now(), pk=notification.pk)
    return HttpResponseRedirect(get_script_prefix() + notification.path.removeprefix("/"))
