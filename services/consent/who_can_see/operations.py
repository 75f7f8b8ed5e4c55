"""Who can see a case, a person or an entry of it, now or at an earlier moment; and what if (design 3.6)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from services.consent.bars.audience import is_left_to
from services.consent.decision.bases import DEFAULT_ROWS
from services.consent.decision.decide import decide
from services.consent.decision.everybody import Seat
from services.consent.decision.facts import Ask, Facts, Label, Override
from services.consent.decision.policy import Policy
from services.consent.decision.verdict import Cell, Verdict
from services.consent.decisions.obligations import may_not_locate
from services.consent.decisions.operations import DecisionParts
from services.consent.explanations import repository, telling
from services.consent.explanations.operations import (
    Everybody,
    Knows,
    Officer,
    Opened,
    answered,
    cells_told,
    everything,
    exclusions_listed,
    ids_shown,
    open_question,
    own_verdict,
    record_answer,
    who,
)
from services.consent.explanations.seats import Places, Seated, seats_of
from services.consent.explanations.telling import Told
from services.consent.overrides.audience import is_implicated, is_kept_out
from services.consent.who_can_see import supposing
from shared.clock import from_microseconds, rfc3339
from shared.database import WriteSession
from shared.explanations import SeatAsk, WhatIfAsk, WhoCanSeeAsk
from shared.identity import Caller
from shared.problems import Problem, invalid
from shared.records.explanations import DraftTried, PolicyChanged
from shared.vocabulary import Basis, Level, OverrideKind, Relationship, Role

_NEVER_ENDS = frozenset({Basis.OWN.value, DEFAULT_ROWS})
WHO_CAN_SEE, WHAT_IF = "who_can_see", "what_if"
ONLY_LEAD_OR_OWNER = (
    "Only the lead professional and the agency that recorded something may ask who can see it. Ask the lead."
)
ONLY_LEAD = "Only the lead professional and information officers may ask what would be if. Ask the lead."
NOT_YET = "Choose a moment that has passed; to look ahead, ask what would be if the clock were moved."


class Audience:
    """Which label sets the asker may be told about, and about whom; their own level of each.

    The lead: everything they see themselves at *summary* or more. Others: of that what their agency recorded.
    An information officer: what her agency recorded, whoever sees it, and of the rest what her colleagues are
    shown at *summary* or more, in their own rows only.
    """

    def __init__(self, opened: Opened, verdict: Verdict, officer: Officer) -> None:
        self._agency = opened.caller.agency
        self.is_officer = opened.caller.role == Role.INFORMATION_OFFICER
        self.leads = opened.asked.case.relationship == Relationship.LEAD
        self.own_levels = verdict.levels
        labels = opened.labels
        self.seen = {place for place, level in enumerate(verdict.levels) if level >= Level.SUMMARY}
        owned = {place for place, label in enumerate(labels) if label.owner == self._agency}
        if self.is_officer:
            self.whole = officer.owned
            self.received = officer.open_to_her - officer.owned
        else:
            self.whole = self.seen if self.leads else self.seen & owned
            self.received = set[int]()

    def knows_of(self, session: WriteSession, opened: Opened, facts: Facts) -> Knows:
        """What of the facts this asker may know: an officer all of them, within her cells.

        Of exclusions others know those that are listed to them, whenever these begin: of one against their
        own agency or themselves they are not told before it begins either.

        Of overrides others know what they are told elsewhere too: a statutory one only who is named by it,
        since an enquiry may be about the lead; a broken glass the lead, unless a bar or an exclusion of that
        very user stands (design 3.2). Of bars those that leave something to a few, for whoever is of these;
        no other is told to anybody but officers, and a line that it changed would tell of it.
        """
        if self.is_officer:
            return everything
        question, told_of_broken_glass = opened.question, self.learns_of_overrides(opened, facts)
        listed = exclusions_listed(session, opened)

        def knows(all_of_it: Facts) -> Facts:
            told = tuple(
                override
                for override in all_of_it.overrides
                if _is_named_by(override, question)
                or (told_of_broken_glass and override.kind == OverrideKind.BREAK_GLASS)
            )
            bars = tuple(bar for bar in all_of_it.bars if is_left_to(question.user, question.agency, bar))
            exclusions = tuple(one for one in all_of_it.exclusions if one.id in listed)
            return replace(all_of_it, overrides=told, bars=bars, exclusions=exclusions)

        return knows

    def learns_of_overrides(self, opened: Opened, facts: Facts) -> bool:
        """Whether the asker is told who else sees the case: an officer, or a lead who is not kept out."""
        kept_out = is_kept_out(facts, opened.question) or is_implicated(facts, opened.question)
        return self.is_officer or (self.leads and not kept_out)

    def shows(self, place: int, seat: Seat, level: Level) -> bool:
        """Whether the asker is told the level at which somebody sees a label."""
        if place in self.whole:
            return True
        return place in self.received and seat.agency == self._agency and level >= Level.SUMMARY


def _is_named_by(override: Override, question: Ask) -> bool:
    return question.user in override.users or question.agency in override.agencies


def who_can_see(
    session: WriteSession, parts: DecisionParts, caller: Caller, asked: WhoCanSeeAsk
) -> Told | None:
    """Everybody on the roster with what they see, on which basis, until when, and when they last looked.

    None when there is nothing here for the asker; ``refused`` with the reason when they may see the case and
    not ask that.
    """
    opened = open_question(session, parts, caller, asked)
    policy_then = _policy_at(session, opened, asked.at)
    known, facts, own = own_verdict(session, opened)
    audience = Audience(opened, own, Officer(opened, facts))
    if may_not_locate(facts, opened.question):
        record_answer(session, opened, WHO_CAN_SEE, None, known.version)
        return None
    at = opened.at if asked.at is None else asked.at
    knows = audience.knows_of(session, opened, facts)
    asked = _with_users_of_overrides(session, opened, asked, audience, facts, at)
    suspended = repository.suspended_among(session, _places(asked.roster), at)
    seats = seats_of(opened.policy, asked.roster, suspended)
    present = Everybody(session, opened, seats, knows=knows)
    visible = _visible(opened, audience, present, asked)
    if not visible:
        record_answer(session, opened, WHO_CAN_SEE, None, known.version)
        return None
    asked_for = visible & (audience.whole | audience.received)
    if not asked_for:
        record_answer(session, opened, WHO_CAN_SEE, (), known.version, refused=True)
        return {"refused": ONLY_LEAD_OR_OWNER}
    then = present
    if asked.at is not None:
        seats = seats_of(policy_then, asked.roster, suspended)
        case_then = asked.case.model_copy(update={"subjects": asked.subjects_then})
        then = Everybody(session, opened, seats, at=asked.at, policy=policy_then, case=case_then, knows=knows)
    places = [place for place in sorted(asked_for) if place in asked.present]
    # Who last looked at the case at all, whatever they saw of it, is the lead's to know: to an owner it would
    # tell what others do with what others hold. Who saw an entry is told to whoever sees the entry.
    tells = asked.entry is not None or audience.leads
    last = _last_looked(session, opened, audience, facts, asked.entry, at) if tells else None
    permissions = ids_shown(session, opened)[0]
    people = []
    for seated in seats_of(then.policy, asked.roster, suspended):
        cells = _row(then, audience, seated.seat, places, permissions)
        if not cells and audience.is_officer and seated.seat.agency != caller.agency:
            continue
        sees = any(cell["level"] in ("summary", "full") for cell in cells)
        looked = last.last((seated.seat.user, seated.seat.agency), sees=sees) if last else None
        seen = None if looked is None or _is_hidden(audience, seated, caller) else rfc3339(looked)
        people.append(who(seated) | {"last_seen": seen, "cells": telling.each_once(cells)})
    told = cells_told(opened, own, sorted(asked_for))
    receipt = record_answer(session, opened, WHO_CAN_SEE, told, known.version)
    return answered(opened, receipt, then.known) | {"at": rfc3339(at), "people": people}


def _last_looked(
    session: WriteSession,
    opened: Opened,
    audience: Audience,
    facts: Facts,
    entry: str | None,
    at: datetime,
) -> repository.Looked:
    """When everybody last looked; that somebody did by an override is told to whom the override is."""
    case, caller = opened.asked.case.case or "", opened.caller
    untold = [] if audience.is_officer else repository.overrides_untold(
        session, case, caller.user, caller.agency, glass_is_told=audience.learns_of_overrides(opened, facts)
    )  # fmt: skip
    return repository.last_seen(session, case, entry, at, untold)


def _with_users_of_overrides(
    session: WriteSession,
    opened: Opened,
    asked: WhoCanSeeAsk,
    audience: Audience,
    facts: Facts,
    at: datetime,
) -> WhoCanSeeAsk:
    """The roster with those who are not on it and see the case by an override that the asker may know of."""
    known_at = at if asked.at is not None else None
    case = asked.case.case
    if case is None or not audience.learns_of_overrides(opened, facts):
        return asked
    seated = set(_places(asked.roster))
    more = [
        seat
        for kind, seat in repository.users_of_overrides(session, case, at, opened.margin, known_at)
        if (seat.user, seat.agency) not in seated
        and (audience.is_officer or kind == OverrideKind.BREAK_GLASS)
    ]
    return asked.model_copy(update={"roster": (*asked.roster, *more)})


def _places(roster: Iterable[SeatAsk]) -> list[tuple[str, str]]:
    return [(one.user, one.agency) for one in roster]


def _is_hidden(audience: Audience, seated: Seated, caller: Caller) -> bool:
    """An officer learns when her own people looked; of others only where her agency's own is asked about."""
    return audience.is_officer and not audience.whole and seated.seat.agency != caller.agency


