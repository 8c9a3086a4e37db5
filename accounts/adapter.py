"""How allauth behaves here: nobody signs up by themselves, people are invited."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closed sign-up; mails carry the name of the desk that the person stands in.

    Mails about a person's identity (verify the address, reset the password) go out directly and not through
    a tenant's outbox, because a tenant's admins can read that outbox and must never hold such a link.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Inside a desk: its home; on the site: the list of the person's desks. Both are called "home"."""
        return reverse("home")

    def format_email_subject(self, subject: str) -> str:
        return subject

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> Any:
        tenant = getattr(self.request, "tenant", None)
        context["desk_name"] = tenant.name if tenant else "Support Desk"
        return super().render_mail(template_prefix, email, context, headers)
