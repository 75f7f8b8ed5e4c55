"""Which lists about a case without permission, or against it, are there for a reader. Pure."""

from shared.vocabulary import Role

BESIDE_CASE = ("overrides", "break-glass")
BARS = "bars"


def lists_that_open(read: str, role: str, *, case_exists: bool) -> list[str]:
    """Of the lists beside a case those that a reader of one of them finds: all for whom the case exists, bars
    for information officers alone; else the one that they ``read``, and no other is promised."""
    if not case_exists:
        return [read]
    return [*BESIDE_CASE, *((BARS,) if role == Role.INFORMATION_OFFICER else ())]
