"""Tenants, persons, memberships, teams, customers, personal API tokens."""

from accounts.models.customers import Customer, HostingModel
from accounts.models.groups import ContactGroup, ContactGroupMember
from accounts.models.identities import Language, User, UserManager, validate_time_zone
from accounts.models.people import (
    ADMIN_ROLES,
    CONTACT_ROLES,
    STAFF_ROLES,
    SUPERVISOR_ROLES,
    Membership,
    Role,
    Sees,
)
from accounts.models.teams import Team, TeamMember
from accounts.models.tenants import LONGEST_QUIET_PERIOD, Accent, Tenant, TenantModel
from accounts.models.tokens import ApiToken

__all__ = [
    "ADMIN_ROLES",
    "CONTACT_ROLES",
    "LONGEST_QUIET_PERIOD",
    "STAFF_ROLES",
    "SUPERVISOR_ROLES",
    "Accent",
    "ApiToken",
    "ContactGroup",
    "ContactGroupMember",
    "Customer",
    "HostingModel",
    "Language",
    "Membership",
    "Role",
    "Sees",
    "Team",
    "TeamMember",
    "Tenant",
    "TenantModel",
    "User",
    "UserManager",
    "validate_time_zone",
]
