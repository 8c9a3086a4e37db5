"""People, customers and tokens as the API writes and reads them."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.api.base import Input, Instant, Line, PageQuery, id_field, page_schema
from accounts.models import (
    ApiToken,
    Customer,
    HostingModel,
    Language,
    LogIn,
    Membership,
    Role,
    StandingLevel,
    Team,
    Tenant,
    User,
    Way,
)


class PersonRefSerializer(serializers.Serializer[Membership]):
    """Somebody of the desk, as others see them."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    is_staff = serializers.BooleanField(
        source="is_staff_member", help_text=gettext_lazy("Works at the desk.")
    )


class CustomerRefSerializer(serializers.Serializer[Customer]):
    """A company, by name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class PersonSerializer(serializers.Serializer[Membership]):
    """Somebody of the desk, as its staff see them."""

    id = serializers.IntegerField(help_text=gettext_lazy("What “assignee” and “requester” take."))
    name = serializers.CharField()
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(choices=Role.choices)
    is_staff = serializers.BooleanField(source="is_staff_member")
    is_active = serializers.BooleanField(help_text=gettext_lazy("May enter the desk."))
    customer = CustomerRefSerializer(allow_null=True, help_text=gettext_lazy("Null for staff."))


class CustomerSerializer(serializers.Serializer[Customer]):
    """A company, as the desk's staff see it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    notes = serializers.CharField(help_text=gettext_lazy("For staff alone."))
    coordinator = PersonRefSerializer(
        allow_null=True, help_text=gettext_lazy("Who of the staff looks after it; null for nobody.")
    )
    hosting_model = serializers.ChoiceField(
        choices=HostingModel.choices, help_text=gettext_lazy("Where its systems run.")
    )
    open_standing = serializers.ChoiceField(
        choices=StandingLevel.choices,
        help_text=gettext_lazy("Of the standing that is not lifted; it may begin later."),
    )
    is_active = serializers.BooleanField()
    created_at = Instant()
    version = serializers.IntegerField(help_text=gettext_lazy("What a change sends as “seen”."))


class TeamSerializer(serializers.Serializer[Team]):
    """People of the staff who are told together."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    members = PersonRefSerializer(many=True, source="members.all")
    archived_at = Instant(allow_null=True, help_text=gettext_lazy("Null while it is offered."))
    version = serializers.IntegerField(help_text=gettext_lazy("What a change sends as “seen”."))


class UserSerializer(serializers.Serializer[User]):
    """The person, the same in every desk."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()
    language = serializers.ChoiceField(choices=Language.choices)
    time_zone = serializers.CharField(help_text=gettext_lazy("An IANA zone, as America/Mexico_City."))


class TenantSerializer(serializers.Serializer[Tenant]):
    """The desk."""

    slug = serializers.CharField()
    name = serializers.CharField()
    ticket_prefix = serializers.CharField(help_text=gettext_lazy("As in ACME-1042."))
    language = serializers.ChoiceField(choices=Language.choices)
    time_zone = serializers.CharField()


class TokenSerializer(serializers.Serializer[ApiToken]):
    """A personal token, without its secret."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    start = serializers.CharField(help_text=gettext_lazy("The first characters, to tell tokens apart."))
    created_at = Instant()
    expires_at = Instant(allow_null=True)
    last_used_at = Instant(allow_null=True, help_text=gettext_lazy("Kept to the minute."))
    revoked_at = Instant(allow_null=True)


class NewTokenSerializer(TokenSerializer):
    """A token just made. The secret is shown this once."""

    token = serializers.CharField(help_text=gettext_lazy("The secret. It is not kept: store it now."))


class MembershipSerializer(serializers.Serializer[Membership]):
    """What the person is in this desk."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    is_staff = serializers.BooleanField(source="is_staff_member")
    customer = CustomerRefSerializer(allow_null=True)


PERMISSIONS = (
    ("file_tickets", gettext_lazy("File tickets.")),
    ("file_for_others", gettext_lazy("File tickets for somebody else.")),
    ("reply", gettext_lazy("Reply in public.")),
    ("write_notes", gettext_lazy("Write and read internal notes.")),
    ("handle_tickets", gettext_lazy("Assign, change priority and status.")),
    ("list_people", gettext_lazy("List customers and people.")),
    ("manage_desk", gettext_lazy("Change plans, calendars, categories and people.")),
)


def permissions_of(membership: Membership) -> list[str]:
    """What the role includes, by name; the answer about one ticket stands in its `actions`."""
    included = {"file_tickets", "reply"}
    if membership.is_staff_member:
        included |= {"file_for_others", "write_notes", "handle_tickets", "list_people"}
    if membership.is_admin:
        included.add("manage_desk")
    return [name for name, _meaning in PERMISSIONS if name in included]


class MeSerializer(serializers.Serializer[Any]):
    """Who calls, where, and what they may do."""

    person = UserSerializer()
    membership = MembershipSerializer()
    tenant = TenantSerializer()
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=PERMISSIONS))
    token = TokenSerializer(allow_null=True, help_text=gettext_lazy("Null when a session called."))


class PeopleQuery(PageQuery):
    """Which people."""

    q = serializers.CharField(
        max_length=120, required=False, help_text=gettext_lazy("Part of name or email.")
    )
    customer = id_field(required=False)
    kind = serializers.ChoiceField(
        choices=(("staff", gettext_lazy("Staff")), ("contact", gettext_lazy("Contacts"))), required=False
    )


class LogInSerializer(serializers.Serializer[LogIn]):
    """That somebody logged in."""

    person = PersonRefSerializer()
    at = Instant()
    way = serializers.ChoiceField(
        choices=Way.choices, help_text=gettext_lazy("How they showed who they are.")
    )
    address = serializers.IPAddressField(allow_null=True, help_text=gettext_lazy("The network address."))
    browser = serializers.CharField(help_text=gettext_lazy("As “Firefox, Windows”; empty when unknown."))


LogInPage = page_schema("LogInPage", LogInSerializer)


class LogInsQuery(PageQuery):
    """Whose log-ins."""

    person = id_field(required=False)


class CustomersQuery(PageQuery):
    """Which customers."""

    q = serializers.CharField(max_length=120, required=False, help_text=gettext_lazy("Part of the name."))


class TeamsQuery(PageQuery):
    """Which teams."""

    archived = serializers.BooleanField(default=False, help_text=gettext_lazy("True: archived ones as well."))


class TokenInput(Input):
    """A token to be made."""

    name = Line(max_length=80, help_text=gettext_lazy("What it is for."))
    expires_at = Instant(
        required=False, allow_null=True, default=None, help_text=gettext_lazy("Null: until revoked.")
    )

    def validate_expires_at(self, value: datetime | None) -> datetime | None:
        """A token that is expired when made is a mistake."""
        if value is not None and value <= timezone.now():
            raise serializers.ValidationError(_("This instant has passed."), code="past")
        return value


PersonPage = page_schema("PersonPage", PersonSerializer)
CustomerPage = page_schema("CustomerPage", CustomerSerializer)
TeamPage = page_schema("TeamPage", TeamSerializer)
TokenPage = page_schema("TokenPage", TokenSerializer)
