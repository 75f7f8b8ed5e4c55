"""What the consent service must be told of a family, taken from what was gathered. Pure."""

from typing import Any

from services.gateway.disclose import Seen
from services.gateway.guards import Acting
from shared.problems import invalid

_RESPONSIBILITY = ("child", "adult", "parental_responsibility", "start", "end")


def check_people(seen: Seen, *, subject: str, giver: str) -> None:
    """A 422 unless subject and giver are people of this case."""
    subjects = {known["id"] for known in seen.bundle["subjects"]}
    if subject not in subjects:
        raise invalid("subject", "Name somebody whom this case is about.")
    if giver not in subjects:
        raise invalid("giver", "Name somebody of this case; record their relationship first.")


def facts_about(seen: Seen, subject: str) -> dict[str, Any]:
    """When the subject decides alone, and who is recorded as responsible for whom."""
    known = next(person for person in seen.bundle["subjects"] if person["id"] == subject)
    return {
        "decides_from": known["decides_from"],
        "responsibilities": [
            {name: held[name] for name in _RESPONSIBILITY} for held in seen.bundle["responsibilities"]
        ],
    }


def reader_facts(seen: Seen, acting: Acting) -> dict[str, Any]:
    """The reader's relationship, and by subject the categories of what their agency contributed."""
    owned: dict[str, set[str]] = {}
    for entry in seen.entries:
        if entry["owner"] == acting.caller.agency:
            for subject in entry["subjects"]:
                owned.setdefault(subject, set()).update(entry["categories"])
    return {
        "relationship": seen.bundle["relationship"],
        "owned": {subject: sorted(categories) for subject, categories in owned.items()},
    }
