"""Random policies and whole random worlds, from a seed: plain ``random.Random``, for volume.

Times are small numbers around ``NOW`` so that every boundary (just ended, ends within D, starts within D) is
hit often; identifiers are few so that facts meet each other.
"""

import json
from pathlib import Path
from random import Random
from typing import Any

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
    Rows,
    Subject,
    Window,
)
from services.consent.decision.grid import ALL, BIT_OF, UNKNOWN, grid_at
from services.consent.decision.policy import Policy, parse_policy
from shared.vocabulary import (
    AgencyKind,
    Answer,
    Category,
    Level,
    Mode,
    OverrideKind,
    Purpose,
    Relationship,
    Role,
)

NOW = 1_000
MARGIN = 10
CALLER, USER = "school", "user-1"
OWNERS = ("school", "trust", "police", "council")
USERS = ("user-1", "user-2")
SUBJECTS = ("child", "mother")
GIVERS = ("child", "mother", "father")
LETTERS = "IACNPVUHMBXOSDEF"

CATEGORIES, LEVELS, MODES = tuple(Category), tuple(Level), tuple(Mode)
KINDS, PURPOSES, RELATIONSHIPS, ROLES = tuple(AgencyKind), tuple(Purpose), tuple(Relationship), tuple(Role)
"""To walk over an enum takes longer than to draw from it, and whole worlds are drawn by the ten thousand."""

DEFAULT_DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "services/consent/policy_data/default-1.json").read_text("utf-8")
)
DEFAULT_POLICY = parse_policy(DEFAULT_DOCUMENT)


# --- policies


def random_policy(random: Random) -> Policy:
    """A policy over the default's columns with random digits, kinds, roles and rows."""
    return parse_policy(random_document(random))


def random_document(random: Random) -> dict[str, Any]:
    return {
        "version": f"random-{random.randrange(10**6)}",
        "columns": DEFAULT_DOCUMENT["columns"],
        "ceilings": _random_ceilings(random),
        "own_ceilings": [
            {"role": role.value, "relationships": [relationship.value], "levels": _digits(random)}
            for role in ROLES
            for relationship in RELATIONSHIPS
            if random.random() < 0.4
        ],
        "override_caps": [
            {"override": "statutory", "roles": None, "levels": _digits(random)},
            {"override": "statutory", "roles": _some(random, ROLES, 0.2), "levels": _digits(random)},
            {"override": "break_glass", "roles": _some(random, ROLES, 0.7), "levels": _digits(random)},
        ],
        "rows": _random_rows(random),
        "purposes_by_role": {role.value: _some(random, PURPOSES, 0.6) or ["support"] for role in ROLES},
        "until_own_decision": _some(random, RELATIONSHIPS, 0.2),
        "statutory_kinds": _some(random, KINDS, 0.3),
        "obligations": {"support": ["look_away"]} if random.random() < 0.5 else {},
        "partnership_officers": [],
    }


def _random_ceilings(random: Random) -> list[dict[str, Any]]:
    entries = []
    for role in ROLES:
        for relationship in RELATIONSHIPS:
            shape = {"role": role.value, "relationships": [relationship.value]}
            if random.random() < 0.8:
                entries.append({**shape, "kinds": None, "levels": _digits(random)})
            if random.random() < 0.2:
                kinds = _some(random, KINDS, 0.3)
                entries.append({**shape, "kinds": kinds, "levels": _digits(random)})
    random.shuffle(entries)
    return entries


def _random_rows(random: Random) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for purpose in PURPOSES:
        cells = {letter: _cell(random) for letter in LETTERS}
        rows.append({"purpose": purpose.value, "recipients": None, "cells": cells})
        kinds = _some(random, KINDS, 0.4)
        half = len(kinds) // 2
        for part in (kinds[:half], kinds[half:]):
            few = {letter: _cell(random) for letter in LETTERS if random.random() < 0.4}
            rows.append({"purpose": purpose.value, "recipients": part, "cells": few})
    random.shuffle(rows)
    return rows


def _digits(random: Random) -> str:
    return "".join(random.choices("0123", (1, 1, 3, 8), k=len(LETTERS)))


def _cell(random: Random) -> str:
    mode = random.choices(("M", "O", "P"), (1, 3, 4))[0]
    base = "0" if mode == "P" else random.choice("0123")
    return base + mode + random.choices("0123", (1, 1, 2, 5))[0]


def _some(random: Random, words: Any, share: float) -> list[str]:
    return [word.value for word in words if random.random() < share]


# --- worlds


