"""What an identity provider's SAML metadata says: who it is, where people are sent, what it signs with.

The file comes from somebody else's system by somebody's hand, so it is taken for nothing more than text: its
size is limited, document types and entities are refused before anything is read, nothing is fetched.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from cryptography import x509
from django.utils.translation import gettext as _
from lxml import etree

MOST_CHARACTERS = 200_000
_NS = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


class MetadataRefused(Exception):
    """The text is no metadata of one identity provider that we could speak with."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said

    def words(self) -> str:
        """What is wrong with it, for people."""
        return self.said


@dataclass(frozen=True)
class IdpMetadata:
    """What a connection needs to know of a provider; the certificate as PEM."""

    idp_entity_id: str
    idp_sign_in_url: str
    idp_certificate: str

    def fields(self) -> dict[str, str]:
        """By the names of the form's fields."""
        return asdict(self)


def read_metadata(text: bytes) -> IdpMetadata:
    """Read the metadata of one provider. Raises MetadataRefused."""
    if len(text) > MOST_CHARACTERS:
        raise MetadataRefused(_("This is too large for the metadata of one provider."))
    root = _parsed(text)
    providers = root.xpath("descendant-or-self::md:EntityDescriptor[md:IDPSSODescriptor]", namespaces=_NS)
    if len(providers) != 1:
        raise MetadataRefused(
            _("This names several providers. Take the metadata of yours alone.")
            if providers
            else _("This is not the metadata of an identity provider.")
        )
    provider = providers[0]
    address = provider.xpath(
        "string(md:IDPSSODescriptor/md:SingleSignOnService[@Binding=$binding]/@Location)",
        namespaces=_NS,
        binding=_REDIRECT,
    )
    if not address:
        raise MetadataRefused(_("The provider names no sign-in address for HTTP redirects."))
    return IdpMetadata(
        idp_entity_id=provider.get("entityID", "").strip(),
        idp_sign_in_url=address.strip(),
        idp_certificate=_certificate(provider),
    )


def _parsed(text: bytes) -> etree._Element:
    refused = MetadataRefused(_("This cannot be read as XML."))
    # A parser that meets no document type has no entity to expand and no other file to fetch.
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\x00" in text:
        raise refused
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(text.strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise refused from None
    if root is None or root.getroottree().docinfo.doctype:
        raise refused
    return root


def _certificate(provider: etree._Element) -> str:
    """The signing certificate that is good for longest, as PEM. Raises MetadataRefused."""
    found = provider.xpath(
        "md:IDPSSODescriptor/md:KeyDescriptor[not(@use) or @use='signing']"
        "/ds:KeyInfo/ds:X509Data/ds:X509Certificate/text()",
        namespaces=_NS,
    )
    certificates = []
    for said in found:
        pem = f"-----BEGIN CERTIFICATE-----\n{''.join(said.split())}\n-----END CERTIFICATE-----"
        try:
            certificates.append((x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc, pem))
        except ValueError:
            continue
    if not certificates:
        raise MetadataRefused(_("The provider names no certificate that it signs with."))
    until, pem = max(certificates)
    if until < datetime.now(UTC):
        raise MetadataRefused(_("The certificate that the provider signs with has expired."))
    return pem
