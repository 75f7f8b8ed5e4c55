"""Who may come in: each route names the guard it stands behind in its signature.

A guard says which roles may try a route at all. What they then see or may do in a case is decided by the
consent service, never here.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import TypeAdapter, ValidationError

from services.gateway.purposes import ORDINARY_PURPOSE
from shared.clock import Deadline
from shared.idempotency import KEY_HEADER, fingerprint
from shared.identity import Caller, NotGood, TokenVerifier, bearer_token, unauthenticated
from shared.ids import is_id
from shared.problems import forbidden, invalid
from shared.records.base import AgencyCode, UserId
from shared.vocabulary import Purpose, Role
from shared.web import IDENTIFIED, Identify

MAX_REASON_LENGTH = 500
_MAX_MEMBERSHIPS = 50
_agency_code: TypeAdapter[str] = TypeAdapter(AgencyCode)
_user_id: TypeAdapter[str] = TypeAdapter(UserId)


@dataclass(frozen=True, slots=True)
class Membership:
    """One role that somebody may act in, for one agency."""

    agency: str
    role: Role


@dataclass(frozen=True, slots=True)
class Acting:
    """One request's caller: who, in which role and agency, for what purpose, and until when."""

    caller: Caller
    memberships: tuple[Membership, ...]
    purpose: Purpose
    reason: str | None
    request_id: str
    deadline: Deadline
    idempotency_key: str | None
    fingerprint: str | None
    """Of what the client sent, for a request with an idempotency key."""


@dataclass(frozen=True, slots=True)
class SignedInUser:
    """What a good token says of its bearer."""

    user: str
    name: str
    person: str | None
    memberships: tuple[Membership, ...]


def identify_with(verifier: TokenVerifier) -> Identify:
    """Who a bearer token says is there; raises the one 401 for a token that is not good in any way."""

    async def identify(request: Request) -> SignedInUser:
        try:
            return _user_of(await verifier.verify(bearer_token(request.headers.get("authorization"))))
        except NotGood:
            raise unauthenticated() from None

    return identify


async def signed_in(request: Request) -> Acting:
    """Anyone with a good token, acting in exactly one of their roles."""
    user: SignedInUser = request.scope[IDENTIFIED]
    membership = _acting_membership(user, request.headers)
    purpose, reason = _purpose(membership.role, request.headers)
    return Acting(
        caller=Caller(user.user, user.name, membership.agency, membership.role.value, user.person),
        memberships=user.memberships,
        purpose=purpose,
        reason=reason,
        request_id=request.scope["request_id"],
        deadline=request.scope["deadline"],
        idempotency_key=request.headers.get(KEY_HEADER),
        fingerprint=await _fingerprint(request),
    )


async def _fingerprint(request: Request) -> str | None:
    if KEY_HEADER not in request.headers or request.method == "GET":
        return None
    if_match = request.headers.get("if-match", "")
    return fingerprint(request.method, request.url.path, await request.body(), if_match)


def _user_of(claims: Mapping[str, Any]) -> SignedInUser:
    """The user that the claims describe; a claim of another shape makes the token no good."""
    listed = claims.get("memberships")
    name, person = claims.get("name"), claims.get("person")
    if not isinstance(listed, list) or not 0 < len(listed) <= _MAX_MEMBERSHIPS:
        raise NotGood
    # What is not printable includes control characters and lone surrogates, which no answer could carry.
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise NotGood
    if person is not None and not (isinstance(person, str) and is_id(person)):
        raise NotGood
    try:
        memberships = tuple(_membership_of(entry) for entry in listed)
        user = _user_id.validate_python(claims["sub"])
    except (ValidationError, ValueError, KeyError, TypeError):
        raise NotGood from None
    return SignedInUser(user, name[:300], person, memberships)


def _membership_of(entry: Mapping[str, Any]) -> Membership:
    return Membership(_agency_code.validate_python(entry["agency"]), Role(entry["role"]))


def _acting_membership(user: SignedInUser, headers: Mapping[str, str]) -> Membership:
    """The one membership that the request acts in: never the union of several (design 5.3)."""
    agency, role = headers.get("acting-agency"), headers.get("acting-role")
    fitting = {
        membership
        for membership in user.memberships
        if agency in (None, membership.agency) and role in (None, membership.role.value)
    }
    if not fitting:
        raise forbidden("You do not hold this role in this agency. Use one of those that /v1/me lists.")
    if len(fitting) > 1:
        header = "Acting-Agency" if agency is None else "Acting-Role"
        raise invalid(header, "You have several roles; say in which one you act (see /v1/me).")
    return next(iter(fitting))


