"""The decision once more, naively: the specification of ``decide`` (design 3.2), to be read and compared.

It looks at one category and one subject at a time, with plain levels, and reads the policy's *document*
rather than its compiled form. It shares the shapes of facts and verdicts with ``decide`` and no logic, so
that an error must be made twice, in two different ways, to go unnoticed (property D1). Do not make it fast.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.consent.decision.facts import (
    Agreement,
    Ask,
    Facts,
    Label,
    Override,
    Permission,
    Release,
    Rows,
    Subject,
    Window,
)
from services.consent.decision.policy import Policy
from services.consent.decision.verdict import Cell, Verdict
from shared.vocabulary import Blocker, Category, Level

CATEGORIES = list(Category)


def specify(policy: Policy, facts: Facts, ask: Ask) -> Verdict:
    """The verdict ``decide`` must give, in every part."""
    found = [_Answer(policy.document, facts, ask, label) for label in ask.labels]
    released = [answer for answer in found if answer.level > Level.NONE]
    ends = [end for answer in released for end in answer.ends()]
    obligations = policy.document["obligations"].get(ask.purpose, []) if released else []
    return Verdict(
        tuple(answer.level for answer in found),
        policy.version,
        facts.version,
        tuple(obligations),
        lambda: (tuple(answer.cell() for answer in found), min(ends) if ends else None),
    )


@dataclass(frozen=True)
class _Offer:
    """What one basis gives for one category and subject. ``lifts``: (level, end) of each release in force,
    and ``rows_cap`` the cap without them."""

    rank: int
    basis: str
    id: str
    level: Level
    ends: tuple[int | None, ...] = ()
    lifts: tuple[tuple[Level, int | None], ...] = ()
    rows_cap: Level = Level.FULL

    def word(self) -> str:
        return self.basis if self.basis == "OWN" else f"{self.basis}:{self.id}"


class _Answer:
    """The answer for one label: the lowest over its pairs, the offers that reach it, what blocked more."""

    def __init__(self, document: Any, facts: Facts, ask: Ask, label: Label) -> None:
        self.outright = _refused_outright(document, facts, ask, label)
        self.pairs: list[_Pair] = []
        if self.outright is None:
            self.pairs = [
                _Pair(document, facts, ask, label, category, facts.subjects[subject])
                for category in CATEGORIES
                for subject in label.subjects
                if _counts_as(category, label, document, facts, ask, facts.subjects[subject])
            ]
        self.level = min((pair.level for pair in self.pairs), default=Level.NONE)

    def listed(self) -> list[_Offer]:
        if self.level == Level.NONE:
            return []
        return [offer for pair in self.pairs for offer in pair.offers if offer.level >= self.level]

    def ends(self) -> Iterator[int]:
        for offer in self.listed():
            yield from (end for end in offer.ends if end is not None)
            for level, end in offer.lifts:
                if end is not None and level >= self.level > offer.rows_cap:
                    yield end

    def cell(self) -> Cell:
        words = [word for _, _, word in sorted({(o.rank, o.id, o.word()) for o in self.listed()})]
        blockers = self.blockers()
        return Cell(self.level, tuple(words), lambda: blockers)

    def blockers(self) -> tuple[Blocker, ...]:
        if self.outright is not None:
            return (self.outright,)
        said = {blocker for pair in self.pairs if pair.level < Level.FULL for blocker in pair.blockers()}
        return tuple(blocker for blocker in Blocker if blocker in said)


def _refused_outright(document: Any, facts: Facts, ask: Ask, label: Label) -> Blocker | None:
    if facts.suspended:
        return Blocker.SUSPENDED
    agency = facts.agencies.get(ask.agency)
    if agency is None or agency.kind is None or ask.role not in document["purposes_by_role"]:
        return Blocker.UNKNOWN
    if ask.on_behalf_of is not None:
        named = ask.on_behalf_roles
        if ask.role != "agency_system" or named == ():
            return Blocker.UNKNOWN
        if any(role not in document["purposes_by_role"] for role in named):
            return Blocker.UNKNOWN
    for role in _roles(ask):
        if ask.purpose not in document["purposes_by_role"][role]:
            return Blocker.PURPOSE
    if label.owner not in facts.agencies or not label.subjects:
        return Blocker.UNKNOWN
    if label.categories <= 0 or label.categories >= 2 ** len(CATEGORIES):
        return Blocker.UNKNOWN
    for subject in label.subjects:
        if subject not in facts.subjects:
            return Blocker.UNKNOWN
        if _relationship(document, facts, ask, facts.subjects[subject]) not in RELATIONSHIPS:
            return Blocker.UNKNOWN
    return None


def _roles(ask: Ask) -> list[str]:
    """The caller's role; of a system that acts for somebody, theirs too: each ceiling is the lowest."""
    return [ask.role] if ask.on_behalf_of is None else [ask.role, *ask.on_behalf_roles]


