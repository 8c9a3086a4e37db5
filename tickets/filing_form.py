"""The form that a ticket is filed with: what every ticket needs, and what its category asks for."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Value
from django.db.models.functions import Concat
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from accounts.finding import LONGEST_NAME, Hits, find_by_name
from accounts.models import Membership
from tickets.forms import DeskForm, FilesField, LimitedLine, body_field
from tickets.intake import Kind, Question, check_answers, missing_words
from tickets.intake_forms import AnswerField, add_questions, shown_questions, typed_answers
from tickets.lifecycle import Priority
from tickets.models import SUBJECT_LENGTH, Category, Service
from tickets.service_choices import NO_SERVICE, offer_services
from tickets.services.errors import RefusedFile
from tickets.services.files import check_files, clean_name
from tickets.services.intake import intake_form_of

LONGEST_ID = 18  # digits that a bigint has room for whatever they are
STANDARD = ("requester", "category", "subject", "body")
AFTER_QUESTIONS = ("service", "affected_service", "priority", "attachments", "private")


def id_in(value: Any) -> int | None:
    """An id as somebody sent it; None for anything else."""
    text = str(getattr(value, "pk", value) or "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST_ID else None


class NewTicketForm(DeskForm):
    """What a ticket is filed with. Staff also name the contact for whom they file it."""

    requester = forms.ModelChoiceField(
        label=gettext_lazy("Requester"),
        queryset=Membership.objects.none(),
        error_messages={"required": gettext_lazy("Choose the person who asks for help.")},
        widget=forms.HiddenInput,
    )
    # What was typed instead of choosing; `requester_hits` says whom it may mean.
    requester_name = forms.CharField(required=False, max_length=LONGEST_NAME)
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"),
        queryset=Category.objects.none(),
        empty_label=gettext_lazy("Choose a category"),
        error_messages={"required": gettext_lazy("Choose what this is about.")},
    )
    service = forms.ModelChoiceField(
        label=gettext_lazy("Affected service"),
        help_text=gettext_lazy("The one that it is about, if it is one in particular."),
        queryset=Service.objects.none(),
        empty_label=NO_SERVICE,
        required=False,
    )
    # In words, for those whose desk lists no service.
    affected_service = LimitedLine(
        label=gettext_lazy("Affected service"),
        help_text=gettext_lazy("The system, module or device, if it is one in particular."),
        most=120,
        required=False,
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"),
        choices=Priority.choices,
        widget=forms.RadioSelect,
        initial=Priority.MEDIUM,
        error_messages={"required": gettext_lazy("Choose how urgent this is.")},
    )
    subject = LimitedLine(
        label=gettext_lazy("Subject"),
        help_text=gettext_lazy("One line that says what is wrong or wanted."),
        most=SUBJECT_LENGTH,
        error_messages={"required": gettext_lazy("Write a subject.")},
    )
    body = body_field(
        gettext_lazy("Description"),
        gettext_lazy("Describe what happens."),
        help_text=gettext_lazy(
            "What happens, since when, who is affected, what you have tried. "
            "Markdown works: **bold**, lists with -, `code`."
        ),
    )
    attachments = FilesField(label=gettext_lazy("Attachments"), required=False)
    private = forms.BooleanField(
        label=gettext_lazy("Keep this ticket private"),
        help_text=gettext_lazy("Only you, whoever you add, and support see it."),
        required=False,
    )

    def __init__(self, *args: Any, membership: Membership, **options: Any) -> None:
        super().__init__(*args, membership=membership, **options)
        self.fields["category"].queryset = Category.objects.visible_to(membership).in_use()  # type: ignore[attr-defined]
        self.chosen_requester: Membership | None = None
        self.requester_hits: Hits | None = None
        if membership.is_contact:
            del self.fields["requester"], self.fields["requester_name"]
        else:
            del self.fields["private"]  # theirs to say; staff may change it on the ticket
            self._offer_requesters()
            self.chosen_requester = self._requester_chosen()
        who = self.chosen_requester or membership
        self.customer = who.customer
        used = Service.objects.visible_to(membership).in_use()
        used = used.used_by(self.customer.pk if self.customer else None)
        self.services = offer_services(self.fields["service"], used)
        self.chosen_category = self._category_chosen()
        self.intake = intake_form_of(self.chosen_category) if self.chosen_category else None
        self._ask()

    def _category_chosen(self) -> Category | None:
        """The category that stands in the form, as far as it is one that a new ticket may take."""
        chosen = id_in(self["category"].value())
        categories: Any = self.fields["category"].queryset  # type: ignore[attr-defined]
        found: Category | None = categories.filter(pk=chosen).first() if chosen else None
        return found

    def _ask(self) -> None:
        """The questions of the category; that for the affected service is asked by the field of the ticket.

        They stand as the page shows them, so that the summary of errors reads from top to bottom.
        """
        is_staff = self.membership.is_staff_member
        add_questions(self, self.intake, lenient=is_staff)
        for question in self.intake.asked if self.intake else []:
            if question.kind == Kind.SERVICE:
                asked = self.fields[self.service_field]
                asked.label, asked.help_text = question.label, question.help or asked.help_text
                asked.required = question.required and not question.depends_on and not is_staff
                asked.error_messages["required"] = missing_words(question)
        questions = [name for name, each in self.fields.items() if isinstance(each, AnswerField)]
        self.order_fields([*STANDARD, *questions, *AFTER_QUESTIONS])

    @property
    def service_field(self) -> str:
        """The field that says what it is about: a service that the desk lists, or words."""
        return "service" if self.services else "affected_service"

    @property
    def questions(self) -> list[Any]:
        """The questions of the category, as `tickets.intake_forms.Shown`."""
        return shown_questions(self, self.intake)

    def clean(self) -> dict[str, Any]:
        """Put `answers` to the questions, and all `files`, beside the fields."""
        data = super().clean() or self.cleaned_data
        asked = self.intake.asked if self.intake else []
        typed = typed_answers(self)
        files = self._answer_files(typed)
        names = {key: [clean_name(file.name or "") for file in each] for key, each in files.items()}
        given = typed | names | self._service_said(asked)
        kept, errors = check_answers(asked, given, lenient=self.membership.is_staff_member)
        for key, words in errors.items():
            if self._field_of(key) not in self.errors:
                self.add_error(self._field_of(key), words)
        sent = [file for key, each in files.items() if key in kept for file in each]
        return {**data, "answers": kept, "files": [*data.get("attachments", []), *sent]}

    def _field_of(self, key: str) -> str:
        names = {f.question.key: name for name, f in self.fields.items() if isinstance(f, AnswerField)}
        return names.get(key, self.service_field)

    def _service_said(self, asked: list[Question]) -> dict[str, str]:
        service = self.cleaned_data.get("service")
        words = service.name if service else self.cleaned_data.get("affected_service", "")
        return {question.key: words for question in asked if question.kind == Kind.SERVICE}

    def _answer_files(self, typed: dict[str, Any]) -> dict[str, list[UploadedFile[Any]]]:
        """The files of each question for files; what is not taken is said beside it."""
        found: dict[str, list[UploadedFile[Any]]] = {}
        for name, each in self.fields.items():
            if not isinstance(each, AnswerField) or each.question.kind != Kind.FILE:
                continue
            files = [file for file in (typed[each.question.key] or []) if file]
            try:
                check_files(files)
            except RefusedFile as refused:
                self.add_error(name, refused.words())
            found[each.question.key] = files
        return found

    def _offer_requesters(self) -> None:
        """Anybody of a customer that is in business; found by name, since all would outweigh the page."""
        self._requesters = requesters(self.membership)
        self.fields["requester"].queryset = self._requesters  # type: ignore[attr-defined]

    def _requester_chosen(self) -> Membership | None:
        """The person of this desk that stands in the form, or that the words typed instead of it mean."""
        chosen, words = id_in(self["requester"].value()), str(self["requester_name"].value() or "")
        if words.strip() and not chosen:
            self.requester_hits = find_requester(words, self.membership)
            chosen = id_in(self.requester_hits.only)
            if chosen and self.is_bound:
                given = cast("QueryDict", self.data).copy()
                given["requester"] = str(chosen)
                self.data = given
        person: Membership | None = self._requesters.filter(pk=chosen).first() if chosen else None
        return person


def requesters(by: Membership) -> Any:
    """The people for whom staff file tickets, with `shown`, by which they are found: name and company."""
    people = Membership.objects.visible_to(by).contacts().active().filter(customer__is_active=True)
    people = people.annotate(shown=Concat("name", Value(" \u00b7 "), "customer__name"))
    return people.select_related("customer").order_by("customer__name", "name")


def find_requester(words: str, by: Membership) -> Hits:
    """Whom the words may mean, by parts of the name or of the company."""
    return find_by_name(requesters(by), words, name="shown")
