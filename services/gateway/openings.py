"""What may be said of a case that somebody is about to open. Pure."""

from typing import Any

from services.gateway.disclose import Seen
from shared.vocabulary import Level


def people_opened(seen: Seen) -> set[str]:
    """The people of the case of whom something would be open to the caller.

    Whoever a bar hides from the caller is a stranger here, like everybody whom the case is not about.
    """
    about = {
        person
        for entry, level in zip(seen.entries, seen.levels, strict=True)
        if level >= Level.EXISTENCE
        for person in entry["subjects"]
    }
    return about.intersection(subject["id"] for subject in seen.bundle["subjects"])


def case_to_open(seen: Seen) -> dict[str, Any]:
    """A case as the consent service is told of it: whom it is about, and who leads it."""
    lead = seen.bundle["lead"]
    return {
        "case": seen.bundle["case"]["id"],
        "subjects": [subject["id"] for subject in seen.bundle["subjects"]],
        "lead": None if lead is None else {"user": lead["user"], "agency": lead["agency"]},
    }
