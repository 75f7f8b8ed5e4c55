"""The compact: what the family and the services promise each other. One shape for both sides."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from shared.problems import WrongField
from shared.records.base import Day, Id, Record, Text, YesNo
from shared.records.parties import Party
from shared.records.plan import Categories, Subjects

_COMPACT = "9d0b6a52-1e0f-4c55-8d1b-6b5a2f8f7c31"
_PERSON = "3f8a4c1e-0d7b-4a56-9c21-5b7f0e6d2a11"


class CommitmentStatus(StrEnum):
    PROMISED = "promised"
    KEPT = "kept"
    MISSED = "missed"
    ENDED = "ended"


class CompactFields(Record):
    """One version of a compact. Its commitments and signatures are entries of their own that name it."""

    model_config = ConfigDict(json_schema_extra={"example": {"preamble": "What we promise each other"}})

    preamble: Text
    review_on: Day | None = None
    replaces: Id | None = None


class CommitmentFields(Record):
    """What one side promises, and what became of it. ``said_by``: who said so."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "compact": _COMPACT,
                "promised_by": {"agency": "northgate-school"},
                "promise": "We ring before ten when he is not in",
                "by_when": "2031-06-01",
                "status": "promised",
            }
        }
    )

    compact: Id
    promised_by: Party
    promise: Text
    by_when: Day | None = None
    status: CommitmentStatus
    what_happened: Text | None = None
    said_by: Party | None = None
    ended_because: Text | None = None


class CompactSignatureFields(Record):
    """A signature under one version. ``own_hand``: they signed themselves, and not through somebody else."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "compact": _COMPACT,
                "signed_by": {"person": _PERSON},
                "signed_on": "2031-03-03",
                "own_hand": True,
            }
        }
    )

    compact: Id
    signed_by: Party
    signed_on: Day
    own_hand: YesNo
    note: Text | None = None


class NewCommitment(Record):
    """A promise of one side; ``categories`` names what its wording reveals besides the plan itself.

    ``continues``: the open promise of the version before with which it goes on. It stays about everybody whom
    that one was about, and keeps its categories.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "promised_by": {"agency": "northgate-school"},
                "promise": "We ring before ten when he is not in",
            }
        }
    )

    promised_by: Party
    promise: Text
    by_when: Day | None = None
    categories: Categories = ()
    continues: Id | None = None


class NewCompact(Record):
    """A compact, or a new version of the one that it ``replaces``; both sides promise something. A new
    version stays about everybody whom the one before was about, and is about its ``subjects`` besides."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "preamble": "What we promise each other",
                "commitments": [
                    {"promised_by": {"agency": "northgate-school"}, "promise": "We ring before ten"},
                    {"promised_by": {"person": _PERSON}, "promise": "I answer the telephone"},
                ],
            }
        }
    )

    preamble: Text
    review_on: Day | None = None
    replaces: Id | None = None
    commitments: Annotated[tuple[NewCommitment, ...], Field(min_length=1, max_length=60)]
    subjects: Subjects = ()

    @model_validator(mode="after")
    def _of_both_sides(self) -> Self:
        sides = {commitment.promised_by.agency is None for commitment in self.commitments}
        if len(sides) < 2:
            raise WrongField("commitments", "A compact has a promise of the family and one of a service.")
        return self


class CompactToStore(NewCompact):
    """``known``: the compacts of the case by which it was decided that this may be made. ``ends``: the
    promises that its author sees in full; of the others it says nothing, and they go on."""

    known: tuple[Id, ...] = ()
    ends: tuple[Id, ...] = ()


class NewSignature(Record):
    """Who signs: an agency for itself, or somebody of the family, themselves or through the sender."""

    model_config = ConfigDict(json_schema_extra={"example": {"signed_by": {"person": _PERSON}}})

    signed_by: Party
    note: Text | None = None


class CommitmentStanding(Record):
    """What became of a promise; said alike of the family's and of a service's."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"status": "missed", "what_happened": "Nobody rang until noon."}}
    )

    status: CommitmentStatus
    what_happened: Text

    @model_validator(mode="after")
    def _kept_or_missed(self) -> Self:
        if self.status not in (CommitmentStatus.KEPT, CommitmentStatus.MISSED):
            raise WrongField("status", "Say that it was kept, or that it was missed.")
        return self