RELATIONSHIPS = {
    *("none", "considering", "member", "supervisor", "lead"),
    *("subject", "parent", "parent_elsewhere", "carer"),
}


def _counts_as(
    category: Category, label: Label, document: Any, facts: Facts, ask: Ask, subject: Subject
) -> bool:
    """Whether the label is about this category of this subject: what locates somebody is about how to reach
    them too, where their address is protected, and for a parent who lives elsewhere."""
    if _in_mask(category, label.categories):
        return True
    if category != "contact" or not label.locates:
        return False
    return _relationship(document, facts, ask, subject) == "parent_elsewhere" or any(
        bar.hides_address and subject.id in bar.subjects and _at_any_moment(bar.window, ask)
        for bar in facts.bars
    )


# --- one category, one subject


class _Pair:
    """The formula of design 3.2 for one owner, category and subject."""

    def __init__(
        self, document: Any, facts: Facts, ask: Ask, label: Label, category: Category, subject: Subject
    ) -> None:
        self.document, self.facts, self.ask, self.label = document, facts, ask, label
        self.category, self.subject = category, subject
        self.kind = facts.agencies[ask.agency].kind
        self.relationship = _relationship(document, facts, ask, subject)
        self.ceiling = self.find_ceiling(self.relationship)
        self.open_to = self.find_what_the_family_leaves_open()
        self.before_asking = self.find_what_rows_open_before_anybody_was_asked()
        agreements = self.find_agreements()
        in_force = [_newest(agreements, moment) for moment in _moments_of_change(agreements, ask)]
        self.agreement = in_force[0]
        self.base, self.mode, self.rows_cap = _narrowest([self.row_under(one) for one in in_force])
        self.releases = self.find_releases()
        self.cap = max([self.rows_cap, *(_in_grid(category, release.grid) for release in self.releases)])
        self.excluded = self.is_excluded()
        self.barred = self.is_barred()
        self.offers = [] if self.barred else [offer for offer in self.all_offers() if offer.level > 0]
        self.level = max((offer.level for offer in self.offers), default=Level.NONE)

    def all_offers(self) -> Iterator[_Offer]:
        if self.is_own():
            yield _Offer(0, "OWN", "", self.own_ceiling())
        if self.is_held():
            return
        for override in self.overrides():
            if _throughout(override.window, self.ask):
                rank, basis = (3, "STATUTORY") if override.kind == "statutory" else (4, "BREAK_GLASS")
                level = min(_in_grid(self.category, override.grid), self.override_cap(override))
                yield _Offer(rank, basis, override.id, level, (override.window.end,))
        if self.ask.purpose == "enforcement":
            return
        if self.mode == "M" or (self.mode == "O" and not self.excluded):
            name, end = "default", None
            if self.agreement is not None:
                name, end = self.agreement.id, self.agreement.window.end
            open_to = Level.FULL if self.mode == "M" else min(self.open_to, self.before_asking)
            yield _Offer(2, "AGREEMENT", name, min(self.base, self.ceiling, open_to), (end,))
        yield from self.permission_offers()

    def permission_offers(self) -> Iterator[_Offer]:
        if self.excluded or any(self.refuses(answer) for answer in self.answers()):
            return
        for answer in self.answers():
            level = min(self.given_by(answer), self.cap, self.ceiling, self.open_to)
            birthday = None if answer.own else self.subject.decides_from
            agreed = None if self.agreement is None else self.agreement.window.end
            ends = (answer.window.end, answer.withdrawn_at, birthday, agreed)
            lifts = tuple((_in_grid(self.category, r.grid), r.window.end) for r in self.releases)
            yield _Offer(1, "PERMISSION", answer.id, level, ends, lifts, self.rows_cap)

    # --- the label

    def is_held(self) -> bool:
        return self.label.unanswered or (self.label.draft and not self.facts.takes_part)

    def is_own(self) -> bool:
        if self.is_held():
            return self.label.owner == self.ask.agency
        return self.ask.agency in (self.label.owner, self.label.accountable)

    # --- the policy, read from the document

    def digit(self, levels: str) -> Level:
        return Level(int(levels[_column_place(self.document, self.category)]))

    def find_ceiling(self, relationship: str) -> Level:
        return min(self.ceiling_of_role(role, relationship) for role in _roles(self.ask))

    def ceiling_of_role(self, role: str, relationship: str) -> Level:
        fitting = [
            entry
            for entry in self.document["ceilings"]
            if entry["role"] == role
            and relationship in entry["relationships"]
            and (entry["kinds"] is None or self.kind in entry["kinds"])
        ]
        fitting.sort(key=lambda entry: entry["kinds"] is None)
        return self.digit(fitting[0]["levels"]) if fitting else Level.NONE

    def find_what_the_family_leaves_open(self) -> Level:
        """Once somebody takes part no longer, the team is to them like anybody without a relationship, for
        all that rests on permission or is open to objection. The family themselves go on as they were."""
        of_the_family = ("subject", "parent", "parent_elsewhere", "carer")
        if self.subject.taking_part_ended and self.relationship not in of_the_family:
            return self.find_ceiling("none")
        return Level.FULL

    def find_what_rows_open_before_anybody_was_asked(self) -> Level:
        """A case can be opened about anybody: that alone shows its team no more than a stranger sees."""
        of_the_family = ("subject", "parent", "parent_elsewhere", "carer")
        if self.subject.before_taking_part and self.relationship not in of_the_family:
            return self.find_ceiling("none")
        return Level.FULL

    def own_ceiling(self) -> Level:
        return min(self.own_ceiling_of_role(role) for role in _roles(self.ask))

    def own_ceiling_of_role(self, role: str) -> Level:
        for entry in self.document["own_ceilings"]:
            if entry["role"] == role and self.relationship in entry["relationships"]:
                return self.digit(entry["levels"])
        return self.ceiling_of_role(role, self.relationship)

    def override_cap(self, override: Override) -> Level:
        return min(self.override_cap_of_role(override, role) for role in _roles(self.ask))

    def override_cap_of_role(self, override: Override, role: str) -> Level:
        fitting = [
            entry
            for entry in self.document["override_caps"]
            if entry["override"] == override.kind and (entry["roles"] is None or role in entry["roles"])
        ]
        fitting.sort(key=lambda entry: entry["roles"] is None)
        return self.digit(fitting[0]["levels"]) if fitting else Level.NONE

    def row_under(self, agreement: Agreement | None) -> tuple[Level, str, Level]:
        if agreement is not None:
            return _row_of(agreement.rows, self.category)
        letter = self.document["columns"][_column_place(self.document, self.category)]["letter"]
        cell = None
        for entry in self.document["rows"]:
            if entry["purpose"] == self.ask.purpose and entry["recipients"] is None:
                cell = entry["cells"][letter]
        for entry in self.document["rows"]:
            if entry["purpose"] == self.ask.purpose and self.kind in (entry["recipients"] or []):
                cell = entry["cells"].get(letter, cell)
        assert cell is not None, "every purpose has general rows"
        return Level(int(cell[0])), cell[1], Level(int(cell[2]))

    # --- the facts

    def find_agreements(self) -> list[Agreement]:
        """Those with the owner, whenever they hold."""
        return [
            agreement
            for agreement in self.facts.agreements
            if agreement.owner == self.label.owner
            and agreement.recipient == self.ask.agency
            and agreement.purpose == self.ask.purpose
        ]

    def find_releases(self) -> list[Release]:
        return [
            release
            for release in self.facts.releases
            if release.owner == self.label.owner
            and release.recipient == self.ask.agency
            and release.purpose == self.ask.purpose
            and release.subject == self.subject.id
            and _throughout(release.window, self.ask)
        ]

    def is_excluded(self) -> bool:
        return self.ask.purpose != "safeguarding" and any(
            exclusion.subject == self.subject.id
            and _in_mask(self.category, exclusion.mask)
            and (self.ask.agency in exclusion.agencies or any(u in exclusion.users for u in self.users()))
            and (exclusion.purposes is None or self.ask.purpose in exclusion.purposes)
            and _at_any_moment(exclusion.window, self.ask)
            for exclusion in self.facts.exclusions
        )

    def users(self) -> list[str]:
        """Who is stopped if any of them is: the caller, and whoever a system acts for."""
        return [self.ask.user] if self.ask.on_behalf_of is None else [self.ask.user, self.ask.on_behalf_of]

    def is_barred(self) -> bool:
        for bar in self.facts.bars:
            listed = [self.ask.agency in bar.agencies or user in bar.users for user in self.users()]
            stopped = not all(listed) if bar.everyone_except else any(listed)
            covers = self.subject.id in bar.subjects and _in_mask(self.category, bar.mask)
            if stopped and covers and _at_any_moment(bar.window, self.ask):
                return True
        return False

    def overrides(self) -> Iterator[Override]:
        """Those for this caller, purpose and subject, whenever they hold."""
        for override in self.facts.overrides:
            by_user = self.ask.user in override.users
            by_agency = self.ask.agency in override.agencies
            if self.subject.id not in override.subjects or self.ask.purpose not in override.purposes:
                continue
            if override.kind == "statutory" and (by_user or by_agency):
                yield override
            if override.kind == "break_glass" and by_user and self.ask.purpose != "enforcement":
                yield override

    # --- resolve

    def answers(self) -> list[Permission]:
        return [
            answer
            for answer in self.facts.permissions
            if answer.subject == self.subject.id
            and self.ask.agency in answer.recipients
            and self.ask.purpose in answer.purposes
            and answer.owner in (None, self.label.owner)
        ]

    def counts(self, answer: Permission) -> bool:
        """Whether this answer is one that decides about this category, whatever it says."""
        birthday = self.subject.decides_from
        now, soon = self.ask.at, self.ask.at + self.ask.margin
        if answer.own:
            early = soon if answer.answer == "refused" else now
            return answer.competent or birthday is None or birthday <= early
        if birthday is None or birthday <= soon:
            return False
        return _in_mask(self.category, answer.authority) and not any(
            own.own
            and own.competent
            and _in_grid(self.category, own.grid) > Level.NONE
            and _at_any_moment(own.window, self.ask)
            for own in self.answers()
        )

    def given_by(self, answer: Permission) -> Level:
        holds = _throughout(answer.window, self.ask) and not self.is_withdrawn(answer)
        if answer.answer == "given" and holds and self.counts(answer):
            return _in_grid(self.category, answer.grid)
        return Level.NONE

    def is_withdrawn(self, answer: Permission) -> bool:
        return answer.withdrawn_at is not None and answer.withdrawn_at <= self.ask.at + self.ask.margin

    def refuses(self, answer: Permission) -> bool:
        taken_back = answer.withdrawn_at is not None and answer.withdrawn_at <= self.ask.at
        return (
            answer.answer == "refused"
            and _in_grid(self.category, answer.grid) > Level.NONE
            and _at_any_moment(answer.window, self.ask)
            and not taken_back
            and self.counts(answer)
        )

    # --- what kept this pair below full (see blockers.py for the words)

    def blockers(self) -> set[Blocker]:
        if self.barred:
            return {Blocker.BARRED}
        if self.is_held() and not self.is_own():
            return {Blocker.HELD}
        said = set(self.caller_blockers())
        if self.is_held():
            return said
        said.update(self.override_blockers())
        if self.ask.purpose == "enforcement":
            said.add(Blocker.PURPOSE)
        else:
            said.update(self.family_blockers())
            said.update(self.former_blockers())
            said.update(self.limit_blockers())
        return said or {Blocker.NO_BASIS}

    def caller_blockers(self) -> Iterator[Blocker]:
        if self.relationship == "none":
            yield Blocker.NO_RELATIONSHIP
        if self.is_own():
            yield Blocker.ROLE_CEILING

    def override_blockers(self) -> Iterator[Blocker]:
        for override in self.overrides():
            level = _in_grid(self.category, override.grid)
            if _throughout(override.window, self.ask):
                if level > self.level:
                    yield Blocker.ROLE_CEILING
            elif _is_over(override.window, self.ask) and min(level, self.override_cap(override)) > self.level:
                yield Blocker.EXPIRED

    def permitted(self) -> Level:
        if any(self.refuses(answer) for answer in self.answers()):
            return Level.NONE
        return max((self.given_by(answer) for answer in self.answers()), default=Level.NONE)

    def family_blockers(self) -> Iterator[Blocker]:
        refusals = [answer for answer in self.answers() if self.refuses(answer)]
        for refusal in refusals:
            givers = {
                answer.giver
                for answer in self.answers()
                if not answer.own and self.given_by(answer) > Level.NONE
            }
            if not refusal.own and givers - {refusal.giver}:
                yield Blocker.CONFLICT
                return
        if refusals:
            yield Blocker.REFUSED

    def former_blockers(self) -> Iterator[Blocker]:
        """Permissions that would count, had they not been withdrawn or not ended."""
        if self.excluded or any(self.refuses(answer) for answer in self.answers()):
            return
        for answer in self.answers():
            level = min(_in_grid(self.category, answer.grid), self.cap, self.ceiling, self.open_to)
            if answer.answer != "given" or level <= self.level or not self.counts(answer):
                continue
            if self.is_withdrawn(answer) and _throughout(answer.window, self.ask):
                yield Blocker.WITHDRAWN
            if not self.is_withdrawn(answer) and _is_over(answer.window, self.ask):
                yield Blocker.EXPIRED

    def limit_blockers(self) -> Iterator[Blocker]:
        all_objectable = self.base if self.mode == "O" else Level.NONE
        objectable = min(all_objectable, self.before_asking)
        mandatory = self.base if self.mode == "M" else Level.NONE
        without = min(max(all_objectable, min(self.permitted(), self.cap)), self.ceiling)
        if self.excluded and without > self.level:
            yield Blocker.EXCLUDED
        but_for_asking = min(all_objectable, self.ceiling)
        if self.level < without > self.open_to or self.level < but_for_asking > self.before_asking:
            yield Blocker.NOT_TAKING_PART
        permitted = Level.NONE if self.excluded else min(self.permitted(), self.open_to)
        unless_stopped = Level.NONE if self.excluded else min(objectable, self.open_to)
        if max(mandatory, unless_stopped, permitted) > self.level >= self.ceiling:
            yield Blocker.ROLE_CEILING
        if permitted > self.level >= self.cap:
            yield Blocker.AGREEMENT_CAP
            if all(_in_grid(self.category, release.grid) == Level.NONE for release in self.releases):
                yield Blocker.NO_RELEASE


