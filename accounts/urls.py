"""Addresses of identity inside a desk."""

from django.urls import include, path

from accounts.models import LogoUse
from accounts.views import (
    absences,
    company,
    groups,
    home,
    invitations,
    look,
    profile,
    sessions,
    staff_list,
    tokens,
    view_as,
)

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("accounts/second-factor/", include("allauth.mfa.urls")),
    path("accounts/", include("accounts.sso_urls")),
    path("i18n/setlang/", home.switch_language, name="set_language"),
    path("look.css", look.look_css, name="look_css"),
    path("logo.png", look.logo, {"use": LogoUse.LIGHT}, name="logo"),
    path("logo-dark.png", look.logo, {"use": LogoUse.DARK}, name="logo_dark"),
    path("invitations/<str:token>/", invitations.accept_invitation, name="accept_invitation"),
    path("profile/", profile.profile, name="profile"),
    path("profile/quiet-hours/", profile.quiet_hours, name="quiet_hours"),
    path("profile/absences/", absences.my_absences, name="my_absences"),
    path("profile/working-hours/", absences.my_working_hours, name="my_working_hours"),
    path("absences/", staff_list.absences, name="absences"),
    path("absences/<int:pk>/", absences.edit_absence, name="edit_absence"),
    path("absences/<int:pk>/remove/", absences.remove_absence_of, name="remove_absence"),
    path("people/<int:pk>/absences/", absences.person_absences, name="person_absences"),
    path("people/<int:pk>/working-hours/", absences.person_working_hours, name="person_working_hours"),
    path("profile/sessions/", sessions.sessions, name="sessions"),
    path("profile/sessions/others/end/", sessions.end_other_sessions, name="end_other_sessions"),
    path("profile/sessions/<int:pk>/end/", sessions.end_session, name="end_session"),
    path("profile/tokens/", tokens.api_tokens, name="api_tokens"),
    path("profile/tokens/<int:pk>/revoke/", tokens.revoke_api_token, name="revoke_api_token"),
    path("company/groups/", groups.company_groups, name="company_groups"),
    path("company/groups/<int:pk>/", groups.edit_company_group, name="edit_company_group"),
    path("company/groups/<int:pk>/remove/", groups.remove_company_group, name="remove_company_group"),
    path("company/people/<int:pk>/sees/", groups.change_company_sees, name="change_company_sees"),
    path("company/people/<int:pk>/view-as/", view_as.view_as_company_person, name="view_as_company_person"),
    path("company/view-as/end/", view_as.end_view_as, name="end_view_as"),
    path("company/people/", company.company_people, name="company_people"),
    path("company/people/<int:pk>/log-ins/", sessions.company_log_ins, name="company_log_ins"),
    path("company/people/<int:pk>/role/", company.change_company_role, name="change_company_role"),
    path(
        "company/people/<int:pk>/invite/",
        company.invite_company_person_again,
        name="invite_company_person_again",
    ),
    path(
        "company/people/<int:pk>/deactivate/",
        company.deactivate_company_person,
        name="deactivate_company_person",
    ),
    path(
        "company/people/<int:pk>/reactivate/",
        company.reactivate_company_person,
        name="reactivate_company_person",
    ),
]
