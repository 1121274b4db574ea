"""The request behind the sign-in page: whoever asks has an account."""

from django.http import HttpRequest

from kb.accounts.models import User


class SignedInRequest(HttpRequest):
    """What a view receives unless it is open to strangers; a type for the reader and the checker, made nowhere."""

    user: User
