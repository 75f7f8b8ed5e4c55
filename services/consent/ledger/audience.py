"""Who sees which part of a receipt (design 3.4). Pure.

An information officer sees the cells in which their own agency is the owner or the recipient; a partnership
officer (named in the policy) sees all; the person, and a parent for a child who does not decide yet, sees
what was released about them, as far as they may know of it at all.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from services.consent.bars.audience import Barred
from services.consent.ledger.plain_words import because, bundles_of, sentence, team_words
from services.consent.ledger.receipts import SENT_AS_CONCERN, WITHOUT_OVERRIDES
from shared.disclosure import A_SERVICE
from shared.vocabulary import Basis, Category

Shown = dict[str, Any]
AboutPerson = tuple[str, tuple[str, ...], str]
"""Owner, categories and person of something that a receipt tells: what is decided before it is told."""


def as_seen_by_officer(
    receipt: Mapping[str, Any], agency: str, existing: Collection[str], *, everything: bool = False
) -> Shown | None:
    """The receipt as an information officer of ``agency`` sees it; None when nothing of it is theirs.

    Of what others own, an officer learns from a colleague's receipt what the colleague was shown and no
    more: at *existence* that there is something, at *none* nothing. ``existing``: those of its cases that
    existed for the colleague. Of another, not even the id is told: it might be hidden from this agency.
    """
    told = [{**case, "cells": [_as_told(cell) for cell in case["cells"]]} for case in receipt["cases"]]
    if everything:
        return _envelope(receipt) | {"cases": told}
    received = receipt["agency"] == agency
    parts = [_part_for(case, agency, received) for case in told]
    # A case without a cell of theirs is left out: a list of many cases would otherwise name them all.
    cases = [case for case in parts if case["cells"] or (received and case["case"] in existing)]
    return _envelope(receipt) | {"cases": cases} if cases or received else None


def _as_told(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in cell.items() if name != WITHOUT_OVERRIDES}


def without_places(receipt: Mapping[str, Any], agency: str, hidden: Collection[str]) -> Mapping[str, Any]:
    """The receipt as it may be told to an agency that may not learn where the ``hidden`` people are.

    Of what its own people were shown about them it is not told whose it was; that others looked, not at all.
    """
    if not hidden:
        return receipt
    received = receipt["agency"] == agency
    cases = [
        {**case, "cells": list(_unplaced(case["cells"], agency, hidden, received))}
        for case in receipt["cases"]
    ]
    return {**receipt, "cases": cases}


def without_barred(
    receipt: Mapping[str, Any], people: Collection[str], barred: Barred
) -> Mapping[str, Any] | None:
    """The receipt without what a bar keeps from the reader; None where nothing is left that they may know.

    ``people``: those of whom it speaks. A receipt that tells of no cell, such as that of a deed, is about
    all of them: who is barred from one does not find it.
    """
    cases = [
        {**case, "cells": [cell for cell in case["cells"] if not _is_barred(cell, barred)]}
        for case in receipt["cases"]
    ]
    if any(barred.from_person(person) for person in people):
        cases = [case for case in cases if case["cells"]]
        if not cases:
            return None
    return {**receipt, "cases": cases}


def _is_barred(cell: Mapping[str, Any], barred: Barred) -> bool:
    return any(barred.from_person(person, cell["categories"]) for person in cell["subjects"])


def _unplaced(
    cells: Iterable[Mapping[str, Any]], agency: str, hidden: Collection[str], received: bool
) -> Iterator[Mapping[str, Any]]:
    for cell in cells:
        about = [subject for subject in cell["subjects"] if subject in hidden]
        if not about or (received and cell["owner"] == agency):
            yield cell
        elif received:
            yield {**cell, "owner": A_SERVICE}


def _part_for(case: Mapping[str, Any], agency: str, received: bool) -> Shown:
    cells = _cells_of(case["cells"], agency, received)
    if received or any(cell["owner"] == agency for cell in cells):
        return {**case, "cells": cells}
    # Something was sent to them out of a case that may be hidden from them.
    return {**case, "case": None, "relationship": None, "cells": cells}


def _cells_of(cells: Iterable[Mapping[str, Any]], agency: str, received: bool) -> list[Mapping[str, Any]]:
    seen: list[Mapping[str, Any]] = []
    for cell in cells:
        if agency in (cell["owner"], cell.get("recipient")) or (
            received and cell["level"] in ("summary", "full")
        ):
            seen.append(cell)
        elif received and cell["level"] == "existence":
            line = {"owner": cell["owner"], "level": cell["level"]}
            if line not in seen:
                seen.append(line)
    return seen


def overrides_behind(receipt: Mapping[str, Any]) -> set[str]:
    """The statutory overrides on which anything on a receipt rests, whether or not an entry left by it."""
    rests = f"{Basis.STATUTORY}:"
    return {
        basis.removeprefix(rests)
        for case in receipt["cases"]
        for cell in case["cells"]
        for basis in cell["bases"]
        if basis.startswith(rests) and basis != SENT_AS_CONCERN
    }


def told_to_family(receipt: Mapping[str, Any], about: Collection[str]) -> set[AboutPerson]:
    """All that telling the family of a receipt could tell them about these persons.

    It names the agency that looked, which is what *involvement* is, and the bundles of what was shown.
    """
    labels = {label for _, _, label in _released(receipt, about)}
    return labels | {_looked(receipt, person) for _, _, person in labels}


def as_seen_by_family(
    receipt: Mapping[str, Any], about: Collection[str], may_know: Collection[AboutPerson], agency_name: str
) -> Shown | None:
    """The receipt as the person whom it is about, or a parent, sees it; None when nothing of it is for them.

    When, which agency, what it is to the team, in which role, which bundles, why, and on which basis: no
    user's name, and neither whose records they were nor which entries. Of what they may not know of, such as
    a concern that a person has not decided to tell them, it is silent.
    """
    told = [
        (case, cell, label)
        for case, cell, label in _released(receipt, about)
        if label in may_know and _looked(receipt, label[2]) in may_know
    ]
    if not told:
        return None
    what = bundles_of(category for _, _, label in told for category in label[1])
    why = because(basis for _, cell, _ in told for basis in cell["bases"])
    team = team_words(case["relationship"] for case, _, _ in told)
    seen = {name: receipt[name] for name in ("id", "at", "agency", "role", "action", "purpose", "reason")}
    return seen | {
        "about": sorted({label[2] for _, _, label in told}),
        "agency_name": agency_name,
        "team": team,
        "what": what,
        "because": why,
        "sentence": sentence(
            agency_name, receipt["role"], team, receipt["action"], receipt["purpose"], receipt["reason"],
            what, why,
        ),
    }  # fmt: skip


def _released(
    receipt: Mapping[str, Any], about: Collection[str]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], AboutPerson]]:
    """What left about these persons: the case, the cell, and what it tells of whom."""
    for case in receipt["cases"]:
        for cell in case["cells"]:
            if cell["entries"] and cell["level"] in ("summary", "full"):
                for person in cell["subjects"]:
                    if person in about:
                        yield case, cell, (cell["owner"], tuple(cell["categories"]), person)


def _looked(receipt: Mapping[str, Any], person: str) -> AboutPerson:
    return receipt["agency"], (Category.INVOLVEMENT,), person


def _envelope(receipt: Mapping[str, Any]) -> Shown:
    names = (
        "id", "at", "agency", "user", "user_name", "on_behalf_of", "role", "action", "deed", "purpose",
        "reason",
    )  # fmt: skip
    return {name: receipt[name] for name in names}
