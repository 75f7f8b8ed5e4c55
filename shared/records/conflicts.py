"""Deciding between two who may both answer for a child and disagree."""

from typing import Literal

from shared.records.base import Record, Text


class ConflictDecision(Record):
    """Which of the two answers stands, and why. A permission stands for what both named, no more."""

    upholds: Literal["refusal", "permission"]
    reason: Text
