"""The sentence that stands on every view, 404 and 503 (design 1, "Sentences on screen")."""


def notice(telephone: str) -> str:
    return (
        "You may not be seeing everything other services hold; ask the lead professional for more, and if "
        f"someone may be in danger do not wait: ring {telephone}, day or night."
    )


def who_has_looked(lead: str | None) -> str:
    """The sentence over what the family reads of the ledger (design 1); ``lead`` is the lead professional's
    name, where there is one whom they know."""
    whom = lead or "your lead professional, or the information officer of any of these services,"
    return (
        "These services looked at information about you, when and why; some entries may be held back for a "
        f"time to keep someone safe, and you can ask {whom} to check, or complain to the Information "
        "Commissioner."
    )
