"""Telling people: write the row here, in the transaction of what it is about; sweeps do the sending."""

from notifications.invitations import Invitation
from notifications.rendering import Words, in_language_of
from notifications.services.bells import BellLine, mark_read, notify, notify_each, notify_many
from notifications.services.delivery import deliver_mails, deliver_waiting, deliver_webhooks, letter_of
from notifications.services.heartbeats import beat
from notifications.services.queueing import (
    AddressMail,
    LateMail,
    NotGivenUp,
    WebhookCall,
    cancel_waiting,
    queue_address,
    queue_email,
    queue_many,
    queue_webhook,
    retry_failed,
)
from notifications.services.secrets import (
    SecretReplacedMeanwhile,
    end_former_webhook_secret,
    rotate_webhook_secret,
    webhook_secrets_of,
)

__all__ = [
    "AddressMail",
    "BellLine",
    "Invitation",
    "LateMail",
    "NotGivenUp",
    "SecretReplacedMeanwhile",
    "WebhookCall",
    "Words",
    "beat",
    "cancel_waiting",
    "deliver_mails",
    "deliver_waiting",
    "deliver_webhooks",
    "end_former_webhook_secret",
    "in_language_of",
    "letter_of",
    "mark_read",
    "notify",
    "notify_each",
    "notify_many",
    "queue_address",
    "queue_email",
    "queue_many",
    "queue_webhook",
    "retry_failed",
    "rotate_webhook_secret",
    "webhook_secrets_of",
]
