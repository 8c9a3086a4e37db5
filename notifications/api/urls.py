"""Addresses of the bell, the outbox and the secret of webhooks, below /api/v1/."""

from django.urls import path

from notifications.api import bell, outbox, webhook_secret

urlpatterns = [
    path("notifications/", bell.Notifications.as_view(), name="api_notifications"),
    path("notifications/read/", bell.MarkRead.as_view(), name="api_mark_notifications_read"),
    path("outbox/", outbox.Outbox.as_view(), name="api_outbox"),
    path("outbox/<int:outbox_id>/", outbox.OneMessage.as_view(), name="api_outbox_message"),
    path("outbox/<int:outbox_id>/retry/", outbox.Retry.as_view(), name="api_retry_message"),
    path("webhook-secret/", webhook_secret.Secret.as_view(), name="api_webhook_secret"),
    path(
        "webhook-secret/former/",
        webhook_secret.FormerSecret.as_view(),
        name="api_former_webhook_secret",
    ),
]
