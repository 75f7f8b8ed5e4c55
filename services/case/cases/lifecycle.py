"""What can happen to a case: open, closed, open again."""

from datetime import date

from shared.problems import conflict, invalid

NO_REVIEW = date.max
"""Where no review is set: after every other day, which puts such a case last on every list."""


def must_be_open(state: str) -> None:
    """Closed cases accept no actions, nominations, members, subjects or reviews."""
    if state != "open":
        raise conflict("This case is closed. Open it again first.")


def close(state: str) -> str:
    if state != "open":
        raise conflict("This case is closed already.")
    return "closed"


def reopen(state: str) -> str:
    if state != "closed":
        raise conflict("This case is open already.")
    return "open"


def check_review(review_on: date, today: date) -> None:
    if review_on < today:
        raise invalid("review_on", "This day has passed; choose one from today on.")