def random_world(random: Random, policy: Policy) -> tuple[Facts, Ask]:
    """Facts about one case and one ask; a few of each kind of fact, some of them odd."""
    pool = random.sample(CATEGORIES, 5)
    role = _rarely(random, "wizard", random.choice(ROLES))
    purposes = policy.purposes.get(role) or PURPOSES
    purpose = random.choice(purposes if random.random() < 0.96 else PURPOSES)
    fitting = [other.value for other in ROLES if purpose in policy.purposes.get(other, ())]
    ask = _random_ask(random, pool, role, purpose, fitting)
    return _random_facts(random, pool, purpose), ask


def _random_ask(random: Random, pool: list[Category], role: str, purpose: str, fitting: list[str]) -> Ask:
    """``fitting``: the roles whose purpose it is, one of which whoever a system acts for mostly has."""
    relationships = (
        {subject: random.choice(RELATIONSHIPS).value for subject in SUBJECTS if random.random() < 0.7}
        if role == Role.FAMILY_MEMBER or random.random() < 0.1
        else {}
    )
    ordinary = ("none", "considering", "considering", "member", "member", "lead", "lead", "supervisor")
    relationship = random.choice(ordinary if random.random() < 0.9 else RELATIONSHIPS)
    names = random.random() < (0.6 if role == Role.AGENCY_SYSTEM else 0.005)
    return Ask(
        user=USER,
        agency=_rarely(random, "nobody", CALLER, 0.01),
        role=role,
        relationship=_rarely(random, "godparent", relationship, 0.01),
        relationships_by_subject=relationships,
        purpose=purpose,
        at=NOW,
        margin=random.choice((0, MARGIN)),
        labels=tuple(_random_label(random, pool) for _ in range(random.randint(3, 6))),
        on_behalf_of=random.choice(USERS) if names else None,
        on_behalf_roles=_named_roles(random, fitting) if names else (),
    )


def _named_roles(random: Random, fitting: list[str]) -> tuple[str, ...]:
    """Mostly one role, sometimes two; now and then none, one that does not fit, or one that nobody knows."""
    pool = fitting if fitting and random.random() < 0.95 else [role.value for role in ROLES]
    few = min(random.choices((0, 1, 2), (1, 24, 6))[0], len(pool))
    return tuple(_rarely(random, "wizard", role) for role in random.sample(pool, few))


def _random_label(random: Random, pool: list[Category]) -> Label:
    categories = random.sample(pool, random.choices((0, 1, 2, 3), (1, 60, 20, 8))[0])
    subjects = random.choices(((), ("child",), ("mother",), SUBJECTS, ("stranger",)), (1, 60, 25, 18, 2))[0]
    mask = sum(BIT_OF[category] for category in categories)
    return Label(
        owner=_rarely(random, "unheard of", random.choice(OWNERS)),
        categories=mask | UNKNOWN if random.random() < 0.01 else mask,
        subjects=subjects,
        accountable=random.choice(OWNERS) if random.random() < 0.15 else None,
        unanswered=random.random() < 0.04,
        draft=random.random() < 0.08,
        locates=random.random() < 0.25,
    )


def _random_facts(random: Random, pool: list[Category], purpose: str) -> Facts:
    kinds = (None, *KINDS) if random.random() < 0.1 else KINDS
    subjects = SUBJECTS if random.random() < 0.98 else SUBJECTS[:1]
    return Facts(
        version=f"facts-{random.randrange(10**6)}",
        agencies={owner: Agency(owner, random.choice(kinds)) for owner in OWNERS},
        suspended=random.random() < 0.01,
        takes_part=random.random() < 0.6,
        subjects={
            subject: Subject(
                subject,
                _birthday(random),
                taking_part_ended=random.random() < 0.06,
                before_taking_part=random.random() < 0.06,
            )
            for subject in subjects
        },
        permissions=_several(random, random_permission, 7, pool, purpose),
        exclusions=_several(random, random_exclusion, 1, pool, purpose),
        overrides=_several(random, random_override, 2, pool, purpose),
        bars=_several(random, random_bar, 1, pool, purpose),
        releases=_several(random, random_release, 3, pool, purpose),
        agreements=_several(random, random_agreement, 3, pool, purpose),
    )


def _several(random: Random, make: Any, most: int, pool: list[Category], purpose: str) -> Any:
    return tuple(make(random, f"{place}", pool, purpose) for place in range(random.randint(0, most)))


def random_permission(random: Random, name: str, pool: list[Category], purpose: str) -> Permission:
    subject = random.choice(SUBJECTS)
    own = random.random() < 0.4
    return Permission(
        id=name,
        subject=subject,
        giver=subject if own else random.choice(GIVERS),
        own=own,
        competent=random.random() < 0.4,
        authority=ALL if random.random() < 0.7 else mask_from(random, pool),
        answer=Answer.REFUSED if random.random() < 0.2 else Answer.GIVEN,
        recipients=frozenset({CALLER if random.random() < 0.9 else "police", random.choice(OWNERS)}),
        purposes=_purposes(random, purpose),
        grid=random_grid(random, pool),
        window=random_window(random),
        withdrawn_at=random.choice((900, 1_000, 1_005, 1_010, 1_011, 3_000))
        if random.random() < 0.2
        else None,
        owner=random.choice(OWNERS) if random.random() < 0.15 else None,
    )