def _policy_at(session: WriteSession, opened: Opened, at: datetime | None) -> Policy:
    """The policy that was in force then; a 422 for a moment that has not come, or before the first one."""
    if at is None:
        return opened.policy
    if at > opened.at:
        raise invalid("at", NOT_YET)
    try:
        return opened.parts.policies.in_force(session, at)[1]
    except Problem:
        raise invalid("at", "No policy was in force then, so nothing was shown to anybody.") from None


def _visible(opened: Opened, audience: Audience, present: Everybody, asked: WhoCanSeeAsk) -> set[int]:
    """The places of the labels asked about that exist for the asker; none for what does not.

    Of a case as a whole that is whatever exists for them, at whatever level; of an entry or a person only
    what they see at *summary* or more.
    """
    if audience.is_officer:
        known = audience.whole | _received_by_colleagues(opened, audience, present, asked)
        wanted = known if asked.label is None else known & {asked.label} & audience.whole
        return _about(opened, wanted, asked.subject)
    if asked.label is not None:
        return _about(opened, audience.seen & {asked.label}, asked.subject)
    if asked.subject is not None:
        return _about(opened, audience.seen, asked.subject)
    return {place for place, level in enumerate(audience.own_levels) if level > Level.NONE}


def _received_by_colleagues(
    opened: Opened, audience: Audience, present: Everybody, asked: WhoCanSeeAsk
) -> set[int]:
    found: set[int] = set()
    for seated in seats_of(opened.policy, asked.roster, ()):
        if seated.seat.agency == opened.caller.agency:
            levels = present.verdict(seated.seat).levels
            found |= {place for place, level in enumerate(levels) if level >= Level.SUMMARY}
    return found & audience.received


