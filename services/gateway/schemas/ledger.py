"""Answers about the ledger as a whole."""

from typing import Any, Literal

from services.gateway.schemas.views import DecisionCard, View


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
