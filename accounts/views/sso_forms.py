"""The form of a sign-in connection; among the views, since it asks the judge of addresses we may call."""

import re
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Customer, Membership, SsoConnection, SsoKind
from accounts.oneline import LineField
from accounts.saml_metadata import MOST_CHARACTERS, IdpMetadata, MetadataRefused, read_metadata
from accounts.services import SsoTerms, may_set_up
from notifications.addresses import AddressRefused, target_of

DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_BY_KIND = {
    SsoKind.OIDC: ("issuer", "client_id", "client_secret"),
    SsoKind.SAML: ("idp_entity_id", "idp_sign_in_url", "idp_certificate"),
}


class ConnectionForm(forms.Form):
    """One identity provider: whose it is, and how to speak with it."""

    name = LineField(
        label=gettext_lazy("Name"), max_length=40, help_text=gettext_lazy("As its people call it.")
    )
    customer = forms.ModelChoiceField(
        label=gettext_lazy("For"),
        queryset=Customer.objects.none(),
        required=False,
        help_text=gettext_lazy("It lets in these people and nobody else."),
    )
    domains = forms.CharField(
        label=gettext_lazy("Email domains"),
        max_length=2000,
        help_text=gettext_lazy("Whoever types an address of these is led there. For example: bakery.example"),
    )
    adds_people = forms.BooleanField(
        label=gettext_lazy("Let in people of these domains whom the desk does not know yet"),
        help_text=gettext_lazy("They join the customer as members. Staff are always invited."),
        required=False,
    )
    issuer = forms.CharField(
        label=gettext_lazy("Issuer"),
        max_length=500,
        help_text=gettext_lazy(
            "The provider's address, as https://login.bakery.example; its configuration is read there."
        ),
    )
    client_id = LineField(label=gettext_lazy("Client ID"), max_length=191)
    client_secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    idp_entity_id = LineField(label=gettext_lazy("Entity ID of the provider"), max_length=500)
    idp_sign_in_url = forms.CharField(label=gettext_lazy("Sign-in address (HTTP redirect)"), max_length=500)
    idp_certificate = forms.CharField(
        label=gettext_lazy("Certificate"),
        max_length=20_000,
        help_text=gettext_lazy(
            "What the provider signs with, as text beginning with -----BEGIN CERTIFICATE-----."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kind: str,
        by: Membership,
        connection: SsoConnection | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.kind = kind
        for other, names in _BY_KIND.items():
            if other != kind:
                for name in names:
                    del self.fields[name]
        if connection is not None:
            del self.fields["customer"]
            if connection.customer_id is None:
                del self.fields["adds_people"]
            if "client_secret" in self.fields:
                self.fields["client_secret"].required = False
                self.fields["client_secret"].help_text = _("Empty: the one that is kept stays.")
            return
        field = self.fields["customer"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Customer.objects.visible_to(by).in_business()
            field.empty_label = _("Our own staff")
            if not may_set_up(by, None):
                field.required, field.empty_label = True, _("Choose a customer")

    def clean_domains(self) -> list[str]:
        """Host names, separated by commas or white space."""
        found = [word for word in re.split(r"[\s,;]+", str(self.cleaned_data["domains"]).lower()) if word]
        wrong = [word for word in found if not DOMAIN.fullmatch(word)]
        if wrong or not found:
            raise forms.ValidationError(
                _("“%(word)s” is not a domain. Example: bakery.example") % {"word": (wrong or [""])[0]}
            )
        return found

    def clean_issuer(self) -> str:
        """An address that this installation may call."""
        return _callable(str(self.cleaned_data["issuer"])).rstrip("/")

    def clean_idp_sign_in_url(self) -> str:
        """An address that people's browsers are sent to."""
        return _callable(str(self.cleaned_data["idp_sign_in_url"]))

    def clean_idp_certificate(self) -> str:
        """One certificate; its lines around it may be missing, as providers show it."""
        text = str(self.cleaned_data["idp_certificate"]).strip()
        if "BEGIN CERTIFICATE" not in text:
            text = f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----"
        try:
            x509.load_pem_x509_certificate(text.encode())
        except ValueError:
            raise forms.ValidationError(_("This is not a certificate.")) from None
        return text

    def terms(self, connection: SsoConnection | None = None) -> SsoTerms:
        """What was typed, for the service."""
        values = dict(self.cleaned_data)
        customer = connection.customer if connection else values.pop("customer", None)
        values.pop("customer", None)
        return SsoTerms(kind=self.kind, customer=customer, **values)


class MetadataForm(forms.Form):
    """What an identity provider says of itself, pasted or as a file; it fills in three fields."""

    metadata = forms.CharField(
        label=gettext_lazy("The provider's metadata"),
        help_text=gettext_lazy("XML, as the provider shows it. It fills in the three fields below."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"}),
    )
    metadata_file = forms.FileField(
        label=gettext_lazy("Or the file"),
        help_text=gettext_lazy("At most 200 KB."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )

    found: IdpMetadata

    def clean(self) -> dict[str, Any]:
        """Read it; what is wrong is said beside the field that it came by."""
        data = super().clean() or {}
        file = data.get("metadata_file")
        name = "metadata_file" if file else "metadata"
        text = file.read(MOST_CHARACTERS + 1) if file else str(data.get("metadata", "")).encode()
        if not text.strip():
            self.add_error(name, _("Paste the metadata, or choose its file."))
            return data
        try:
            self.found = read_metadata(text)
        except MetadataRefused as refused:
            self.add_error(name, refused.words())
        return data


def _callable(address: str) -> str:
    try:
        target_of(address)
    except AddressRefused as refused:
        raise forms.ValidationError(_(str(refused))) from None
    return address
