"""Addresses of identity on the site itself, outside any desk."""

from django.urls import include, path

from accounts.views import home, profile

urlpatterns = [
    path("", home.site_home, name="home"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/second-factor/", include("allauth.mfa.urls")),
    path("i18n/setlang/", home.switch_language, name="set_language"),
    path("profile/", profile.site_profile, name="profile"),
]