# --- small readings


def _relationship(document: Any, facts: Facts, ask: Ask, subject: Subject) -> str:
    if subject.id in ask.relationships_by_subject:
        relationship = ask.relationships_by_subject[subject.id]
    elif ask.relationship in ("subject", "parent", "parent_elsewhere", "carer"):
        return "none"
    else:
        relationship = ask.relationship
    competent = any(p.subject == subject.id and p.own and p.competent for p in facts.permissions)
    grown = subject.decides_from is None or subject.decides_from <= ask.at + ask.margin
    if relationship in document["until_own_decision"] and (competent or grown):
        return "none"
    return relationship


def _column_place(document: Any, category: Category) -> int:
    for place, column in enumerate(document["columns"]):
        if category.value in column["categories"]:
            return place
    raise AssertionError("every category has a column")


def _row_of(rows: Rows, category: Category) -> tuple[Level, str, Level]:
    mode = "M" if _in_mask(category, rows.mandatory) else "O" if _in_mask(category, rows.objectable) else "P"
    return _in_grid(category, rows.base), mode, _in_grid(category, rows.cap)


def _moments_of_change(agreements: list[Agreement], ask: Ask) -> list[int]:
    """Now, and whenever until D from now an agreement begins or ends: what is narrower counts till then from
    now on, since an answer may be on its way for so long."""
    edges = [edge for one in agreements for edge in (one.window.start, one.window.end)]
    return [ask.at, *(edge for edge in edges if edge is not None and ask.at < edge <= ask.at + ask.margin)]


