"""Addresses of the status page inside a desk, of its feeds, and of following it."""

from django.urls import URLPattern, path

from maintenance.views import console_status, feed_keys, following, status, subscribing

urlpatterns: list[URLPattern] = [
    path("status/", status.status, name="status"),
    path("status/history/", status.status_history, name="status_history"),
    path("status/feed.atom", status.status_atom, name="status_atom"),
    path("status/status.json", status.status_json, name="status_json"),
    path("status/maintenance.ics", status.status_calendar, name="status_calendar"),
    path("status/follow/", subscribing.subscribe_to_status, name="subscribe_to_status"),
    path("status/follow/stop/", following.stop_following_status, name="stop_following_status"),
    path("status/follow/<str:token>/", subscribing.confirm_subscription_view, name="confirm_subscription"),
    path("status/follow/<str:token>/end/", subscribing.end_subscription_view, name="end_subscription"),
    path("calendar/<str:token>.ics", feed_keys.personal_feed, name="personal_feed"),
    path("profile/calendar/", feed_keys.feed_keys, name="feed_keys"),
    path("profile/calendar/<int:pk>/revoke/", feed_keys.revoke_feed_key_view, name="revoke_feed_key"),
    path("console/status/", console_status.console_status, name="console_status"),
]
