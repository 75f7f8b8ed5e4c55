"""What can happen to a flag. Pure."""

from datetime import date

from services.case.lifecycles import Lifecycle
from shared.problems import invalid

FLAG = Lifecycle(
    name="A flag",
    initial="standing",
    transitions={("standing", "ending"): "ended", ("standing", "expiry"): "expired"},
    refusals={"ended": "This flag has been ended already.", "expired": "This flag has expired already."},
)


def state(ended: bool, expires_on: date, today: date) -> str:
    if ended:
        return "ended"
    return "expired" if expires_on <= today else "standing"


def check_expiry(expires_on: date, today: date) -> None:
    if expires_on <= today:
        raise invalid("expires_on", "Choose a day from tomorrow on; a flag stands until the day before.")
