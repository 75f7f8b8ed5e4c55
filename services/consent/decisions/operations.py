"""Decide and record: the one transaction through which everything leaves (design 3.3, step 2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.consent.agencies.repository import suspended_among
from services.consent.break_glass.repository import has_review_outstanding
from services.consent.decision.decide import decide
from services.consent.decision.facts import Ask, Facts, Rows
from services.consent.decision.policy import Policy
from services.consent.decision.verdict import Cell, Verdict
from services.consent.decision.without_overrides import without_overrides
from services.consent.decisions import facts_of
from services.consent.decisions.deeds import (
    NOBODY_NAMED,
    NOT_IN_FORCE,
    PUTS_IN_CHARGE,
    offers_for,
    permit_for,
)
from services.consent.decisions.obligations import obligations_of
from services.consent.decisions.openings import OPENING_DEEDS, Opener, as_if_done, opener_of
from services.consent.decisions.places import shows_through
from services.consent.decisions.repository import LoadedFacts
from services.consent.ledger.chain import LedgerKey
from services.consent.ledger.officers import (
    is_partnership_officer,
    is_told_what_is_overdue,
    speaks_for_partnership,
)
from services.consent.ledger.receipts import cells_of, content_of, goes_whole, mentions_of, sent_cells
from services.consent.ledger.repository import agency_chain, case_chain, lock_chain, record
from services.consent.policies.repository import Policies
from shared.clock import Clock, from_microseconds, microseconds
from shared.database import ReadSession, WriteSession
from shared.disclosure import (
    AgencyCard,
    CaseAsk,
    CaseVerdict,
    DecisionAnswer,
    DecisionAsk,
    DeedAsk,
    Permit,
    Untold,
)
from shared.identity import Caller
from shared.ids import new_id
from shared.vocabulary import Deed, LedgerAction, Level, Obligation, Role

_OF_ONE_CASE = frozenset(
    {LedgerAction.READ, LedgerAction.PRINT, LedgerAction.EXPORT, LedgerAction.CONTRIBUTE, LedgerAction.EVENT}
)
_MICROSECONDS = 1_000_000
_NEED_AN_OPENER = OPENING_DEEDS | {Deed.RENEW_BREAK_GLASS}
_TAKES_SOMETHING_ON = PUTS_IN_CHARGE | {Deed.ADD_TO_TEAM}
DEEDS_OF_OFFICE = frozenset({Deed.RECORD_BAR, Deed.READ_BARS, Deed.LIFT_BAR})
"""What a partnership's officer whom the policy names may do in a case of which they see nothing. What nobody
else decides, whoever it goes up to may: of which case that is, is checked where it is decided."""


@dataclass(frozen=True, slots=True)
class DecisionParts:
    """What deciding needs besides the database. ``margin_seconds`` is D."""

    clock: Clock
    policies: Policies
    ledger_key: LedgerKey
    margin_seconds: float

    @property
    def margin(self) -> int:
        """D in microseconds."""
        return int(self.margin_seconds * _MICROSECONDS)


def decide_and_record(
    session: WriteSession, parts: DecisionParts, caller: Caller, ask: DecisionAsk
) -> DecisionAnswer:
    """Decide every case of an ask for one caller and append the receipt; both are durable or neither is.

    The chain is locked first, and the time and the facts are read after that, so that the chain's order is
    the order of what was decided.
    """
    chain = _chain_of(ask, caller)
    locked: tuple[int, str] | None = lock_chain(session, chain)
    at = parts.clock()
    version, policy = parts.policies.in_force(session, at)
    targets = [ask.deed.target_agency] if ask.deed and ask.deed.target_agency else []
    loaded = LoadedFacts(session, ask.cases, caller, ask.purpose, targets)
    if caller.role == Role.FAMILY_MEMBER:
        ask = ask.model_copy(update={"cases": tuple(loaded.told(case, at) for case in ask.cases)})
    permit, opens = None, None
    cannot_act = _is_put_in_charge_and_suspended(session, ask.deed)
    opener = _opener(session, policy, loaded, caller, ask, at)
    if ask.deed is not None and ask.deed.deed in OPENING_DEEDS:
        # Who may open anything at all does not depend on the case, so it is said of an absent one as well.
        permit = _permit(
            policy, loaded, caller, ask, ask.deed, [], parts, at, opener, target_suspended=cannot_act
        )
        opens = ask.deed if permit.permitted else None
    decided = [_decide_case(policy, loaded, caller, ask, case, parts, at, opens) for case in ask.cases]
    verdicts = [verdict for verdict, _ in decided]
    if ask.deed is not None and permit is None:
        permit = _permit(
            policy, loaded, caller, ask, ask.deed, decided, parts, at, opener, target_suspended=cannot_act
        )
    receipt = new_id()
    refused = _refused(permit) or not _goes_whole(ask, verdicts, caller)
    by_office = permit is not None and permit.by_office
    if ask.action in _OF_ONE_CASE and not by_office and (not _anything_shown(verdicts, ask) or refused):
        chain, locked = agency_chain(caller.agency), None
    content = _receipt(
        receipt,
        at,
        caller,
        ask,
        verdicts,
        _besides(policy, loaded, caller, ask, decided, at, parts.margin),
        by_office,
        version,
        loaded.version,
        refused=refused,
    )
    mentions = mentions_of(ask.cases, (verdict.exists or by_office for verdict in verdicts))
    record(session, parts.ledger_key, chain, content, mentions, locked)
    return DecisionAnswer(
        receipt=receipt,
        policy_version=version,
        decided_at=at,
        obligations=tuple(sorted({o for verdict in verdicts for o in verdict.obligations})),
        cases=tuple(
            _case_verdict(verdict, loaded.untold(case, at) if verdict.exists else ())
            for verdict, case in zip(verdicts, ask.cases, strict=True)
        ),
        permit=permit,
        agencies={row.code: AgencyCard(name=row.name, telephone=row.telephone) for row in loaded.agency_rows},
        refused=content["action"] == LedgerAction.REFUSE,
        may=_offers(loaded, caller, ask, decided, microseconds(at), parts.margin),
    )


def _offers(
    loaded: LoadedFacts,
    caller: Caller,
    ask: DecisionAsk,
    decided: Sequence[tuple[Verdict, Facts]],
    at: int,
    margin: int,
) -> tuple[str, ...]:
    """What may be offered to whoever sees the one case that was asked about."""
    if ask.offers is None or len(decided) != 1 or loaded.suspended or loaded.kind_of_caller() is None:
        return ()
    [(verdict, facts)] = decided
    if not verdict.exists:
        return ()
    may = offers_for(caller, ask.cases[0], facts, ask.offers, at, margin, statutory_basis=False)
    # What another agency sees would tell whoever may not learn it whose it is and where the family is.
    hidden = {Deed.SEE_AS_AGENCY} if Obligation.NAME_NO_AGENCY in verdict.obligations else set[Deed]()
    return tuple(deed for deed in may if deed not in hidden)


def _is_put_in_charge_and_suspended(session: ReadSession, deed: DeedAsk | None) -> bool:
    if deed is None or deed.deed not in _TAKES_SOMETHING_ON or deed.for_user is None:
        return False
    suspended = suspended_among(session, [deed.for_user])
    return not suspended.isdisjoint({(deed.for_user, None), (deed.for_user, deed.target_agency)})


def _is_shown_there(policy: Policy, loaded: LoadedFacts, deed: DeedAsk) -> bool:
    """Whether whoever joins, is invited or is put in charge is shown anything there, in their role.

    Who takes a chair themselves has seen the meeting. An agency that is not in the partnership has no kind;
    it is refused where it is named, by the field.
    """
    if deed.target_agency is None or deed.for_role is None:
        return False
    if deed.deed == Deed.NAME_CHAIR and deed.is_self:
        return True
    kind = loaded.kind_of(deed.target_agency)
    if kind is None and deed.deed in (Deed.ADD_TO_TEAM, Deed.INVITE):
        return True
    return shows_through(policy, kind, deed.for_role, deed.deed)


def _opener(
    session: WriteSession,
    policy: Policy,
    loaded: LoadedFacts,
    caller: Caller,
    ask: DecisionAsk,
    at: datetime,
) -> Opener:
    if ask.deed is None or ask.deed.deed not in _NEED_AN_OPENER:
        return Opener()
    user = ask.deed.for_user or caller.user
    cases = [case.case for case in ask.cases if case.case is not None]
    outstanding = has_review_outstanding(session, user, cases, at)
    kind = loaded.kind_of_caller()
    return opener_of(policy, kind, caller, ask.purpose, outstanding=outstanding, user=user)


def _chain_of(ask: DecisionAsk, caller: Caller) -> str:
    """Reads of one case extend its chain; lists, searches and unknown ids that of the caller's agency."""
    only = ask.cases[0].case if len(ask.cases) == 1 and ask.action in _OF_ONE_CASE else None
    return case_chain(only) if only is not None else agency_chain(caller.agency)