def _about(opened: Opened, places: set[int], subject: str | None) -> set[int]:
    if subject is None:
        return places
    return {place for place in places if subject in opened.labels[place].subjects}


def _row(
    then: Everybody, audience: Audience, seat: Seat, places: Iterable[int], permissions: Collection[str]
) -> list[Told]:
    verdict = then.verdict(seat)
    cells: list[Told] = []
    for place in places:
        label, cell = then.labels[place], verdict.cells[place]
        if audience.shows(place, seat, cell.level):
            bases = {"bases": _bases(cell.bases, permissions), "until": _until(then, seat, label, cell)}
            cells.append(telling.cell(label, cell.level) | bases)
    return cells


def _until(then: Everybody, seat: Seat, label: Label, cell: Cell) -> str | None:
    """When what this one label rests on ends; a verdict over several says it of all of them together."""
    if _NEVER_ENDS.issuperset(cell.bases):
        return None
    until = then.verdict(seat, (label,)).valid_until
    return None if until is None else rfc3339(from_microseconds(until))


def _bases(bases: Iterable[str], permissions: Collection[str]) -> list[Told]:
    return [
        {"basis": word, "id": fact} for word, fact in (telling.named(basis, permissions) for basis in bases)
    ]


# --- what if


def what_if(session: WriteSession, parts: DecisionParts, caller: Caller, asked: WhatIfAsk) -> Told | None:
    """What everybody on the roster sees and would see; nothing is stored but the receipt.

    The lead is told of nobody more than they see themselves: the lower of the two levels, before and after.
    An information officer asks about what her agency recorded.
    """
    opened = open_question(session, parts, caller, asked)
    known, facts, own = own_verdict(session, opened)
    audience = Audience(opened, own, Officer(opened, facts))
    exists = bool(audience.whole) if audience.is_officer else any(own.levels)
    if not exists or may_not_locate(facts, opened.question):
        record_answer(session, opened, WHAT_IF, None, known.version)
        return None
    if not audience.is_officer and not audience.leads:
        record_answer(session, opened, WHAT_IF, (), known.version, refused=True)
        return {"refused": ONLY_LEAD}
    roster = _places(asked.roster)
    supposing.check(asked.changes, _nameable(session, opened), roster, opened.now)
    suspended = repository.suspended_among(session, roster, opened.at)
    before = seats_of(opened.policy, asked.roster, suspended)
    knows = audience.knows_of(session, opened, facts)
    after = _supposed(session, opened, asked, suspended, knows)
    places = sorted(audience.whole)
    labels = tuple(opened.labels[place] for place in places)
    limits = [Level.FULL if audience.is_officer else own.levels[place] for place in places]
    now = Everybody(session, opened, before, knows=knows)
    people = []
    for seated in before:
        was = now.verdict(seated.seat, labels).levels
        would = after.levels(seated.seat, labels)
        people.append(who(seated) | {"cells": _compared(labels, limits, was, would)})
    receipt = record_answer(session, opened, WHAT_IF, cells_told(opened, own, places), known.version)
    return answered(opened, receipt, now.known) | {"people": people}


