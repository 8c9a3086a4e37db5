"""Forms by which staff ask for approval and customers answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.forms import DeskForm, LimitedLine, TextField
from tickets.hour_fields import HoursField
from tickets.models.approvals import COMMENT_LENGTH, PRICE_LENGTH, QUESTION_LENGTH
from tickets.services import Clause


class AskApprovalForm(DeskForm):
    """What the customer shall say yes to; `clauses` are the exclusions of its plan."""

    clause = forms.ChoiceField(
        label=gettext_lazy("Out of scope"),
        help_text=gettext_lazy("The customer reads the clause with your question."),
        required=False,
    )
    question = TextField(
        label=gettext_lazy("What shall the customer approve?"),
        help_text=gettext_lazy("What you would do, what comes of it, what happens without it."),
        most=QUESTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Write what the customer shall approve.")},
    )
    estimate = HoursField(
        label=gettext_lazy("Estimate"),
        help_text=gettext_lazy("In hours, as in 1:30. Up to so much may be drawn from prepaid hours."),
        required=False,
    )
    price = LimitedLine(
        label=gettext_lazy("Price"),
        help_text=gettext_lazy("In words, where it is not paid in hours: “200 USD, invoiced in March”."),
        most=PRICE_LENGTH,
        required=False,
    )

    def __init__(self, *args: Any, clauses: Sequence[Clause], **options: Any) -> None:
        super().__init__(*args, **options)
        self.clauses = {clause.key: clause for clause in clauses}
        choices = [(clause.key, clause.title) for clause in clauses]
        field: Any = self.fields["clause"]
        field.choices = [("", _("No, this is in scope")), *choices]
        if not clauses:
            del self.fields["clause"]

    def values(self) -> dict[str, Any]:
        """What `ask_approval` takes; after `is_valid`."""
        data = self.cleaned_data
        return {
            "question": data["question"],
            "clause": self.clauses.get(data.get("clause", "")),
            "estimate_minutes": data["estimate"],
            "price": data["price"],
        }


class DecideForm(DeskForm):
    """Yes or no, and a word with it; the button says which."""

    answer = forms.ChoiceField(
        choices=[("approve", "approve"), ("decline", "decline")],
        error_messages={
            "required": gettext_lazy("Choose whether you approve."),
            "invalid_choice": gettext_lazy("Choose whether you approve."),
        },
    )
    comment = TextField(
        label=gettext_lazy("Comment"),
        most=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    @property
    def approves(self) -> bool:
        """After `is_valid`."""
        return bool(self.cleaned_data["answer"] == "approve")
