"""Everything that a decision reads, in the transaction that has locked the chain."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.consent.agencies.repository import agencies_named_for
from services.consent.agreements.repository import AGREEMENTS_FOR, agreements_for
from services.consent.authorities.repository import authorities_about
from services.consent.bars.repository import BARS_ABOUT, bars_about
from services.consent.consents.repository import consents_about, consents_of_cases
from services.consent.decision.facts import Facts, Permission, Release, Rows, Subject
from services.consent.decision.windows import grants
from services.consent.decisions import facts_of
from services.consent.decisions.as_of import as_known, as_told
from services.consent.decisions.untold import untold_agencies
from services.consent.decisions.what_stands import Recorded, is_limited
from services.consent.exclusions.repository import EXCLUSIONS_ABOUT, exclusions_about
from services.consent.overrides.repository import OVERRIDES_OF_CASES, overrides_of_cases
from services.consent.policies.lint import CLOSER
from services.consent.releases.repository import RELEASES_ABOUT, releases_about
from shared.database import ReadSession
from shared.disclosure import CaseAsk, Untold
from shared.identity import Caller
from shared.vocabulary import ConsentKind, OverrideKind, Role

_KINDS = select(
    EXCLUSIONS_ABOUT.exists(),
    BARS_ABOUT.exists(),
    RELEASES_ABOUT.exists(),
    OVERRIDES_OF_CASES.exists(),
    AGREEMENTS_FOR.exists(),
)


class LoadedFacts:
    """The facts about everybody in an ask, from which those of each case are taken.

    ``default_rows``: the policy's rows for the caller's agency and purpose, on which agreements build.
    ``known_at``: an earlier moment, to have the facts as they were known then; every kind of fact that is
    loaded here goes through ``as_known``.
    """

    def __init__(
        self,
        session: ReadSession,
        asked: Collection[CaseAsk],
        caller: Caller,
        purpose: str,
        also: Collection[str],
        known_at: datetime | None = None,
    ) -> None:
        self._asked_about = {s.id: as_told(s, known_at) for case in asked for s in case.subjects}
        self._subjects = {one: facts_of.subject(s) for one, s in self._asked_about.items()}
        owners = {label.owner for case in asked for label in case.labels}
        cards = {agency for case in asked for agency in case.cards}
        codes = owners | cards | {caller.agency} | set(also)
        self.agency_rows = agencies_named_for(session, caller, codes)
        self._agencies = {row.code: facts_of.agency(row) for row in self.agency_rows}
        self.suspended = any(row.user_is_suspended for row in self.agency_rows)
        subjects = sorted(self._subjects)
        self._answers = as_known(consents_about(session, subjects), known_at) if subjects else ()
        through = sorted({one.case for case in asked if case.case is None for one in case.through})
        self._elsewhere = as_known(consents_of_cases(session, through), known_at) if through else ()
        self._authorities = self._read_authorities(session, known_at)
        cases = sorted({case.case for case in asked if case.case is not None})
        there = _kinds_of_facts(session, subjects, cases, caller.agency, purpose)
        self._exclusions = as_known(exclusions_about(session, subjects), known_at) if there.exclusions else ()
        self._bars = as_known(bars_about(session, subjects), known_at) if there.bars else ()
        self._releases = as_known(releases_about(session, subjects), known_at) if there.releases else ()
        self._overrides = as_known(overrides_of_cases(session, cases), known_at) if there.overrides else ()
        self._agreements = (
            as_known(agreements_for(session, caller.agency, purpose), known_at) if there.agreements else ()
        )
        self._purpose = purpose
        self._caller = caller
        self.version = facts_of.version_of(
            self.agency_rows,
            (*self._answers, *self._elsewhere),
            (*self._exclusions, *self._bars),
            self._agreements,
            self.suspended,
            self._overrides,
            releases=self._releases,
            authorities=self._authorities,
            subjects=tuple(self._asked_about.values()),
        )

    def _read_authorities(self, session: ReadSession, known_at: datetime | None) -> Sequence[Any]:
        """The authorities over whom answers are about that depend on one; most depend on none."""
        limited = {row.subject for row in (*self._answers, *self._elsewhere) if is_limited(row)}
        return as_known(authorities_about(session, sorted(limited)), known_at) if limited else ()

    def kind_of_caller(self) -> str | None:
        return self.kind_of(self._caller.agency)

    def kind_of(self, code: str) -> str | None:
        """The kind of the caller's agency, of one that holds something, or of one that was asked about."""
        agency = self._agencies.get(code)
        return agency.kind if agency else None

    def of_case(self, case: CaseAsk, default_rows: Rows | None, at: int, margin: int) -> Facts:
        """The facts of one case. An unknown kind of agency has no default rows, and no agreements either."""
        agreements: tuple[Any, ...] = ()
        if default_rows is not None:
            agreements = tuple(
                facts_of.agreement(row, self._caller.agency, self._purpose, default_rows, at)
                for row in self._agreements
            )
        recorded = self._recorded(at)
        takes_part, subjects = self._taking_part(case, recorded, at, margin)
        releases = {row.id: facts_of.release(row, at) for row in self._releases}
        return Facts(
            version=self.version,
            agencies=self._agencies,
            suspended=self.suspended,
            takes_part=takes_part,
            subjects=subjects,
            permissions=tuple(self._permissions(recorded, releases, at)),
            exclusions=tuple(facts_of.exclusion(row, at) for row in self._exclusions),
            bars=tuple(facts_of.bar(row, at) for row in self._bars),
            releases=tuple(releases.values()),
            agreements=agreements,
            overrides=tuple(
                facts_of.override(row, at)
                for row in self._overrides
                if row.case_id == case.case and self._counts_here(row)
            ),
        )

    def has_statutory_basis(
        self, cases: Collection[CaseAsk], agency: str | None, at: int, margin: int
    ) -> bool:
        """Whether a statutory override in force for one of these cases names an agency.

        Only one that the caller's own agency recorded or is named in: another one they do not know of, and a
        deed that it let them do would tell them.
        """
        named = {case.case for case in cases}
        known = (
            facts_of.override(row, at)
            for row in self._overrides
            if row.case_id in named
            and row.kind == OverrideKind.STATUTORY
            and self._caller.agency in (row.recorded_by_agency, *row.agencies)
        )
        return any(agency in one.agencies and grants(one.window, at, margin) for one in known)

    def untold(self, case: CaseAsk, at: datetime) -> tuple[Untold, ...]:
        """Whom the family is not told of on the team of this case; nothing where somebody else asks."""
        if case.case is None or self._caller.role != Role.FAMILY_MEMBER:
            return ()
        return untold_agencies(self._overrides, self._answers, case.case, at)

    def told(self, case: CaseAsk, at: datetime) -> CaseAsk:
        """The case as it is decided for the caller. What agencies recorded or owe of whom the family is not
        told has neither category nor subject in it, and so comes to none: it would name them."""
        untold = {one.agency for one in self.untold(case, at)}
        if not untold:
            return case
        labels = tuple(
            label
            if untold.isdisjoint((label.owner, label.accountable))
            else label.model_copy(update={"categories": (), "subjects": ()})
            for label in case.labels
        )
        return case.model_copy(update={"labels": labels})

    def _counts_here(self, override: Any) -> bool:
        """What is for one agency alone is for nobody who acts for another, whomever it names."""
        own = bool(override.recorded_by_agency == self._caller.agency)
        return own or not facts_of.is_for_one_agency(override)

    def _taking_part(
        self, case: CaseAsk, recorded: Recorded, at: int, margin: int
    ) -> tuple[bool, dict[str, Subject]]:
        """Whether the case takes part, and its subjects with whether they ended that.

        Somebody outside any case takes part if they do in one of the cases that give the caller a
        relationship: there both somebody has said yes about them and it has not ended.
        """
        subjects = {s.id: self._subjects[s.id] for s in case.subjects}
        if case.case is not None:
            in_case = [row for row in self._answers if row.case_id == case.case]
            said = facts_of.taking_part(in_case, recorded, subjects, at, margin)
            return said.agreed, _as_they_take_part(subjects, said.ended, said.begun & subjects.keys())
        if not case.through:
            return False, subjects
        places = self._places_of(case, recorded, subjects, at, margin)
        begun = {name for place in places for name in place.begun}
        agreed = {name for place in places for name in place.agreed}
        return False, _as_they_take_part(subjects, begun - agreed, begun)

    def relationships_by_subject(self, case: CaseAsk, at: int, margin: int) -> dict[str, str]:
        """What the caller is to each subject where that is not the same for all of them.

        To somebody outside any case it is the strongest of those that the caller has in the cases in which
        this person takes part; only where there is none of them, the strongest of all, and then they are
        shown as to a stranger anyhow. A case in which nobody agreed lends its ceiling to no other.
        """
        if case.case is not None or len({one.relationship for one in case.through}) < 2:
            return dict(case.relationships_by_subject)
        recorded = self._recorded(at)
        subjects = {s.id: self._subjects[s.id] for s in case.subjects}
        places = self._places_of(case, recorded, subjects, at, margin)
        found = dict(case.relationships_by_subject)
        for name in subjects.keys() - found.keys():
            held = [place.relationship for place in places if name in place.agreed]
            if held:
                found[name] = max(held, key=lambda word: _STRENGTH.get(word, -1))
        return found

    def _recorded(self, at: int) -> Recorded:
        return Recorded.of(self._authorities, self._answers, at, self._asked_about.values())

    def _places_of(
        self, case: CaseAsk, recorded: Recorded, subjects: dict[str, Subject], at: int, margin: int
    ) -> list["_Place"]:
        """Each case through which the caller knows somebody, and for whom taking part has begun there."""
        places = []
        for one in case.through:
            said = self._in(one.case, recorded, subjects, at, margin)
            begun = set(said.begun & subjects.keys())
            places.append(_Place(one.relationship, begun, begun - said.ended))
        return places

    def _permissions(
        self, recorded: Recorded, releases: Mapping[str, Release], at: int
    ) -> Iterator[Permission]:
        for row in self._answers:
            if row.kind != ConsentKind.SHARE:
                continue
            for answer in facts_of.pieces(facts_of.permission(row, at), row, recorded, at):
                if row.sharing_request is None:
                    yield answer
                else:
                    asked = row.sharing_request
                    of_request = [releases[r.id] for r in self._releases if r.sharing_request == asked]
                    yield from facts_of.in_answer_to_request(answer, of_request, at)

    def _in(
        self, case: str, recorded: Recorded, subjects: dict[str, Subject], at: int, margin: int
    ) -> facts_of.TakingPart:
        """How these subjects take part in one case, whoever else that case is about."""
        answers = [row for row in self._elsewhere if row.case_id == case]
        return facts_of.taking_part(answers, recorded, subjects, at, margin)


