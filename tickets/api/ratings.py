"""What customers say of the help that they got."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import (
    Input,
    Instant,
    Line,
    PageQuery,
    page_response,
    page_schema,
    read_input,
    read_query,
)
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsSupervisor
from accounts.api.serializers import CustomerRefSerializer, PersonRefSerializer
from tickets.api.serializers import CategoryRefSerializer
from tickets.api.views import TicketView
from tickets.models import COMMENT_LENGTH, Rating, Score
from tickets.services import follow_up_rating, rate_ticket

NEWEST = Order("newest", [Key("rated_at", descending=True), Key("id", descending=True)])


class RateInput(Input):
    """The answer to the one question."""

    score = serializers.ChoiceField(choices=Score.choices, help_text=_("From 1, very poor, to 5, very good."))
    comment = serializers.CharField(max_length=COMMENT_LENGTH, required=False, default="", allow_blank=True)


class FollowUpInput(Input):
    """What was done about a low answer."""

    note = Line(max_length=500)


class RatingSerializer(serializers.Serializer[Rating]):
    """What somebody said of one ticket."""

    id = serializers.IntegerField()
    ticket = serializers.IntegerField(source="ticket.number", help_text=_("The number of the ticket."))
    score = serializers.IntegerField(help_text=_("From 1, very poor, to 5, very good."))
    comment = serializers.CharField()
    rated_at = Instant()
    rated_by = PersonRefSerializer(allow_null=True)
    agent = PersonRefSerializer(allow_null=True, help_text=_("Who had the ticket when it was resolved."))
    customer = CustomerRefSerializer()
    category = CategoryRefSerializer()
    followed_up_at = Instant(allow_null=True)
    followed_up_by = PersonRefSerializer(allow_null=True)
    follow_up_note = serializers.CharField()


RatingPage = page_schema("RatingPage", RatingSerializer)


class Rate(TicketView):
    @operation(
        _("Rate a ticket"),
        name="rate_ticket",
        group="actions",
        answers={200: RatingSerializer},
        refused=[*CHANGE, "wrong_status", "rating_over"],
        request=RateInput,
        description=_("How the support was on a resolved ticket. By its customer."),
    )
    def post(self, request: Request, number: int) -> Response:
        ticket = self.get_ticket(number)
        values: dict[str, Any] = read_input(self, RateInput)
        rating = rate_ticket(ticket=ticket, by=self.membership, at=timezone.now(), **values)
        return Response(RatingSerializer(rating, context=self.context()).data)


class Ratings(TicketView):
    permission_classes = (IsSupervisor,)

    @operation(
        _("List ratings"),
        name="list_ratings",
        group="tickets",
        answers={200: RatingPage},
        refused=["invalid"],
        parameters=[PageQuery],
        description=_("What customers answered, the newest first. For supervisors and above."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, PageQuery)
        ratings = Rating.objects.visible_to(self.membership).answered().with_people()
        return page_response(self, ratings, NEWEST, query, RatingSerializer)


class FollowUp(TicketView):
    permission_classes = (IsSupervisor,)

    @operation(
        _("Follow up a low rating"),
        name="follow_up_rating",
        group="actions",
        answers={200: RatingSerializer},
        refused=[*CHANGE, "wrong_status"],
        request=FollowUpInput,
        description=_("Say what was done about it. For supervisors and above."),
    )
    def post(self, request: Request, rating_id: int) -> Response:
        ratings = Rating.objects.visible_to(self.membership).answered().with_people()
        rating = get_object_or_404(ratings, pk=rating_id)
        values = read_input(self, FollowUpInput)
        rating = follow_up_rating(rating=rating, by=self.membership, at=timezone.now(), **values)
        return Response(RatingSerializer(rating, context=self.context()).data)
