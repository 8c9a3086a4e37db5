"""Refused rules. Each says in the reader's language what was refused; pages and API show that text."""

from django.utils.translation import gettext as _

from accounts.services.errors import changed_meanwhile


class KnowledgeRuleBroken(Exception):
    """A rule of the knowledge base refused an intention; `words()` says which, `field` where."""

    code = "refused"
    field = ""

    def words(self) -> str:
        return _("This cannot be done.")


class NotAllowed(KnowledgeRuleBroken):
    """The person's role does not include it."""

    code = "not_allowed"

    def words(self) -> str:
        return _("Your role in this desk does not include this.")


class EditedMeanwhile(KnowledgeRuleBroken):
    """Somebody else saved first; `version` is what there is now, `current` names it."""

    code = "edited_meanwhile"

    def __init__(self, current: str, version: int) -> None:
        super().__init__(current)
        self.current, self.version = current, version

    def words(self) -> str:
        return changed_meanwhile(self.current)


class EditionExists(KnowledgeRuleBroken):
    """The article has a text in that language already."""

    code = "edition_exists"
    field = "language"

    def words(self) -> str:
        return _("This article exists in that language already.")


class NothingSaid(KnowledgeRuleBroken):
    """Neither a text nor the address of a guide."""

    code = "nothing_said"
    field = "body"

    def words(self) -> str:
        return _("Write a text, or give the address of an official guide.")


class NothingChanged(KnowledgeRuleBroken):
    """What was saved is what there was."""

    code = "nothing_changed"

    def words(self) -> str:
        return _("Nothing was changed since the last version.")


class WrongState(KnowledgeRuleBroken):
    """There is no way from the state of the text to the wanted one."""

    code = "wrong_state"

    def words(self) -> str:
        return _("Its state does not allow this any more. Look at what has changed and try again.")


class CommentMissing(KnowledgeRuleBroken):
    """An author must be told why the text came back."""

    code = "comment_missing"
    field = "comment"

    def words(self) -> str:
        return _("Say what the author should change.")


class NameMissing(KnowledgeRuleBroken):
    """A section has a name in one language at least."""

    code = "name_missing"

    def words(self) -> str:
        return _("Give the section a name in one language at least.")


class SectionArchived(KnowledgeRuleBroken):
    """No article can be put where nobody would find it."""

    code = "section_archived"
    field = "section"

    def words(self) -> str:
        return _("This section is archived. Choose another one.")


class RefusedImage(KnowledgeRuleBroken):
    """A picture is too large, one too many, or none of the kinds that are taken."""

    code = "refused_image"
    field = "image"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def words(self) -> str:
        return self.message
