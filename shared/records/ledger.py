"""What is sent about receipts."""

from shared.records.base import Day, Record, Text


class NewHold(Record):
    """That a receipt would tip somebody off or tell where they are: why, and when to look at that again."""

    reason: Text
    review_on: Day


class HoldReview(Record):
    """That a hold goes on: why, and when to look at it again."""

    reason: Text
    review_on: Day


class HoldEnding(Record):
    """That a receipt need be held back no longer."""

    reason: Text
