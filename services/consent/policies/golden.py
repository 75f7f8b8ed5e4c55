"""Golden decision tables: what must come out, row by row, decided by the real ``decide`` (design 3.6). Pure.

A row is a ``GoldenRow`` of ``shared/records/policies.py``. The default policy's stand beside it, in
``services/consent/policy_data/golden-1.json``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.consent.decision.decide import decide
from services.consent.decision.facts import (
    Agency,
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
from services.consent.decision.grid import ALL, EVERYTHING, grid_at, mask_of
from services.consent.decision.policy import Policy
from services.consent.decision.reach import FAMILY_RELATIONSHIPS
from shared.records.policies import GoldenRow
from shared.vocabulary import AgencyKind, Answer, Level, OverrideKind, Purpose

_DAY = 24 * 3_600 * 1_000_000
_NOW = 20_000 * _DAY
_ALWAYS = Window(0, None)
_CALLER, _OTHER, _USER, _SUBJECT = "caller", "other", "user", "subject"
_PURPOSES = frozenset(Purpose)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one row; it fails where ``got`` is not ``expected``."""

    place: int
    says: str
    expected: str
    got: str

    @property
    def fails(self) -> bool:
        return self.got != self.expected


def run(policy: Policy, rows: Sequence[GoldenRow]) -> list[Outcome]:
    """Every row decided under a policy, in order."""
    return [
        Outcome(place, row.says, row.expected, level_of_row(policy, row).word)
        for place, row in enumerate(rows)
    ]


def level_of_row(policy: Policy, row: GoldenRow) -> Level:
    """The level at which the entry that a row describes is shown to the caller that it describes."""
    return decide(policy, _facts(row), _ask(row)).levels[0]


def _facts(row: GoldenRow) -> Facts:
    return Facts(
        version="golden",
        agencies={_CALLER: Agency(_CALLER, row.kind), _OTHER: Agency(_OTHER, AgencyKind.HEALTH)},
        suspended=False,
        takes_part=True,
        subjects={_SUBJECT: Subject(_SUBJECT, 0 if row.decides_alone else _NOW + 1_000 * _DAY)},
        permissions=_permissions(row),
        exclusions=_exclusions(row),
        overrides=_overrides(row),
        bars=_bars(row),
        releases=_releases(row),
    )


def _ask(row: GoldenRow) -> Ask:
    of_family = row.relationship in FAMILY_RELATIONSHIPS
    return Ask(
        user=_USER,
        agency=_CALLER,
        role=row.role,
        relationship="none" if of_family else row.relationship,
        purpose=row.purpose,
        at=_NOW,
        margin=0,
        labels=(Label.of(_CALLER if row.owner == "own" else _OTHER, row.categories, (_SUBJECT,)),),
        relationships_by_subject={_SUBJECT: row.relationship} if of_family else {},
        on_behalf_of=None if row.on_behalf_of is None else "named",
        on_behalf_roles=() if row.on_behalf_of is None else (row.on_behalf_of,),
    )


def _permissions(row: GoldenRow) -> tuple[Permission, ...]:
    if row.permission == "none":
        return ()
    refused = row.permission == "refused"
    level = Level.FULL if refused else Level.from_word(row.permission)
    answer = Permission(
        id="answer",
        subject=_SUBJECT,
        giver=_SUBJECT if row.decides_alone else "parent",
        own=row.decides_alone,
        competent=False,
        authority=ALL,
        answer=Answer.REFUSED if refused else Answer.GIVEN,
        recipients=frozenset({_CALLER}),
        purposes=_PURPOSES,
        grid=grid_at(level, mask_of(row.categories)),
        window=_ALWAYS,
    )
    return (answer,)


def _exclusions(row: GoldenRow) -> tuple[Exclusion, ...]:
    excluded = frozenset({_CALLER})
    found = Exclusion("exclusion", _SUBJECT, excluded, frozenset(), ALL, None, _ALWAYS)
    return (found,) if row.excluded else ()


def _bars(row: GoldenRow) -> tuple[Bar, ...]:
    barred, about = frozenset({_CALLER}), frozenset({_SUBJECT})
    found = Bar("bar", about, ALL, barred, frozenset(), everyone_except=False, window=_ALWAYS)
    return (found,) if row.barred else ()


def _overrides(row: GoldenRow) -> tuple[Override, ...]:
    if row.override == "none":
        return ()
    kind, users = OverrideKind(row.override), frozenset({_USER})
    about = frozenset({_SUBJECT})
    return (Override("override", kind, frozenset(), users, _PURPOSES, about, EVERYTHING, _ALWAYS),)


def _releases(row: GoldenRow) -> tuple[Release, ...]:
    grid = grid_at(Level.from_word(row.released), ALL)
    found = Release("release", _OTHER, _CALLER, row.purpose, _SUBJECT, grid, _ALWAYS)
    return (found,) if grid else ()
