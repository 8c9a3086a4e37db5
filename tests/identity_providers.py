"""Identity providers for tests: one that speaks OpenID Connect over http, one that signs SAML answers."""

import base64
import hashlib
import json
import secrets
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

CLIENT_ID, CLIENT_SECRET = "the-desk", "what only both of us know"


class OpenIdProvider:
    """Says that whoever comes is `claims`, and keeps to the protocol: a code, a secret, a verifier, once."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.key, _certificate = signing_pair("one")
        self.address = ""

    @property
    def trusted(self) -> str:
        """What `WEBHOOK_TRUSTED` has to name, since it stands on this machine."""
        return urlsplit(self.address).netloc

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes on: everybody is logged in here."""
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any]:
        asked = self.codes.pop(sent["code"])
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
        assert (sent["client_id"], sent["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
        assert sent["redirect_uri"] == asked["redirect_uri"]
        access = secrets.token_urlsafe(12)
        self.tokens.add(access)
        now = int(time.time())
        said = {"iss": self.address, "aud": CLIENT_ID, "iat": now, "exp": now + 300, **self.claims}
        signed = jwt.encode(said, self.key, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": signed}


@contextmanager
def openid_provider() -> Iterator[OpenIdProvider]:
    """One that answers at an address of its own."""
    provider = OpenIdProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            if address.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif address.path == "/userinfo":
                token = self.headers["Authorization"].removeprefix("Bearer ")
                self.say(provider.claims if token in provider.tokens else {})
            else:
                self.say(provider.configuration())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.say(provider.token({name: values[0] for name, values in parse_qs(body).items()}))

        def say(self, answer: dict[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: Any) -> None:
            """Nothing: the test says what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


@lru_cache(maxsize=2)
def signing_pair(name: str) -> tuple[str, str]:
    """A private key and its certificate, as text; each name has its own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return pem.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


SAML_ENTITY = "https://id.bakery.example/saml"
_SAML = "urn:oasis:names:tc:SAML:2.0"
_MAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
_ASSERTION = """<saml:Assertion xmlns:saml="{ns}:assertion" ID="{id}" Version="2.0" IssueInstant="{now}">
<saml:Issuer>{issuer}</saml:Issuer>
<saml:Subject><saml:NameID Format="{mail}">{email}</saml:NameID>
<saml:SubjectConfirmation Method="{ns}:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{later}" \
Recipient="{acs}" InResponseTo="{asked}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{before}" NotOnOrAfter="{later}"><saml:AudienceRestriction>\
<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="{id}"><saml:AuthnContext><saml:AuthnContextClassRef>\
{ns}:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
</saml:Assertion>"""
_RESPONSE = """<samlp:Response xmlns:samlp="{ns}:protocol" xmlns:saml="{ns}:assertion" ID="{id}" \
Version="2.0" IssueInstant="{now}" Destination="{acs}" InResponseTo="{asked}">\
<saml:Issuer>{issuer}</saml:Issuer>\
<samlp:Status><samlp:StatusCode Value="{ns}:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""


def saml_answer(sent_to: str, email: str, *, pair: str = "one", signed: bool = True) -> tuple[str, str]:
    """What a provider answers to a redirect of ours: the address for it, and the field SAMLResponse."""
    request = parse_qs(urlsplit(sent_to).query)["SAMLRequest"][0]
    asked = etree.fromstring(zlib.decompress(base64.b64decode(request), -15))
    now = datetime.now(UTC)
    words = {
        "ns": _SAML,
        "mail": _MAIL,
        "now": _instant(now),
        "before": _instant(now - timedelta(minutes=1)),
        "later": _instant(now + timedelta(minutes=5)),
        "issuer": SAML_ENTITY,
        "email": email,
        "acs": asked.get("AssertionConsumerServiceURL"),
        "asked": asked.get("ID"),
        "audience": asked.findtext(f"{{{_SAML}:assertion}}Issuer"),
    }
    assertion = _ASSERTION.format(id=f"_{secrets.token_hex(8)}", **words)
    if signed:
        made = OneLogin_Saml2_Utils.add_sign(assertion, *signing_pair(pair))
        assertion = made.decode() if isinstance(made, bytes) else made
        assertion = assertion.partition("?>")[2] if assertion.startswith("<?xml") else assertion
    answer = _RESPONSE.format(id=f"_{secrets.token_hex(8)}", assertion=assertion, **words)
    return str(words["acs"]), base64.b64encode(answer.encode()).decode()


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


METADATA = """<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://id.bakery.example/saml">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
      <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://x.example/"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
      Location="https://id.bakery.example/sign-in"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>"""


def metadata() -> str:
    """What a SAML provider says of itself."""
    lines = signing_pair("one")[1].strip().splitlines()
    return METADATA.replace("{certificate}", "\n".join(lines[1:-1]))
