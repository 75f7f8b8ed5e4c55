"""What is wrong, or odd, about a policy that can be read (design 3.6). Pure.

An error keeps a draft from being approved; a warning is shown. ``RULES`` is the list; each rule's docstring
says what it finds. What breaks the vocabulary never comes here: ``parse_policy`` refuses it.

**Closer relationships.** none, considering, supervisor, member, lead: the order by which the case service
chooses where somebody stands in several ways. A supervisor manages somebody who works with the family and
does not do so themselves, so they stand below a member. Somebody who gains a closer relationship must never
lose by it; and where neither of two gives at least as much as the other, holding both would give more than
either, which is an error of its own. Only listed relationships are compared: that a role lists none for a
closer one is shown as a warning, since whoever comes to hold it would see nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from services.consent.decision.facts import Rows
from services.consent.decision.grid import (
    ALL,
    EXISTENCE,
    NOTHING,
    SUMMARY,
    categories_of,
    every_level,
    grid_at,
    mask_of,
    named,
    reaching,
)
from services.consent.decision.policy import Policy
from shared.vocabulary import (
    DOES_CASEWORK,
    OBLIGATIONS,
    SENSITIVE,
    AgencyKind,
    Category,
    OverrideKind,
    Purpose,
    Relationship,
    Role,
)

CLOSER = (
    Relationship.NONE,
    Relationship.CONSIDERING,
    Relationship.SUPERVISOR,
    Relationship.MEMBER,
    Relationship.LEAD,
)
SENSITIVE_MASK = mask_of(SENSITIVE)
_EVERYBODYS = mask_of([Category.STAFF_SAFETY])
"""A visit instruction may be mandatory for every kind of agency."""
_LOCATES = mask_of([Category.CONTACT, Category.INVOLVEMENT])
_ROWS_OF = "rows for {} to {}"


@dataclass(frozen=True, slots=True)
class Finding:
    """``where`` names the part of the document; ``message`` says what is wrong and what would be right."""

    severity: Literal["error", "warning"]
    rule: str
    where: str
    message: str


def lint(policy: Policy) -> list[Finding]:
    """Everything found, errors first."""
    found = [finding for rule in RULES for finding in rule(policy)]
    distinct = list(dict.fromkeys(found))
    return sorted(distinct, key=lambda finding: finding.severity)


Rule = Callable[[Policy], Iterator[Finding]]
_Listed = dict[tuple[str, str], dict[str, int]]
"""By (role, kind of agency or none), the grid of each listed relationship."""


def _error(rule: str, where: str, message: str) -> Finding:
    return Finding("error", rule, where, message)


def _warning(rule: str, where: str, message: str) -> Finding:
    return Finding("warning", rule, where, message)


def _words(mask: int) -> str:
    return ", ".join(categories_of(mask))


def _lost(larger: int, smaller: int) -> int:
    """The mask of the categories at which ``larger`` has a higher level."""
    more = larger & ~smaller
    return (more | more >> 30 | more >> 60) & ALL


def _purpose_of(policy: Policy, role: str) -> str | None:
    purposes = policy.purposes.get(role, ())
    return purposes[0] if purposes else None


def _listed(policy: Policy, section: str) -> _Listed:
    """The listed ceilings of roles that have a purpose."""
    found: _Listed = {}
    for entry in policy.document[section]:
        role, purpose = entry["role"], _purpose_of(policy, entry["role"])
        kinds = entry["kinds"] or list(AgencyKind) if section == "ceilings" else [AgencyKind.EDUCATION]
        for kind in kinds if purpose else ():
            for relationship in entry["relationships"]:
                standing = policy.standings[kind, role, relationship, purpose or ""]
                grid = standing.ceiling if section == "ceilings" else standing.own
                found.setdefault((role, kind), {})[relationship] = grid
    return found


# --- relationships


def _closer_gives_less(policy: Policy) -> Iterator[Finding]:
    """A closer relationship that gives less, or two of which neither gives at least as much as the other."""
    for section in ("ceilings", "own_ceilings"):
        for (role, _), grids in _listed(policy, section).items():
            for far, close in combinations([word for word in CLOSER if word in grids], 2):
                lost = _lost(grids[far], grids[close])
                where = f"{section}: {role}, {far} and {close}"
                if lost and _lost(grids[close], grids[far]):
                    yield _error(
                        "more_through_two_relationships",
                        where,
                        f"Somebody who is both would have more than either gives: {far} gives more of "
                        f"{_words(lost)}. Let {close} give at least as much.",
                    )
                elif lost:
                    yield _error(
                        "relationship_not_monotone",
                        where,
                        f"{close} is closer than {far} and gives less of {_words(lost)}.",
                    )


def _closer_not_listed(policy: Policy) -> Iterator[Finding]:
    """A role that lists a relationship and none closer, though it may come to hold one."""
    for (role, _), grids in _listed(policy, "ceilings").items():
        chain = [word for word in CLOSER if word in grids]
        missing = [word for word in CLOSER if word not in grids and chain and _is_after(word, chain[0])]
        reachable = [word for word in missing if word != Relationship.SUPERVISOR or role == Role.TEAM_MANAGER]
        if reachable:
            yield _warning(
                "relationship_not_listed",
                f"ceilings: {role}",
                f"Whoever holds this role as {', '.join(reachable)} sees nothing of other agencies' entries.",
            )


def _is_after(word: Relationship, other: Relationship) -> bool:
    return CLOSER.index(word) > CLOSER.index(other)


def _elsewhere_gives_more(policy: Policy) -> Iterator[Finding]:
    """A parent elsewhere who has more than one at home, or is told what locates a refuge."""
    for purpose in policy.purposes[Role.FAMILY_MEMBER]:
        key = (AgencyKind.FAMILY, Role.FAMILY_MEMBER)
        elsewhere = policy.standings[(*key, Relationship.PARENT_ELSEWHERE, purpose)].ceiling
        at_home = policy.standings[(*key, Relationship.PARENT, purpose)].ceiling
        if located := named(elsewhere) & _LOCATES:
            yield _error(
                "locates_a_refuge",
                "ceilings: family_member, parent_elsewhere",
                f"{_words(located)} tells a parent who lives elsewhere where the family is; give none.",
            )
        if more := _lost(elsewhere, at_home):
            yield _warning(
                "elsewhere_gives_more",
                "ceilings: family_member, parent_elsewhere",
                f"A parent elsewhere would read more than one at home of {_words(more)}.",
            )


# --- what is never reached


def _role_without_purpose(policy: Policy) -> Iterator[Finding]:
    """A role that is given something and may act for no purpose, so that nobody can use it."""
    for section, names in (("ceilings", "role"), ("own_ceilings", "role"), ("override_caps", "roles")):
        for place, entry in enumerate(policy.document[section]):
            roles = entry[names] or () if names == "roles" else (entry[names],)
            for role in roles:
                if not policy.purposes[role]:
                    yield _error(
                        "role_without_purpose",
                        f"{section}.{place}",
                        f"The role {role} has no purpose, so nobody can use this; give it one or remove it.",
                    )


def _unreachable_ceilings(policy: Policy) -> Iterator[Finding]:
    """A ceiling above what any row gives or lets permission reach, for every kind and purpose."""
    for place, entry in enumerate(policy.document["ceilings"]):
        role = entry["role"]
        kinds, purposes = entry["kinds"] or list(AgencyKind), policy.purposes[role]
        for relationship in entry["relationships"] if purposes else ():
            standings = [policy.standings[k, role, relationship, p] for k in kinds for p in purposes]
            reached = NOTHING
            for standing in standings:
                reached |= _most(standing.rows)
            if beyond := _lost(standings[0].ceiling, reached) if standings else 0:
                yield _warning(
                    "unreachable_grant",
                    f"ceilings.{place}",
                    f"No row lets {role} as {relationship} reach this level of {_words(beyond)}; only an "
                    "agreement or a release could.",
                )


def _unreachable_rows(policy: Policy) -> Iterator[Finding]:
    """A row that gives something which no role's ceiling lets through."""
    for place, entry in enumerate(policy.document["rows"]):
        purpose = entry["purpose"]
        kinds = entry["recipients"] or list(AgencyKind)
        through = NOTHING
        for (kind, _, _, standing_purpose), standing in policy.standings.items():
            if kind in kinds and standing_purpose == purpose:
                through |= standing.ceiling
        given = NOTHING
        for letter, cell in entry["cells"].items():
            most = max(cell[0], cell[2])
            given |= grid_at(EXISTENCE, policy.columns[letter]) if most > "0" else NOTHING
        if shut := given & ~named(through) & ALL:
            yield _warning(
                "unreachable_grant",
                f"rows.{place}",
                f"For {purpose} no role's ceiling lets anything of {_words(shut)} through.",
            )


