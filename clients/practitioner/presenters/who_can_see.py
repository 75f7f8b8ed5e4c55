"""Why somebody sees what they see, from ``POST /v1/explanations`` for an officer, in plain words: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.presenters.ledger import BECAUSE, sitting_of, stands_of
from clients.practitioner.presenters.partnership import LEVELS
from clients.practitioner.words import CATEGORIES, ROLES, in_words, listed

Json = Mapping[str, Any]
_Alike = tuple[str | None, str, str, tuple[str, ...], tuple[str, ...]]
_NOT_MORE: Mapping[str, str] = {
    "BARRED": "A bar stops it",
    "SUSPENDED": "They may not come in now",
    "UNKNOWN": "The service, the role or the person is not known here",
    "HELD": "It is a draft, or a question about it is still open",
    "EXCLUDED": "The family asked that they are not told",
    "NOT_TAKING_PART": "The person no longer takes part",
    "NO_BASIS": "Nobody said yes to more, and nothing was agreed that goes further",
    "NO_RELATIONSHIP": "They are not on the team",
    "WITHDRAWN": "The family took their yes back",
    "EXPIRED": "What opened it is over",
    "PURPOSE": "It is not shown for this purpose",
    "ROLE_CEILING": "Nobody in this role is shown more",
    "AGREEMENT_CAP": "The agreement goes no further, whatever the family says",
    "NO_RELEASE": "The service that wrote it has not said yes",
    "CONFLICT": "Those who may say yes or no do not agree yet",
    "REFUSED": "The family said no",
}
_IF: Mapping[str, str] = {
    "permission": "the family said yes",
    "own_permission": "the person said yes themselves",
    "release": "the service that wrote it said yes",
    "both_keys": "the family and the service that wrote it both said yes",
    "exclusion_lifted": "the family no longer asked that they are not told",
    "bar_lifted": "the bar were lifted, which takes two people",
    "suspension_ended": "they were let in again",
    "question_answered": "the open question about it were answered",
    "taking_part": "the family took part",
    "joining_the_team": "they joined the team",
    "other_role": "they acted as {}",
    "other_purpose": "they asked {}, and said why",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What is seen of some things, why, what keeps more back, and what would change it."""

    what: str
    sees: str
    because: str
    not_more: Sequence[str]
    otherwise: Sequence[str]


@dataclass(frozen=True, slots=True)
class Why:
    """``reasons``: what there is; ``besides``: what they would see of other things if there were any."""

    who: str
    stands: str
    reasons: Sequence[Reason]
    besides: Sequence[Reason]


def whys_of(answer: Json, names: Mapping[str, str]) -> list[Why]:
    """Everybody who is explained, with what fares alike told together."""
    return [
        Why(
            sitting_of(one, names),
            stands_of(one),
            _together(((cell.get("categories") or (), cell) for cell in one["cells"]), names),
            _together((([cell["category"]], cell) for cell in one["by_category"]), names),
        )
        for one in answer["explanations"]
    ]


def _together(cells: Iterable[tuple[Sequence[str], Json]], names: Mapping[str, str]) -> list[Reason]:
    """Cells by owner and by what is said of them."""
    found: dict[_Alike, dict[str, None]] = {}
    for categories, cell in cells:
        key = cell["owner"], LEVELS[cell["level"]], _because(cell), _not_more(cell), _otherwise(cell)
        found.setdefault(key, {}).update(dict.fromkeys(categories))
    return [
        Reason(_what(owner, list(categories), names), sees, because, not_more, otherwise)
        for (owner, sees, because, not_more, otherwise), categories in found.items()
    ]


def _what(owner: str | None, categories: Sequence[str], names: Mapping[str, str]) -> str:
    service = "any other service" if owner is None else names.get(owner) or in_words(owner)
    things = ", ".join(CATEGORIES.get(one, in_words(one)) for one in categories)
    return f"{things} ({service})" if things else f"Something of {service}"


def _because(cell: Json) -> str:
    bases = dict.fromkeys(
        BECAUSE.get(one["basis"], in_words(one["basis"])) for one in cell.get("because") or ()
    )
    said = listed(list(bases))
    return said[:1].upper() + said[1:]


def _not_more(cell: Json) -> tuple[str, ...]:
    return tuple(_NOT_MORE.get(one, in_words(one)) for one in cell.get("blockers") or ())


def _otherwise(cell: Json) -> tuple[str, ...]:
    return tuple(f"{LEVELS[change['level']]}, if {_if(change)}" for change in cell.get("would_change") or ())


def _if(change: Json) -> str:
    """What would have to be otherwise; roles and purposes are named in their own words."""
    detail = [ROLES.get(one, in_words(one)).lower() for one in change["detail"]]
    if change["change"] == "other_purpose":
        detail = [f"for {one}" for one in detail]
    return _IF.get(change["change"], in_words(change["change"]).lower()).format(listed(detail))
