"""SQL for explanations: the facts as each agency is decided by them, and who looked last."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, false, func, not_, or_, select

from services.consent.agencies.tables import Suspension
from services.consent.consents.repository import consents_of_case
from services.consent.decision.everybody import Seat
from services.consent.decision.facts import Facts, Rows
from services.consent.decision.policy import Policy, parse_policy
from services.consent.decision.windows import grants
from services.consent.decisions import facts_of
from services.consent.decisions.as_of import as_known
from services.consent.decisions.repository import LoadedFacts
from services.consent.exclusions.repository import exclusions_of_case
from services.consent.ledger.receipts import MENTIONS_CASE
from services.consent.ledger.repository import CONTENT_COLUMNS, HANDS_OUT
from services.consent.ledger.tables import Mention, Receipt
from services.consent.overrides.repository import overrides_of_cases
from services.consent.policies.repository import Policies
from services.consent.policies.tables import PolicyDraft, PublishedPolicy
from shared.clock import microseconds
from shared.database import ReadSession
from shared.disclosure import CaseAsk
from shared.explanations import SeatAsk
from shared.identity import Caller
from shared.vocabulary import LedgerAction, OverrideKind, Relationship, Role

_LOOKED = (LedgerAction.READ, LedgerAction.PRINT, LedgerAction.EXPORT)
_SEVERAL = ("permissions", "exclusions", "overrides", "bars", "releases", "agreements")


@dataclass(frozen=True, slots=True)
class Known:
    """The facts as each agency is decided by them, the names of agencies, and what was read."""

    by_agency: Mapping[str, Facts]
    agency_rows: Sequence[Any]
    version: str


def facts_for(
    session: ReadSession,
    policy: Policy,
    case: CaseAsk,
    seats: Iterable[Seat],
    at: datetime,
    margin: int,
    known_at: datetime | None = None,
) -> Known:
    """The facts about a case for everybody in these seats; with ``known_at`` as they were known then.

    Read as for a decision, once for each agency and purpose: what an agency is decided by is not another's
    business (a broken glass, its agreements and releases).
    """
    wanted = sorted({(seat.agency, seat.purpose, seat.role) for seat in seats})
    also = sorted({agency for agency, _, _ in wanted})
    by_agency: dict[str, Facts] = {}
    rows: dict[str, Any] = {}
    versions: set[str] = set()
    done: set[tuple[str, str]] = set()
    for agency, purpose, role in wanted:
        allowed = purpose in policy.purposes.get(role, ())
        if (agency, purpose) in done or (not allowed and agency in by_agency):
            continue
        loaded = LoadedFacts(session, [case], Caller("", "", agency, role), purpose, also, known_at)
        facts = loaded.of_case(case, _default_rows(policy, loaded, role, purpose), microseconds(at), margin)
        before = by_agency.get(agency)
        by_agency[agency] = facts if before is None else _together(before, facts)
        rows.update({row.code: row for row in loaded.agency_rows})
        versions.add(loaded.version)
        if allowed:
            done.add((agency, purpose))
    return Known(by_agency, [rows[code] for code in sorted(rows)], ",".join(sorted(versions))[:64])


def _default_rows(policy: Policy, loaded: LoadedFacts, role: str, purpose: str) -> Rows | None:
    standing = policy.standings.get((loaded.kind_of_caller(), role, "none", purpose))
    return standing.rows if standing else None


def _together(one: Facts, other: Facts) -> Facts:
    """The facts for two purposes of one agency: what is the same stands once.

    Not by id: an answer to a sharing request counts in several parts under one id.
    """
    both: dict[str, Any] = {
        kind: tuple(dict.fromkeys((*getattr(one, kind), *getattr(other, kind)))) for kind in _SEVERAL
    }
    return replace(one, **both)


def policy_of_version(session: ReadSession, policies: Policies, version: int) -> Policy | None:
    """A published policy by its version; None when there is no such version."""
    known = select(PublishedPolicy.version).where(PublishedPolicy.version == version)
    if session.execute(known).one_or_none() is None:
        return None
    return policies.of_version(session, version)


def policy_of_draft(session: ReadSession, draft: str) -> Policy | None:
    """The policy that a draft spells as it now stands; None when there is no such draft."""
    found = session.execute(select(PolicyDraft.document).where(PolicyDraft.id == draft)).one_or_none()
    return None if found is None else parse_policy(found.document)


def suspended_among(
    session: ReadSession, places: Collection[tuple[str, str]], at: datetime
) -> set[tuple[str, str]]:
    """Those of these (user, agency) whose access was suspended at a moment, for the agency or for any."""
    if not places:
        return set()
    statement = select(Suspension.user, Suspension.agency).where(
        Suspension.user.in_({user for user, _ in places}),
        Suspension.suspended_at <= at,
        or_(Suspension.lifted_at.is_(None), Suspension.lifted_at > at),
    )
    stopped = {(row.user, row.agency) for row in session.execute(statement)}
    return {place for place in places if place in stopped or (place[0], None) in stopped}


def users_of_overrides(
    session: ReadSession, case: str, at: datetime, margin: int, known_at: datetime | None
) -> list[tuple[str, SeatAsk]]:
    """Whoever an override in force names as a user, with its kind; in the role in which they last asked about
    the case, or else as a practitioner of the agency that recorded it."""
    now = microseconds(at)
    found: dict[tuple[str, str], tuple[str, SeatAsk]] = {}
    for row in as_known(overrides_of_cases(session, [case]), known_at):
        fact = facts_of.override(row, now)
        if grants(fact.window, now, margin):
            for user in sorted(fact.users):
                there_alone = facts_of.is_for_one_agency(row)
                seat = _as_last_seen(session, case, user, row.recorded_by_agency, there_alone, at)
                found.setdefault((seat.user, seat.agency), (row.kind, seat))
    return [found[place] for place in sorted(found)]


def _as_last_seen(
    session: ReadSession, case: str, user: str, recorded_by: str, there_alone: bool, until: datetime
) -> SeatAsk:
    statement = (
        select(Receipt.user_name, Receipt.agency, Receipt.role)
        .join(Mention, Mention.receipt == Receipt.id)
        .where(
            Mention.kind == MENTIONS_CASE,
            Mention.target == case,
            Receipt.user == user,
            Receipt.at <= until,
        )
        .order_by(Receipt.at.desc(), Receipt.id)
        .limit(1)
    )
    if there_alone:
        statement = statement.where(Receipt.agency == recorded_by)
    last = session.execute(statement).one_or_none()
    name, agency, role = (user, recorded_by, Role.PRACTITIONER.value) if last is None else last
    return SeatAsk(user=user, name=name, agency=agency, role=role, relationship=Relationship.NONE.value)


@dataclass(frozen=True, slots=True)
class Looked:
    """When each (user, agency) last looked; ``untold``: only by overrides that the asker may not know of."""

    told: dict[tuple[str, str], datetime]
    untold: dict[tuple[str, str], datetime]

    def last(self, place: tuple[str, str], *, sees: bool) -> datetime | None:
        """When somebody last looked, as far as it may be told. ``sees``: as far as the asker knows they see
        it, so that what they were shown by an override would have been a view without it too."""
        moments = [self.told.get(place), self.untold.get(place) if sees else None]
        return max((moment for moment in moments if moment is not None), default=None)


def last_seen(
    session: ReadSession, case: str, entry: str | None, until: datetime, untold: Collection[str] = ()
) -> Looked:
    """When each (user, agency) was last given a view of a case, or of one entry of it, up to a moment.

    An entry's id stands on a receipt only where it was released. ``untold``: the overrides of which the asker
    may not know.
    """
    receipt = cast(Receipt.cases, Text)
    views = (
        Mention.kind == MENTIONS_CASE,
        Mention.target == case,
        Receipt.action.in_(_LOOKED),
        HANDS_OUT,
        Receipt.at <= until,
        *(() if entry is None else (receipt.contains(entry, autoescape=True),)),
    )
    by_override = or_(false(), *(receipt.contains(override, autoescape=True) for override in untold))
    joined = select(Receipt.user, Receipt.agency, func.max(Receipt.at).label("last")).join(
        Mention, Mention.receipt == Receipt.id
    )
    plain = joined.where(*views, not_(by_override)).group_by(Receipt.user, Receipt.agency)
    looked = Looked({(row.user, row.agency): row.last for row in session.execute(plain)}, {})
    if untold:
        whole = select(Receipt.user, Receipt.agency, Receipt.at, Receipt.cases).join(
            Mention, Mention.receipt == Receipt.id
        )
        for row in session.execute(whole.where(*views, by_override)):
            known = _rests_on_more(row.cases, entry, untold)
            moments, place = looked.told if known else looked.untold, (row.user, row.agency)
            moments[place] = max(moments.get(place, row.at), row.at)
    return looked


def _rests_on_more(cases: Iterable[Mapping[str, Any]], entry: str | None, untold: Collection[str]) -> bool:
    """Whether something of a receipt, or of an entry on it, was shown on another basis than these."""
    return any(
        basis.partition(":")[2] not in untold
        for case in cases
        for cell in case["cells"]
        if entry is None or entry in cell["entries"]
        for basis in cell["bases"]
    )


def overrides_untold(
    session: ReadSession, case: str, user: str, agency: str, *, glass_is_told: bool
) -> list[str]:
    """The overrides of a case, over or not, that are not told to somebody who is no officer."""
    return [
        row.id
        for row in overrides_of_cases(session, [case])
        if not _counts_for(row, user, agency) and not (glass_is_told and row.kind == OverrideKind.BREAK_GLASS)
    ]


def _counts_for(override: Any, user: str, agency: str) -> bool:
    agencies, users = facts_of.counts_for(override)
    return user in users or agency in agencies


def receipt_with_id(session: ReadSession, receipt: str) -> Any | None:
    return session.execute(select(*CONTENT_COLUMNS).where(Receipt.id == receipt)).one_or_none()


def answers_and_exclusions_of(session: ReadSession, case: str) -> tuple[Sequence[Any], Sequence[Any]]:
    """What the family said in a case, as it is listed to those who may see it."""
    return consents_of_case(session, case), exclusions_of_case(session, case)
