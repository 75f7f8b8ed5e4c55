"""One request: gather, decide and record, project (design 3.3). Every answer about a person leaves here.

``see_case`` and its sisters give a ``Seen``: what was gathered together with the levels that the consent
service decided and recorded. Routes project from a ``Seen`` and send it with ``release``.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from fastapi import Response
from pydantic import ValidationError

from services.gateway.guards import Acting, Attempt
from services.gateway.labels import Labelled, Portion, Shows, everything, label, nothing, of_area
from services.gateway.places import bundle_without_places, entries_without_places
from services.gateway.rosters import (
    nominations_told,
    reachable,
    to_be_rung,
    told_to_family,
    what_is_left,
)
from services.gateway.upstreams import Upstreams, holding
from shared.disclosure import (
    CaseAsk,
    CaseVerdict,
    DecisionAnswer,
    DecisionAsk,
    DeedAsk,
    Entry,
    OffersAsk,
    SubjectAsk,
    Through,
)
from shared.ids import NOWHERE, id_or_nowhere
from shared.problems import Problem, forbidden, not_found
from shared.upstream import Unreachable
from shared.vocabulary import OBLIGATIONS, LedgerAction, Level, Obligation, Relationship
from shared.web import json_response

_HELD_BY: Mapping[str, tuple[str, ...]] = {
    "case": (
        "case", "person", "people", "relationship", "relationships_by_subject", "subjects", "entries",
        "lead", "deputy", "lead_history", "nominations", "team", "today",
    ),
    "assessment": ("entries",),
}  # fmt: skip
"""What an answer of each service must hold. One that does not is no answer: a silent gap is dangerous."""

KNOWN_OBLIGATIONS = OBLIGATIONS
"""What a verdict may oblige the gateway to do. One that does not stand here means deny (design 3.2)."""

_LEVELS = frozenset(Level)
SHOWN_NO_AGENCY = frozenset({Relationship.PARENT_ELSEWHERE})
"""Relationships of the family to which no agency may be named, because it locates a refuge (the default
policy). They count in the views alone that were made for them (``PlaceFree``)."""

PlaceFree = Literal["no", "staff", "all"]
"""For whom of those who may not learn where a family is an answer was made: for nobody, for those at work
whom a protected address stops, or for the family's ``SHOWN_NO_AGENCY`` too. For others it is a 404."""

_SHARE_OF_A_PART = 0.6
_LEVEL_OF = tuple(Level)
_OF_ASSESSMENTS = of_area("assessment")
Bundle = dict[str, Any]


@dataclass(frozen=True)
class Gathered:
    """What a case or person holds, raw. ``bundle`` is None when there is no such thing."""

    bundle: Bundle | None
    entries: Sequence[Entry]
    unavailable: tuple[str, ...] = ()
    shows: Shows = everything
    agency: str = ""
    """Whose own entries and people may be named, whatever else may not."""
    place_free: PlaceFree = "no"
    for_a_write: bool = False
    """A write answers with ids alone, and works with what is really there."""
    portion: Portion | None = None
    """The page of these entries that the answer shows; None: all of them."""

    @cached_property
    def labelled(self) -> Labelled:
        portion, shows = self.portion, self.shows
        if portion is None:
            return label(self.entries, shows)
        return label(self.entries, lambda entry: shows(entry) and portion.reaches(entry))


@dataclass(frozen=True, slots=True)
class Seen:
    """What was gathered, the level of each entry for this caller, and the decision that says so."""

    bundle: Bundle
    entries: Sequence[Entry]
    levels: Sequence[Level]
    unavailable: tuple[str, ...]
    answer: DecisionAnswer
    valid_until: Any
    obligations: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()
    """The agencies of which the family is not told, where one of the family reads."""

    @property
    def names_no_agency(self) -> bool:
        """Whether the caller may not learn where the family is: then nothing here says so."""
        return Obligation.NAME_NO_AGENCY in self.obligations

    def entry(self, id: str) -> tuple[Entry, Level] | None:
        """An entry that the caller may see at *summary* or more, by id."""
        for entry, level in zip(self.entries, self.levels, strict=True):
            if entry["id"] == id and level >= Level.SUMMARY:
                return entry, level
        return None

    def named(self, id: str, *kinds: str) -> tuple[Entry, Level]:
        """An entry that the caller named, of one of these kinds if any are given: 404 for one that they do
        not see.

        While a part cannot be read everything that is not among the rest is a 503: it may stand there, and
        whoever is told that it does not exist does not send it again.
        """
        found = self.entry(id)
        if found is not None and (not kinds or found[0]["kind"] in kinds):
            return found
        raise part_unavailable() if self.unavailable else not_found()


