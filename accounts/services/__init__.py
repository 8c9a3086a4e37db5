"""Intentions about tenants, people, customers and tokens: one function each, keyword-only."""

from accounts.services.customers import change_customer, create_customer
from accounts.services.desk import change_desk, desk_state
from accounts.services.errors import (
    AlreadyMember,
    EditedMeanwhile,
    GroupNameTaken,
    HostTaken,
    InvitationExpired,
    LastOwner,
    NameTaken,
    NeverAwake,
    NotAllowed,
    SecondFactorFirst,
    TeamNameTaken,
    refusal_words,
)
from accounts.services.groups import change_group, change_sees, create_group, remove_group
from accounts.services.people import (
    INVITATION_LASTS,
    INVITATION_SALT,
    accept_invitation,
    change_role,
    deactivate_person,
    invitation_of,
    invitation_token,
    invite_again,
    invite_person,
    may_give_role,
    may_invite_for,
    may_manage,
    reactivate_person,
)
from accounts.services.profile import change_language, change_profile, change_quiet_hours
from accounts.services.sign_in import require_second_factor
from accounts.services.teams import archive_team, change_team, create_team, restore_team
from accounts.services.tenants import add_owner, create_tenant
from accounts.services.tokens import TOKEN_START, create_token, hash_token, revoke_token

__all__ = [
    "INVITATION_LASTS",
    "INVITATION_SALT",
    "TOKEN_START",
    "AlreadyMember",
    "EditedMeanwhile",
    "GroupNameTaken",
    "HostTaken",
    "InvitationExpired",
    "LastOwner",
    "NameTaken",
    "NeverAwake",
    "NotAllowed",
    "SecondFactorFirst",
    "TeamNameTaken",
    "accept_invitation",
    "add_owner",
    "archive_team",
    "change_customer",
    "change_desk",
    "change_group",
    "change_language",
    "change_profile",
    "change_quiet_hours",
    "change_role",
    "change_sees",
    "change_team",
    "create_customer",
    "create_group",
    "create_team",
    "create_tenant",
    "create_token",
    "deactivate_person",
    "desk_state",
    "hash_token",
    "invitation_of",
    "invitation_token",
    "invite_again",
    "invite_person",
    "may_give_role",
    "may_invite_for",
    "may_manage",
    "reactivate_person",
    "refusal_words",
    "remove_group",
    "require_second_factor",
    "restore_team",
    "revoke_token",
]
