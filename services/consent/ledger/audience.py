"""Who sees which part of a receipt (design 3.4). Pure.

An information officer sees the cells in which their own agency is the owner or the recipient; a
partnership officer (named in the policy) sees all; a person sees what was released about them.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from shared.vocabulary import Role

Shown = dict[str, Any]


def as_seen_by_officer(
    receipt: Mapping[str, Any], agency: str, partnership_officers: Collection[str], *, user: str = ""
) -> Shown | None:
    """The receipt as an information officer of ``agency`` sees it; None when nothing of it is theirs.

    Of what others own, an officer learns from a colleague's receipt what the colleague was shown and no
    more: at *existence* that there is something, at *none* nothing.
    """
    if user in partnership_officers:
        return _envelope(receipt) | {"cases": receipt["cases"]}
    received = receipt["agency"] == agency
    parts = [{**case, "cells": _cells_of(case["cells"], agency, received)} for case in receipt["cases"]]
    # A case without a cell of theirs is left out: a list of many cases would otherwise name them all.
    cases = parts if received else [case for case in parts if case["cells"]]
    return _envelope(receipt) | {"cases": cases} if cases or received else None


def _cells_of(cells: Iterable[Mapping[str, Any]], agency: str, received: bool) -> list[Mapping[str, Any]]:
    seen: list[Mapping[str, Any]] = []
    for cell in cells:
        if cell["owner"] == agency or (received and cell["level"] in ("summary", "full")):
            seen.append(cell)
        elif received and cell["level"] == "existence":
            line = {"owner": cell["owner"], "level": cell["level"]}
            if line not in seen:
                seen.append(line)
    return seen


def as_seen_by_person(receipt: Mapping[str, Any], person: str) -> Shown | None:
    """The receipt as the person it is about sees it: when, who, as what, why, and on which basis."""
    cells = [
        {
            "categories": cell["categories"],
            "owner": cell["owner"],
            "level": cell["level"],
            "bases": cell["bases"],
        }
        for case in receipt["cases"]
        for cell in case["cells"]
        if person in cell["subjects"] and cell["entries"] and cell["level"] not in ("none", "existence")
    ]
    if not cells:
        return None
    seen = _envelope(receipt)
    del seen["user"], seen["user_name"]
    return seen | {"cells": cells}


def as_seen_by(
    receipt: Mapping[str, Any],
    role: str,
    agency: str,
    person: str | None,
    partnership_officers: Collection[str],
    *,
    user: str = "",
) -> Shown | None:
    """The receipt as a caller in this role sees it; None when nothing of it is theirs.

    ``partnership_officers`` are users, of whom ``user`` may be one.
    """
    if role == Role.INFORMATION_OFFICER:
        return as_seen_by_officer(receipt, agency, partnership_officers, user=user)
    if role == Role.FAMILY_MEMBER and person is not None:
        return as_seen_by_person(receipt, person)
    return None


def _envelope(receipt: Mapping[str, Any]) -> Shown:
    names = ("id", "at", "agency", "user", "user_name", "role", "action", "deed", "purpose", "reason")
    return {name: receipt[name] for name in names}
