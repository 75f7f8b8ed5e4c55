"""The decision a third time, in Cedar (design 5.2, D1): the opinion of an engine that is not ours.

The policy document becomes entities, the facts of a world become Cedar policies, and each question "does this
caller reach this level of this category about this subject under this label?" becomes one request; and
before it, once per subject, "does the relationship that is claimed count for this subject?".

**What Cedar decides by itself**, by evaluating conditions over plain words, sets and times: every stop (bars
and what is held are ``forbid``; so is a caller, owner, subject or relationship that is not known, a
suspension, a purpose that the role has not); every basis (one ``permit`` each, so its diagnostics name the
bases); windows and D; whose answer counts (birthday, competence, authority, refusals); which agreement is in
force; caps, releases and modes; which ceiling, own ceiling and override cap apply; whether a parent's
relationship has ended, and what the team keeps once somebody takes part no longer.

**What it cannot express**, and Python does here: masks and grids are spelt out as sets of words such as
``plan@2`` (Cedar has no bits); the names of the policy's entries are put together from role, relationship and
kind (Cedar joins no strings); agreements are put in order of their start, because Cedar has no maximum; and
the level of a label is the lowest over its pairs, for which Cedar has no quantifier. Blockers, obligations
and ``valid_until`` are no authorisation and stay with the two other opinions.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from cedarpy import AuthzResult, Entities, PolicySet, is_authorized_batch

from services.consent.decision.facts import (
    Agreement,
    Ask,
    Facts,
    Label,
    Override,
    Permission,
    Rows,
    Window,
)
from shared.vocabulary import Category, Level, Relationship

ASKED = (Level.EXISTENCE, Level.SUMMARY, Level.FULL)
FIELD = 30
NOBODY_KNOWS = "?"
BASES = ("OWN", "PERMISSION", "AGREEMENT", "STATUTORY", "BREAK_GLASS")
Json = Any


# --- words for bits


WORDS = [category.value for category in Category]


def words_of(mask: int) -> list[str]:
    """The categories of a mask, lowest bit first; a bit without a word is one that nobody knows."""
    bits = reversed(format(mask, "b")) if mask > 0 else ()
    return [
        WORDS[place] if place < len(WORDS) else NOBODY_KNOWS for place, bit in enumerate(bits) if bit == "1"
    ]


def cells_of(grid: int) -> list[str]:
    """A grid as words such as ``plan@2``: three fields of thirty bits, one per level."""
    return [
        f"{word}@{int(level)}"
        for place, level in enumerate(ASKED)
        for word in words_of((grid >> FIELD * place) % (1 << FIELD))
    ]


# --- the policy document as entities


def entities_of(document: Mapping[str, Json]) -> Entities:
    """What a policy says, for every world under it."""
    return Entities.from_json_str(json.dumps(list(_document_entities(document))))


def _document_entities(document: Mapping[str, Json]) -> Iterator[Json]:
    relationships = [relationship.value for relationship in Relationship]
    yield _entity("Words", "policy", relationships=relationships, until=document["until_own_decision"])
    for role, purposes in document["purposes_by_role"].items():
        yield _entity("Role", role, purposes=purposes)
    columns = [column["categories"] for column in document["columns"]]
    letters = {column["letter"]: column["categories"] for column in document["columns"]}
    for entry in document["ceilings"]:
        for relationship in entry["relationships"]:
            for kind in ["*"] if entry["kinds"] is None else entry["kinds"]:
                name = f"{entry['role']}/{relationship}/{kind}"
                yield _entity("Ceiling", name, reaches=_digits(columns, entry["levels"]))
    for entry in document["own_ceilings"]:
        for relationship in entry["relationships"]:
            name = f"{entry['role']}/{relationship}"
            yield _entity("OwnCeiling", name, reaches=_digits(columns, entry["levels"]))
    for entry in document["override_caps"]:
        for role in ["*"] if entry["roles"] is None else entry["roles"]:
            yield _entity("Cap", f"{entry['override']}/{role}", reaches=_digits(columns, entry["levels"]))
    for entry in document["rows"]:
        for kind in ["*"] if entry["recipients"] is None else entry["recipients"]:
            yield _entity("Rows", f"{entry['purpose']}/{kind}", **_rows(letters, entry["cells"]))


def _digits(columns: list[list[str]], digits: str) -> list[str]:
    return [
        f"{word}@{level}"
        for categories, digit in zip(columns, digits, strict=True)
        for word in categories
        for level in range(1, int(digit) + 1)
    ]


def _rows(letters: Mapping[str, list[str]], cells: Mapping[str, str]) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {"names": [], "base": [], "cap": [], "M": [], "O": [], "P": []}
    for letter, cell in cells.items():
        for word in letters[letter]:
            rows["names"].append(word)
            rows[cell[1]].append(word)
            rows["base"] += [f"{word}@{level}" for level in range(1, int(cell[0]) + 1)]
            rows["cap"] += [f"{word}@{level}" for level in range(1, int(cell[2]) + 1)]
    return rows


def _entity(type_: str, id_: str, **attributes: Json) -> Json:
    return {"uid": {"type": type_, "id": id_}, "attrs": attributes, "parents": []}


def _ref(type_: str, id_: str) -> Json:
    return {"__entity": {"type": type_, "id": id_}}


# --- conditions: the parts that every world shares


def _all(*conditions: str) -> str:
    return f"({' && '.join(conditions)})"


KNOWN = "(context.subject has judged_competent)"
GROWN_UP_SOON = "(!(context.subject has decides_from) || context.subject.decides_from <= principal.soon)"


def _of_every_role(condition: str) -> str:
    """A condition on ``SEAT`` for the caller's role, and for each role of whoever a system acts for."""
    named = (
        f"(!(context.seat has {name}) || {condition.replace('SEAT', f'context.seat.{name}')})"
        for name in NAMED
    )
    return _all(condition.replace("SEAT", "context.seat"), *named)


