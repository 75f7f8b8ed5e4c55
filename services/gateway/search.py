"""What a search may tell of who works with somebody (design 3.5 a). Pure."""

from typing import Any

from shared.disclosure import Entry
from shared.ids import NOWHERE
from shared.vocabulary import Category


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
