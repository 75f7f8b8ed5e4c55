"""What another agency would see of a case, as far as whoever asks may know (design 3.2, 3.4).

A read, decided and recorded like every other: what is shown leaves to whoever asks, at the lower of the two
levels.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.consent.authorities.operations import authorities_told
from services.consent.authorities.repository import authorities_of_case
from services.consent.consents.operations import answers_told
from services.consent.decision.decide import decide
from services.consent.decision.everybody import Seat, ask_of
from services.consent.decision.facts import Facts, Label
from services.consent.decision.verdict import Cell, Verdict
from services.consent.decision.without_overrides import without_overrides
from services.consent.decision.writing import Doing, Refusal, may_write
from services.consent.decisions.obligations import may_not_locate
from services.consent.decisions.operations import DecisionParts
from services.consent.exclusions.operations import exclusions_told
from services.consent.explanations.operations import (
    Opened,
    open_question,
    own_verdict,
    reader_of,
    record_answer,
)
from services.consent.explanations.repository import answers_and_exclusions_of
from services.consent.explanations.seats import purposes_of
from services.consent.ledger.receipts import beside
from services.consent.seen_by.repository import ToldFacts
from services.consent.who_can_see import supposing
from shared.clock import from_microseconds
from shared.database import WriteSession
from shared.disclosure import AgencyCard, CaseVerdict, DecisionAnswer
from shared.explanations import SeenByAsk
from shared.identity import Caller
from shared.vocabulary import Deed, Level, Relationship

Refused = dict[str, str]


def seen_by(
    session: WriteSession, parts: DecisionParts, caller: Caller, asked: SeenByAsk
) -> DecisionAnswer | Refused | None:
    """Of what the caller sees at *summary* or more, the lower of their level and that of the agency.

    None where nothing of the case exists for them, or there is no such agency; ``refused`` with the reason
    when they see the case and are not on its team. The agency is decided on what the caller may know.
    """
    opened = open_question(session, parts, caller, asked)
    known, facts, own = own_verdict(session, opened)
    told = None if may_not_locate(facts, opened.question) else _told_of(session, opened, asked)
    if not own.exists or told is None:
        record_answer(session, opened, Deed.SEE_AS_AGENCY, None, known.version)
        return None
    doing = Doing(caller.role, asked.case.relationship, caller.agency)
    permit = may_write(Deed.SEE_AS_AGENCY, doing)
    if isinstance(permit, Refusal):
        record_answer(session, opened, Deed.SEE_AS_AGENCY, (), known.version, refused=True)
        return {"refused": permit.reason}
    supposing.check(asked.changes, supposing.Named((), (), _seen_subjects(opened, own)), (), opened.now)
    levels = _lower(opened, asked, own, told)
    besides = without_overrides(opened.policy, facts, opened.question, own.cells)
    cells = _cells(opened, own, levels, besides)
    receipt = record_answer(session, opened, Deed.SEE_AS_AGENCY, cells, known.version)
    until = own.valid_until
    rows = {row.code: row for row in (*known.agency_rows, *told.agency_rows)}
    return DecisionAnswer(
        receipt=receipt,
        policy_version=opened.version,
        decided_at=opened.at,
        obligations=own.obligations,
        cases=(
            CaseVerdict(
                levels=tuple(int(level) for level in levels),
                valid_until=None if until is None else from_microseconds(until),
            ),
        ),
        permit=None,
        agencies={
            code: AgencyCard(name=row.name, telephone=row.telephone) for code, row in sorted(rows.items())
        },
    )


class KnownToAsker:
    """What whoever asks may know of what the family said in this case, read once for all who are decided
    for on it alone."""

    def __init__(self, session: WriteSession, opened: Opened, case: str) -> None:
        self._session, self._opened = session, opened
        self._reader = reader_of(opened)
        answers, exclusions = answers_and_exclusions_of(session, case)
        subjects = {subject.id for subject in opened.asked.case.subjects}
        told = answers_told(session, answers, self._reader, opened.at)
        self._answers = [row for row in told if row.subject in subjects]
        self._exclusions = exclusions_told(session, exclusions, self._reader)
        self._authorities = authorities_told(session, authorities_of_case(session, case), self._reader)

    def facts_for(self, agency: str, role: str, purpose: str) -> ToldFacts:
        """What somebody of this agency is decided by, as far as whoever asks is told of it."""
        case = self._opened.asked.case
        return ToldFacts(
            self._session,
            case,
            Caller("", "", agency, role),
            purpose,
            self._reader,
            self._answers,
            self._exclusions,
            self._authorities,
            is_settled_told=case.relationship == Relationship.LEAD,
        )


def facts_as_told(opened: Opened, told: ToldFacts, role: str, purpose: str) -> Facts:
    """The facts of the case as the asker is told of them, for a seat of that role and purpose."""
    standing = opened.policy.standings.get((told.kind_of_caller(), role, Relationship.NONE, purpose))
    rows = standing.rows if standing else None
    return told.of_case(opened.asked.case, rows, opened.now, opened.margin)


def _told_of(session: WriteSession, opened: Opened, asked: SeenByAsk) -> ToldFacts | None:
    """The facts as the caller is told of them; None where there is no such case or agency."""
    if asked.case.case is None:
        return None
    known = KnownToAsker(session, opened, asked.case.case)
    told = known.facts_for(asked.agency, asked.role, _purpose(opened, asked))
    return told if told.kind_of_caller() is not None else None


def _purpose(opened: Opened, asked: SeenByAsk) -> str:
    return purposes_of(opened.policy, asked.role)[0]


def _lower(opened: Opened, asked: SeenByAsk, own: Verdict, told: ToldFacts) -> list[Level]:
    """Label by label the lower level; nothing of what the caller does not see at *summary* is asked about:
    its categories alone would say something of it."""
    purpose = _purpose(opened, asked)
    known = facts_as_told(opened, told, asked.role, purpose)
    facts = supposing.facts_if(known, asked.changes, opened.now)
    labels = tuple(_as_seen(label, level) for label, level in zip(opened.labels, own.levels, strict=True))
    seat = Seat("", asked.agency, asked.role, Relationship.MEMBER, purpose)
    ask = ask_of(seat, labels, opened.now, opened.margin)
    theirs = decide(opened.policy, replace(facts, suspended=False), ask).levels
    return [
        min(mine, other) if mine >= Level.SUMMARY else Level.NONE
        for mine, other in zip(own.levels, theirs, strict=True)
    ]


def _seen_subjects(opened: Opened, own: Verdict) -> set[str]:
    """The people of whom the caller reads something here: of others they suppose nothing."""
    seen = (label for label, level in zip(opened.labels, own.levels, strict=True) if level >= Level.SUMMARY)
    return {subject for label in seen for subject in label.subjects}


def _as_seen(label: Label, level: Level) -> Label:
    """What a headline does not tell: that its owner has yet to answer for an entry, and to whom something
    was sent or who owes it, which that agency would see by."""
    return label if level == Level.FULL else replace(label, unanswered=False, accountable=None)


def _cells(
    opened: Opened, own: Verdict, levels: list[Level], besides: Sequence[Cell | None]
) -> list[dict[str, Any]]:
    """What leaves, at the level at which it does and on the bases on which the caller sees it."""
    return [
        {
            "owner": label.owner,
            "categories": list(label.categories),
            "subjects": list(label.subjects),
            "level": level.word,
            "bases": list(cell.bases),
            "entries": list(label.entries) if level >= Level.SUMMARY else [],
            **beside(without),
        }
        for label, cell, level, without in zip(
            opened.asked.case.labels, own.cells, levels, besides, strict=True
        )
        if cell.level >= Level.SUMMARY
    ]
