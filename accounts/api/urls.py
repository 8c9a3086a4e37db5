"""Addresses of people and tokens, below /api/v1/."""

from django.urls import path

from accounts.api import (
    absences,
    audit,
    customers,
    groups,
    hosts,
    importing,
    look,
    sign_in,
    standing,
    views,
)

urlpatterns = [
    path("me/", views.Me.as_view(), name="api_me"),
    path("people/", views.People.as_view(), name="api_people"),
    path(
        "people/<int:colleague_id>/absences/",
        absences.AbsencesOfPerson.as_view(),
        name="api_absences_of_person",
    ),
    path("absences/", absences.Absences.as_view(), name="api_absences"),
    path("absences/<int:absence_id>/", absences.OneAbsence.as_view(), name="api_absence"),
    path("customers/", customers.Customers.as_view(), name="api_customers"),
    path("customers/<int:customer_id>/", customers.OneCustomer.as_view(), name="api_customer"),
    path("company/people/", groups.CompanyPeople.as_view(), name="api_company_people"),
    path("people/<int:person_id>/sees/", groups.ChangeSees.as_view(), name="api_change_sees"),
    path("contact-groups/", groups.ContactGroups.as_view(), name="api_contact_groups"),
    path(
        "contact-groups/<int:contact_group_id>/",
        groups.OneContactGroup.as_view(),
        name="api_contact_group",
    ),
    path("sign-in-connections/", sign_in.Connections.as_view(), name="api_sign_in_connections"),
    path(
        "sign-in-connections/<int:connection_id>/",
        sign_in.OneConnection.as_view(),
        name="api_sign_in_connection",
    ),
    path(
        "sign-in-connections/<int:connection_id>/switch/",
        sign_in.SwitchConnection.as_view(),
        name="api_switch_sign_in_connection",
    ),
    path("second-factor/", sign_in.SecondFactor.as_view(), name="api_second_factor"),
    path(
        "customers/<int:customer_id>/standings/",
        standing.CustomerStandings.as_view(),
        name="api_customer_standings",
    ),
    path(
        "customers/<int:customer_id>/standings/lift/",
        standing.LiftStanding.as_view(),
        name="api_lift_standing",
    ),
    path("customers/import/", importing.ImportCustomers.as_view(), name="api_import_customers"),
    path("audit/", audit.AuditLog.as_view(), name="api_audit"),
    path("standing-rules/", standing.StandingRules.as_view(), name="api_standing_rules"),
    path("look/", look.Look.as_view(), name="api_look"),
    path("look/logo/", look.LookLogo.as_view(), name="api_look_logo"),
    path("host/", hosts.Host.as_view(), name="api_host"),
    path("host/check/", hosts.CheckHost.as_view(), name="api_check_host"),
    path("teams/", views.Teams.as_view(), name="api_teams"),
    path("log-ins/", views.LogIns.as_view(), name="api_log_ins"),
    path("tokens/", views.Tokens.as_view(), name="api_my_tokens"),
    path("tokens/<int:token_id>/", views.Token.as_view(), name="api_my_token"),
]
