"""Addresses of the secret that webhooks are signed with, below /api/v1/."""

from django.urls import path

from notifications.api import webhook_secret

urlpatterns = [
    path("webhook-secret/", webhook_secret.Secret.as_view(), name="api_webhook_secret"),
    path(
        "webhook-secret/former/",
        webhook_secret.FormerSecret.as_view(),
        name="api_former_webhook_secret",
    ),
]
