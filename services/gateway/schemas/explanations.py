"""The shapes of explanations, who-can-see and what-if."""

from typing import Literal

from services.gateway.schemas.views import DecisionCard, NotAvailable, View

LevelWord = Literal["none", "existence", "summary", "full"]


class YouSee(View):
    """What the caller sees of one owner at one level, on the same grounds."""

    owner: str
    level: Literal["summary", "full"]
    categories: list[str]
    bundles: list[str]
    grounds: list[str]
    sentence: str


class WayToAsk(View):
    how: Literal["ask_the_lead", "sharing_request", "ask_the_family", "other_purpose", "break_glass"]
    sentence: str
    agency: str | None
    path: str | None


class RequesterExplanation(View):
    """What the caller sees and why, what may be known to exist, and how to ask for more."""

    case: str
    entry: str | None
    you_see: list[YouSee]
    ways_to_ask: list[WayToAsk]
    not_available: list[NotAvailable]
    unavailable: list[str]
    notice: str
    decision: DecisionCard


class BasisTold(View):
    """A basis; ``id`` is the fact's, where the caller may know of it."""

    basis: str
    id: str | None


class CandidateTold(BasisTold):
    """What a basis gives by itself."""

    subject: str
    level: LevelWord
    categories: list[str]


class DecisiveTold(View):
    """A fact without which the level would be another."""

    fact: str
    id: str | None
    level_without: LevelWord


class ChangeTold(View):
    """Something that could be done, and the level that it would give."""

    change: str
    detail: list[str]
    level: LevelWord


class CellExplained(View):
    """One label set: of what another agency holds at *existence* only whose it is."""

    owner: str
    level: LevelWord
    categories: list[str] | None = None
    subjects: list[str] | None = None
    because: list[CandidateTold] | None = None
    blockers: list[str] | None = None
    decisive: list[DecisiveTold] | None = None
    would_change: list[ChangeTold] | None = None
    until: str | None = None
    sentences: list[str]


class CategoryExplained(View):
    """What would be shown of a category if another agency (``owner`` null: any) held something."""

    owner: str | None
    category: str
    subject: str
    level: LevelWord
    blockers: list[str]
    would_change: list[ChangeTold]
    sentences: list[str]


class Sitting(View):
    """Somebody, in one role and for one purpose; ``user`` null: anybody of the role."""

    user: str | None
    name: str | None
    agency: str
    role: str
    relationship: str
    purpose: str


class PersonExplained(Sitting):
    cells: list[CellExplained]
    by_category: list[CategoryExplained]


class OfficerExplanation(View):
    """Why, for the cells of the officer's own agency."""

    case: str
    explanations: list[PersonExplained]
    unavailable: list[str]
    notice: str
    decision: DecisionCard


class DerivationThen(View):
    """The derivation on the facts of then; null where it cannot be rebuilt."""

    owner: str
    level: LevelWord
    categories: list[str] | None = None
    subjects: list[str] | None = None
    because: list[CandidateTold] | None = None
    blockers: list[str] | None = None
    decisive: list[DecisiveTold] | None = None
    would_change: list[ChangeTold] | None = None
    until: str | None = None


class CellThen(View):
    """A cell as it stands on the receipt."""

    owner: str
    level: LevelWord
    categories: list[str] | None = None
    subjects: list[str] | None = None
    bases: list[BasisTold]
    entries: list[str] | None = None
    then: DerivationThen | None = None


class CaseThen(View):
    case: str | None
    relationship: str
    cells: list[CellThen]


class ReceiptExplained(View):
    """``may``: whether the caller would not be refused to ``hold`` it back from the family now."""

    id: str
    at: str
    user: str
    user_name: str
    on_behalf_of: str | None
    agency: str
    role: str
    action: str
    deed: str | None
    purpose: str
    reason: str | None
    policy_version: int
    cases: list[CaseThen]
    may: list[Literal["hold"]]


class ReceiptExplanation(View):
    """What was decided then."""

    explained: ReceiptExplained
    notice: str
    decision: DecisionCard


class CellSeen(View):
    """One label set as somebody sees it."""

    owner: str
    categories: list[str]
    subjects: list[str]
    level: LevelWord
    bases: list[BasisTold]
    until: str | None


class PersonWhoSees(Sitting):
    last_seen: str | None
    cells: list[CellSeen]


class WhoCanSeeView(View):
    """Everybody on the team at a moment, with what they saw or see. ``limits``: what this does not tell."""

    case: str
    at: str
    people: list[PersonWhoSees]
    limits: list[str]
    unavailable: list[str]
    notice: str
    decision: DecisionCard


class CellCompared(View):
    owner: str
    categories: list[str]
    subjects: list[str]
    before: LevelWord
    after: LevelWord


class PersonCompared(Sitting):
    cells: list[CellCompared]


class WhatIfView(View):
    """What everybody sees, and would see. Nothing has been changed."""

    case: str
    people: list[PersonCompared]
    unavailable: list[str]
    notice: str
    decision: DecisionCard
