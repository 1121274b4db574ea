"""The link by which the first administrator makes their account: signed, for a day, and only while there is none."""

from __future__ import annotations

import secrets

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

LIFETIME = 24 * 3600
SALT = "kb.accounts.setup"


class Expired(ValueError):
    """The link was ours, and is older than a day."""


class Forged(ValueError):
    """The link was never ours."""


def make_token() -> str:
    """A token that only this site's secret key can have signed."""
    return TimestampSigner(salt=SALT).sign(secrets.token_urlsafe(12))


def check_token(token: str) -> None:
    """Raises Forged or Expired."""
    try:
        TimestampSigner(salt=SALT).unsign(token, max_age=LIFETIME)
    except SignatureExpired:
        raise Expired from None
    except BadSignature:
        raise Forged from None
