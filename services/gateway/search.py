"""What a search may tell of who works with somebody (design 3.5 a). Pure."""

from collections.abc import Collection, Iterable
from typing import Any

from shared.disclosure import Entry
from shared.ids import NOWHERE
from shared.records.people import PARENTS
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


def may_be_found_through(
    parent: str, child: str, entries: Iterable[Entry], levels: Iterable[Level], obligations: Collection[str]
) -> bool:
    """Whether a search may tell that somebody is a child of this parent, as a hit by the parent's name does.

    ``obligations``: those about either of them. It tells so like everything that two details find (design
    3.5 a): to nobody from whom anything is kept about one of them, unless they see where it is recorded.
    """
    if Obligation.TELL_NO_INVOLVEMENT not in obligations:
        return True
    return any(
        level == Level.FULL and _makes_a_parent(entry, parent, child)
        for entry, level in zip(entries, levels, strict=True)
    )


def _makes_a_parent(entry: Entry, parent: str, child: str) -> bool:
    fields = entry["fields"]
    return (
        entry["kind"] == "relationship"
        and (fields["from_person"], fields["to_person"]) == (parent, child)
        and (fields["parental_responsibility"] or fields["relation"] in PARENTS)
    )