def _most(rows: Rows) -> int:
    return rows.base | rows.cap


def _cap_below_base(policy: Policy) -> Iterator[Finding]:
    """A row that gives without permission more than permission could reach."""
    for place, entry in enumerate(policy.document["rows"]):
        for letter, cell in entry["cells"].items():
            if cell[2] < cell[0]:
                yield _error(
                    "cap_below_base",
                    f"rows.{place}.cells.{letter}",
                    "The cap is below what is given without permission; raise the cap or lower the base.",
                )


def _own_below_ceiling(policy: Policy) -> Iterator[Finding]:
    """An own ceiling below the ceiling on other agencies' entries."""
    own = _listed(policy, "own_ceilings")
    for (role, kind), grids in _listed(policy, "ceilings").items():
        for relationship, ceiling in grids.items():
            listed = own.get((role, AgencyKind.EDUCATION), {}).get(relationship)
            less = 0 if listed is None else _lost(ceiling, listed)
            if less and kind != AgencyKind.FAMILY:
                yield _warning(
                    "own_below_ceiling",
                    f"own_ceilings: {role}, {relationship}",
                    f"The own agency's entries would be shown lower than other agencies' in {_words(less)}.",
                )


# --- what is opened without the family's word


def _sensitive_without_basis(policy: Policy) -> Iterator[Finding]:
    """A sensitive category that rows give without permission, and no lawful basis is named for it.

    What the family reads of itself rests on its own right.
    """
    for purpose, kind, rows in _default_rows(policy):
        given = named(rows.base) & (rows.mandatory | rows.objectable) & SENSITIVE_MASK
        without = given & ~policy.lawful_bases.get((purpose, kind), 0)
        if without and kind != AgencyKind.FAMILY:
            yield _error(
                "sensitive_without_basis",
                _ROWS_OF.format(purpose, kind),
                f"{_words(without)} is given without permission; name basis, condition and power in "
                "lawful_bases.",
            )


