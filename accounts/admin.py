"""The operators' pages: desks and people's identities. Everything inside a desk is its own console's.

They run outside any tenant's scope, where row security shows no tenant's rows: an operator sees here that a
desk exists and who has an identity, never what is in it. Nothing is deleted here either, since PostgreSQL
would refuse what Django cannot see; erasing a desk is a command's work, as the owner of the tables.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.hostnames import is_site_host
from accounts.models import Tenant, User
from accounts.services import take_second_factor_away

if TYPE_CHECKING:
    _TenantModelForm = forms.ModelForm[Tenant]
    _TenantModelAdmin = admin.ModelAdmin[Tenant]
    _UserModelAdmin = admin.ModelAdmin[User]
else:  # Django's classes take no parameters when they run
    _TenantModelForm, _TenantModelAdmin, _UserModelAdmin = forms.ModelForm, admin.ModelAdmin, admin.ModelAdmin


class OperatorsSite(admin.AdminSite):
    """Django's admin with these two tables and no other app's."""

    site_header = site_title = _("Support Desk, for operators")
    index_title = _("Desks and people")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One log-in for all: with its rate limits, and with second factors once they are switched on."""
        answer: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return answer


operators = OperatorsSite(name="admin")


class TenantForm(_TenantModelForm):
    """A desk; its own host name must not be one of the installation's."""

    class Meta:
        model = Tenant
        fields = ("name", "slug", "host", "ticket_prefix", "language", "time_zone", "accent", "is_active")

    def clean_host(self) -> str | None:
        host = self.cleaned_data["host"]
        if host and is_site_host(host):
            raise forms.ValidationError(_("The installation itself answers at this host name."))
        return host or None


@admin.register(Tenant, site=operators)
class TenantAdmin(_TenantModelAdmin):
    form = TenantForm
    list_display = ("name", "slug", "host", "language", "is_active", "made_at")
    list_filter = ("is_active", "language")
    search_fields = ("name", "slug", "host")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A desk begins with an owner and, if wanted, a preset: there is a page for that."""
        return redirect("new_desk")

    @admin.display(description=_("Made"), ordering="created_at")
    def made_at(self, tenant: Tenant) -> datetime:
        """When the desk was made."""
        return tenant.created_at

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> Any:
        # Links in mails that were sent, and ticket numbers that people quote, keep their meaning.
        return ("slug", "ticket_prefix") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        return False


@admin.register(User, site=operators)
class UserAdmin(_UserModelAdmin):
    """Open and close identities, make operators, help who lost the second factor; no more than that."""

    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    fields = ("email", "name", "language", "time_zone", "is_active", "is_staff", "is_superuser")
    readonly_fields: ClassVar = ("email", "last_login", "date_joined")
    actions = ("take_second_factor_away",)

    @admin.action(description=_("Take the second factor away (phone, passkeys and codes are lost)"))
    def take_second_factor_away(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """For somebody who has shown otherwise that it is them; they are told, and logged out everywhere."""
        for user in chosen:
            take_second_factor_away(user=user)
        self.message_user(request, _("Done. They log in with the password alone and can set up another."))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Only who may do everything makes others operators."""
        own = tuple(self.readonly_fields)
        return own if request.user.is_superuser else (*own, "is_staff", "is_superuser")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False
