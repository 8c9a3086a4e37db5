"""Secrets that the desk has to read again: kept sealed, so that a copy of the database alone opens nothing.

The key is made from `SECRET_KEY`; keys that `SECRET_KEY_FALLBACKS` still names open what they sealed before.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"supportdesk.sealing"


class SealBroken(Exception):
    """A secret was sealed with a key that is no longer known, or was changed since."""


def seal(text: str) -> str:
    """The text in a form that only this installation can read; the same text is never sealed alike twice."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Raises SealBroken."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken from error


def _box() -> MultiFernet:
    return MultiFernet(_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def _key(secret: str | bytes) -> Fernet:
    plain = secret.encode() if isinstance(secret, str) else secret
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(plain)
    return Fernet(base64.urlsafe_b64encode(made))