def not_shown(seen: Seen, *kinds: str) -> list[str]:
    """The entries of these kinds that the caller may not see: no conflict speaks of them (design 3.5)."""
    both = zip(seen.entries, seen.levels, strict=True)
    return [entry["id"] for entry, level in both if entry["kind"] in kinds and level < Level.SUMMARY]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that the consent service made for a reader, with the decision that was recorded with it.
    ``colleagues``: the names by user of those who are or were on the team, as far as the reader sees it.
    ``case_exists``: for the reader, so that every list about it is there for them, if with nothing on it."""

    rows: Sequence[Any]
    answer: DecisionAnswer
    may: Sequence[str] = ()
    colleagues: Mapping[str, str] = field(default_factory=dict)
    case_exists: bool = False


DeedOf = Callable[[Gathered, CaseAsk], DeedAsk]
"""From what was gathered and how it is asked, what the caller wants to do to it."""


class Disclosure:
    """Gathers and decides, for all routes."""

    def __init__(self, upstreams: Upstreams) -> None:
        self.upstreams = upstreams

    async def see_case(
        self,
        case: str,
        acting: Acting,
        *,
        action: LedgerAction = LedgerAction.READ,
        deed: DeedOf | None = None,
        shows: Shows = everything,
        place_free: PlaceFree = "no",
        offers: bool = False,
        portion: Portion | None = None,
    ) -> Seen:
        """A case as this caller may see it. 404 unless something of it exists for them; with a ``deed``,
        403 when they may see the case but not do that. ``shows``: what of it the answer shows, or the
        ``portion`` of that; ``offers``: whether it says what they may do."""
        gathered = await self._gather_case(id_or_nowhere(case), acting, shows=shows)
        gathered = replace(gathered, place_free=place_free, portion=portion)
        return await self._see(gathered, acting, action, deed, offers=offers)

    async def see_gathered(
        self, gathered: Gathered, acting: Acting, *, shows: Shows, place_free: PlaceFree
    ) -> Seen:
        """A case that was gathered just now, as ``see_case``: for what can be said only once it is known how
        much there is."""
        gathered = replace(gathered, shows=shows, place_free=place_free)
        return await self._see(gathered, acting, LedgerAction.READ, None)

    async def see_assessment(
        self,
        case: str,
        assessment: str,
        acting: Acting,
        *,
        action: LedgerAction = LedgerAction.READ,
        shows: Shows = _OF_ASSESSMENTS,
    ) -> Seen:
        """A case with the entries of one assessment only, superseded or not."""
        path = f"/cases/{id_or_nowhere(case)}/assessments/{assessment}"
        gathered = await self._gather_case(id_or_nowhere(case), acting, path, shows=shows)
        gathered = replace(gathered, place_free="staff")
        return await self._see(gathered, acting, action, None)

    async def see_person(
        self,
        person: str,
        acting: Acting,
        *,
        action: LedgerAction = LedgerAction.READ,
        deed: DeedOf | None = None,
        shows: Shows = everything,
        place_free: PlaceFree = "no",
        portion: Portion | None = None,
    ) -> Seen:
        """A person outside any case, as this caller may see them; 404 unless they exist for them.
        ``shows``: what of them the answer shows, or the ``portion`` of that."""
        try:
            bundle = await self._read_or_none("case", f"/people/{id_or_nowhere(person)}/bundle", acting)
        except Unreachable:
            raise part_unavailable() from None
        entries = bundle["entries"] if bundle else ()
        gathered = Gathered(bundle, entries, shows=shows, agency=acting.caller.agency, place_free=place_free)
        return await self._see(replace(gathered, portion=portion), acting, action, deed)

    async def see_many(
        self, gathered: Sequence[Gathered], acting: Acting, action: LedgerAction
    ) -> list[Seen | None]:
        """Many cases or persons in one decision and one receipt; None for each that does not exist."""
        asks = [_case_ask(one) for one in gathered]
        answer = await self._decide(asks, acting, action, None)
        return [_seen(one, verdict, answer) for one, verdict in zip(gathered, answer.cases, strict=True)]

    async def see_cases(
        self, cases: Iterable[str], acting: Acting, action: LedgerAction
    ) -> list[Seen | None]:
        """Several cases by id, as ``see_many``, for an answer that shows their teams and no entries."""
        gathered = await asyncio.gather(*(self._gather_case(case, acting, shows=nothing) for case in cases))
        return await self.see_many(gathered, acting, action) if gathered else []

    async def see_to_open(self, cases: Iterable[str], acting: Acting, deed: DeedAsk) -> list[Seen | None]:
        """Cases that may be hidden from the caller, as if what they want to open were open already.

        403 with the reason when they may open nothing at all, whatever the case; None for each that would be
        hidden all the same. Nothing of what this gives may be shown: only ids and names of agencies.
        """
        gathered = await asyncio.gather(
            *(self._gather_case(id_or_nowhere(case), acting, shows=nothing) for case in cases)
        )
        # Nobody found is asked about like a case that is not there.
        known = gathered or [Gathered(None, ())]
        answer = await self._decide([_case_ask(one) for one in known], acting, LedgerAction.CONTRIBUTE, deed)
        _refuse_unless_permitted(answer)
        return [_seen(one, verdict, answer) for one, verdict in zip(known, answer.cases, strict=True)]

    async def read_beside_case(
        self, case: str, what: str, acting: Acting, more: Callable[[Gathered], dict[str, Any]] | None = None
    ) -> Listed:
        """A list about a case that the consent service makes, for some who see nothing else of the case.
        ``more``: what it is told besides.

        404 when nothing of the case exists for the caller and there is nothing on the list for them.
        """
        gathered = await self._gather_case(id_or_nowhere(case), acting, shows=nothing)
        ask = DecisionAsk(
            action=LedgerAction.LIST,
            purpose=acting.purpose.value,
            reason=acting.reason,
            cases=(_case_ask(gathered),),
        )
        content = {
            "ask": ask.model_dump(mode="json"),
            "owned": owned_by(gathered.entries, acting.caller.agency),
            **({} if more is None else more(gathered)),
        }
        try:
            path = f"/cases/{id_or_nowhere(case)}/{what}/list"
            found = holding(await self.upstreams.ask("consent", path, acting, content), "decision", "listed")
            answer = _checked(found["decision"], ask)
        except Unreachable:
            raise decision_unavailable() from None
        seen = _seen(gathered, answer.cases[0], answer)
        if seen is None and not found["listed"]:
            raise not_found()
        return Listed(found["listed"], answer, found.get("may", ()), _colleagues(seen), seen is not None)

    async def gather(self, case: str, acting: Acting, shows: Shows = nothing) -> tuple[Gathered, CaseAsk]:
        """A case, raw, and how it is asked about: for questions about decisions, of which most show no
        entry."""
        gathered = await self._gather_case(id_or_nowhere(case), acting, shows=shows)
        return gathered, _case_ask(gathered)

    def seen_as_answered(self, gathered: Gathered, ask: CaseAsk, answer: DecisionAnswer) -> Seen | None:
        """What exists for the caller, by an answer about this one case; None when nothing does."""
        _check(answer, [ask])
        return _seen(gathered, answer.cases[0], answer)

    def seen_as_another(self, gathered: Gathered, ask: CaseAsk, answer: DecisionAnswer) -> Seen:
        """What somebody else would see of a case that exists for the caller, which may be nothing."""
        _check(answer, [ask])
        if gathered.bundle is None:
            raise decision_unavailable()
        return _as_decided(gathered.bundle, gathered.entries, gathered, answer.cases[0], answer)

    async def gather_cases(self, cases: Iterable[str], acting: Acting) -> list[Gathered]:
        """Cases as they are, undecided: for what only another service is told, and no answer shows."""
        return list(await asyncio.gather(*(self._gather_case(case, acting) for case in cases)))

    async def case_of_office(
        self, case: str, acting: Acting, action: LedgerAction, deed: DeedOf
    ) -> tuple[Bundle, DecisionAnswer]:
        """A case to which an information officer attends, that somebody leaves, or that is taken on where all
        have left; and the decision.

        404 unless something of it exists for them, or it is theirs by office, whoever holds what. Of what the
        case service keeps of it, which this gives, nothing may be shown but its id and whom it is about.
        """
        gathered = await self._gather_case(id_or_nowhere(case), acting, shows=nothing)
        ask = _case_ask(gathered)
        wanted = deed(gathered, ask) if gathered.bundle is not None else None
        answer = await self._decide([ask], acting, action, wanted)
        by_office = answer.permit is not None and answer.permit.by_office
        if gathered.bundle is None or not (by_office or any(answer.cases[0].levels)):
            raise not_found()
        _refuse_unless_permitted(answer, gathered.unavailable)
        return gathered.bundle, answer

    async def permit(
        self, acting: Acting, deed: DeedAsk, action: LedgerAction = LedgerAction.CONTRIBUTE
    ) -> DecisionAnswer:
        """Whether a deed that concerns no case may be done; 403 with the reason when not."""
        answer = await self._decide([], acting, action, deed)
        _refuse_unless_permitted(answer)
        return answer

    async def _gather_case(
        self, case: str, acting: Acting, assessments_at: str | None = None, *, shows: Shows = everything
    ) -> Gathered:
        """The case and its assessments in parallel; without the case service there is nothing to show."""
        path = assessments_at or f"/cases/{case}/entries"
        bundle, assessments = await asyncio.gather(
            self._read_or_none("case", f"/cases/{case}/bundle", acting),
            self._assessment_entries(path, acting),
            return_exceptions=True,
        )
        if isinstance(bundle, Unreachable):
            raise part_unavailable() from None
        if isinstance(bundle, BaseException):
            raise bundle
        if isinstance(assessments, BaseException) and not isinstance(assessments, Unreachable):
            raise assessments
        if bundle is None:
            return Gathered(None, ())
        if isinstance(assessments, Unreachable):
            return Gathered(bundle, bundle["entries"], ("assessments",), shows, acting.caller.agency)
        entries = [*bundle["entries"], *assessments]
        return Gathered(bundle, entries, shows=shows, agency=acting.caller.agency)

    async def _assessment_entries(self, path: str, acting: Acting) -> list[Entry]:
        answer = await self._read_or_none("assessment", path, acting)
        return answer["entries"] if answer else []

    async def _read_or_none(self, service: Any, path: str, acting: Acting) -> Bundle | None:
        try:
            # A slow assessment service may not use up D: then the rest is shown and the gap is named.
            patience = acting.deadline.part(_SHARE_OF_A_PART) if service == "assessment" else None
            return holding(await self.upstreams.read(service, path, acting, patience), *_HELD_BY[service])
        except Problem as problem:
            if problem.kind == "not-found":
                return None
            raise

    async def about(self, path: str, name: str, acting: Acting) -> str:
        """The case or person that something which the case service keeps is about (``name`` in its answer);
        an id that nothing has where there is no such thing, which then meets the same work."""
        found: str = (await self.look_up(path, acting, name))[name]
        return found

    async def look_up(self, path: str, acting: Acting, *names: str) -> dict[str, Any]:
        """What the case service keeps of something, raw; with an id that nothing has for each of these names
        where there is no such thing."""
        found = await self.look_up_or_none(path, acting, *names)
        return dict.fromkeys(names, NOWHERE) if found is None else found

    async def look_up_or_none(self, path: str, acting: Acting, *names: str) -> dict[str, Any] | None:
        """The same, and None where there is no such thing; a 503 where it cannot be read, or lacks a name."""
        try:
            return holding(await self.upstreams.read("case", path, acting), *names)
        except Unreachable:
            raise part_unavailable() from None
        except Problem as problem:
            if problem.kind != "not-found":
                raise
            return None

    async def read_list(self, path: str, acting: Acting, reader: Any) -> list[Any]:
        """A list that the consent service makes for a reader: all of it, or a 503."""
        try:
            listed = await self.upstreams.ask("consent", path, acting, reader)
        except Unreachable:
            raise decision_unavailable() from None
        if not isinstance(listed, list):
            raise decision_unavailable()
        return listed

    async def subjects_as_of(self, ask: CaseAsk, acting: Acting, at: datetime) -> list[Any]:
        """Who decided at an earlier moment for those whom a case is about, by what was on record then."""
        return await self.who_decides([subject.id for subject in ask.subjects], acting, at)

    async def who_decides(self, people: Sequence[str], acting: Acting, at: datetime) -> list[Any]:
        """From when each of these people decides and who is responsible for them, by what was on record."""
        wanted = {"people": list(people), "at": at.isoformat()}
        try:
            told = await self.upstreams.ask("case", "/people/subjects-as-of", acting, wanted)
            subjects: list[Any] = holding(told, "subjects")["subjects"]
        except Unreachable:
            raise part_unavailable() from None
        return subjects

    async def see_one(
        self, gathered: Gathered, acting: Acting, action: LedgerAction, deed: DeedOf | None = None
    ) -> Seen:
        """What a route gathered by itself, as the caller may see it: 404 and 403 as for a case."""
        return await self._see(gathered, acting, action, deed)

    async def _see(
        self,
        gathered: Gathered,
        acting: Acting,
        action: LedgerAction,
        deed: DeedOf | None,
        *,
        offers: bool = False,
    ) -> Seen:
        writes = action == LedgerAction.CONTRIBUTE
        gathered = replace(gathered, for_a_write=writes)
        ask = _case_ask(gathered)
        wanted = deed(gathered, ask) if deed is not None and gathered.bundle is not None else None
        bundle = gathered.bundle if offers else None
        asked = None if bundle is None else _offers_ask(bundle, acting.caller.agency)
        answer = await self._decide([ask], acting, action, wanted, asked)
        seen = _seen(gathered, answer.cases[0], answer)
        if seen is None or (seen.names_no_agency and not writes and gathered.place_free == "no"):
            raise not_found()
        if wanted is not None:
            _refuse_unless_permitted(answer, seen.unavailable)
        return seen

    async def _decide(
        self,
        cases: Iterable[CaseAsk],
        acting: Acting,
        action: LedgerAction,
        deed: DeedAsk | None,
        offers: OffersAsk | None = None,
    ) -> DecisionAnswer:
        """One call to the consent service. Whatever goes wrong there, nothing is shown and it is said."""
        ask = DecisionAsk(
            action=action,
            purpose=acting.purpose.value,
            reason=acting.reason,
            cases=tuple(cases),
            deed=deed,
            offers=offers,
        )
        try:
            content = await self.upstreams.ask("consent", "/decisions", acting, ask.model_dump(mode="json"))
        except Unreachable:
            raise decision_unavailable() from None
        answer = _checked(content, ask)
        acting.attempt.is_decided = True
        if action == LedgerAction.CONTRIBUTE:
            _note_attempt(acting.attempt, ask, answer)
        return answer


def _note_attempt(attempt: Attempt, ask: DecisionAsk, answer: DecisionAnswer) -> None:
    """Keep what the ledger holds of a deed now, for a refusal that comes after its decision."""
    exists = [any(verdict.levels) for verdict in answer.cases]
    both = list(zip(ask.cases, exists, strict=True))
    attempt.deed = ask.deed.deed if ask.deed else None
    attempt.cases = tuple((one.case, known) for one, known in both if one.case is not None)
    attempt.people = tuple((who.id, known) for one, known in both if one.case is None for who in one.subjects)
    attempt.stands_as_done = not answer.refused


def _checked(content: Any, ask: DecisionAsk) -> DecisionAnswer:
    """The answer to an ask; a 503 for one that does not fit it or obliges to what we do not know."""
    try:
        answer = DecisionAnswer.model_validate(content)
    except ValidationError:
        raise decision_unavailable() from None
    _check(answer, ask.cases)
    return answer


def owned_by(entries: Iterable[Entry], agency: str) -> dict[str, list[str]]:
    """By subject, the categories of what an agency contributed."""
    owned: dict[str, set[str]] = {}
    for entry in entries:
        if entry["owner"] == agency:
            for subject in entry["subjects"]:
                owned.setdefault(subject, set()).update(entry["categories"])
    return {subject: sorted(categories) for subject, categories in owned.items()}


def _check(answer: DecisionAnswer, cases: Sequence[CaseAsk]) -> None:
    """A 503 for an answer that is not one to this question, or that obliges to what nobody here knows."""
    if len(answer.cases) != len(cases) or not KNOWN_OBLIGATIONS.issuperset(answer.obligations):
        raise decision_unavailable()
    for verdict, case in zip(answer.cases, cases, strict=True):
        if len(verdict.levels) != len(case.labels) or not _LEVELS.issuperset(verdict.levels):
            raise decision_unavailable()


def _case_ask(gathered: Gathered) -> CaseAsk:
    """How a case is asked about. One that is not there is asked about all the same, as an empty case."""
    bundle = gathered.bundle
    if bundle is None:
        return CaseAsk(case=None, relationship="none", subjects=(), labels=())
    return CaseAsk(
        case=bundle["case"]["id"] if bundle["case"] else None,
        through=tuple(Through(**one) for one in bundle.get("through", ())),
        relationship=bundle["relationship"],
        on_behalf_roles=tuple(bundle.get("on_behalf_roles", ())),
        relationships_by_subject={
            subject: word
            for subject, word in bundle["relationships_by_subject"].items()
            if word not in SHOWN_NO_AGENCY or gathered.place_free == "all"
        },
        subjects=tuple(SubjectAsk(**subject) for subject in bundle["subjects"]),
        labels=gathered.labelled.labels,
        cards=tuple(sorted({one["agency"] for one in to_be_rung(bundle) if one["telephone"] is None})),
        page=None if gathered.portion is None else gathered.portion.ask(gathered.entries, gathered.shows),
    )


def _offers_ask(bundle: Bundle, agency: str) -> OffersAsk:
    return OffersAsk(has_lead=bundle["lead"] is not None, left=what_is_left(bundle, agency))


def without_labels(seen: Seen) -> CaseAsk:
    """How a case that exists for the caller is asked about, where no entry of it is the question."""
    words = seen.bundle["relationships_by_subject"].items()
    return CaseAsk(
        case=seen.bundle["case"]["id"],
        relationship=seen.bundle["relationship"],
        relationships_by_subject={subject: word for subject, word in words if word not in SHOWN_NO_AGENCY},
        subjects=tuple(SubjectAsk(**subject) for subject in seen.bundle["subjects"]),
        labels=(),
    )


def owners_shown(seen: Seen) -> set[str]:
    """The agencies of which the caller is shown something."""
    both = zip(seen.entries, seen.levels, strict=True)
    return {entry["owner"] for entry, level in both if level >= Level.SUMMARY}


def _seen(gathered: Gathered, verdict: CaseVerdict, answer: DecisionAnswer) -> Seen | None:
    """What exists for the caller; None when no label set reaches *existence* (design 3.3)."""
    bundle, entries = gathered.bundle, gathered.entries
    if bundle is None or not any(verdict.levels):
        return None
    if Obligation.NAME_NO_AGENCY in verdict.obligations and not gathered.for_a_write:
        bundle = bundle_without_places(bundle, gathered.agency)
        entries = entries_without_places(entries, gathered.agency)
    if verdict.untold and not gathered.for_a_write:
        bundle = {
            **bundle,
            "team": told_to_family(bundle["team"], verdict.untold),
            "nominations": nominations_told(bundle["nominations"], verdict.untold),
        }
    if not all(somebody["telephone"] for somebody in to_be_rung(bundle)):
        bundle = reachable(bundle, answer.agencies)
    return _as_decided(bundle, entries, gathered, verdict, answer)


def _as_decided(
    bundle: Bundle,
    entries: Sequence[Entry],
    gathered: Gathered,
    verdict: CaseVerdict,
    answer: DecisionAnswer,
) -> Seen:
    return Seen(
        bundle=bundle,
        entries=entries,
        levels=[_LEVEL_OF[verdict.levels[place]] for place in gathered.labelled.place_of],
        unavailable=gathered.unavailable,
        answer=answer,
        valid_until=verdict.valid_until,
        obligations=frozenset(verdict.obligations),
        untold=frozenset(one.agency for one in verdict.untold),
    )


def _colleagues(seen: Seen | None) -> dict[str, str]:
    """The roster, which everybody sees to whom the case exists (design 3.5 b), by user."""
    if seen is None or seen.names_no_agency:
        return {}
    return {member["user"]: member["name"] for member in seen.bundle["team"]}


def _refuse_unless_permitted(answer: DecisionAnswer, unavailable: tuple[str, ...] = ()) -> None:
    """403 with the reason; a 503 where the deed may be about something that could not be read."""
    permit = answer.permit
    if permit is None or not permit.permitted:
        if unavailable:
            raise part_unavailable()
        reason = permit.reason if permit else None
        raise forbidden(reason or "You may not do this here. Ask the lead professional.")


def release(
    acting: Acting, content: Any, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Hand an answer to the transport, unless D has passed since its request began (design 3.3, step 4)."""
    return hand_over(acting, json_response(content, status, headers))


def hand_over(acting: Acting, response: Response) -> Response:
    """The same for an answer that is not JSON."""
    if acting.deadline.has_passed():
        raise Problem("too-slow", "The answer took longer than is safe and was not given. Try again.")
    return response


def decision_unavailable() -> Problem:
    """Neither "nothing there" nor "withheld": a silent gap is dangerous (design 3.3)."""
    return Problem(
        "decision-unavailable", "It cannot be decided right now what you may see. Try again shortly."
    )


def part_unavailable() -> Problem:
    return Problem("unavailable", "The records cannot be reached right now. Try again shortly.")
