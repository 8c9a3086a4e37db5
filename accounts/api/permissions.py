"""The door of the API: the same three answers as that of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken, Membership, Role

if TYPE_CHECKING:
    # DRF's views read the settings that name this module while they are imported.
    from rest_framework.views import APIView


def membership_of(request: Request) -> Membership | None:
    """Who calls; None for nobody, and for somebody who is logged in but unknown in this desk."""
    membership: Membership | None = request._request.membership  # type: ignore[attr-defined]
    return membership


class IsMember(BasePermission):
    """Anybody of this desk. Nobody logged in: 401. A stranger: 404."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        if membership_of(request) is None:
            raise Http404
        return True


class IsStaffMember(IsMember):
    """Owners, admins, supervisors, agents. A contact: 403."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        membership = membership_of(request) if super().has_permission(request, view) else None
        return membership is not None and membership.is_staff_member


class IsSupervisor(IsMember):
    """Owners, admins and supervisors. Anybody else of the desk: 403."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        membership = membership_of(request) if super().has_permission(request, view) else None
        return membership is not None and membership.is_supervisor


class IsAdmin(IsMember):
    """Owners and admins. Anybody else of the desk: 403."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        membership = membership_of(request) if super().has_permission(request, view) else None
        return membership is not None and membership.is_admin


class IsContact(IsMember):
    """People of customers. Staff: 403."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        membership = membership_of(request) if super().has_permission(request, view) else None
        return membership is not None and membership.is_contact


class IsCustomerAdmin(IsMember):
    """Those who speak for a customer. Anybody else of the desk: 403."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        membership = membership_of(request) if super().has_permission(request, view) else None
        return membership is not None and membership.role == Role.CUSTOMER_ADMIN


class IsAdminOrCustomerAdmin(IsMember):
    """Owners and admins, and those who speak for a customer. Anybody else of the desk: 403."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        membership = membership_of(request) if super().has_permission(request, view) else None
        return membership is not None and (membership.is_admin or membership.role == Role.CUSTOMER_ADMIN)


class IsStaffOrCustomerAdmin(IsMember):
    """Staff, and those who speak for a customer. Other contacts: 403."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        membership = membership_of(request) if super().has_permission(request, view) else None
        is_boss = membership is not None and membership.role == Role.CUSTOMER_ADMIN
        return is_boss or (membership is not None and membership.is_staff_member)


class IsInBrowser(IsMember):
    """Only by session: a token that leaks must not be able to make others that outlive it. Else 403."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and not isinstance(request.auth, ApiToken)
