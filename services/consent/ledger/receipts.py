"""What a receipt holds (design 3.4). Pure: builds the chained content from an ask and its verdicts."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from services.consent.decision.verdict import Cell
from shared.clock import rfc3339
from shared.disclosure import CaseAsk, DeedAsk, LabelAsk, PageAsk
from shared.identity import Caller
from shared.vocabulary import Basis, Category, Level

CHAINED = (
    "id",
    "at",
    "user",
    "user_name",
    "agency",
    "on_behalf_of",
    "role",
    "action",
    "deed",
    "purpose",
    "reason",
    "cases",
    "policy_version",
    "facts_version",
)


MENTIONS_CASE, MENTIONS_PERSON, MENTIONS_ATTEMPT = "case", "person", "attempt"


WITHOUT_OVERRIDES = "without_overrides"
"""On a cell that rests on a statutory override: its level and bases as they would be without any. It is told
to nobody, and counts for what a permission had released."""


def cells_of(
    asked: CaseAsk, cells: Sequence[Cell], besides: Sequence[Cell | None], *, released: bool
) -> dict[str, Any]:
    """One case on a receipt: per label set its level and bases, and the entries that left.

    ``besides``: of each cell what it would be without statutory overrides, where it rests on one.
    ``released`` is false for a deed or a refusal, which hands out nothing.
    """
    on_page = None if asked.page is None else _on_page(asked.page, asked, cells)
    return {
        "case": asked.case,
        "relationship": asked.relationship,
        "cells": [
            {
                "owner": label.owner,
                "categories": list(label.categories),
                "subjects": list(label.subjects),
                "level": cell.level.word,
                "bases": list(cell.bases),
                "entries": _left(label, on_page) if cell.level >= Level.SUMMARY else [],
                **beside(without),
            }
            for label, cell, without in zip(asked.labels, cells, besides, strict=True)
            if released
        ],
    }


def beside(without: Cell | None) -> dict[str, Any]:
    """What a cell keeps of how it would be without statutory overrides."""
    return (
        {}
        if without is None
        else {WITHOUT_OVERRIDES: {"level": without.level.word, "bases": list(without.bases)}}
    )


def _left(label: LabelAsk, on_page: Collection[str] | None) -> list[str]:
    if on_page is None:
        return list(label.entries)
    return [entry for entry in label.entries if entry in on_page]


def _on_page(page: PageAsk, asked: CaseAsk, cells: Sequence[Cell]) -> frozenset[str]:
    """The entries that a page of a list shows: the first of those that may be seen."""
    both = zip(asked.labels, cells, strict=True)
    seen = frozenset(entry for label, cell in both if cell.level >= Level.SUMMARY for entry in label.entries)
    return frozenset(islice((entry for entry in page.order if entry in seen), page.limit))


SENT_AS_CONCERN = f"{Basis.STATUTORY}:concern"
"""On what sending a concern rests: the law lets it, whatever the family or an agreement says (design 3.2)."""


def goes_whole(
    deed: DeedAsk, cases: Sequence[CaseAsk], verdicts: Iterable[Sequence[Cell]], agency: str
) -> bool:
    """Whether a concern may go as its form has it: with every entry that it sends, and with everybody whom it
    names. If not it is refused, and nothing of it was ever prepared.
    """
    sent, shown = set[str](), set[str]()
    for asked, cells in zip(cases, verdicts, strict=True):
        for label, cell in zip(asked.labels, cells, strict=True):
            if cell.level >= Level.SUMMARY:
                shown.update(label.subjects)
            if _may_go(label, cell, agency):
                sent.update(label.entries)
    return sent.issuperset(deed.sends) and shown.issuperset(deed.names)


def _may_go(label: LabelAsk, cell: Cell, agency: str) -> bool:
    return label.owner == agency and cell.level == Level.FULL


def sent_cells(asked: CaseAsk, cells: Sequence[Cell], agency: str, recipient: str) -> dict[str, Any]:
    """One case on the receipt of a concern: the sender's own entries that went with it, and to whom.

    That they went tells that there is a concern, so each is about safeguarding too, and is told to nobody who
    may not know of that: the family among them, until a person decides it.
    """
    return {
        "case": asked.case,
        "relationship": asked.relationship,
        "cells": [
            {
                "owner": label.owner,
                "categories": sorted({*label.categories, Category.SAFEGUARDING.value}),
                "subjects": list(label.subjects),
                "level": Level.FULL.word,
                "bases": [SENT_AS_CONCERN],
                "entries": list(label.entries),
                "recipient": recipient,
            }
            for label, cell in zip(asked.labels, cells, strict=True)
            if label.entries and _may_go(label, cell, agency)
        ],
    }


def content_of(
    *,
    id: str,
    at: datetime,
    caller: Caller,
    action: str,
    deed: str | None,
    purpose: str,
    reason: str | None,
    cases: list[dict[str, Any]],
    policy_version: int,
    facts_version: str,
) -> dict[str, Any]:
    """The columns of a receipt that are its content, ``at`` as a moment."""
    return {
        "id": id,
        "at": at,
        "user": caller.user,
        "user_name": caller.name,
        "agency": caller.agency,
        "on_behalf_of": caller.on_behalf_of,
        "role": caller.role,
        "action": action,
        "deed": deed,
        "purpose": purpose,
        "reason": reason,
        "cases": cases,
        "policy_version": policy_version,
        "facts_version": facts_version,
    }


def chained_content(row: Any, mentions: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The content of a stored or new receipt (a mapping) in the form in which it is chained.

    What it mentions is chained too: by it a receipt is found, and without it a disclosure would be hidden.
    """
    content = {name: row[name] for name in CHAINED}
    content["at"] = rfc3339(content["at"])
    content["mentions"] = sorted(mentions)
    return content


def mentions_of(asked: Iterable[CaseAsk], exists: Iterable[bool]) -> set[tuple[str, str]]:
    """The cases and persons by which a receipt is found.

    Where a case did not exist for the caller, the receipt is kept as an attempt, which a partnership officer
    alone finds: their own officer, asking about that id, must learn no more than about an absent one.
    """
    found: set[tuple[str, str]] = set()
    for case, shown in zip(asked, exists, strict=True):
        if case.case is not None:
            found.add((MENTIONS_CASE if shown else MENTIONS_ATTEMPT, case.case))
        kind = MENTIONS_PERSON if shown else MENTIONS_ATTEMPT
        found.update((kind, subject.id) for subject in case.subjects)
    return found
