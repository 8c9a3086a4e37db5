"""Addresses of identity on the site itself, outside any desk."""

from django.urls import include, path

from accounts.views import home, profile, sessions

urlpatterns = [
    path("", home.site_home, name="home"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/second-factor/", include("allauth.mfa.urls")),
    path("i18n/setlang/", home.switch_language, name="set_language"),
    path("profile/", profile.site_profile, name="profile"),
    path("profile/sessions/", sessions.sessions, name="sessions"),
    path("profile/sessions/others/end/", sessions.end_other_sessions, name="end_other_sessions"),
    path("profile/sessions/<int:pk>/end/", sessions.end_session, name="end_session"),
]