def _mandatory_without_duty(policy: Policy) -> Iterator[Finding]:
    """More than existence that is mandatory towards a kind of agency without statutory safeguarding duty."""
    for purpose, kind, rows in _default_rows(policy):
        if kind in policy.statutory_kinds or kind == AgencyKind.FAMILY:
            continue
        forced = reaching(rows.base, SUMMARY) & rows.mandatory & ~_EVERYBODYS
        where = _ROWS_OF.format(purpose, kind)
        if sensitive := forced & SENSITIVE_MASK:
            message = (
                f"Agencies of this kind have no statutory duty; {_words(sensitive)} cannot be mandatory "
                "above existence."
            )
            yield _error("mandatory_without_duty", where, message)
        if other := forced & ~SENSITIVE_MASK:
            message = f"Nobody could object to {_words(other)} going to a kind without a statutory duty."
            yield _warning("mandatory_without_duty", where, message)


def _default_rows(policy: Policy) -> Iterator[tuple[str, str, Rows]]:
    """The rows of each (purpose, kind) that some role can use."""
    seen = set()
    for (kind, _, _, purpose), standing in policy.standings.items():
        if kind is not None and (purpose, kind) not in seen:
            seen.add((purpose, kind))
            yield purpose, kind, standing.rows


def _mixed_columns(policy: Policy) -> Iterator[Finding]:
    """A column that holds a sensitive category with one that is not: they are asked about singly."""
    for letter, mask in policy.columns.items():
        if mask & SENSITIVE_MASK and mask & ~SENSITIVE_MASK:
            yield _error(
                "sensitive_not_single",
                f"columns: {letter}",
                f"{_words(mask & SENSITIVE_MASK)} is sensitive and must not share a column with "
                f"{_words(mask & ~SENSITIVE_MASK)}.",
            )


