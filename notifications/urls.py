"""Addresses of notifications inside a desk."""

from django.urls import path

from notifications.views import bell

urlpatterns = [
    path("notifications/", bell.notifications, name="notifications"),
    path("notifications/read/", bell.mark_notifications_read, name="mark_notifications_read"),
    path("notifications/<int:pk>/", bell.open_notification, name="open_notification"),
]
