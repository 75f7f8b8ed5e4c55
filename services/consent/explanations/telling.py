"""What an information officer is told of one label set (design 3.2, 3.4). Pure.

She sees the cells of her own agency: as **owner** of the information everything, whoever asks; as
**recipient**, of what others hold, no more than her colleague is shown, and of the facts only those that she
may know: grants that name her agency, exclusions against it, agreements and releases between the two,
overrides. A refusal, a bar, an exclusion of one user are not told to the recipient's officer, nor can they be
inferred from what would change: that is worked out without them. An officer named by the policy for the whole
partnership sees every cell as its owner does.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from services.consent.decision.changes import WouldChange, what_would_change
from services.consent.decision.decide import decide
from services.consent.decision.decisive import Decisive, decisive_facts
from services.consent.decision.explain import Candidate, Explanation, explain
from services.consent.decision.facts import Agency, Ask, Facts, Label
from services.consent.decision.grid import categories_of
from services.consent.decision.policy import Policy
from shared.clock import from_microseconds, rfc3339
from shared.vocabulary import Answer, Basis, Blocker, Category, Level

Told = dict[str, Any]
ANYBODY = "*"
"""The owner of what any other agency might hold."""

_NAMELESS = frozenset({"bar"})
"""Facts of which no id is told: who may know of a bar is not settled by owning an entry."""


def as_owner(policy: Policy, facts: Facts, ask: Ask, permissions: Collection[str]) -> Told:
    """Everything about the one label of an ask; ``permissions``: the ids that may be named."""
    (label,) = ask.labels
    (explained,) = explain(policy, facts, ask)
    return cell(label, explained.cell.level) | {
        "because": _because(explained.candidates, permissions),
        "blockers": [blocker.value for blocker in explained.blockers],
        "decisive": _decisive(decisive_facts(policy, facts, ask, label), permissions),
        "would_change": _changes(what_would_change(policy, facts, ask, label)),
        "until": _until(policy, facts, ask),
    }


def as_recipient(policy: Policy, facts: Facts, ask: Ask, permissions: Collection[str]) -> Told | None:
    """The one label of an ask by a colleague: nothing at *none*, and at *existence* only whose it is."""
    (label,) = ask.labels
    (explained,) = explain(policy, facts, ask)
    level = explained.cell.level
    if level == Level.NONE:
        return None
    if level == Level.EXISTENCE:
        return {"owner": label.owner, "level": level.word}
    known = known_to_recipient(facts, ask.agency)
    (as_far_as_known,) = explain(policy, known, ask)
    settled = as_far_as_known.cell.level == level
    return cell(label, level) | {
        "because": _because(explained.candidates, permissions),
        "blockers": _blockers_told(explained, as_far_as_known, settled),
        "decisive": _decisive(decisive_facts(policy, known, ask, label), permissions) if settled else [],
        "would_change": _changes(what_would_change(policy, known, ask, label)) if settled else [],
        "until": _until(policy, facts, ask),
    }


def known_to_recipient(facts: Facts, agency: str) -> Facts:
    """Of the facts about a case, those that the officer of an agency may know that receives (design 3.4)."""
    return replace(
        facts,
        permissions=tuple(
            answer
            for answer in facts.permissions
            if answer.answer == Answer.GIVEN and agency in answer.recipients
        ),
        exclusions=tuple(exclusion for exclusion in facts.exclusions if agency in exclusion.agencies),
        bars=(),
    )


def _blockers_told(explained: Explanation, as_far_as_known: Explanation, settled: bool) -> list[str]:
    """A conflict is told to information officers until it is decided; other answers of the family are not."""
    told = set(as_far_as_known.blockers) if settled else {Blocker.NO_BASIS}
    if Blocker.CONFLICT in explained.blockers:
        told.add(Blocker.CONFLICT)
    return [blocker.value for blocker in Blocker if blocker in told]


def by_category(policy: Policy, facts: Facts, ask: Ask, subjects: Sequence[str]) -> list[Told]:
    """What a colleague would be shown of each category if another agency held something, as far as may be
    known. It does not depend on what anybody holds."""
    known = known_to_recipient(facts, ask.agency)
    agencies = {**known.agencies, ANYBODY: Agency(ANYBODY, None)}
    known = replace(known, agencies=agencies)
    parties = {agreement.owner for agreement in known.agreements if agreement.recipient == ask.agency}
    parties |= {release.owner for release in known.releases if release.recipient == ask.agency}
    parties.discard(ask.agency)
    told = []
    for subject in subjects:
        for category in Category:
            general = _of_category(policy, known, ask, ANYBODY, category, subject)
            told.append(general)
            for owner in sorted(parties):
                special = _of_category(policy, known, ask, owner, category, subject)
                if special != {**general, "owner": owner}:
                    told.append(special)
    return told


def _of_category(
    policy: Policy, facts: Facts, ask: Ask, owner: str, category: Category, subject: str
) -> Told:
    label = Label.of(owner, (category,), (subject,))
    only = replace(ask, labels=(label,))
    (explained,) = explain(policy, facts, only)
    changes = what_would_change(policy, facts, only, label)
    return {
        "owner": None if owner == ANYBODY else owner,
        "category": category.value,
        "subject": subject,
        "level": explained.cell.level.word,
        "blockers": [blocker.value for blocker in explained.blockers],
        "would_change": [
            change | {"detail": [word for word in change["detail"] if word not in (ANYBODY, owner)]}
            for change in _changes(changes)
        ],
    }


def cell(label: Label, level: Level) -> Told:
    return {
        "owner": label.owner,
        "categories": [category.value for category in categories_of(label.categories)],
        "subjects": list(label.subjects),
        "level": level.word,
    }


def _until(policy: Policy, facts: Facts, ask: Ask) -> str | None:
    until = decide(policy, facts, ask).valid_until
    return None if until is None else rfc3339(from_microseconds(until))


def named(basis: str, permissions: Collection[str]) -> tuple[str, str | None]:
    """A basis as it may be told: its word, and the id of the fact if that may be named."""
    word, _, fact = basis.partition(":")
    if word == Basis.PERMISSION and fact not in permissions:
        return word, None
    return word, fact or None


def _because(candidates: Iterable[Candidate], permissions: Collection[str]) -> list[Told]:
    """Every basis that gives anything, per subject and level with its categories."""
    grouped: dict[tuple[str, str, Level], list[str]] = {}
    for candidate in candidates:
        key = candidate.basis, candidate.subject, candidate.level
        grouped.setdefault(key, []).append(candidate.category.value)
    told: list[Told] = []
    for (basis, subject, level), categories in grouped.items():
        word, fact = named(basis, permissions)
        told.append(
            {"basis": word, "id": fact, "subject": subject, "level": level.word, "categories": categories}
        )
    return told


def _decisive(facts: Iterable[Decisive], permissions: Collection[str]) -> list[Told]:
    return [
        {"fact": fact.kind, "id": _id_told(fact, permissions), "level_without": fact.level_without.word}
        for fact in facts
    ]


def _id_told(fact: Decisive, permissions: Collection[str]) -> str | None:
    if fact.kind in _NAMELESS or (fact.kind == "permission" and fact.id not in permissions):
        return None
    return fact.id


def _changes(changes: Iterable[WouldChange]) -> list[Told]:
    return [
        {
            "change": change.change.value,
            "detail": [] if change.change == "bar_lifted" else list(change.detail),
            "level": change.level.word,
        }
        for change in changes
    ]


def each_once(cells: Iterable[Told]) -> list[Told]:
    """Cells without repetition: of label sets that look alike, how many there are is not told."""
    seen: list[Told] = []
    for cell in cells:
        if cell not in seen:
            seen.append(cell)
    return seen