@dataclass(frozen=True, slots=True)
class _Place:
    """``begun``: about whom somebody has said yes in a case; ``agreed``: for whom that has not ended."""

    relationship: str
    begun: set[str]
    agreed: set[str]


_STRENGTH = {word.value: place for place, word in enumerate(CLOSER)}


def _as_they_take_part(
    subjects: dict[str, Subject], ended: Collection[str], begun: Collection[str]
) -> dict[str, Subject]:
    if not ended and len(begun) == len(subjects):
        return subjects
    return {
        name: replace(subject, taking_part_ended=name in ended, before_taking_part=name not in begun)
        for name, subject in subjects.items()
    }


@dataclass(frozen=True, slots=True)
class _KindsOfFacts:
    """Of each kind, whether any was ever recorded, ended or not.

    Most people have no exclusion, bar, release or override, and what is not there is not asked for: one
    question instead of five.
    """

    exclusions: bool
    bars: bool
    releases: bool
    overrides: bool
    agreements: bool


def _kinds_of_facts(
    session: ReadSession, subjects: Collection[str], cases: Collection[str], recipient: str, purpose: str
) -> _KindsOfFacts:
    """The kinds recorded about these people, for these cases, and in agreements with ``recipient``."""
    asked = {
        "subjects": subjects,
        "cases": cases,
        "asked_recipient": recipient,
        "asked_purpose": purpose,
    }
    return _KindsOfFacts(*map(bool, session.connection().execute(_KINDS, asked).one()))
