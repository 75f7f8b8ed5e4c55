"""The lawful bases of statutory overrides: data, so that a partnership can list its own. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

BASES_FILE = files("services.consent") / "policy_data" / "lawful-bases-1.json"


@dataclass(frozen=True, slots=True)
class LawfulBasis:
    """``enquiry``: a safeguarding lead may record it at once."""

    code: str
    title: str
    enquiry: bool
    longest_working_days: int


def read_bases(text: str) -> Mapping[str, LawfulBasis]:
    """The bases of a file by code; a ``ValueError`` or ``TypeError`` for one that is not of the form."""
    listed = [LawfulBasis(**basis) for basis in json.loads(text)]
    bases = {basis.code: basis for basis in listed}
    if not bases or len(bases) < len(listed) or any(basis.longest_working_days < 1 for basis in listed):
        raise ValueError("Lawful bases: each code once, at least one, each with an end.")
    return bases


BASES = read_bases(BASES_FILE.read_text(encoding="utf-8"))
