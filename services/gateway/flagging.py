"""That another agency has a flag too, for an agency that has one itself. Pure."""

from services.gateway.disclose import Seen
from services.gateway.projection import Shown
from shared.disclosure import Entry
from shared.vocabulary import Level, Obligation


def also_flagging(seen: Seen, agency: str) -> list[Shown]:
    """Who else has raised a flag about somebody whom this agency has flagged: the agency and its number.

    Only of flags whose existence the caller may know by the decision; what they say is asked of who holds
    them (design 3.5: this flows on purpose). Nothing where no agency may be named.
    """
    if Obligation.NAME_NO_AGENCY in seen.obligations:
        return []
    flags = [
        (entry, level)
        for entry, level in zip(seen.entries, seen.levels, strict=True)
        if entry["kind"] == "concern_flag" and _stands(entry, seen.bundle["today"])
    ]
    flagged = {person for entry, _ in flags if entry["owner"] == agency for person in entry["subjects"]}
    holders = {
        entry["owner"]
        for entry, level in flags
        if entry["owner"] != agency and level >= Level.EXISTENCE and not flagged.isdisjoint(entry["subjects"])
    }
    return [_holder(holder, seen) for holder in sorted(holders)]


def _stands(entry: Entry, today: str) -> bool:
    """Whether a flag has neither been ended nor run out: on the day on which it expires it is over."""
    fields = entry["fields"]
    return fields.get("ended_on") is None and fields["expires_on"] > today


def _holder(agency: str, seen: Seen) -> Shown:
    card = seen.answer.agencies.get(agency)
    return {
        "agency": agency,
        "name": card.name if card else agency,
        "telephone": card.telephone if card else None,
    }