def random_exclusion(random: Random, name: str, pool: list[Category], purpose: str) -> Exclusion:
    return Exclusion(
        id=name,
        subject=random.choice(SUBJECTS),
        agencies=_callers(random, OWNERS),
        users=_callers(random, USERS),
        mask=mask_from(random, pool),
        purposes=None if random.random() < 0.5 else _purposes(random, purpose),
        window=random_window(random),
    )


def random_override(random: Random, name: str, pool: list[Category], purpose: str) -> Override:
    return Override(
        id=name,
        kind=random.choice(list(OverrideKind)),
        agencies=_callers(random, OWNERS),
        users=_callers(random, USERS),
        purposes=_purposes(random, purpose),
        subjects=_subjects(random),
        grid=random_grid(random, pool),
        window=random_window(random),
    )


def random_bar(random: Random, name: str, pool: list[Category], purpose: str) -> Bar:
    """A third protect an address: mostly on ``contact``, and so that the caller is often among the few."""
    hides_address = random.random() < 0.33
    return Bar(
        id=name,
        subjects=_subjects(random),
        mask=BIT_OF[Category.CONTACT] if hides_address else mask_from(random, pool),
        agencies=_callers(random, OWNERS),
        users=_callers(random, USERS),
        everyone_except=random.random() < (0.6 if hides_address else 0.15),
        window=random_window(random),
        hides_address=hides_address,
    )


def random_release(random: Random, name: str, pool: list[Category], purpose: str) -> Release:
    return Release(
        id=name,
        owner=random.choice(OWNERS),
        recipient=CALLER if random.random() < 0.9 else "police",
        purpose=purpose if random.random() < 0.8 else random.choice(PURPOSES),
        subject=random.choice(SUBJECTS),
        grid=random_grid(random, pool),
        window=random_window(random),
    )


def random_agreement(random: Random, name: str, pool: list[Category], purpose: str) -> Agreement:
    base = cap = mandatory = objectable = 0
    for category in CATEGORIES:
        mode = random.choice(MODES)
        bit = BIT_OF[category]
        mandatory |= bit if mode is Mode.MANDATORY else 0
        objectable |= bit if mode is Mode.OBJECTABLE else 0
        base |= grid_at(random.choice(LEVELS) if mode is not Mode.PERMISSION else Level.NONE, bit)
        cap |= grid_at(random.choice(LEVELS), bit)
    return Agreement(
        id=name,
        owner=random.choice(OWNERS),
        recipient=CALLER if random.random() < 0.9 else "police",
        purpose=purpose if random.random() < 0.8 else random.choice(PURPOSES),
        rows=Rows(base, mandatory, objectable, cap),
        window=random_window(random),
    )


# --- small things


def random_window(random: Random) -> Window:
    """Mostly in force; otherwise right on one of the boundaries that D makes."""
    if random.random() < 0.65:
        return Window(random.randint(0, 900), random.choice((None, random.randint(1_100, 9_000))))
    start = random.choice((0, 990, 999, 1_000, 1_001, 1_005, 1_010, 1_011))
    return Window(start, random.choice((None, 999, 1_000, 1_001, 1_005, 1_010, 1_011, 2_000)))


def random_grid(random: Random, pool: list[Category]) -> int:
    grid = 0
    for category in pool:
        grid |= grid_at(random.choices(LEVELS, (2, 1, 2, 5))[0], BIT_OF[category])
    return grid


def mask_from(random: Random, pool: list[Category]) -> int:
    return sum(BIT_OF[category] for category in pool if random.random() < 0.6)


def _birthday(random: Random) -> int | None:
    return random.choice((None, 0, 999, 1_000, 1_001, 1_005, 1_010, 1_011, 5_000, 5_000, 5_000, 5_000, 5_000))


def _callers(random: Random, ids: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for name in ids if random.random() < 0.3)


def _subjects(random: Random) -> frozenset[str]:
    return frozenset(subject for subject in SUBJECTS if random.random() < 0.6)


def _purposes(random: Random, purpose: str) -> frozenset[str]:
    others = {other.value for other in PURPOSES if random.random() < 0.2}
    return frozenset(others | {purpose} if random.random() < 0.9 else others)


def _rarely(random: Random, odd: str, usual: str, share: float = 0.015) -> str:
    return odd if random.random() < share else usual
