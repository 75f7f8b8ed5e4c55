"""Who asks: the user whom a bearer token names."""

from django.conf import settings
from django.contrib.auth.models import User
from jose import jwt
from jose.exceptions import JOSEError
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from shared.identity import verification_key

KEYS = {jwk["kid"]: verification_key(jwk) for jwk in settings.ISSUER_KEYS["keys"]}


class BearerToken(BaseAuthentication):
    """The user whom a token names, verified on each request, by a key that was made ready once."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            key = KEYS[jwt.get_unverified_header(token)["kid"]]
            claims = jwt.decode(
                token, key.key, algorithms=[key.algorithm], audience=settings.AUDIENCE, issuer=settings.ISSUER
            )
            return User.objects.get(username=claims["sub"], is_active=True), None
        except (JOSEError, KeyError, User.DoesNotExist):
            raise AuthenticationFailed from None

    def authenticate_header(self, _: Request) -> str:
        return "Bearer"
