"""Who may come in: each route names the guard it stands behind in its signature.

A guard says which roles may try a route at all. What they then see or may do in a case is decided by the
consent service, never here.
"""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import Headers

from shared.clock import Deadline
from shared.idempotency import KEY_HEADER, fingerprint
from shared.identity import Caller, NotGood, TokenVerifier, bearer_token, unauthenticated
from shared.ids import is_id
from shared.problems import forbidden, invalid, not_found
from shared.purposes import ORDINARY_PURPOSE
from shared.records.base import AgencyCode, UserId
from shared.vocabulary import DOES_CASEWORK, Purpose, Role
from shared.web import IDENTIFIED, Identify

MAX_REASON_LENGTH = 500
ACTING = "teamaround.acting"
"""Where a request's scope keeps its ``Acting``, for what has to be said of it when it is refused."""
_MAX_MEMBERSHIPS = 50
_ON_BEHALF_OF = "on-behalf-of"
_CHOOSING = frozenset({"acting-agency", "acting-role"})
_agency_code: TypeAdapter[str] = TypeAdapter(AgencyCode)
_user_id: TypeAdapter[str] = TypeAdapter(UserId)


@dataclass(frozen=True, slots=True)
class Membership:
    """One role that somebody may act in, for one agency."""

    agency: str
    role: Role


@dataclass(slots=True)
class Attempt:
    """What the ledger holds of a request's deed so far: a refusal that comes after that has to be added.

    ``is_decided``: something was. ``stands_as_done``: the last decision about a deed let it be done.
    ``is_done``: something was written.
    """

    deed: str | None = None
    cases: tuple[tuple[str, bool], ...] = ()
    """The cases that the deed concerns, each with whether it exists for the caller; ``people`` likewise,
    where it concerns somebody outside any case."""
    people: tuple[tuple[str, bool], ...] = ()
    is_decided: bool = False
    stands_as_done: bool = False
    is_done: bool = False


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
    only_case: str | None = None
    """The one case of whoever came by a code; ``code``: the id of the code that they bring."""
    code: str | None = None
    attempt: Attempt = field(default_factory=Attempt, compare=False)

    @property
    def works_for(self) -> frozenset[str]:
        """Every agency in which they have a role: what benefits one of them benefits them, whichever they
        act for."""
        return frozenset(membership.agency for membership in self.memberships)


@dataclass(frozen=True, slots=True)
class SignedInUser:
    """What a good token says of its bearer."""

    user: str
    name: str
    person: str | None
    memberships: tuple[Membership, ...]
    only_case: str | None = None
    code: str | None = None


WhoBrings = Callable[[Request, str], Awaitable[SignedInUser | None]]
"""Whom a token of another kind stands for, None where it is none."""


def identify_with(
    verifier: TokenVerifier,
    admit: Callable[[Request, SignedInUser], None] | None = None,
    family: WhoBrings | None = None,
) -> Identify:
    """Who a bearer token says is there; raises the one 401 for a token that is not good in any way, and
    whatever ``admit`` raises for somebody who asks too often."""

    async def identify(request: Request) -> SignedInUser:
        try:
            token = bearer_token(_only_one(request.headers.getlist("authorization")))
            user = None if family is None else await family(request, token)
            if user is None:
                user = _user_of(await verifier.verify(token))
        except NotGood:
            raise unauthenticated() from None
        if admit is not None:
            admit(request, user)
        return user

    return identify


def _only_one(authorizations: list[str]) -> str | None:
    """Of two of them a proxy may have looked at the other one."""
    return authorizations[0] if len(authorizations) == 1 else None


async def signed_in(request: Request) -> Acting:
    """Anyone with a good token, acting in exactly one of their roles, for themselves."""
    return await _acting(request, for_somebody=False)


async def undecided(request: Request) -> tuple[Acting, bool]:
    """Anyone with a good token, and whether they have chosen: somebody with several roles who names none
    acts in the first of them here, for what is the same in each of them."""
    user: SignedInUser = request.scope[IDENTIFIED]
    is_chosen = len(set(user.memberships)) == 1 or not _CHOOSING.isdisjoint(request.headers.keys())
    return await _acting(request, for_somebody=False, choose=is_chosen), is_chosen


