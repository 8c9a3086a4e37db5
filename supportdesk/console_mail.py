"""Mail for a terminal: who gets it, what it is about, its text; not the same again in HTML."""

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend


class ConsoleMail(EmailBackend):
    """Django's console backend without headers and without the HTML part."""

    def write_message(self, message: EmailMessage) -> None:
        """Write one mail, every line of it behind a bar."""
        lines = [f"To {', '.join(message.to)}: {message.subject}", *str(message.body).strip().splitlines()]
        self.stream.write("\n".join(["mail", *(f"  | {line}".rstrip() for line in lines)]) + "\n")
