"""How customers stand, by API: read by staff, set and lifted by admins, and what each standing stops."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import (
    LARGEST_ID,
    DeskView,
    Input,
    Instant,
    PageQuery,
    page_response,
    page_schema,
    read_input,
    read_query,
)
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsAdmin, IsStaffMember
from accounts.api.serializers import PersonRefSerializer
from accounts.models import Customer, Ground, Standing, StandingRule
from accounts.models.standing import REASON_LENGTH, WAY_OUT_LENGTH
from accounts.services.standing import (
    RuleTerms,
    StandingTerms,
    change_standing_rule,
    lift_standing,
    set_standing,
)
from accounts.standing import rules_of
from accounts.standing_forms import LARGEST_NUMBER, MOST_EVIDENCE, WORSE_THAN_GOOD
from accounts.views.standing_words import known_numbers
from tickets.lifecycle import Priority
from tickets.standing_words import STOPPABLE

NEWEST = Order("newest", [Key("set_at", descending=True), Key("id", descending=True)])


class StandingSerializer(serializers.Serializer[Standing]):
    """A period in which a customer stood worse than good."""

    id = serializers.IntegerField(help_text=_("What “seen” takes."))
    level = serializers.ChoiceField(choices=WORSE_THAN_GOOD)
    ground = serializers.ChoiceField(choices=Ground.choices)
    reason = serializers.CharField(help_text=_("For staff alone."))
    way_out = serializers.CharField(help_text=_("Empty: the words of the rule are shown."))
    evidence = serializers.ListField(child=serializers.IntegerField(), help_text=_("Numbers of tickets."))
    starts_at = Instant()
    review_on = serializers.DateField(allow_null=True)
    set_by = PersonRefSerializer()
    set_at = Instant()
    lifted_at = Instant(allow_null=True, help_text=_("Null while it is open."))
    lifted_by = PersonRefSerializer(allow_null=True)


class SeenInput(Input):
    """What was seen before."""

    seen = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_ID,
        allow_null=True,
        help_text=_("The id of the open standing that you read; null where there was none."),
    )


class StandingInput(SeenInput):
    """How a customer stands from now on."""

    level = serializers.ChoiceField(choices=WORSE_THAN_GOOD)
    ground = serializers.ChoiceField(choices=Ground.choices)
    reason = serializers.CharField(max_length=REASON_LENGTH, help_text=_("For staff alone."))
    way_out = serializers.CharField(
        max_length=WAY_OUT_LENGTH, allow_blank=True, default="", help_text=_("Empty: the words of the rule.")
    )
    evidence = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_NUMBER),
        max_length=MOST_EVIDENCE,
        default=list,
        help_text=_("Numbers of tickets of this customer."),
    )
    starts_at = Instant(default=None, allow_null=True, help_text=_("Null: at once."))
    review_on = serializers.DateField(default=None, allow_null=True)

    def validate_evidence(self, value: list[int]) -> list[int]:
        """Each a ticket of the customer."""
        known = known_numbers(self.context["membership"], self.context["customer"], value)
        if missing := sorted(set(value) - known):
            said = _gettext("This customer has no ticket %(numbers)s.")
            raise serializers.ValidationError(said % {"numbers": ", ".join(map(str, missing))})
        return value


class StandingRuleSerializer(serializers.Serializer[StandingRule]):
    """What standings of a level and ground stop."""

    level = serializers.ChoiceField(choices=WORSE_THAN_GOOD)
    ground = serializers.ChoiceField(choices=Ground.choices)
    stops_tickets = serializers.BooleanField(help_text=_("No new tickets at all."))
    priorities = serializers.ListField(
        child=serializers.ChoiceField(choices=Priority.choices), help_text=_("The stopped ones.")
    )
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=STOPPABLE), help_text=_("The stopped ones.")
    )
    stops_emergencies = serializers.BooleanField(help_text=_("Its people cannot declare one."))
    lets_critical_outages = serializers.BooleanField(help_text=_("Those are taken whatever is stopped."))
    way_out = serializers.CharField(allow_blank=True, help_text=_("Empty: our own words."))
    version = serializers.IntegerField(read_only=True, help_text=_("0 while nobody has set it."))


class StandingRuleInput(Input):
    """What standings of a level and ground stop from now on; the whole rule."""

    level = serializers.ChoiceField(choices=WORSE_THAN_GOOD)
    ground = serializers.ChoiceField(choices=Ground.choices)
    seen = serializers.IntegerField(min_value=0, max_value=LARGEST_NUMBER, help_text=_("Its version."))
    stops_tickets = serializers.BooleanField()
    priorities = serializers.ListField(child=serializers.ChoiceField(choices=Priority.choices), default=list)
    channels = serializers.ListField(child=serializers.ChoiceField(choices=STOPPABLE), default=list)
    stops_emergencies = serializers.BooleanField()
    lets_critical_outages = serializers.BooleanField()
    way_out = serializers.CharField(max_length=WAY_OUT_LENGTH, allow_blank=True, default="")


StandingPage = page_schema("StandingPage", StandingSerializer)


class CustomerView(DeskView):
    """A view about one customer, which only an admin changes."""

    permission_classes = (IsAdmin,)

    def customer(self, customer_id: int) -> Customer:
        """Raises Http404."""
        customer: Customer = get_object_or_404(Customer.objects.visible_to(self.membership), pk=customer_id)
        return customer

    def answer(self, standing: Standing, code: int = status.HTTP_200_OK) -> Response:
        """The standing as it is now."""
        shown = Standing.objects.select_related("set_by", "lifted_by").get(pk=standing.pk)
        return Response(StandingSerializer(shown, context=self.context()).data, status=code)


class CustomerStandings(CustomerView):
    def get_permissions(self) -> list[Any]:
        return [IsStaffMember() if self.request.method == "GET" else IsAdmin()]

    @operation(
        _("List a customer's standings"),
        name="list_standings",
        group="people",
        answers={200: StandingPage},
        refused=["invalid", "not_allowed"],
        parameters=[PageQuery],
        description=_("The newest first; none, or all lifted, means good standing. For staff alone."),
    )
    def get(self, request: Request, customer_id: int) -> Response:
        query = read_query(self, PageQuery)
        customer = self.customer(customer_id)
        standings = Standing.objects.visible_to(self.membership).filter(customer=customer)
        shown = standings.select_related("set_by", "lifted_by")
        return page_response(self, shown, NEWEST, query, StandingSerializer)

    @operation(
        _("Restrict or suspend a customer"),
        name="set_standing",
        group="people",
        answers={201: StandingSerializer},
        refused=[*CHANGE, "edited_meanwhile", "refused_standing"],
        request=StandingInput,
        description=_("Ends the standing that is open. The customer's people are told on every page."),
    )
    def post(self, request: Request, customer_id: int) -> Response:
        customer = self.customer(customer_id)
        values = read_input(self, StandingInput, customer=customer)
        seen = values.pop("seen")
        standing = set_standing(
            customer=customer, terms=StandingTerms(**values), seen=seen, by=self.membership, at=timezone.now()
        )
        return self.answer(standing, status.HTTP_201_CREATED)


class LiftStanding(CustomerView):
    @operation(
        _("Lift a customer's standing"),
        name="lift_standing",
        group="people",
        answers={200: StandingSerializer},
        refused=[*CHANGE, "edited_meanwhile", "refused_standing"],
        request=SeenInput,
        description=_("Good standing again, at once."),
    )
    def post(self, request: Request, customer_id: int) -> Response:
        customer = self.customer(customer_id)
        seen = read_input(self, SeenInput)["seen"]
        standing = lift_standing(customer=customer, seen=seen, by=self.membership, at=timezone.now())
        return self.answer(standing)


class StandingRules(DeskView):
    permission_classes = (IsAdmin,)

    @operation(
        _("List what standings stop"),
        name="list_standing_rules",
        group="people",
        answers={200: StandingRuleSerializer(many=True)},
        refused=["not_allowed"],
        description=_("A rule for each level and ground, set or not. For admins alone."),
    )
    def get(self, request: Request) -> Response:
        rules: Any = rules_of(self.tenant.pk)
        return Response(StandingRuleSerializer(rules, many=True).data)

    @operation(
        _("Say what a standing stops"),
        name="change_standing_rule",
        group="people",
        answers={200: StandingRuleSerializer},
        refused=[*CHANGE, "edited_meanwhile"],
        request=StandingRuleInput,
        description=_("It counts at once, for standings in force as well."),
    )
    def put(self, request: Request) -> Response:
        values = read_input(self, StandingRuleInput)
        level, ground, seen = (values.pop(name) for name in ("level", "ground", "seen"))
        rule = change_standing_rule(
            level=level,
            ground=ground,
            terms=RuleTerms(**values),
            seen_version=seen,
            by=self.membership,
            at=timezone.now(),
        )
        return Response(StandingRuleSerializer(rule).data)
