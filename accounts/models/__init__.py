"""Tenants, persons, memberships, teams, customers, personal API tokens."""

from accounts.models.absences import Absence, AbsenceKind
from accounts.models.audit import AuditAct, AuditEntry
from accounts.models.customers import Customer, HostingModel, StandingLevel
from accounts.models.groups import ContactGroup, ContactGroupMember
from accounts.models.hosts import HostClaim, HostFinding
from accounts.models.identities import Language, User, UserManager, validate_time_zone
from accounts.models.look import Logo, LogoUse
from accounts.models.people import (
    ADMIN_ROLES,
    CONTACT_ROLES,
    STAFF_ROLES,
    SUPERVISOR_ROLES,
    Membership,
    Role,
    Sees,
)
from accounts.models.sign_in import LogIn, Way
from accounts.models.sso import SsoConnection, SsoKind
from accounts.models.standing import Ground, Standing, StandingRule
from accounts.models.teams import Team, TeamMember
from accounts.models.tenants import LONGEST_QUIET_PERIOD, Accent, Tenant, TenantModel
from accounts.models.tokens import ApiToken
from accounts.models.view_as import ViewAs

__all__ = [
    "ADMIN_ROLES",
    "CONTACT_ROLES",
    "LONGEST_QUIET_PERIOD",
    "STAFF_ROLES",
    "SUPERVISOR_ROLES",
    "Absence",
    "AbsenceKind",
    "Accent",
    "ApiToken",
    "AuditAct",
    "AuditEntry",
    "ContactGroup",
    "ContactGroupMember",
    "Customer",
    "Ground",
    "HostClaim",
    "HostFinding",
    "HostingModel",
    "Language",
    "LogIn",
    "Logo",
    "LogoUse",
    "Membership",
    "Role",
    "Sees",
    "SsoConnection",
    "SsoKind",
    "Standing",
    "StandingLevel",
    "StandingRule",
    "Team",
    "TeamMember",
    "Tenant",
    "TenantModel",
    "User",
    "UserManager",
    "ViewAs",
    "Way",
    "validate_time_zone",
]