async def _acting(request: Request, *, for_somebody: bool, choose: bool = True) -> Acting:
    user: SignedInUser = request.scope[IDENTIFIED]
    _stay_on_the_sheet(user, request)
    _refuse_doubled(request.headers)
    membership = _acting_membership(user, request.headers) if choose else user.memberships[0]
    purpose, reason = _purpose(membership.role, request.headers)
    named = _on_behalf_of(request.headers.getlist(_ON_BEHALF_OF), user.user, membership.role)
    acting = Acting(
        caller=Caller(user.user, user.name, membership.agency, membership.role.value, user.person, named),
        memberships=user.memberships,
        purpose=purpose,
        reason=reason,
        request_id=request.scope["request_id"],
        deadline=request.scope["deadline"],
        idempotency_key=request.headers.get(KEY_HEADER),
        fingerprint=await _fingerprint(request),
        only_case=user.only_case,
        code=user.code,
    )
    request.scope[ACTING] = acting
    if named is not None and not for_somebody:
        raise forbidden("This is not done on behalf of anybody. Leave On-Behalf-Of out.")
    return acting


_SENT_ONCE = ("Acting-Agency", "Acting-Role", "Purpose", "Purpose-Reason", KEY_HEADER, "If-Match")


def _refuse_doubled(headers: Headers) -> None:
    """A 422 about a header of ours that is sent twice: it would say two things, of which one counted."""
    names = headers.keys()
    if len(set(names)) == len(names):
        return
    wrong = [name for name in _SENT_ONCE if len(headers.getlist(name)) > 1]
    if wrong:
        raise invalid(wrong[0], "Send this header once.")


BEGINS_VISIT = "/v1/family-visits"
_OF_NO_CASE = frozenset({"/v1/me", "/v1/agencies"})
_OF_THE_SHEET = re.compile(
    r"/v1/cases/[^/]+/(?:family-sheet|consents/[^/]+/withdrawal|meetings/[^/]+/family-invitations/[^/]+/word)"
)
"""All of a case that a visit opens. Whoever gave the code knows it too, and could use it themselves: so it
opens no more of the record than the sheet needs (decision 31)."""


def _stay_on_the_sheet(user: SignedInUser, request: Request) -> None:
    """A code begins a visit and nothing else; a visit opens one sheet, and what is no case's."""
    if user.only_case is None:
        return
    path = request.url.path
    if (user.code is not None) != (path == BEGINS_VISIT):
        raise forbidden("Type the code on the page for families, and go on from there.")
    named = request.path_params.get("case")
    if named is not None and named != user.only_case:
        raise not_found()
    if path not in (BEGINS_VISIT, *_OF_NO_CASE) and not _OF_THE_SHEET.fullmatch(path):
        raise forbidden("Your code opens your own page and nothing else.")


async def _fingerprint(request: Request) -> str | None:
    if KEY_HEADER not in request.headers or request.method == "GET":
        return None
    if_match, named = (request.headers.get(name, "") for name in ("if-match", _ON_BEHALF_OF))
    return fingerprint(request.method, request.url.path, await request.body(), if_match, named)


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


def _on_behalf_of(named: list[str], user: str, role: Role) -> str | None:
    """The user for whom an agency's system acts, if it names one.

    Nobody is looked up here: who is not on the team of a case is decided there like somebody who does not
    exist (decision 24). A header that names nobody is never taken for one that is not there.
    """
    if not named:
        return None
    if role != Role.AGENCY_SYSTEM:
        raise forbidden("Only an agency's system acts on behalf of somebody. Leave On-Behalf-Of out.")
    if len(named) != 1 or not _is_user_id(named[0]) or named[0] == user:
        raise invalid(
            "On-Behalf-Of", "Send the id of one user for whom this system acts, as their sign-in has it."
        )
    return named[0]


def _is_user_id(value: str) -> bool:
    try:
        return _user_id.validate_python(value) == value
    except ValidationError:
        return False


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
        return _of_role(await signed_in(request), roles)

    return guard


