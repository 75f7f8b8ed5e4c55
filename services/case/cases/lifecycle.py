"""What can happen to a case: open, closed, open again."""

from datetime import date

from services.case.lifecycles import Lifecycle
from shared.problems import Problem, conflict, invalid

NO_REVIEW = date.max
"""Where no review is set: after every other day, which puts such a case last on every list."""


CASE = Lifecycle(
    name="A case",
    initial="open",
    transitions={
        ("open", "closure"): "closed",
        ("closed", "reopening"): "open",
    },
    refusals={
        ("closed", "closure"): "This case is closed already.",
        ("open", "reopening"): "This case is open already.",
    },
)


def must_be_open(state: str) -> None:
    """Closed cases accept no actions, nominations, members, subjects or reviews."""
    if state != "open":
        raise conflict("This case is closed. Open it again first.")


ENDED_WITH_THE_CASE = "The case was closed before this was answered for."


def promises_are_open() -> Problem:
    return conflict(
        "Something that was promised is open. Say in promises what becomes of each action and commitment "
        "that is open, then close the case."
    )


def check_review(review_on: date, today: date) -> None:
    if review_on < today:
        raise invalid("review_on", "This day has passed; choose one from today on.")
