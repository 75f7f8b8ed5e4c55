"""Answers about the ledger as a whole."""

from typing import Any, Literal

from services.gateway.schemas.views import DecisionCard, ReceiptShown, View


class CheckpointView(View):
    """A signed checkpoint (JWS, ES256), to be kept where nobody who runs the suite can reach it."""

    checkpoint: str
    notice: str
    decision: DecisionCard


class LedgerKeysView(View):
    """The public keys of checkpoints, as a JWK set."""

    keys: list[dict[str, Any]]


class FaultShown(View):
    """Where the ledger is not what it was: which chain, at which place, and how it shows."""

    chain: str
    place: int
    what: str


class VerificationView(View):
    """How far a verification has come, and the faults that this call found.

    ``state`` is ``going_on`` until everything was looked at: send ``cursor`` again. ``faults_so_far`` counts
    those of all calls.
    """

    state: Literal["going_on", "whole", "broken"]
    chains: int
    receipts: int
    faults_so_far: int
    faults: list[FaultShown]
    cursor: str | None
    notice: str
    decision: DecisionCard


class ReceiptsView(View):
    """Receipts that were searched for, as the officer may see them, newest first."""

    receipts: list[ReceiptShown]
    next: str | None
    cursor: str | None
    notice: str
    decision: DecisionCard


class HoldShown(View):
    """A receipt that is held back from the person whom it is about; ``reviews`` is what came of it before;
    ``lapses_at``: when it is over unless a second person confirms it, null once one did; ``may``: what the
    caller would not be refused. The names are null where they were not kept yet."""

    id: str
    receipt: str
    reason: str
    review_on: str
    overdue: bool
    proposed_at: str
    proposed_by: str
    proposed_by_name: str | None
    lapses_at: str | None
    confirmed_at: str | None
    confirmed_by: str | None
    confirmed_by_name: str | None
    reviews: list[dict[str, Any]]
    may: list[Literal["confirm", "review", "end"]]


class HoldsView(View):
    """What the own agency holds back, the one to be looked at first in front."""

    holds: list[HoldShown]
    next: str | None
    cursor: str | None
    notice: str
    decision: DecisionCard
