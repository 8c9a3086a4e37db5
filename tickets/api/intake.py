"""What categories ask for: everybody reads it before filing, admins change it."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, Input, Instant, Line, read_input
from accounts.api.documenting import CHANGE, operation
from accounts.api.permissions import IsAdmin, IsMember
from tickets.intake import HELP_LENGTH, KEY, LABEL_LENGTH, LINE_LENGTH, Kind, Question
from tickets.models import Category
from tickets.services.intake import change_intake_form, intake_form_of


class QuestionInput(Input):
    """One fact to ask for."""

    key = serializers.RegexField(
        rf"^{KEY.pattern}$", help_text=_("Answers are sent under it. Keep it from version to version.")
    )
    label = Line(  # type: ignore[assignment] # DRF takes fields off the class
        max_length=LABEL_LENGTH, help_text=_("The question.")
    )
    kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.TEXT.value)
    help = Line(max_length=HELP_LENGTH, required=False, allow_blank=True)
    required = serializers.BooleanField(default=False)  # type: ignore[assignment] # DRF takes fields off the class
    choices = serializers.ListField(
        child=Line(max_length=LINE_LENGTH),
        default=list,
        help_text=_("For “choice”: what may be answered, word for word."),
    )
    depends_on = serializers.CharField(
        required=False, allow_blank=True, max_length=40, help_text=_("The key of an earlier choice.")
    )
    depends_value = Line(
        required=False,
        allow_blank=True,
        max_length=LINE_LENGTH,
        help_text=_("Asked only if that was answered with this."),
    )


class ChangeIntakeInput(Input):
    """All questions in order; an empty list asks nothing."""

    questions = QuestionInput(many=True)
    seen = serializers.IntegerField(min_value=0, help_text=_("The version that you saw; 0 for none."))


class IntakeSerializer(serializers.Serializer[Any]):
    """What a category asks for, in the version that is in use."""

    version = serializers.IntegerField(help_text=_("0: it never asked for anything."))
    questions = serializers.ListField(child=serializers.DictField())
    created_at = Instant(allow_null=True)


class Questions(DeskView):
    """Members read, admins write."""

    def get_permissions(self) -> list[IsMember]:
        return [IsMember() if self.request.method in ("GET", "HEAD", "OPTIONS") else IsAdmin()]

    def shown(self, category: Category) -> Any:
        """The form as it is now."""
        form = intake_form_of(category)
        return {
            "version": form.number if form else 0,
            "questions": form.questions if form else [],
            "created_at": form.created_at if form else None,
        }

    def category(self, category_id: int) -> Category:
        """The category among those of the desk. Raises Http404."""
        return get_object_or_404(Category.objects.visible_to(self.membership), pk=category_id)

    @operation(
        _("Show what a category asks for"),
        name="show_questions",
        group="tickets",
        answers={200: IntakeSerializer},
        description=_("Send the answers as “answers” when you file a ticket."),
    )
    def get(self, request: Request, category_id: int) -> Response:
        return Response(IntakeSerializer(self.shown(self.category(category_id))).data)

    @operation(
        _("Change what a category asks for"),
        name="change_questions",
        group="tickets",
        answers={200: IntakeSerializer},
        refused=[*CHANGE, "edited_meanwhile", "faulty_questions"],
        request=ChangeIntakeInput,
        description=_("A new version; tickets that were filed keep what they were asked. For admins alone."),
    )
    def put(self, request: Request, category_id: int) -> Response:
        category = self.category(category_id)
        values = read_input(self, ChangeIntakeInput)
        questions = [Question(**{**row, "choices": tuple(row["choices"])}) for row in values["questions"]]
        change_intake_form(
            category=category,
            questions=questions,
            seen=values["seen"],
            by=self.membership,
            at=timezone.now(),
        )
        return Response(IntakeSerializer(self.shown(category)).data)
