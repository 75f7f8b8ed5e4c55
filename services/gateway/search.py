"""What a search may tell of who works with somebody (design 3.5 a). Pure."""

from collections.abc import Collection, Iterable
from typing import Any

from shared.disclosure import Entry
from shared.ids import NOWHERE
from shared.vocabulary import Category, Level, Obligation, Relationship


def involvement_probe(match: dict[str, Any]) -> Entry:
    """An entry that nobody recorded, by which the decision is asked: may this caller know who is involved?

    Without it a caller whom the family excluded would be told of the case and its lead all the same. It
    stands last among the entries of a match and is never shown.
    """
    return {
        "id": NOWHERE,
        "area": "",
        "kind": "",
        "owner": match["entries"][0]["owner"] if match["entries"] else "",
        "accountable": None,
        "categories": [Category.INVOLVEMENT.value],
        "subjects": [match["person"]],
        "unanswered": False,
        "draft": False,
        "locates": True,
        "recorded_at": "",
        "author": "",
        "version": 0,
        "fields": {},
    }


def may_be_found(levels: Iterable[Level], relationship: str, obligations: Collection[str]) -> bool:
    """Whether a search tells of somebody at all: something of them exists for the caller and, where the
    caller may not learn where they are, the caller works with them already. That a family is known in this
    area tells those whom a protected address stops where to look.
    """
    if Obligation.NAME_NO_AGENCY in obligations and relationship == Relationship.NONE:
        return False
    return any(levels)