def _officers_read(policy: Policy) -> Iterator[Finding]:
    """An information officer who would read: whoever writes the rules reads nobody."""
    most = every_level(ALL) & ~grid_at(EXISTENCE, ALL)
    for (_, role, _, _), standing in policy.standings.items():
        if role == Role.INFORMATION_OFFICER and (standing.own | standing.ceiling) & most:
            yield _error(
                "officer_reads",
                f"ceilings: {role}",
                "Whoever writes the rules reads nobody: give information officers existence at most.",
            )
            return


def _officers_act_for_oversight(policy: Policy) -> Iterator[Finding]:
    """An information officer with a purpose for which entries are read, or with none, so that nobody sees to
    the rules: what an override opens is read for the purposes of a role, whatever its ceilings say."""
    purposes = set(policy.purposes[Role.INFORMATION_OFFICER])
    if purposes != {Purpose.OVERSIGHT}:
        yield _error(
            "officer_purposes",
            f"purposes_by_role.{Role.INFORMATION_OFFICER}",
            "Whoever writes the rules acts for oversight and for nothing else: give them this purpose alone.",
        )


def _glass_without_casework(policy: Policy) -> Iterator[Finding]:
    """Break-glass for a role in which nobody works with families."""
    for place, entry in enumerate(policy.document["override_caps"]):
        roles = Role if entry["roles"] is None else entry["roles"]
        others = [role for role in roles if role not in DOES_CASEWORK]
        if entry["override"] == OverrideKind.BREAK_GLASS and others and entry["levels"].strip("0"):
            yield _error(
                "glass_without_casework",
                f"override_caps.{place}",
                f"{', '.join(others)}: nobody works with a family in these roles; let those who do break the "
                "glass alone.",
            )


def _volunteers_read_sensitive(policy: Policy) -> Iterator[Finding]:
    """A volunteer who reads a sensitive category: they are there for a plan, and see no more of a life."""
    read = NOTHING
    for (_, role, _, _), standing in policy.standings.items():
        if role == Role.VOLUNTEER:
            read |= reaching(standing.ceiling, SUMMARY) | reaching(standing.own, SUMMARY)
    if sensitive := read & SENSITIVE_MASK:
        yield _error(
            "volunteer_reads_sensitive",
            f"ceilings: {Role.VOLUNTEER}",
            f"{_words(sensitive)} is sensitive: volunteers learn at most that there is something.",
        )


def _purpose_of_nobody(policy: Policy) -> Iterator[Finding]:
    """The purpose enforcement, as a role's own."""
    for role, purposes in policy.purposes.items():
        if Purpose.ENFORCEMENT in purposes:
            yield _warning(
                "enforcement",
                f"purposes_by_role.{role}",
                "Enforcement is nobody's ordinary purpose; a statutory override names what it may read.",
            )


def _unknown_obligations(policy: Policy) -> Iterator[Finding]:
    """An obligation that no gateway knows: everything asked for its purpose would be refused."""
    for purpose, obligations in policy.obligations.items():
        if set(obligations) - OBLIGATIONS:
            yield _error(
                "unknown_obligation",
                f"obligations.{purpose}",
                "No gateway knows one of these, so nothing would be shown for this purpose; remove it.",
            )


RULES: tuple[Rule, ...] = (
    _closer_gives_less,
    _closer_not_listed,
    _elsewhere_gives_more,
    _role_without_purpose,
    _unreachable_ceilings,
    _unreachable_rows,
    _cap_below_base,
    _own_below_ceiling,
    _sensitive_without_basis,
    _mandatory_without_duty,
    _mixed_columns,
    _officers_read,
    _officers_act_for_oversight,
    _glass_without_casework,
    _volunteers_read_sensitive,
    _purpose_of_nobody,
    _unknown_obligations,
)
