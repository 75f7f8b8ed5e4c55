"""Builders with which the tests of the decision read as sentences:

    practitioner("school nurse").for_purpose(SUPPORT).asks_for(HEALTH)
    .of(a_case.with_consent(HEALTH)).is_shown_in_full()

The caller works for the school; ``the trust`` (health) holds the entries unless ``.held_by`` says otherwise;
they are about ``the child``, aged twelve, unless ``.about`` says otherwise. Times are in microseconds.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from services.consent.decision.decide import decide
from services.consent.decision.facts import (
    Agency,
    Agreement,
    Ask,
    Bar,
    Exclusion,
    Facts,
    Label,
    Override,
    Permission,
    Release,
    Subject,
    Window,
)
from services.consent.decision.grid import ALL, grid_at, mask_of
from services.consent.decision.policy import Policy
from services.consent.decision.policy_reading import compile_rows
from services.consent.decision.specification import specify
from services.consent.decision.verdict import Cell, Verdict
from shared.vocabulary import AgencyKind, Answer, Blocker, Level, OverrideKind, Purpose, Relationship, Role
from tests.decision.worlds import DEFAULT_POLICY

SECOND = 1_000_000
DAY = 24 * 3_600 * SECOND
YEAR = 365 * DAY
NOW = 20_000 * DAY
D = SECOND
ALWAYS = Window(0, None)
EVERY_PURPOSE = frozenset(Purpose)

AGENCIES = {
    "school": AgencyKind.EDUCATION,
    "trust": AgencyKind.HEALTH,
    "police": AgencyKind.POLICE,
    "council": AgencyKind.SOCIAL_CARE,
    "charity": AgencyKind.VOLUNTARY,
    "jobcentre": AgencyKind.EMPLOYMENT,
    "family": AgencyKind.FAMILY,
}


@dataclass(frozen=True)
class Case:
    """The facts of one case, to which sentences add."""

    facts: Facts

    def _add(self, kind: str, fact: Any) -> "Case":
        changed: dict[str, Any] = {kind: (*getattr(self.facts, kind), fact)}
        return Case(replace(self.facts, **changed))

    def with_answer(
        self,
        *categories: str,
        by: str = "mother",
        about: str = "child",
        answer: Answer = Answer.GIVEN,
        level: Level = Level.FULL,
        to: tuple[str, ...] = tuple(AGENCIES),
        purposes: frozenset[str] = EVERY_PURPOSE,
        authority: int = ALL,
        competent: bool = False,
        window: Window = ALWAYS,
        withdrawn_at: int | None = None,
    ) -> "Case":
        permission = Permission(
            id=f"{by}-{answer.value}-{len(self.facts.permissions)}",
            subject=about,
            giver=by,
            own=by == about,
            competent=competent,
            authority=authority,
            answer=answer,
            recipients=frozenset(to),
            purposes=purposes,
            grid=grid_at(level, mask_of(categories)),
            window=window,
            withdrawn_at=withdrawn_at,
        )
        return self._add("permissions", permission)

    def with_consent(self, *categories: str, **details: Any) -> "Case":
        return self.with_answer(*categories, **details)

    def with_refusal(self, *categories: str, **details: Any) -> "Case":
        return self.with_answer(*categories, answer=Answer.REFUSED, **details)

    def with_exclusion(
        self,
        *categories: str,
        of: str = "school",
        user: str | None = None,
        about: str = "child",
        purposes: frozenset[str] | None = None,
        window: Window = ALWAYS,
    ) -> "Case":
        agencies, users = ({of}, set()) if user is None else (set(), {user})
        mask = mask_of(categories) if categories else ALL
        exclusion = Exclusion(
            "exclusion", about, frozenset(agencies), frozenset(users), mask, purposes, window
        )
        return self._add("exclusions", exclusion)

    def with_bar(
        self,
        *categories: str,
        against: tuple[str, ...] = ("school",),
        users: tuple[str, ...] = (),
        everyone_except: bool = False,
        about: str = "child",
        window: Window = ALWAYS,
        hides_address: bool = False,
    ) -> "Case":
        mask = mask_of(categories) if categories else ALL
        stopped = frozenset(against), frozenset(users), everyone_except, window
        return self._add("bars", Bar("bar", frozenset({about}), mask, *stopped, hides_address))

    def with_protected_address(
        self, *, known_to: tuple[str, ...], about: str = "child", window: Window = ALWAYS
    ) -> "Case":
        return self.with_bar(
            "contact",
            against=known_to,
            everyone_except=True,
            about=about,
            window=window,
            hides_address=True,
        )

    def with_statutory_override(self, *categories: str, level: Level = Level.FULL, **details: Any) -> "Case":
        return self._with_override(OverrideKind.STATUTORY, categories, level, **details)

    def with_break_glass(self, *categories: str, level: Level = Level.FULL, **details: Any) -> "Case":
        return self._with_override(OverrideKind.BREAK_GLASS, categories, level, **details)

    def _with_override(
        self,
        kind: OverrideKind,
        categories: tuple[str, ...],
        level: Level,
        *,
        agencies: tuple[str, ...] = (),
        users: tuple[str, ...] = ("user",),
        about: str = "child",
        window: Window = ALWAYS,
    ) -> "Case":
        override = Override(
            id=kind.value,
            kind=kind,
            agencies=frozenset(agencies),
            users=frozenset(users),
            purposes=EVERY_PURPOSE,
            subjects=frozenset({about}),
            grid=grid_at(level, mask_of(categories)),
            window=window,
        )
        return self._add("overrides", override)

    def with_release(
        self, *categories: str, level: Level = Level.FULL, window: Window = ALWAYS, by: str = "trust"
    ) -> "Case":
        grid = grid_at(level, mask_of(categories))
        return self._add("releases", Release("release", by, "school", Purpose.SUPPORT, "child", grid, window))

    def with_agreement(
        self, cells: dict[str, str], *, window: Window = ALWAYS, owner: str = "trust"
    ) -> "Case":
        rows = compile_rows(DEFAULT_POLICY.columns, cells)
        name = f"agreement-{len(self.facts.agreements)}"
        return self._add("agreements", Agreement(name, owner, "school", Purpose.SUPPORT, rows, window))

    def where(self, **changes: Any) -> "Case":
        """The same case with other plain facts: ``takes_part``, ``suspended`` …"""
        return Case(replace(self.facts, **changes))

    def which_left_taking_part(self, *subjects: str) -> "Case":
        """The same case after these took back their yes to taking part."""
        left = {name: replace(self.facts.subjects[name], taking_part_ended=True) for name in subjects}
        return self.where(subjects={**self.facts.subjects, **left})

    def before_anybody_was_asked(self, *subjects: str) -> "Case":
        """The same case before somebody said yes to taking part."""
        waiting = {name: replace(self.facts.subjects[name], before_taking_part=True) for name in subjects}
        return self.where(subjects={**self.facts.subjects, **waiting}, takes_part=False)

    def with_child_deciding_from(self, moment: int | None) -> "Case":
        return self.where(subjects={**self.facts.subjects, "child": Subject("child", moment)})


a_case = Case(
    Facts(
        version="facts-1",
        agencies={name: Agency(name, kind) for name, kind in AGENCIES.items()},
        suspended=False,
        takes_part=True,
        subjects={"child": Subject("child", NOW + 4 * YEAR), "mother": Subject("mother", 0)},
    )
)


@dataclass(frozen=True)
class Caller:
    """Somebody asking; ``title`` is only for the reader."""

    title: str
    role: str
    relationship: str = Relationship.MEMBER
    agency: str = "school"
    user: str = "user"
    purpose: str = Purpose.SUPPORT
    relationships: dict[str, str] = field(default_factory=dict)
    policy: Policy = DEFAULT_POLICY
    at: int = NOW
    named: str | None = None
    named_roles: tuple[str, ...] = ()

    def on_behalf_of(self, user: str, *roles: str) -> "Caller":
        """The same caller acting for a user who works on the case in these roles."""
        return replace(self, named=user, named_roles=roles)

    def for_purpose(self, purpose: str) -> "Caller":
        return replace(self, purpose=purpose)

    def who_is(self, relationship: str) -> "Caller":
        return replace(self, relationship=relationship)

    def from_the(self, agency: str) -> "Caller":
        return replace(self, agency=agency)

    def under(self, policy: Policy) -> "Caller":
        return replace(self, policy=policy)

    def asks_for(self, *categories: str) -> "Question":
        return Question(self, categories)


@dataclass(frozen=True)
class Question:
    caller: Caller
    categories: tuple[str, ...]
    owner: str = "trust"
    subjects: tuple[str, ...] = ("child",)
    label_details: dict[str, Any] = field(default_factory=dict)

    def held_by(self, owner: str) -> "Question":
        return replace(self, owner=owner)

    def about(self, *subjects: str) -> "Question":
        return replace(self, subjects=subjects)

    def that_locates(self) -> "Question":
        return self.labelled(**self.label_details, locates=True)

    def labelled(self, **details: Any) -> "Question":
        return replace(self, label_details=details)

    def at(self, moment: int) -> "Question":
        return replace(self, caller=replace(self.caller, at=moment))

    def of(self, case: Case) -> "Outcome":
        caller = self.caller
        ask = Ask(
            user=caller.user,
            agency=caller.agency,
            role=caller.role,
            relationship=caller.relationship,
            relationships_by_subject=caller.relationships,
            purpose=caller.purpose,
            at=caller.at,
            margin=D,
            labels=(Label.of(self.owner, self.categories, self.subjects, **self.label_details),),
            on_behalf_of=caller.named,
            on_behalf_roles=caller.named_roles,
        )
        verdict = decide(caller.policy, case.facts, ask)
        assert verdict == specify(caller.policy, case.facts, ask), "the specification says otherwise"
        return Outcome(verdict)


@dataclass(frozen=True)
class Outcome:
    verdict: Verdict

    @property
    def cell(self) -> Cell:
        return self.verdict.cells[0]

    def is_shown_in_full(self) -> "Outcome":
        return self._is(Level.FULL)

    def is_summarised(self) -> "Outcome":
        return self._is(Level.SUMMARY)

    def is_known_to_exist(self) -> "Outcome":
        return self._is(Level.EXISTENCE)

    def is_not_shown(self) -> "Outcome":
        assert not self.verdict.exists
        return self._is(Level.NONE)

    def because_of(self, *blockers: Blocker) -> "Outcome":
        assert self.cell.blockers == blockers, self.cell
        return self

    def resting_on(self, *bases: str) -> "Outcome":
        assert self.cell.bases == bases, self.cell
        return self

    def until(self, moment: int | None) -> "Outcome":
        assert self.verdict.valid_until == moment, self.verdict
        return self

    def _is(self, level: Level) -> "Outcome":
        assert self.cell.level == level, self.cell
        return self


def practitioner(title: str) -> Caller:
    return Caller(title, Role.PRACTITIONER)


def lead_professional(title: str) -> Caller:
    return Caller(title, Role.PRACTITIONER, Relationship.LEAD)


def safeguarding_lead(agency: str) -> Caller:
    caller = Caller(f"safeguarding lead of the {agency}", Role.SAFEGUARDING_LEAD, agency=agency)
    return caller.for_purpose(Purpose.SAFEGUARDING)


def volunteer(title: str) -> Caller:
    return Caller(title, Role.VOLUNTEER, agency="charity")


def someone_of_the_family(**relationships: str) -> Caller:
    """A family user, with their relationship to each subject."""
    caller = Caller("family", Role.FAMILY_MEMBER, Relationship.NONE, agency="family")
    return replace(caller, relationships=relationships)
