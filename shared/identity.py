"""Who is asking: users' tokens, and the short tokens with which the gateway speaks to the data services.

Rules for every token (design 2.3): asymmetric algorithms only and pinned; ``exp``, ``aud``, ``iss`` and
``sub`` required; a header that brings its own key (``jwk``, ``jku``, ``x5u`` …) refused; the key is chosen
by us, and fixes the algorithm. Whatever is wrong, the caller learns only that the token is not good.
"""

import base64
import binascii
import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwk, jwt
from jose.exceptions import JOSEError

from shared.clock import Clock, microseconds, utc_now
from shared.problems import Problem

INTERNAL_ISSUER = "urn:teamaround:gateway"
INTERNAL_LIFETIME_SECONDS = 60
INTERNAL_REUSE_SECONDS = 30
CLOCK_SKEW_SECONDS = 5
MAX_TOKEN_LENGTH = 8_192

_SEGMENT = re.compile(r"[A-Za-z0-9_-]+")
_HEADERS_THAT_BRING_A_KEY = frozenset({"jwk", "jku", "x5u", "x5c", "crit", "zip", "b64"})
_ALGORITHMS_BY_KEY_TYPE: Mapping[Any, tuple[str, ...]] = {
    "RSA": ("RS256", "RS384", "RS512"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("EC", "P-521"): ("ES512",),
}
_REMEMBERED_TOKENS = 2_048


class NotGood(Exception):
    """A token is not good. Carries no reason: a reason would help nobody but a forger."""


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key with the one algorithm it is used with."""

    key_id: str
    algorithm: str
    key: Any


def verification_key(public_jwk: Mapping[str, Any]) -> VerificationKey:
    """The key of one entry of a JWK set (RFC 7517).

    Raises ``NotGood`` for symmetric, private, encryption and unknown keys.
    """
    key_type: Any = public_jwk.get("kty")
    allowed = _ALGORITHMS_BY_KEY_TYPE.get(
        (key_type, public_jwk.get("crv")) if key_type == "EC" else key_type, ()
    )
    algorithm = public_jwk.get("alg", allowed[0] if allowed else None)
    if algorithm not in allowed or public_jwk.get("use", "sig") != "sig" or "d" in public_jwk:
        raise NotGood
    key_id = public_jwk.get("kid")
    if not isinstance(key_id, str) or not key_id:
        raise NotGood
    try:
        return VerificationKey(key_id, algorithm, jwk.construct(dict(public_jwk), algorithm))
    except (JOSEError, ValueError, TypeError):
        raise NotGood from None


class KeySource(Protocol):
    """Where public keys come from: a fixed set, or an issuer's published one."""

    async def find(self, key_id: str) -> VerificationKey | None: ...


class FixedKeys:
    """A key source that knows its keys from the start."""

    def __init__(self, jwk_set: Mapping[str, Any]) -> None:
        keys = [verification_key(entry) for entry in jwk_set["keys"]]
        self._keys = {key.key_id: key for key in keys}

    async def find(self, key_id: str) -> VerificationKey | None:
        return self._keys.get(key_id)


class TokenVerifier:
    """Verifies tokens of one issuer for one audience."""

    def __init__(self, *, issuer: str, audience: str, keys: KeySource, clock: Clock = utc_now) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._clock = clock

    async def verify(self, token: str) -> dict[str, Any]:
        """The claims of a good token; raises ``NotGood`` for every other one."""
        header = _header_of(token)
        key = await self._keys.find(header["kid"])
        if key is None or header["alg"] != key.algorithm:
            raise NotGood
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=[key.algorithm],
                audience=self._audience,
                issuer=self._issuer,
                options=_DECODE_OPTIONS,
            )
        except (JOSEError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise NotGood from None
        self._check_times(claims)
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise NotGood
        return claims

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        """Expiry, not-before and issue time by our own clock, which a test can turn."""
        now = microseconds(self._clock()) / 1_000_000
        if _number(claims.get("exp")) <= now:
            raise NotGood
        for earliest in (claims.get("nbf"), claims.get("iat")):
            if earliest is not None and _number(earliest) > now + CLOCK_SKEW_SECONDS:
                raise NotGood


_DECODE_OPTIONS = {
    "require_aud": True,
    "require_iss": True,
    "require_sub": True,
    # Checked against our own clock in ``_check_times``, which also refuses a token without an expiry:
    # ``require_exp`` would make the library check it against its own clock again.
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_at_hash": False,
}


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < 1e12:
        raise NotGood
    return value


def _header_of(token: str) -> dict[str, Any]:
    """The header of a compact JWS whose three parts are canonical base64url; ``NotGood`` otherwise.

    Two spellings of the same bytes would be two tokens, so trailing bits and padding are refused.
    """
    segments = token.split(".")
    if len(token) > MAX_TOKEN_LENGTH or len(segments) != 3:
        raise NotGood
    decoded = [_decode_canonical(segment) for segment in segments]
    try:
        header = json.loads(decoded[0])
    except (ValueError, RecursionError):
        raise NotGood from None
    if not isinstance(header, dict) or _HEADERS_THAT_BRING_A_KEY & header.keys():
        raise NotGood
    if not isinstance(header.get("kid"), str) or not isinstance(header.get("alg"), str):
        raise NotGood
    return header


def _decode_canonical(segment: str) -> bytes:
    if not _SEGMENT.fullmatch(segment):
        raise NotGood
    try:
        decoded = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except (binascii.Error, ValueError):
        raise NotGood from None
    if base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() != segment:
        raise NotGood
    return decoded


def bearer_token(authorization: str | None) -> str:
    """The token of an ``Authorization: Bearer`` header; ``NotGood`` when there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token or " " in token:
        raise NotGood
    return token


def unauthenticated() -> Problem:
    """The one answer to every token that is not good."""
    return Problem("unauthenticated", "Your sign-in is missing or has ended. Sign in again.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody acting in one role for one agency, as the data services come to know them.

    ``person`` is the record of the user's own person, for family members; ``on_behalf_of`` the user for
    whom an agency's system acts.
    """

    user: str
    name: str
    agency: str
    role: str
    person: str | None = None
    on_behalf_of: str | None = None

    @property
    def at_work(self) -> str:
        """The user whose work it is: whoever a system acts for, or the caller."""
        return self.on_behalf_of or self.user


class InternalTokens:
    """Mints the gateway's tokens: one per caller and service, reused for up to 30 seconds (design 5.5)."""

    def __init__(self, private_jwk: Mapping[str, Any], clock: Clock = utc_now) -> None:
        self._key_id = private_jwk["kid"]
        # Made once: the library would make it anew for every token, which takes as long as signing.
        self._key = jwk.construct(dict(private_jwk), "ES256")
        self._clock = clock
        self._minted: OrderedDict[tuple[Caller, str], tuple[str, int]] = OrderedDict()

    def mint(self, caller: Caller, service: str) -> str:
        """A token with which ``caller`` may speak to ``service`` (its audience) for at most a minute."""
        now = microseconds(self._clock()) // 1_000_000
        known = self._minted.get((caller, service))
        if known is not None and 0 <= now - known[1] < INTERNAL_REUSE_SECONDS:
            return known[0]
        token = self._sign(caller, service, now)
        self._minted[caller, service] = (token, now)
        self._minted.move_to_end((caller, service))
        if len(self._minted) > _REMEMBERED_TOKENS:
            self._minted.popitem(last=False)
        return token

    def _sign(self, caller: Caller, service: str, now: int) -> str:
        claims = {
            "iss": INTERNAL_ISSUER,
            "aud": service,
            "sub": caller.user,
            "iat": now,
            "exp": now + INTERNAL_LIFETIME_SECONDS,
            "name": caller.name,
            "agency": caller.agency,
            "role": caller.role,
            "person": caller.person,
            "on_behalf_of": caller.on_behalf_of,
        }
        return jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": self._key_id})


class InternalDoor:
    """Lets in nobody but the gateway. A verified token is remembered until it expires, never longer."""

    def __init__(self, service: str, gateway_keys: KeySource, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._verifier = TokenVerifier(
            issuer=INTERNAL_ISSUER, audience=service, keys=gateway_keys, clock=clock
        )
        self._verified: OrderedDict[str, tuple[Caller, float]] = OrderedDict()

    async def caller(self, authorization: str | None) -> Caller:
        """The caller that an internal token names; raises the one 401 otherwise."""
        try:
            token = bearer_token(authorization)
            known = self._verified.get(token)
            if known is not None and microseconds(self._clock()) < known[1] * 1_000_000:
                return known[0]
            claims = await self._verifier.verify(token)
            caller = _caller_of(claims)
        except NotGood:
            raise unauthenticated() from None
        self._verified[token] = (caller, claims["exp"])
        if len(self._verified) > _REMEMBERED_TOKENS:
            self._verified.popitem(last=False)
        return caller


def _caller_of(claims: Mapping[str, Any]) -> Caller:
    required = [claims.get(name) for name in ("sub", "name", "agency", "role")]
    optional = [claims.get(name) for name in ("person", "on_behalf_of")]
    if not all(isinstance(value, str) for value in required):
        raise NotGood
    if not all(value is None or isinstance(value, str) for value in optional):
        raise NotGood
    return Caller(*required, *optional)  # type: ignore[arg-type]


def new_signing_key(key_id: str) -> dict[str, Any]:
    """A fresh private ES256 key as a JWK (RFC 7518)."""
    return signing_key_from(ec.generate_private_key(ec.SECP256R1()), key_id)


def signing_key_from(key: ec.EllipticCurvePrivateKey, key_id: str) -> dict[str, Any]:
    """A private key of the curve P-256 as a JWK for ES256."""
    numbers = key.private_numbers()
    public = numbers.public_numbers
    return {
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
        "kid": key_id,
        "x": _coordinate(public.x),
        "y": _coordinate(public.y),
        "d": _coordinate(numbers.private_value),
    }


def public_part(private_jwk: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a private key that may be shown."""
    return {name: private_jwk[name] for name in ("kty", "crv", "alg", "use", "kid", "x", "y")}


def _coordinate(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