NAMED = ("named0", "named1")
IN_CEILING = (
    "(if SEAT.of_kind has reaches then SEAT.of_kind.reaches.contains(context.cell) "
    "else SEAT.of_any has reaches && SEAT.of_any.reaches.contains(context.cell))"
)
CEILING = _of_every_role(IN_CEILING)
OWN_CEILING = _of_every_role(
    f"(if SEAT.own has reaches then SEAT.own.reaches.contains(context.cell) else {IN_CEILING})"
)
IN_CEILING_OF_NOBODY = _of_every_role(
    "(if SEAT.nobody_of_kind has reaches then SEAT.nobody_of_kind.reaches.contains(context.cell) "
    "else SEAT.nobody_of_any has reaches && SEAT.nobody_of_any.reaches.contains(context.cell))"
)
FAMILY = '["subject", "parent", "parent_elsewhere", "carer"]'
LEFT_OPEN = (
    f"(!context.subject.left || {FAMILY}.contains(context.seat.relationship) || {IN_CEILING_OF_NOBODY})"
)
"""Once a subject takes part no longer, the team reaches what anybody without a relationship would."""
NOT_BEFORE_ASKING = LEFT_OPEN.replace(".left", ".unasked")
"""The same before anybody was asked, for rows alone: what is permitted is not a row."""
HELD = "(resource.unanswered || (resource.draft && !principal.takes_part))"
OWN = (
    "(resource.owner == principal.agency || "
    f"(!{HELD} && resource has accountable && resource.accountable == principal.agency))"
)
NOT_FOR_ENFORCEMENT = 'principal.purpose != "enforcement"'
DEFAULT_ROWS = (
    "(if principal.rows_of_kind has names && principal.rows_of_kind.names.contains(context.category) "
    "then principal.rows_of_kind else principal.rows_of_any)"
)

RELATE = PolicySet.from_str(
    f"""
permit (principal, action == Action::"relate", resource);
forbid (principal, action == Action::"relate", resource)
when {{ {FAMILY}.contains(context.relationship) }}
unless {{ context.names_subject }};
forbid (principal, action == Action::"relate", resource)
when {{ Words::"policy".until.contains(context.relationship) }}
when {{ {KNOWN} && ({GROWN_UP_SOON} || context.subject.judged_competent) }};
"""
)
"""Whether a relationship counts for a subject. Where it does not, the caller is nobody to them."""

ALWAYS = PolicySet.from_str(
    f"""
forbid (principal, action, resource) when {{ principal.suspended }};
forbid (principal, action, resource) unless {{ principal has kind }};
forbid (principal, action, resource)
unless {{ principal.role has purposes && principal.role.purposes.contains(principal.purpose) }};
forbid (principal, action, resource)
when {{ principal has on_behalf_of }}
unless {{ principal.role == Role::"agency_system" && principal has named0 }};
forbid (principal, action, resource)
when {{ principal has named0 }}
unless {{ principal.named0 has purposes && principal.named0.purposes.contains(principal.purpose) }};
forbid (principal, action, resource)
when {{ principal has named1 }}
unless {{ principal.named1 has purposes && principal.named1.purposes.contains(principal.purpose) }};
forbid (principal, action, resource) unless {{ principal.agencies.contains(resource.owner) }};
forbid (principal, action, resource) unless {{ {KNOWN} }};
forbid (principal, action, resource)
unless {{ Words::"policy".relationships.contains(context.seat.relationship) }};
forbid (principal, action, resource) when {{ {HELD} && resource.owner != principal.agency }};
@id("OWN")
permit (principal, action, resource) when {{ {OWN} && {OWN_CEILING} }};
"""
)
"""What holds in every world."""