def _nameable(session: WriteSession, opened: Opened) -> supposing.Named:
    permissions, exclusions = ids_shown(session, opened)
    subjects = {subject for label in opened.labels for subject in label.subjects}
    return supposing.Named(permissions, exclusions, subjects)


class _Supposed:
    """Everybody after the changes."""

    def __init__(self, everybody: Everybody, opened: Opened, asked: WhatIfAsk, moment: int) -> None:
        self._everybody = everybody
        self._opened = opened
        self._asked = asked
        self._moment = moment

    def levels(self, seat: Seat, labels: tuple[Label, ...]) -> Sequence[Level]:
        seat = supposing.seat_if(seat, self._asked.changes)
        facts = supposing.facts_if(self._everybody.facts(seat), self._asked.changes, self._opened.now)
        ask = replace(self._everybody.ask(seat, labels), at=self._moment)
        return decide(self._everybody.policy, facts, ask).levels


def _supposed(
    session: WriteSession, opened: Opened, asked: WhatIfAsk, suspended: Places, knows: Knows
) -> _Supposed:
    wanted = supposing.policy_if(asked.changes)
    policy = opened.policy if wanted is None else _supposed_policy(session, opened, *wanted)
    seats = [
        replace(seated, seat=supposing.seat_if(seated.seat, asked.changes))
        for seated in seats_of(opened.policy, asked.roster, suspended)
    ]
    everybody = Everybody(session, opened, seats, policy=policy, knows=knows)
    return _Supposed(everybody, opened, asked, supposing.moment_if(asked.changes, opened.now))


def _supposed_policy(
    session: WriteSession, opened: Opened, number: int, change: PolicyChanged | DraftTried
) -> Policy:
    """A published version, or for an information officer a draft; a 422 for one that there is not."""
    if isinstance(change, PolicyChanged):
        found = repository.policy_of_version(session, opened.parts.policies, change.version)
        if found is None:
            raise invalid(f"changes.{number}.version", "There is no published policy of this version.")
        return found
    drafted = None
    if opened.caller.role == Role.INFORMATION_OFFICER:
        drafted = repository.policy_of_draft(session, change.draft)
    if drafted is None:
        raise invalid(f"changes.{number}.draft", "There is no draft with this id that you may see.")
    return drafted


def _compared(
    labels: Sequence[Label], limits: Sequence[Level], was: Sequence[Level], would: Sequence[Level]
) -> list[Told]:
    cells: list[Told] = []
    for label, limit, before, after in zip(labels, limits, was, would, strict=True):
        told = telling.cell(label, min(before, limit))
        told["before"], told["after"] = told.pop("level"), min(after, limit).word
        cells.append(told)
    return telling.each_once(cells)