def _newest(agreements: list[Agreement], moment: int) -> Agreement | None:
    """Of those in force at a moment the one that started last."""
    in_force = [
        one
        for one in agreements
        if one.window.start <= moment and (one.window.end is None or moment < one.window.end)
    ]
    return max(in_force, key=lambda one: (one.window.start, one.id), default=None)


def _narrowest(rows: list[tuple[Level, str, Level]]) -> tuple[Level, str, Level]:
    """What several rows all give: it needs permission if it does under one of them, and has no base then."""
    modes = [mode for _, mode, _ in rows]
    mode = "P" if "P" in modes else "O" if "O" in modes else "M"
    return min(base for base, _, _ in rows), mode, min(cap for _, _, cap in rows)


def _in_mask(category: Category, mask: int) -> bool:
    return bool(mask & 2 ** CATEGORIES.index(category))


def _in_grid(category: Category, grid: int) -> Level:
    """A grid is three masks of thirty bits: at existence, at summary, at full or more."""
    if _in_mask(category, grid // 2**60):
        return Level.FULL
    if _in_mask(category, grid // 2**30):
        return Level.SUMMARY
    return Level.EXISTENCE if _in_mask(category, grid) else Level.NONE


def _throughout(window: Window, ask: Ask) -> bool:
    """In force from now until D from now."""
    return window.start <= ask.at and (window.end is None or window.end > ask.at + ask.margin)


def _at_any_moment(window: Window, ask: Ask) -> bool:
    """In force at some moment from now until D from now."""
    return window.start <= ask.at + ask.margin and (window.end is None or window.end > ask.at)


def _is_over(window: Window, ask: Ask) -> bool:
    """Began, and has ended or will within D."""
    return window.start <= ask.at and window.end is not None and window.end <= ask.at + ask.margin
