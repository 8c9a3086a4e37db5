"""Who am I, who logged in, and personal tokens."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import DeskView, PageQuery, page_response, read_input, read_query
from accounts.api.documenting import CHANGE, operation
from accounts.api.pagination import Key, Order
from accounts.api.permissions import IsInBrowser, IsMember
from accounts.api.serializers import (
    LogInPage,
    LogInSerializer,
    LogInsQuery,
    MeSerializer,
    NewTokenSerializer,
    TokenInput,
    TokenPage,
    TokenSerializer,
    permissions_of,
)
from accounts.models import ApiToken, LogIn
from accounts.services import create_token, revoke_token

NEWEST = Order("newest", [Key("id", descending=True)])


class Me(DeskView):
    @operation(
        _("Who am I"),
        name="me",
        group="people",
        answers={200: MeSerializer},
        description=_("The person, the desk, the role in it and what the role includes."),
    )
    def get(self, request: Request) -> Response:
        me = {
            "person": request.user,
            "membership": self.membership,
            "tenant": self.tenant,
            "permissions": permissions_of(self.membership),
            "token": request.auth if isinstance(request.auth, ApiToken) else None,
        }
        return Response(MeSerializer(me).data)


class LogIns(DeskView):
    @operation(
        _("List log-ins"),
        name="list_log_ins",
        group="people",
        answers={200: LogInPage},
        refused=["invalid"],
        parameters=[LogInsQuery],
        description=_(
            "Those of the last 180 days, newest first: of everybody for the desk's admins, of its company "
            "for a customer's admin, else the caller's own."
        ),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, LogInsQuery)
        log_ins = LogIn.objects.visible_to(self.membership).select_related("person")
        if "person" in query:
            log_ins = log_ins.filter(person_id=query["person"])
        return page_response(self, log_ins, NEWEST, query, LogInSerializer)


class Tokens(DeskView):
    def get_permissions(self) -> list[IsMember]:
        return [IsInBrowser() if self.request.method == "POST" else IsMember()]

    @operation(
        _("List my tokens"),
        name="list_tokens",
        group="tokens",
        answers={200: TokenPage},
        refused=["invalid"],
        parameters=[PageQuery],
        description=_("The caller's own tokens in this desk, revoked ones included; never their secrets."),
    )
    def get(self, request: Request) -> Response:
        query = read_query(self, PageQuery)
        tokens = ApiToken.objects.filter(membership=self.membership)
        return page_response(self, tokens, NEWEST, query, TokenSerializer)

    @operation(
        _("Make a token"),
        name="create_token",
        group="tokens",
        answers={201: NewTokenSerializer},
        refused=CHANGE,
        request=TokenInput,
        description=_("Only with a browser's session: a token cannot make others. The secret is shown once."),
    )
    def post(self, request: Request) -> Response:
        values = read_input(self, TokenInput)
        token, secret = create_token(membership=self.membership, at=timezone.now(), **values)
        return Response({**TokenSerializer(token).data, "token": secret}, status=status.HTTP_201_CREATED)


class Token(DeskView):
    @operation(
        _("Revoke a token"),
        name="revoke_token",
        group="tokens",
        answers={204: OpenApiResponse(description=_("It no longer works."))},
        description=_("One of the caller's own. Revoking twice is no error."),
    )
    def delete(self, request: Request, token_id: int) -> Response:
        token = get_object_or_404(ApiToken, pk=token_id, membership=self.membership)
        if token.revoked_at is None:
            revoke_token(token=token, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class NotFound(DeskView):
    """What every address that is none answers, whatever the method: a problem document, not a page."""

    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404
