"""How somebody of a family comes in without an account: by a code, and then by the visit that began with it.

A code is worked out from its id under a key of the gateway's, so nobody keeps it: the consent service has a
digest, and whoever sends the same request again is given the same code (decision 31).
"""

import base64
import hashlib
import hmac
import re

from fastapi import Request
from pydantic import ValidationError

from services.gateway.guards import Membership, SignedInUser
from services.gateway.upstreams import Upstreams
from shared.clock import Monotonic
from shared.identity import Caller, NotGood
from shared.limits import RateLimit
from shared.problems import Problem
from shared.records.family_codes import FamilyVisitor
from shared.upstream import Unreachable
from shared.vocabulary import Role

CODE, VISIT = "family-code.", "family-visit."
"""How a bearer token begins that is one of these."""
TRIES_PER_MINUTE = 6
"""Of codes that begin alike and come from one place."""
WRONG_PER_MINUTE = 600
"""Of all codes that no gateway made, wherever they come from: so many are told that they are wrong."""
_BEGINNING = 4
NAME = "A member of the family"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_DRAWN, _CHECKED = 12, 4
_LENGTH = _DRAWN + _CHECKED
_DOOR = Caller("family-door", "Family door", "", "")
_WHERE = {CODE: "/family-codes/whose", VISIT: "/family-visits/whose"}


class FamilySecrets:
    """Codes and the secrets of visits, worked out from ids."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def code(self, id: str) -> str:
        """Sixteen letters and digits that nobody takes for one another, in fours: sixty bits, and twenty by
        which a gateway knows that it made them."""
        drawn = self._letters("code", id, _DRAWN)
        letters = drawn + self._letters("code-check", drawn, _CHECKED)
        return "-".join(letters[place : place + 4] for place in range(0, _LENGTH, 4))

    def made(self, typed: str) -> bool:
        """Whether some gateway with this key made a code, which says nothing of whether it opens anything."""
        code = _as_made(typed)
        check = self._letters("code-check", code[:_DRAWN], _CHECKED)
        return hmac.compare_digest(code[_DRAWN:].encode(), check.encode())

    def visit(self, id: str) -> str:
        return base64.urlsafe_b64encode(self._mac("visit", id)).rstrip(b"=").decode()

    def _letters(self, what: str, id: str, number: int) -> str:
        return "".join(_LETTERS[byte % len(_LETTERS)] for byte in self._mac(what, id)[:number])

    def _mac(self, what: str, id: str) -> bytes:
        return hmac.new(self._key, f"family-{what}:{id}".encode(), hashlib.sha256).digest()


def digest_of_code(typed: str) -> str:
    """However it was typed: small letters and hyphens make no difference."""
    return _digest(_as_made(typed))


def _as_made(typed: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", typed.upper())


def digest_of_visit(secret: str) -> str:
    return _digest(secret)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class FamilyDoor:
    """Says who brings a code or the secret of a visit."""

    def __init__(self, upstreams: Upstreams, secrets: FamilySecrets, monotonic: Monotonic) -> None:
        self._upstreams, self._secrets = upstreams, secrets
        self._tries = RateLimit(TRIES_PER_MINUTE, monotonic)
        self._wrong = RateLimit(WRONG_PER_MINUTE, monotonic)

    async def who(self, request: Request, token: str) -> SignedInUser | None:
        """Whom this token stands for; None where it is no such token. Raises ``NotGood`` for one that does
        not work, whatever the reason: wrong, used, over, or kept from working."""
        kind = next((kind for kind in _WHERE if token.startswith(kind)), None)
        if kind is None:
            return None
        secret = token.removeprefix(kind)
        digest = digest_of_code(secret) if kind == CODE else digest_of_visit(secret)
        if kind == CODE:
            self._count(request, secret)
        visitor = await self._ask(request, _WHERE[kind], digest)
        return SignedInUser(
            user=f"family.{visitor.person}",
            name=NAME,
            person=visitor.person,
            memberships=(Membership(visitor.agency, Role.FAMILY_MEMBER),),
            only_case=visitor.case,
            code=visitor.id if kind == CODE else None,
        )

    def _count(self, request: Request, code: str) -> None:
        """Six tries a minute, from one place, of codes that begin alike; and of those that no gateway made so
        many in all, none of which is a question to anybody.

        Counted by the place alone, a stranger at the pages, which are one place, would shut the door to every
        family. They do not know how a family's code begins. And however many wrong ones they send, a code
        that was made is never counted among them: it is asked about as on any other day.
        """
        place = request.client.host if request.client else ""
        is_made = self._secrets.made(code)
        wait = self._tries.seconds_to_wait((place, is_made, _as_made(code)[:_BEGINNING]))
        if wait == 0 and not is_made:
            wait = self._wrong.seconds_to_wait(None)
        if wait > 0:
            raise Problem(
                "too-many-requests",
                "Too many codes were tried. Wait a minute, then type the code again.",
                headers={"Retry-After": "60"},
            )
        if not is_made:
            raise NotGood

    async def _ask(self, request: Request, path: str, digest: str) -> FamilyVisitor:
        upstreams = self._upstreams
        try:
            answer = await upstreams.services["consent"].call(
                "POST",
                path,
                token=upstreams.tokens.mint(_DOOR, "consent"),
                request_id=request.scope["request_id"],
                deadline=request.scope["deadline"],
                content={"digest": digest},
            )
            if not isinstance(answer, dict) or "visitor" not in answer:
                raise Unreachable
            if answer["visitor"] is None:
                raise NotGood
            return FamilyVisitor.model_validate(answer["visitor"])
        except (Unreachable, ValidationError):
            raise Problem(
                "decision-unavailable", "It cannot be decided right now what you may see. Try again shortly."
            ) from None
