"""Settings of the worker processes that tests start and kill: mails become files, and can be held back."""

from supportdesk.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.processes.mailbox.HeldBackMail"
