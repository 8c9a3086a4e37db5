"""Refused rules of accounts, and what a form says about them."""

from django.utils.translation import gettext as _


class NotAllowed(Exception):
    """The person may not do this to that one."""


class AlreadyMember(Exception):
    """The address already belongs to somebody in this desk."""


class LastOwner(Exception):
    """The desk would be left without an owner."""


class InvitationExpired(Exception):
    """The link is too old, was replaced by a newer one, was used, or was never ours."""


class NameTaken(Exception):
    """Another customer of the desk has that name already."""


class TeamNameTaken(Exception):
    """Another team of the desk has that name already."""


class GroupNameTaken(Exception):
    """Another group of the company has that name already."""


class HostRefused(ValueError):
    """A name that no desk, or not this one, can answer at; `reason` is "shape", "site" or "taken"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def words(self) -> str:
        """What stands beside the field; never whose name it is."""
        said = {
            "shape": _("Only the full host name, in lower case: support.example.com"),
            "site": _("The installation itself answers at this host name."),
            "taken": _("Another desk answers at this host name."),
        }
        return said[self.reason]


class NeverAwake(Exception):
    """Quiet hours that leave no moment of the week in which somebody may be told anything."""


class SecondFactorFirst(Exception):
    """Who asks others for a second factor has none: they would shut themselves out with the same click."""


class DomainTaken(Exception):
    """Another sign-in connection of the desk answers for one of the domains already."""


class RefusedLook(ValueError):
    """A colour that is none, no language at all, or a default that is not offered; `field` says which."""

    code = "refused"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field

    def words(self) -> str:
        """What stands beside the field."""
        said = {
            "own_colour": _("This is not a colour. Write six digits, such as #1d4ed8."),
            "accent": _("There is no accent of this name."),
            "languages": _("A desk speaks at least one language."),
            "language": _("Choose one of the languages that the desk offers."),
        }
        return said[self.field]


class EditedMeanwhile(Exception):
    """Somebody else changed the same thing first; `current` is its name as it is now."""

    def __init__(self, current: str) -> None:
        super().__init__(current)
        self.current = current


def changed_meanwhile(current: str) -> str:
    """What is said to whoever edited what somebody else has changed first; `current` is its name now."""
    return _(
        "Somebody else has changed “%(current)s” meanwhile. Nothing was overwritten: "
        "compare with what it is now and save again."
    ) % {"current": current}


def refusal_words(error: Exception) -> str:
    """What a form says when one of the rules above refused."""
    if isinstance(error, EditedMeanwhile):
        return changed_meanwhile(error.current)
    words = {
        NotAllowed: _("You may not do this for that person."),
        GroupNameTaken: _("A group with this name exists already."),
        NameTaken: _("A customer with this name exists already."),
        TeamNameTaken: _("A team with this name exists already. It may be archived."),
        NeverAwake: _("Leave some time of the week in which you may be told."),
        AlreadyMember: _("Somebody with this address is already in this desk."),
        LastOwner: _("A desk needs an owner: make somebody else owner first."),
        DomainTaken: _("Another connection answers for one of these domains already."),
        SecondFactorFirst: _("Set up your own second factor first, in your profile."),
        InvitationExpired: _("This invitation is no longer valid. Ask for a new one."),
    }
    return words[type(error)]