def _anything_shown(verdicts: list[Verdict], ask: DecisionAsk) -> bool:
    return any(verdict.exists for verdict in verdicts) or not ask.cases


def _refused(permit: Permit | None) -> bool:
    return permit is not None and not permit.permitted


def _decide_case(
    policy: Policy,
    loaded: LoadedFacts,
    caller: Caller,
    ask: DecisionAsk,
    case: CaseAsk,
    parts: DecisionParts,
    at: datetime,
    opens: DeedAsk | None,
) -> tuple[Verdict, Facts]:
    """``opens``: what the caller may do, and would open by it; the case is decided as if it were done."""
    now, margin = microseconds(at), parts.margin
    facts = loaded.of_case(case, _default_rows(policy, loaded, caller, ask.purpose), now, margin)
    question = _question(loaded, caller, ask, case, now, margin)
    if opens is None:
        verdict = decide(policy, facts, question)
    else:
        opened = as_if_done(facts, opens, caller, ask.purpose)
        verdict = decide(policy, opened, question)
        if opens.for_user is not None:
            # Both must be able to see it: the manager is told that it is there, the colleague is to read it.
            colleague = decide(policy, opened, replace(question, user=opens.for_user))
            verdict = verdict if colleague.exists else colleague
    if verdict.exists:
        searching = ask.action == LedgerAction.SEARCH
        listing = ask.action == LedgerAction.LIST and caller.role == Role.FAMILY_MEMBER
        verdict.obligations = (
            *verdict.obligations,
            *obligations_of(facts, question, searching=searching, listing=listing),
        )
    return verdict, facts


