"""A review that somebody owns is not put off without a look, nor left behind when a case is closed. Pure."""

from datetime import date

from shared.problems import invalid


def check_put_off(planned: date, review_on: date, *, owned: bool, looked: bool) -> None:
    """A 422 where the day moves later, somebody owns the review, and nobody says that it was held; an
    earlier day and another owner need no look."""
    if owned and review_on > planned and not looked:
        raise invalid(
            "held_on",
            "Somebody on the team sees to this review. To put it off, say on which day you looked and what "
            "came of it.",
        )


def check_watched_over(*, owned: bool, watched_over_by: str | None) -> None:
    """A 422 unless exactly the review that somebody owns is handed on when a case is closed."""
    if owned and watched_over_by is None:
        raise invalid(
            "watched_over_by",
            "Somebody on the team sees to the next review of this case. Say who watches over it from now on, "
            "then close the case.",
        )
    if not owned and watched_over_by is not None:
        raise invalid("watched_over_by", "Nobody sees to a review of this case: leave this out.")
