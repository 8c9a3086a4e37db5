"""The API of one desk, put together from the rooms; served at /api/v1/ below the desk."""

from django.urls import include, path, re_path

from accounts.api.views import NotFound
from supportdesk import api_views

urlpatterns = [
    path("", include("accounts.api.urls")),
    path("", include("notifications.api.urls")),
    path("", include("knowledge.api.urls")),
    path("", include("tickets.api.urls")),
    path("", include("sla.api.urls")),
    path("", include("maintenance.api.urls")),
    path("", include("hours.api.urls")),
    path("", include("reports.api.urls")),
    path("schema/", api_views.Schema.as_view(), name="api_schema"),
    path("docs/", api_views.docs, name="api_docs"),
    # What is no address here answers as the API does, not with a page.
    re_path(r"", NotFound.as_view(), name="api_not_found"),
]