def _question(
    loaded: LoadedFacts, caller: Caller, ask: DecisionAsk, case: CaseAsk, now: int, margin: int
) -> Ask:
    return Ask(
        user=caller.user,
        agency=caller.agency,
        role=caller.role,
        relationship=case.relationship,
        purpose=ask.purpose,
        at=now,
        margin=margin,
        labels=tuple(facts_of.label(label) for label in case.labels),
        relationships_by_subject=loaded.relationships_by_subject(case, now, margin),
        on_behalf_of=caller.on_behalf_of,
        on_behalf_roles=case.on_behalf_roles,
    )


def _besides(
    policy: Policy,
    loaded: LoadedFacts,
    caller: Caller,
    ask: DecisionAsk,
    decided: Sequence[tuple[Verdict, Facts]],
    at: datetime,
    margin: int,
) -> list[tuple[Cell | None, ...]]:
    """Of each case what of it would have left without a statutory override; with a deed nothing leaves."""
    if ask.deed is not None:
        return [(None,) * len(case.labels) for case in ask.cases]
    now = microseconds(at)
    return [
        without_overrides(policy, facts, _question(loaded, caller, ask, case, now, margin), verdict.cells)
        for case, (verdict, facts) in zip(ask.cases, decided, strict=True)
    ]


def _permit(
    policy: Policy,
    loaded: LoadedFacts,
    caller: Caller,
    ask: DecisionAsk,
    deed: DeedAsk,
    decided: Sequence[tuple[Verdict, Facts]],
    parts: DecisionParts,
    at: datetime,
    opener: Opener,
    *,
    target_suspended: bool,
) -> Permit:
    kind = loaded.kind_of_caller()
    if loaded.suspended or kind is None:
        # Of whoever a system names it is not told that they are suspended, nor that there is anybody.
        return NOT_IN_FORCE if caller.on_behalf_of is None else NOBODY_NAMED
    now, office = microseconds(at), speaks_for_partnership(caller, kind, policy)
    basis = loaded.has_statutory_basis(ask.cases, deed.target_agency, now, parts.margin)
    permit = permit_for(
        deed,
        caller,
        ask.cases,
        decided,
        now,
        parts.margin,
        for_partnership=office,
        opener=opener,
        statutory_basis=basis,
        target_suspended=target_suspended,
        target_sees=_is_shown_there(policy, loaded, deed),
    )
    of_office = deed.deed in DEEDS_OF_OFFICE and is_partnership_officer(caller, policy)
    goes_up = deed.deed == Deed.DECIDE_CONFLICT and is_told_what_is_overdue(caller, kind, policy)
    if permit.permitted and (of_office or goes_up):
        return permit.model_copy(update={"by_office": True})
    return permit


