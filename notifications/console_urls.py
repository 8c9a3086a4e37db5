"""Addresses of the outbox page."""

from django.urls import path

from notifications.views import outbox, webhook_secret

urlpatterns = [
    path("console/desk/webhook-secret/", webhook_secret.webhook_secret, name="webhook_secret"),
    path(
        "console/desk/webhook-secret/former/end/",
        webhook_secret.end_former_secret,
        name="end_former_webhook_secret",
    ),
    path("console/outbox/", outbox.outbox, name="outbox"),
    path("console/outbox/<int:pk>/", outbox.outbox_message, name="outbox_message"),
    path("console/outbox/<int:pk>/retry/", outbox.retry_message, name="retry_message"),
]
