"""The work of an agency with somebody: it goes on, and it ends once. Pure."""

from datetime import date

from services.case.lifecycles import Lifecycle
from shared.problems import invalid
from shared.records.involvements import InvolvementFields

INVOLVEMENT = Lifecycle(
    "involvement",
    "going_on",
    {("going_on", "ending"): "ended"},
    {"ended": "Your agency said already that this has ended."},
)


def state_of(involvement: InvolvementFields) -> str:
    return "going_on" if involvement.until is None else "ended"


def ended(involvement: InvolvementFields, until: date, today: date) -> InvolvementFields:
    """The involvement after its end, or what stands against it."""
    INVOLVEMENT.after(state_of(involvement), "ending")
    if until < involvement.since:
        raise invalid("until", "It cannot have ended before it began; choose a later day.")
    if until > today:
        raise invalid("until", "This day is still to come; say that it has ended when it has.")
    return involvement.model_copy(update={"until": until})
