"""What can happen to a signal. Pure."""

from services.case.lifecycles import Lifecycle

SIGNAL = Lifecycle(
    name="A signal",
    initial="raised",
    transitions={
        ("raised", "taking_up"): "taken_up",
        ("raised", "closing"): "closed",
        ("taken_up", "closing"): "closed",
    },
    refusals={
        ("taken_up", "taking_up"): "Somebody has taken this signal up already.",
        "closed": "This signal has been closed already.",
    },
)
