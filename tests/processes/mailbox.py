"""A mail server for tests: each mail it takes is one line of a file; it can keep a sender waiting."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend


class HeldBackMail(BaseEmailBackend):
    """Appends the Message-ID of each mail to `taken`; while a file `hold` exists it says so and waits."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        box = Path(os.environ["TEST_MAILBOX"])
        for mail in email_messages:
            (box / "waiting").write_text(str(os.getpid()))
            while (box / "hold").exists():
                time.sleep(0.02)
            line = f"{mail.extra_headers['Message-ID']}\n".encode()
            # One write of a short line with O_APPEND is never torn by another process.
            handle = os.open(box / "taken", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.write(handle, line)
            os.close(handle)
        return len(email_messages)


def taken(box: Path) -> list[str]:
    """The Message-IDs of the mails taken so far."""
    file = box / "taken"
    return file.read_text().split() if file.exists() else []
