"""What can happen to a commitment, of the family or of a service: the same."""

from collections.abc import Mapping

from services.case.lifecycles import Lifecycle
from shared.records.compact import CommitmentStatus

COMMITMENT = Lifecycle(
    name="A commitment",
    initial="promised",
    transitions={
        ("promised", "keeping"): "kept",
        ("promised", "missing"): "missed",
        ("promised", "closure"): "ended",
        ("promised", "replacement"): "ended",
        ("missed", "keeping"): "kept",
        ("kept", "missing"): "missed",
    },
    refusals={
        "kept": "It is recorded already that this was kept.",
        "missed": "It is recorded already that this was missed.",
        "ended": "This ended with its compact or its case. Say it of the version that is in force.",
    },
)

EVENTS: Mapping[CommitmentStatus, str] = {
    CommitmentStatus.KEPT: "keeping",
    CommitmentStatus.MISSED: "missing",
}
"""What is said of a commitment, as the event that it is."""

REPLACED = "A new version was agreed."
LATE_WHEN_REPLACED = "Its day had passed when a new version was agreed."