# --- conditions: the facts of a world


def _set(words: Iterable[str]) -> str:
    return f"[{', '.join(json.dumps(word) for word in sorted(words))}]"


def _any(conditions: Iterable[str]) -> str:
    several = list(conditions)
    return f"({' || '.join(several)})" if several else "false"


def _throughout(window: Window) -> str:
    begun = f"{window.start} <= principal.now"
    return begun if window.end is None else f"{begun} && principal.soon < {window.end}"


def _at_any_moment(window: Window) -> str:
    begun = f"{window.start} <= principal.soon"
    return begun if window.end is None else f"{begun} && principal.now < {window.end}"


def _about(*subjects: str) -> str:
    named = ", ".join(f"Subject::{json.dumps(subject)}" for subject in sorted(subjects))
    return f"[{named}].contains(context.subject)"


def _cell(grid: int) -> str:
    return f"{_set(cells_of(grid))}.contains(context.cell)"


def _category(mask: int) -> str:
    return f"{_set(words_of(mask))}.contains(context.category)"


def _speaks(grid: int) -> str:
    """Whether a grid names the category at all."""
    return _category(grid % (1 << FIELD))


def _is(named: Agreement | None) -> Callable[[Agreement | None], str]:
    return lambda one: "true" if one is named else "false"


def _is_named(agencies: Iterable[str], users: Iterable[str]) -> str:
    return f"({_set(agencies)}.contains(principal.agency) || {_set(users)}.contains(principal.user))"


def _is_listed(agencies: Iterable[str], users: Iterable[str], *, both: bool) -> str:
    """Whether a stop lists the caller or whoever they act for; or, with ``both``, both of them."""
    named = f"{_set(users)}.contains(principal.on_behalf_of)"
    too = (
        f"(!(principal has on_behalf_of) || {named})" if both else f"(principal has on_behalf_of && {named})"
    )
    of_users = f"({_set(users)}.contains(principal.user) {'&&' if both else '||'} {too})"
    return f"({_set(agencies)}.contains(principal.agency) || {of_users})"


