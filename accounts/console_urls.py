"""Addresses of the settings about customers, people and the desk itself."""

from django.urls import path

from accounts.views import console_audit as audit
from accounts.views import console_customers as customers
from accounts.views import console_desk as desk
from accounts.views import console_host as host
from accounts.views import console_import as importing
from accounts.views import console_look as look
from accounts.views import console_people as people
from accounts.views import console_sign_in as sign_in
from accounts.views import console_sso as sso
from accounts.views import console_standing as standing
from accounts.views import console_teams as teams
from accounts.views import customer_record as record
from accounts.views import sessions

urlpatterns = [
    path("console/customers/", customers.console_customers, name="console_customers"),
    path("console/customers/import/", importing.import_file, name="import_customers"),
    path("console/customers/import/example/", importing.import_template, name="import_template"),
    path("console/customers/new/", customers.new_customer, name="new_customer"),
    path("console/customers/<int:pk>/", customers.console_customer, name="console_customer"),
    path("console/customers/<int:pk>/edit/", customers.edit_customer, name="edit_customer"),
    path("console/customers/<int:pk>/invite/", customers.invite_contact, name="invite_contact"),
    path("console/customers/<int:pk>/tickets/", record.customer_tickets, name="customer_tickets"),
    path("console/customers/<int:pk>/clocks/", record.customer_clocks, name="customer_clocks"),
    path("console/customers/<int:pk>/standing/", standing.customer_standing, name="customer_standing"),
    path("console/customers/<int:pk>/standing/lift/", standing.lift_customer_standing, name="lift_standing"),
    path("console/audit/", audit.console_audit, name="console_audit"),
    path("console/audit/export/", audit.export_audit, name="export_audit"),
    path("console/standing/", standing.console_standing, name="console_standing"),
    path("console/standing/rule/", standing.edit_standing_rule, name="edit_standing_rule"),
    path("console/team/", people.console_team, name="console_team"),
    path("console/team/invite/", people.invite_colleague, name="invite_colleague"),
    path("console/teams/", teams.console_teams, name="console_teams"),
    path("console/teams/new/", teams.new_team, name="new_team"),
    path("console/teams/<int:pk>/edit/", teams.edit_team, name="edit_team"),
    path("console/teams/<int:pk>/archive/", teams.archive_or_restore_team, name="archive_team"),
    path("console/people/<int:pk>/", people.console_person, name="console_person"),
    path("console/people/<int:pk>/log-ins/", sessions.person_log_ins, name="person_log_ins"),
    path("console/people/<int:pk>/role/", people.change_person_role, name="change_person_role"),
    path("console/people/<int:pk>/invite/", people.invite_person_again, name="invite_person_again"),
    path("console/people/<int:pk>/deactivate/", people.deactivate, name="deactivate_person"),
    path("console/people/<int:pk>/reactivate/", people.reactivate, name="reactivate_person"),
    path("console/sign-in/", sign_in.console_sign_in, name="console_sign_in"),
    path("console/sign-in/second-factor/", sign_in.require_factor, name="require_second_factor"),
    path(
        "console/sign-in/new-oidc/",
        sso.new_connection,
        {"kind": "openid_connect"},
        name="new_oidc_connection",
    ),
    path("console/sign-in/new-saml/", sso.new_connection, {"kind": "saml"}, name="new_saml_connection"),
    path("console/sign-in/<int:pk>/", sso.edit_connection, name="edit_sso_connection"),
    path("console/sign-in/<int:pk>/switch/", sso.switch, name="switch_sso_connection"),
    path("console/look/", look.console_look, name="console_look"),
    path("console/look/colour/", look.change_colour, name="change_colour"),
    path("console/look/words/", look.change_words, name="change_words"),
    path("console/look/languages/", look.change_languages, name="change_languages"),
    path("console/look/logo/", look.set_logo, name="set_logo"),
    path("console/look/logo/remove/", look.remove_logo, name="remove_logo"),
    path("console/look/preview.css", look.preview_css, name="preview_css"),
    path("console/desk/", desk.console_desk, name="console_desk"),
    path("console/desk/host/", host.console_host, name="console_host"),
    path("console/desk/host/check/", host.check_host, name="check_host"),
    path("console/desk/host/give-up/", host.give_up_host, name="give_up_host"),
]
