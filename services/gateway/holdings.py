"""Who holds something about whom: told to the consent service, and to no caller. Pure."""

from collections.abc import Iterable

from shared.disclosure import Entry


def holds_anything(entries: Iterable[Entry], owner: str, subject: str) -> bool:
    """Whether any of these entries is the owner's and about the subject."""
    return any(entry["owner"] == owner and subject in entry["subjects"] for entry in entries)