def _of_role(acting: Acting, roles: Collection[Role]) -> Acting:
    if acting.caller.role not in roles:
        raise forbidden(
            "This is not for your acting role. Choose another of your roles, or ask who holds it."
        )
    return acting


def _only_for_anybody(*roles: Role) -> Callable[..., Awaitable[Acting]]:
    """The same, where an agency's system may act for somebody: reading and writing entries of a case."""

    async def guard(
        request: Request,
        _: Annotated[str | None, Header(alias="On-Behalf-Of", description=_NAMES_SOMEBODY)] = None,
    ) -> Acting:
        return _of_role(await _acting(request, for_somebody=True), roles)

    return guard


_NAMES_SOMEBODY = (
    "For the role agency_system: the id of the user for whom the system acts, who works on the case for the "
    "same agency. What leaves is never more than either may see. Without it the system acts for itself."
)
_CASEWORK = (*DOES_CASEWORK, Role.AGENCY_SYSTEM)
_READERS = tuple(role for role in Role if role != Role.SCRUTINEER)

SignedIn = Annotated[Acting, Depends(signed_in)]
Undecided = Annotated[tuple[Acting, bool], Depends(undecided)]
MaySendConcerns = Annotated[
    Acting, Depends(_only(*_CASEWORK, Role.VOLUNTEER, Role.PANEL_MEMBER, Role.REFERRER))
]
MayBringToPanel = Annotated[Acting, Depends(_only(Role.COORDINATOR))]
MayReadReports = Annotated[Acting, Depends(_only(Role.TEAM_MANAGER, Role.SCRUTINEER))]
MayReadCases = Annotated[Acting, Depends(_only(*_READERS))]
MayReadEntries = Annotated[Acting, Depends(_only_for_anybody(*_READERS))]
MayWriteEntries = Annotated[Acting, Depends(_only_for_anybody(*_CASEWORK))]
MayDoCasework = Annotated[Acting, Depends(_only(*_CASEWORK))]
TeamManager = Annotated[Acting, Depends(_only(Role.TEAM_MANAGER))]
MayLeaveTeam = Annotated[Acting, Depends(_only(*Role))]
MayAnswerInvitations = Annotated[
    Acting, Depends(_only(*_CASEWORK, Role.VOLUNTEER, Role.PANEL_MEMBER, Role.REFERRER))
]
MayDecideConflicts = Annotated[Acting, Depends(_only(*_CASEWORK, Role.INFORMATION_OFFICER))]
MayAnswerMessages = MayDecideConflicts
MayRecordAnswers = Annotated[Acting, Depends(_only(*_CASEWORK, Role.FAMILY_MEMBER))]
FamilyMember = Annotated[Acting, Depends(_only(Role.FAMILY_MEMBER))]
InformationOfficer = Annotated[Acting, Depends(_only(Role.INFORMATION_OFFICER))]
MayReadLedger = Annotated[Acting, Depends(_only(Role.INFORMATION_OFFICER, Role.FAMILY_MEMBER))]
MayRecordOverrides = Annotated[Acting, Depends(_only(Role.SAFEGUARDING_LEAD, Role.INFORMATION_OFFICER))]
MayEndOverrides = Annotated[
    Acting, Depends(_only(Role.SAFEGUARDING_LEAD, Role.TEAM_MANAGER, Role.INFORMATION_OFFICER))
]
MayConfirmOverrides = MayEndOverrides
MayAnswerForAgency = MayEndOverrides
MayBreakGlass = Annotated[Acting, Depends(_only(*_CASEWORK))]
MayReviewBreakGlass = MayEndOverrides
MayEndAccess = Annotated[Acting, Depends(_only(Role.TEAM_MANAGER, Role.INFORMATION_OFFICER))]
MaySeeGaps = Annotated[Acting, Depends(_only(Role.TEAM_MANAGER, Role.COORDINATOR, Role.INFORMATION_OFFICER))]
MayTakeCheckpoints = Annotated[Acting, Depends(_only(Role.INFORMATION_OFFICER, Role.AGENCY_SYSTEM))]
MayHoldReceipts = Annotated[Acting, Depends(_only(Role.INFORMATION_OFFICER, Role.SAFEGUARDING_LEAD))]
