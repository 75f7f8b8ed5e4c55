"""Standing in for the lead professional: who may, and for which days (design 1.3). Pure."""

from dataclasses import dataclass
from datetime import date

from services.case.lifecycles import Lifecycle
from shared.problems import conflict, invalid

DEPUTY = Lifecycle(
    "Standing in for the lead",
    "named",
    {
        ("named", "ending"): "ended",
        ("named", "handover"): "handover",
        ("named", "leaving"): "left_team",
    },
    dict.fromkeys(("ended", "handover", "left_team"), "This has ended already."),
)
"""Between its days it goes by the calendar alone. It goes with the lead that it is for, and with the place on
the team of either."""


@dataclass(frozen=True, slots=True)
class Window:
    """From a day until, and without, another."""

    since: date
    until: date


def must_have_lead(leadership: str | None) -> str:
    if leadership is None:
        raise conflict("Nobody leads this case, so nobody can stand in. Nominate somebody.")
    return leadership


def must_be_somebody_else(deputy: str, lead: str | None) -> None:
    if deputy == lead:
        raise conflict("The lead professional cannot stand in for themselves. Name somebody else.")


def check_days(since: date, until: date, today: date) -> None:
    if until <= since:
        raise invalid("until", "Choose a day after the first; it is the day on which the lead is back.")
    if until <= today:
        raise invalid("until", "This day has come already; choose one from tomorrow on.")


def must_be_free(windows: list[Window], since: date, until: date) -> None:
    """Days are half open: one may take over on the day on which another ends."""
    if any(window.since < until and since < window.until for window in windows):
        raise conflict("Somebody stands in on some of these days already. End that first, or choose others.")
