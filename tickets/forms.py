"""Forms about tickets. Ids are looked up among what the person may see: a forged one is an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Membership
from accounts.oneline import LineField
from tickets.lifecycle import ENDED, UNRESOLVED, WAITING, Priority, Status, may_become
from tickets.models import BODY_LENGTH, Ticket
from tickets.services.errors import RefusedFile
from tickets.services.files import ENDINGS, LARGEST, MOST_FILES, check_files

NOT_AMONG = gettext_lazy("This choice does not exist (any more). Choose one from the list.")


def file_limits() -> dict[str, Any]:
    """What the file control needs to know: the limits in words and for the browser."""
    return {
        "name": "attachments",
        "limits": _("Up to %(n)d files, %(size)d MB each: images, PDF, text, office documents, .zip.")
        % {"n": MOST_FILES, "size": LARGEST // 1024**2},
        "accept": ",".join(sorted(ENDINGS)),
        "max_bytes": LARGEST,
        "max_files": MOST_FILES,
    }


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; what is not taken is said here, before anything is stored."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = [file for file in (data or []) if file]
        try:
            check_files(files)
        except RefusedFile as refused:
            raise forms.ValidationError(refused.words()) from None
        return files


class TextField(forms.CharField):
    """A text that says how much too long it is."""

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(
                ngettext(
                    "This is %(length)d characters long, %(over)d too many. The limit is %(most)d.",
                    "This is %(length)d characters long, %(over)d too many. The limit is %(most)d.",
                    len(value) - self.most,
                )
                % {"length": len(value), "over": len(value) - self.most, "most": self.most}
            )


class LimitedLine(LineField, TextField):
    """A text of one line that says how much too long it is."""


def body_field(label: str | Promise, missing: str | Promise, **options: Any) -> TextField:
    """The text of a message: Markdown, required, of limited length."""
    return TextField(
        label=label,
        most=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": missing},
        **options,
    )


class DeskForm(forms.Form):
    """A form that knows who fills it in; labels get no colon."""

    def __init__(self, *args: Any, membership: Membership, **options: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | options))
        self.membership = membership
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):  # its subclass ModelChoiceField included
                field.error_messages["invalid_choice"] = NOT_AMONG


class ReplyForm(DeskForm):
    """A public reply; staff may set a status with it, a customer say that it is not solved yet."""

    body = body_field(gettext_lazy("Your message"), gettext_lazy("Write something before you send it."))
    attachments = FilesField(label=gettext_lazy("Attachments"), required=False)
    then = forms.ChoiceField(label=gettext_lazy("And then"), required=False)
    not_solved = forms.BooleanField(label=gettext_lazy("This is not solved yet"), required=False)

    def __init__(self, *args: Any, membership: Membership, ticket: Ticket, **options: Any) -> None:
        super().__init__(*args, membership=membership, **options)
        if membership.is_contact:
            del self.fields["then"]
        else:
            del self.fields["not_solved"]
            self.fields["then"].choices = choices_after_reply(ticket)  # type: ignore[attr-defined]


class NoteForm(DeskForm):
    """An internal note."""

    body = body_field(gettext_lazy("Your message"), gettext_lazy("Write something before you add it."))
    attachments = FilesField(label=gettext_lazy("Attachments"), required=False)


def choices_after_reply(ticket: Ticket) -> list[tuple[str, str]]:
    """The statuses that a reply may set, in words that finish "Send and …"; the first keeps what is right."""
    words = {
        Status.OPEN: _("and keep open"),
        Status.PENDING: _("and wait for the customer"),
        Status.ON_HOLD: _("and put on hold"),
        Status.AWAITING_APPROVAL: _("and wait for approval"),
        Status.RESOLVED: _("and resolve"),
    }
    now = Status(ticket.status)
    kept = Status.OPEN if now == Status.NEW else now
    others = [status for status in words if status != kept and may_become(now, status)]
    return [
        ("", words[kept] if kept in words else _("and keep the status")),
        *((s, words[s]) for s in others),
    ]


def choices_of_status(ticket: Ticket) -> list[tuple[str, str]]:
    """The present status and those that may be set by hand; resolving and reopening have buttons."""
    now = Status(ticket.status)
    by_hand = [s for s in (Status.OPEN, *WAITING) if now not in ENDED and may_become(now, s)]
    return [(s.value, str(s.label)) for s in Status if s == now or s in by_hand]


class AssignForm(DeskForm):
    """Who works on it; `seen` is the id of the assignee that the page showed, empty for nobody."""

    assignee = forms.ModelChoiceField(
        label=gettext_lazy("Assignee"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=gettext_lazy("Unassigned"),
    )
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, membership: Membership, **options: Any) -> None:
        super().__init__(*args, membership=membership, **options)
        staff = Membership.objects.visible_to(membership).staff().active()
        self.fields["assignee"].queryset = staff  # type: ignore[attr-defined]

    def offer(self, staff: Iterable[Membership], away: Mapping[int, str]) -> None:
        """Show these colleagues; `away` says of those who are not there until when, by their ids."""
        named = [
            (person.pk, f"{person.name} · {away[person.pk]}" if person.pk in away else person.name)
            for person in staff
        ]
        self.fields["assignee"].choices = [("", _("Unassigned")), *named]  # type: ignore[attr-defined]

    def clean_seen(self) -> int | None:
        seen = str(self.cleaned_data["seen"])
        return int(seen) if seen.isdecimal() else None


class PriorityForm(DeskForm):
    """How urgent it is."""

    priority = forms.ChoiceField(label=gettext_lazy("Priority"), choices=Priority.choices)
    seen = forms.ChoiceField(required=False, choices=Priority.choices, widget=forms.HiddenInput)


class StatusForm(DeskForm):
    """What it waits for."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=Status.choices)
    seen = forms.ChoiceField(required=False, choices=Status.choices, widget=forms.HiddenInput)


ORDERS = (
    ("", gettext_lazy("Due next")),
    ("newest", gettext_lazy("Newest")),
    ("changed", gettext_lazy("Last changed")),
)


class QueueFilter(DeskForm):
    """The filters above the queue, read from the URL. Choices are passed in: the page shows the same.

    Of what is found by name (`tickets.views.finders`) the only choice is the one that the URL names.
    """

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    priority = forms.ChoiceField(label=gettext_lazy("Priority"), required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("Assignee"), required=False)
    customer = forms.ChoiceField(label=gettext_lazy("Customer"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    order = forms.ChoiceField(label=gettext_lazy("Order"), required=False, choices=ORDERS)

    NOBODY = "none"

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **options: Any) -> None:
        super().__init__(*args, **options)
        fixed: dict[str, list[tuple[str, str]]] = {
            "status": [(s.value, str(s.label)) for s in UNRESOLVED],
            "priority": [(p.value, str(p.label)) for p in Priority],
        }
        for name, any_of_them in (
            ("status", _("Any status")),
            ("priority", _("Any priority")),
            ("assignee", _("Anybody")),
            ("customer", _("Any customer")),
            ("category", _("Any category")),
            ("service", _("Any service")),
        ):
            self.fields[name].choices = [("", any_of_them), *(fixed | choices).get(name, [])]  # type: ignore[attr-defined]