class WorldPolicies:
    """One world's facts as Cedar policies."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.newest_first = sorted(facts.agreements, key=lambda a: (a.window.start, a.id), reverse=True)
        edges = {edge for one in facts.agreements for edge in (one.window.start, one.window.end)}
        self.edges = sorted(edge for edge in edges if edge is not None)
        self.willing = f"(!{self.is_excluded()} && {LEFT_OPEN})"
        self.unopposed = f"({self.willing} && {NOT_BEFORE_ASKING})"
        self.refused = self.is_refused()
        self.capped = self.within_cap()

    def text(self) -> str:
        return "\n".join([*self.bars(), *self.overrides(), *self.agreed(), *self.given()])

    def bars(self) -> Iterator[str]:
        for bar in self.facts.bars:
            listed = _is_listed(bar.agencies, bar.users, both=bar.everyone_except)
            stopped = f"!{listed}" if bar.everyone_except else listed
            yield _forbid(
                _all(stopped, _about(*bar.subjects), _category(bar.mask), _at_any_moment(bar.window)),
            )

    def overrides(self) -> Iterator[str]:
        for override in self.facts.overrides:
            yield _permit(
                f"{override.kind.value.upper()}:{override.id}",
                _override_names(override),
                f"{_set(override.purposes)}.contains(principal.purpose)",
                _about(*override.subjects),
                _cell(override.grid),
                _throughout(override.window),
                _under_cap(override.kind.value),
            )

    def agreed(self) -> Iterator[str]:
        """Named is the agreement that is in force now; what counts is what the rows all give until D from
        now."""
        mandatory = self.throughout(
            lambda rows: _category(rows.mandatory), f"{DEFAULT_ROWS}.M.contains(context.category)"
        )
        without_permission = self.throughout(
            lambda rows: _category(rows.mandatory | rows.objectable),
            f"!{DEFAULT_ROWS}.P.contains(context.category)",
        )
        base = self.throughout(lambda rows: _cell(rows.base), f"{DEFAULT_ROWS}.base.contains(context.cell)")
        given = [
            NOT_FOR_ENFORCEMENT,
            f"({mandatory} || ({without_permission} && {self.unopposed}))",
            base,
            CEILING,
        ]
        for named in (*self.newest_first, None):
            basis = "default" if named is None else named.id
            yield _permit(f"AGREEMENT:{basis}", self.in_force("principal.now", _is(named)), *given)

    def given(self) -> Iterator[str]:
        for answer in self.facts.permissions:
            if answer.answer == "given":
                yield _permit(
                    f"PERMISSION:{answer.id}",
                    NOT_FOR_ENFORCEMENT,
                    _concerns(answer),
                    _cell(answer.grid),
                    _throughout(answer.window),
                    _not_withdrawn(answer, "principal.soon"),
                    self.counts(answer, "principal.now"),
                    self.willing,
                    f"!{self.refused}",
                    self.capped,
                    CEILING,
                )

    def throughout(self, under: Callable[[Rows], str], by_default: str) -> str:
        """What holds under the rows in force now, and under those at each moment until D from now at which
        an agreement begins or ends."""

        def holds(moment: str) -> str:
            return self.in_force(moment, lambda one: by_default if one is None else under(one.rows))

        then = (
            f"(!(principal.now < {edge} && {edge} <= principal.soon) || {holds(str(edge))})"
            for edge in self.edges
        )
        return _all(holds("principal.now"), *then)

    def in_force(self, moment: str, said: Callable[[Agreement | None], str]) -> str:
        """What is said of the agreement that is in force at a moment: of those, the one that began last."""
        found = said(None)
        for agreement in reversed(self.newest_first):
            applies = _all(
                f"resource.owner == {json.dumps(agreement.owner)}",
                f"principal.agency == {json.dumps(agreement.recipient)}",
                f"principal.purpose == {json.dumps(agreement.purpose)}",
                f"{agreement.window.start} <= {moment}",
                "true" if agreement.window.end is None else f"{moment} < {agreement.window.end}",
            )
            found = f"(if {applies} then {said(agreement)} else {found})"
        return found

    def is_excluded(self) -> str:
        stopping = _any(
            _all(
                _about(exclusion.subject),
                _category(exclusion.mask),
                _is_listed(exclusion.agencies, exclusion.users, both=False),
                "true"
                if exclusion.purposes is None
                else f"{_set(exclusion.purposes)}.contains(principal.purpose)",
                _at_any_moment(exclusion.window),
            )
            for exclusion in self.facts.exclusions
        )
        return f'(principal.purpose != "safeguarding" && {stopping})'

    def within_cap(self) -> str:
        agreed = self.throughout(lambda rows: _cell(rows.cap), f"{DEFAULT_ROWS}.cap.contains(context.cell)")
        released = (
            _all(
                f"resource.owner == {json.dumps(release.owner)}",
                f"principal.agency == {json.dumps(release.recipient)}",
                f"principal.purpose == {json.dumps(release.purpose)}",
                _about(release.subject),
                _cell(release.grid),
                _throughout(release.window),
            )
            for release in self.facts.releases
        )
        return _any([agreed, *released])

    def is_refused(self) -> str:
        return _any(
            _all(
                _concerns(answer),
                _speaks(answer.grid),
                _at_any_moment(answer.window),
                _not_withdrawn(answer, "principal.now"),
                self.counts(answer, "principal.soon"),
            )
            for answer in self.facts.permissions
            if answer.answer == "refused"
        )

    def counts(self, answer: Permission, grown_up_by: str) -> str:
        """Whether an answer decides about the category at all."""
        if answer.own:
            grown = f"(!(context.subject has decides_from) || context.subject.decides_from <= {grown_up_by})"
            return "true" if answer.competent else grown
        stands_alone = _any(
            _all(_concerns(own), _speaks(own.grid), _at_any_moment(own.window))
            for own in self.facts.permissions
            if own.own and own.competent
        )
        return _all(f"!{GROWN_UP_SOON}", _category(answer.authority), f"!{stands_alone}")


def _concerns(answer: Permission) -> str:
    return _all(
        _about(answer.subject),
        f"{_set(answer.recipients)}.contains(principal.agency)",
        f"{_set(answer.purposes)}.contains(principal.purpose)",
        "true" if answer.owner is None else f"resource.owner == {json.dumps(answer.owner)}",
    )


def _not_withdrawn(answer: Permission, by: str) -> str:
    return "true" if answer.withdrawn_at is None else f"{by} < {answer.withdrawn_at}"


def _override_names(override: Override) -> str:
    if override.kind == "statutory":
        return _is_named(override.agencies, override.users)
    return _all(f"{_set(override.users)}.contains(principal.user)", NOT_FOR_ENFORCEMENT)


def _under_cap(kind: str) -> str:
    own, anyone = f"SEAT.{kind}_of_role", f"context.seat.{kind}_of_any"
    return _of_every_role(
        f"(if {own} has reaches then {own}.reaches.contains(context.cell) "
        f"else {anyone} has reaches && {anyone}.reaches.contains(context.cell))"
    )


def _permit(name: str, *conditions: str) -> str:
    head = f"@id({json.dumps(name)})\npermit (principal, action, resource)"
    return f"{head} when {{ {_all(KNOWN, f'!{HELD}', *conditions)} }};"


def _forbid(condition: str) -> str:
    return f"forbid (principal, action, resource) when {{ {condition} }};"


def _protected_addresses(facts: Facts) -> str:
    hidden = (
        _all(_about(*bar.subjects), _at_any_moment(bar.window)) for bar in facts.bars if bar.hides_address
    )
    return "\n".join(f"permit (principal, action, resource) when {{ {when} }};" for when in hidden)


PARENTS_ELSEWHERE = PolicySet.from_str(
    'permit (principal, action, resource) when { context.seat.relationship == "parent_elsewhere" };'
)


# --- the ask: who asks, and one request per level of each pair


def _world_entities(facts: Facts, ask: Ask) -> Iterator[Json]:
    agency = facts.agencies.get(ask.agency)
    kind = agency.kind if agency else None
    shown_kind: Json = {} if kind is None else {"kind": kind}
    yield _entity(
        "User",
        "caller",
        user=ask.user,
        agency=ask.agency,
        agencies=list(facts.agencies),
        role=_ref("Role", ask.role),
        purpose=ask.purpose,
        suspended=facts.suspended,
        takes_part=facts.takes_part,
        now=ask.at,
        soon=ask.at + ask.margin,
        rows_of_kind=_ref("Rows", f"{ask.purpose}/{kind}"),
        rows_of_any=_ref("Rows", f"{ask.purpose}/*"),
        **shown_kind,
        **({} if ask.on_behalf_of is None else {"on_behalf_of": ask.on_behalf_of}),
        **{name: _ref("Role", role) for name, role in zip(NAMED, ask.on_behalf_roles, strict=False)},
    )
    for subject in facts.subjects.values():
        judged = any(a.subject == subject.id and a.own and a.competent for a in facts.permissions)
        known: Json = {} if subject.decides_from is None else {"decides_from": subject.decides_from}
        left, unasked = subject.taking_part_ended, subject.before_taking_part
        yield _entity("Subject", subject.id, judged_competent=judged, left=left, unasked=unasked, **known)
    for place, label in enumerate(ask.labels):
        accountable: Json = {} if label.accountable is None else {"accountable": label.accountable}
        yield _entity(
            "Label",
            str(place),
            owner=label.owner,
            unanswered=label.unanswered,
            draft=label.draft,
            **accountable,
        )


Pair = tuple[str, str]
CALLER = 'User::"caller"'


class CedarOpinion:
    """What Cedar says of one world: ``levels`` and ``bases`` in the order of the labels.

    ``requests`` is how often Cedar was asked. An error in any of its conditions is raised: Cedar itself
    would skip the policy, and a skipped ``forbid`` allows.
    """

    def __init__(self, of_document: Entities, facts: Facts, ask: Ask) -> None:
        self.ask, self.kind, self.requests = ask, None, 0
        if ask.agency in facts.agencies:
            self.kind = facts.agencies[ask.agency].kind
        self.entities = of_document.with_added_json_str(json.dumps(list(_world_entities(facts, ask))))
        self.seats = self._find_seats()
        self.kept = self._find_kept(facts)
        policies = ALWAYS.with_added_str(WorldPolicies(facts).text())
        asked = [
            (place, pair, level)
            for place, label in enumerate(ask.labels)
            for pair in self._pairs(label)
            for level in ASKED
        ]
        answers = self._answers([self._question(*question) for question in asked], policies)
        self.answers = dict(zip(asked, answers, strict=True))
        found = [self._of_label(place, label) for place, label in enumerate(ask.labels)]
        self.levels = tuple(level for level, _ in found)
        self.bases = tuple(bases for _, bases in found)

    def _answers(self, requests: list[Json], policies: PolicySet) -> list[AuthzResult]:
        answers = is_authorized_batch(requests, policies, self.entities)
        errors = [error for answer in answers for error in answer.diagnostics.errors]
        if errors:
            raise AssertionError(errors)
        self.requests += len(requests)
        return answers

    def _find_seats(self) -> dict[str, Json]:
        """Per subject, where the caller sits: at the relationship claimed, if Cedar lets it count."""
        claims = {
            subject: self.ask.relationships_by_subject.get(subject, self.ask.relationship)
            for label in self.ask.labels
            for subject in label.subjects
        }
        requests = [
            {
                "principal": CALLER,
                "action": 'Action::"relate"',
                "resource": f"Subject::{json.dumps(subject)}",
                "context": {
                    "subject": _ref("Subject", subject),
                    "relationship": claimed,
                    "names_subject": subject in self.ask.relationships_by_subject,
                },
            }
            for subject, claimed in claims.items()
        ]
        answers = self._answers(requests, RELATE)
        return {
            subject: self._seat(claimed if answer.allowed else "none")
            for (subject, claimed), answer in zip(claims.items(), answers, strict=True)
        }

    def _find_kept(self, facts: Facts) -> set[str]:
        """The subjects of whom what locates them counts as contact too."""
        subjects = sorted(self.seats)
        requests = [
            {
                "principal": CALLER,
                "action": 'Action::"keep_place"',
                "resource": f"Subject::{json.dumps(subject)}",
                "context": {"subject": _ref("Subject", subject), "seat": self.seats[subject]},
            }
            for subject in subjects
        ]
        answers = self._answers(requests, PARENTS_ELSEWHERE.with_added_str(_protected_addresses(facts)))
        return {subject for subject, answer in zip(subjects, answers, strict=True) if answer.allowed}

    def _pairs(self, label: Label) -> list[Pair]:
        words = words_of(label.categories)
        pairs = [(word, subject) for word in words for subject in label.subjects]
        if label.locates and words:
            pairs += [("contact", subject) for subject in label.subjects if subject in self.kept]
        return list(dict.fromkeys(pairs))

    def _seat(self, relationship: str) -> Json:
        named = zip(NAMED, self.ask.on_behalf_roles, strict=False)
        return {
            "relationship": relationship,
            "statutory_of_any": _ref("Cap", "statutory/*"),
            "break_glass_of_any": _ref("Cap", "break_glass/*"),
            **self._seat_of_role(self.ask.role, relationship),
            **{name: self._seat_of_role(role, relationship) for name, role in named},
        }

    def _seat_of_role(self, role: str, relationship: str) -> Json:
        return {
            "of_kind": _ref("Ceiling", f"{role}/{relationship}/{self.kind}"),
            "of_any": _ref("Ceiling", f"{role}/{relationship}/*"),
            "nobody_of_kind": _ref("Ceiling", f"{role}/none/{self.kind}"),
            "nobody_of_any": _ref("Ceiling", f"{role}/none/*"),
            "own": _ref("OwnCeiling", f"{role}/{relationship}"),
            "statutory_of_role": _ref("Cap", f"statutory/{role}"),
            "break_glass_of_role": _ref("Cap", f"break_glass/{role}"),
        }

    def _question(self, place: int, pair: Pair, level: Level) -> Json:
        category, subject = pair
        return {
            "principal": CALLER,
            "action": 'Action::"see"',
            "resource": f'Label::"{place}"',
            "context": {
                "category": category,
                "cell": f"{category}@{int(level)}",
                "subject": _ref("Subject", subject),
                "seat": self.seats[subject],
            },
        }

    def _of_label(self, place: int, label: Label) -> tuple[Level, tuple[str, ...]]:
        pairs = self._pairs(label)
        level = min((self._level(place, pair) for pair in pairs), default=Level.NONE)
        if level == Level.NONE:
            return level, ()
        found = {
            name
            for pair in pairs
            for name in self.answers[place, pair, level].diagnostics.id_annotations_by_reason.values()
        }
        ranked = ((BASES.index(name.split(":")[0]), name) for name in found)
        return level, tuple(name for _, name in sorted(ranked))

    def _level(self, place: int, pair: Pair) -> Level:
        allowed = [self.answers[place, pair, level].allowed for level in ASKED]
        assert allowed == sorted(allowed, reverse=True), "a higher level without a lower one"
        return Level(sum(allowed))