def _purpose(role: Role, headers: Mapping[str, str]) -> tuple[Purpose, str | None]:
    """The purpose and its stated reason; a purpose other than the role's ordinary one needs one."""
    ordinary = ORDINARY_PURPOSE[role]
    asked = headers.get("purpose", ordinary.value)
    reason = _as_written(headers.get("purpose-reason", "")).strip() or None
    if asked not in list(Purpose):
        words = ", ".join(purpose.value for purpose in Purpose)
        raise invalid("Purpose", f"Use one of: {words}.")
    if reason is not None and (len(reason) > MAX_REASON_LENGTH or not reason.isprintable()):
        raise invalid(
            "Purpose-Reason", f"Say the reason in at most {MAX_REASON_LENGTH} printable characters."
        )
    if asked != ordinary and reason is None:
        raise invalid("Purpose-Reason", "Say why you ask for this purpose; it stands on the receipt.")
    return Purpose(asked), reason


def _as_written(header: str) -> str:
    """A header's text. Clients send UTF-8, which arrives here byte by byte; what is none stays as it is."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _only(*roles: Role) -> Callable[[Request], Awaitable[Acting]]:
    async def guard(request: Request) -> Acting:
        acting = await signed_in(request)
        if acting.caller.role not in roles:
            raise forbidden(
                "This is not for your acting role. Choose another of your roles, or ask who holds it."
            )
        return acting

    return guard


_CASEWORK = (
    Role.PRACTITIONER,
    Role.SAFEGUARDING_LEAD,
    Role.TEAM_MANAGER,
    Role.COORDINATOR,
    Role.AGENCY_SYSTEM,
)
_READERS = tuple(role for role in Role if role != Role.SCRUTINEER)

SignedIn = Annotated[Acting, Depends(signed_in)]
MaySendConcerns = Annotated[
    Acting, Depends(_only(*_CASEWORK, Role.VOLUNTEER, Role.PANEL_MEMBER, Role.REFERRER))
]
MayReadCases = Annotated[Acting, Depends(_only(*_READERS))]
MayDoCasework = Annotated[Acting, Depends(_only(*_CASEWORK))]
MayLeaveTeam = Annotated[Acting, Depends(_only(*_CASEWORK, Role.VOLUNTEER, Role.PANEL_MEMBER, Role.REFERRER))]
MayDecideConflicts = Annotated[Acting, Depends(_only(*_CASEWORK, Role.INFORMATION_OFFICER))]
MayAnswerMessages = MayDecideConflicts
MayRecordAnswers = Annotated[Acting, Depends(_only(*_CASEWORK, Role.FAMILY_MEMBER))]
InformationOfficer = Annotated[Acting, Depends(_only(Role.INFORMATION_OFFICER))]
MayReadLedger = Annotated[Acting, Depends(_only(Role.INFORMATION_OFFICER, Role.FAMILY_MEMBER))]
MayRecordOverrides = Annotated[Acting, Depends(_only(Role.SAFEGUARDING_LEAD, Role.INFORMATION_OFFICER))]
MayConfirmOverrides = Annotated[Acting, Depends(_only(Role.SAFEGUARDING_LEAD, Role.TEAM_MANAGER))]
MayEndOverrides = Annotated[
    Acting, Depends(_only(Role.SAFEGUARDING_LEAD, Role.TEAM_MANAGER, Role.INFORMATION_OFFICER))
]
MayBreakGlass = Annotated[Acting, Depends(_only(*_CASEWORK))]
MayReviewBreakGlass = Annotated[Acting, Depends(_only(Role.SAFEGUARDING_LEAD, Role.INFORMATION_OFFICER))]
MayEndAccess = Annotated[Acting, Depends(_only(Role.TEAM_MANAGER, Role.INFORMATION_OFFICER))]
MayTakeCheckpoints = Annotated[Acting, Depends(_only(Role.INFORMATION_OFFICER, Role.AGENCY_SYSTEM))]
MayHoldReceipts = Annotated[Acting, Depends(_only(Role.INFORMATION_OFFICER, Role.SAFEGUARDING_LEAD))]
