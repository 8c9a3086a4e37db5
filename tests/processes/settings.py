"""Settings of the worker processes that tests start and kill: mails become files, and can be held back."""

import os

from supportdesk.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.processes.mailbox.HeldBackMail"
MAILBOX = os.environ["TEST_MAILBOX"]
