"""Policies: drafts of one, golden rows, and what is sent to simulate, approve, publish and restore."""

import re
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from shared.records.agencies import LevelWord
from shared.records.base import Line, Moment, Record, Version, YesNo
from shared.vocabulary import AgencyKind, Category, Purpose, Relationship, Role

MAX_GOLDENS = 500
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
NO_VERSION = 0
"""The number of no version, which whatever is no number becomes: it meets the work of an absent one."""


def number_of_version(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else NO_VERSION


Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256, by which an approval names a draft and its results."""


class GoldenRow(Record):
    """One line of a golden decision table: what must come out for somebody who asks, and why in words.

    The entry is about one person and owned by the caller's agency (``own``) or another. ``permission`` is
    what the family answered, ``decides_alone`` that the person themselves decides. ``on_behalf_of`` is the
    role of whoever an agency's system acts for. What is left out is not so.
    """

    says: Line
    kind: AgencyKind
    role: Role
    on_behalf_of: Role | None = None
    relationship: Relationship
    purpose: Purpose
    owner: Literal["own", "other"] = "other"
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=len(Category))]
    permission: Literal["none", "refused", "existence", "summary", "full"] = "none"
    decides_alone: YesNo = False
    excluded: YesNo = False
    barred: YesNo = False
    released: LevelWord = "none"
    override: Literal["none", "statutory", "break_glass"] = "none"
    expected: LevelWord


Goldens = Annotated[tuple[GoldenRow, ...], Field(max_length=MAX_GOLDENS)]


class NewDraft(Record):
    """A draft, begun from a version that was published."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"from_version": 1, "why": "School nurses need to see health needs."}}
    )

    from_version: Version
    why: Line


class DraftChanges(Record):
    """The whole draft as it is to be: the document, the golden rows and what it is for."""

    why: Line
    document: dict[str, Any]
    goldens: Goldens


class SimulationStep(Record):
    """A part of a simulation: ``pages`` more of it, beginning it if need be.

    ``against`` is the version that the draft is to replace; without it, the newest. ``afresh`` begins anew
    although there are results.
    """

    against: Version | None = None
    pages: Annotated[int, Field(ge=1, le=200, strict=True)] = 50
    afresh: YesNo = False


class PolicyApproval(Record):
    """A second person's yes to a draft and its results, by their digest."""

    digest: Digest


class PolicyPublication(Record):
    """From when an approved draft counts."""

    digest: Digest
    published_from: Moment


class PolicyRestoration(Record):
    """Why an older version's content is to count again."""

    why: Line