def _goes_whole(ask: DecisionAsk, verdicts: Sequence[Verdict], caller: Caller) -> bool:
    """Whether a concern goes as its form has it; anything else that is done does."""
    if ask.deed is None or ask.deed.deed != Deed.SEND_CONCERN:
        return True
    return goes_whole(ask.deed, ask.cases, (verdict.cells for verdict in verdicts), caller.agency)


def _default_rows(policy: Policy, loaded: LoadedFacts, caller: Caller, purpose: str) -> Rows | None:
    standing = policy.standings.get((loaded.kind_of_caller(), caller.role, "none", purpose))
    return standing.rows if standing else None


def _case_verdict(verdict: Verdict, untold: tuple[Untold, ...]) -> CaseVerdict:
    until = verdict.valid_until
    levels = tuple(int(level) for level in verdict.levels)
    return CaseVerdict(
        levels=levels,
        valid_until=None if until is None else from_microseconds(until),
        obligations=verdict.obligations,
        untold=untold,
    )


def _receipt(
    id: str,
    at: datetime,
    caller: Caller,
    ask: DecisionAsk,
    verdicts: list[Verdict],
    besides: list[tuple[Cell | None, ...]],
    by_office: bool,
    policy_version: int,
    facts_version: str,
    *,
    refused: bool,
) -> dict[str, Any]:
    shown = _anything_shown(verdicts, ask) or by_office
    released = shown and ask.deed is None
    refused = refused or not shown
    sends = ask.deed is not None and ask.deed.deed == Deed.SEND_CONCERN
    recipient = ask.deed.target_agency if ask.deed is not None and sends else None
    return content_of(
        id=id,
        at=at,
        caller=caller,
        action=LedgerAction.REFUSE if refused and ask.action in _OF_ONE_CASE else ask.action.value,
        deed=ask.deed.deed if ask.deed else None,
        purpose=ask.purpose,
        reason=ask.reason,
        cases=[
            sent_cells(case, verdict.cells, caller.agency, recipient)
            if recipient is not None and not refused
            else cells_of(case, verdict.cells, without, released=released)
            for case, verdict, without in zip(ask.cases, verdicts, besides, strict=True)
        ],
        policy_version=policy_version,
        facts_version=facts_version,
    )


def levels_now(
    session: ReadSession, parts: DecisionParts, caller: Caller, purpose: str, case: CaseAsk
) -> tuple[Level, ...]:
    """The levels of a case's labels for a caller at this moment, for an operation that tells of them in an
    answer of its own and records that itself."""
    at = parts.clock()
    _, policy = parts.policies.in_force(session, at)
    ask = DecisionAsk(action=LedgerAction.LIST, purpose=purpose, cases=(case,))
    loaded = LoadedFacts(session, ask.cases, caller, purpose, ())
    verdict, _ = _decide_case(policy, loaded, caller, ask, case, parts, at, None)
    return tuple(verdict.levels)
