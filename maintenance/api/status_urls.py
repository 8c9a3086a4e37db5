"""The API of the status page, and of one's own maintenance calendar."""

from django.urls import URLPattern, path

from maintenance.api import status

urlpatterns: list[URLPattern] = [
    path("status/settings/", status.StatusSettings.as_view(), name="api_status_settings"),
    path("status/settings/edit/", status.EditStatusSettings.as_view(), name="api_edit_status_settings"),
    path("status/followers/", status.Followers.as_view(), name="api_status_followers"),
    path("status/following/", status.Following.as_view(), name="api_following"),
    path("calendar-addresses/", status.CalendarAddresses.as_view(), name="api_calendar_addresses"),
    path("calendar-addresses/<int:key_id>/", status.CalendarAddress.as_view(), name="api_calendar_address"),
]
