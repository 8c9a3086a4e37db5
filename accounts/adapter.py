"""How allauth behaves here: nobody signs up by themselves, people are invited."""

from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.links import logo_url, sender_of
from accounts.models import User


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

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The log-in page of the same desk, ready for the next person."""
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("profile" if self.request.user.is_authenticated else "account_login")

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Refuse an address that became another identity (by an invitation) after it was asked for."""
        taken = User.objects.filter(email=email_address.email.lower()).exclude(pk=email_address.user_id)
        if taken.exists():
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False
        return bool(super().confirm_email(request, email_address))

    def get_from_email(self) -> str:
        """The desk's name for senders and the installation's address; on the site itself, its own name."""
        tenant = getattr(self.request, "tenant", None)
        return sender_of(tenant) if tenant else str(settings.DEFAULT_FROM_EMAIL)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """The mail in the language and zone of the person, as far as the address is anybody's."""
        tenant = getattr(self.request, "tenant", None)
        context |= {
            "tenant": tenant,
            "desk_name": tenant.name if tenant else "Support Desk",
            "logo_url": logo_url(tenant) if tenant else "",
            "now": timezone.now(),
        }
        user = context.get("user")
        if isinstance(user, User):
            language: str | None = tenant.language_for(user.language) if tenant else user.language
            zone: tzinfo = ZoneInfo(user.time_zone)
        else:
            language, zone = translation.get_language(), timezone.get_current_timezone()
        with translation.override(language), timezone.override(zone):
            mail: EmailMessage = super().render_mail(template_prefix, email, context, headers)
            return mail

    def send_notification_mail(
        self, template_prefix: str, user: AbstractBaseUser, context: Any = None, email: str | None = None
    ) -> None:
        """News about one's own account; says the person, so that the mail speaks their language."""
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Failed attempts count per address, not per host as well: desks have many hosts.
        return str(credentials.get("email", "")).lower()
