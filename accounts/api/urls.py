"""Addresses of people and tokens, below /api/v1/."""

from django.urls import path

from accounts.api import views

urlpatterns = [
    path("me/", views.Me.as_view(), name="api_me"),
    path("people/", views.People.as_view(), name="api_people"),
    path("customers/", views.Customers.as_view(), name="api_customers"),
    path("teams/", views.Teams.as_view(), name="api_teams"),
    path("tokens/", views.Tokens.as_view(), name="api_my_tokens"),
    path("tokens/<int:token_id>/", views.Token.as_view(), name="api_my_token"),
]
