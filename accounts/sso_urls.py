"""Addresses of log-in through a company: ours that lead to a provider, and allauth's that speak with it."""

from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.socialaccount.providers.saml import views as saml
from django.urls import path

from accounts.views import company_sign_in
from accounts.views.company_sign_in import forgiving

_SAML = "saml/<slug:organization_slug>/"

urlpatterns = [
    path("company/", company_sign_in.company_sign_in, name="company_sign_in"),
    path(
        "company/<slug:connection_key>/",
        company_sign_in.company_sign_in_through,
        name="company_sign_in_through",
    ),
    path("oidc/<slug:provider_id>/login/", forgiving(oidc.login), name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", forgiving(oidc.callback), name="openid_connect_callback"),
    path(f"{_SAML}login/", forgiving(saml.login), name="saml_login"),
    path(f"{_SAML}acs/", saml.acs, name="saml_acs"),
    path(f"{_SAML}acs/finish/", forgiving(saml.finish_acs), name="saml_finish_acs"),
    path(f"{_SAML}metadata/", forgiving(saml.metadata), name="saml_metadata"),
    # allauth names it to providers; we end our own session alone, and never on a provider's word.
    path(f"{_SAML}sls/", company_sign_in.no_single_log_out, name="saml_sls"),
]
