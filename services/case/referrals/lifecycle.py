"""What can happen to a referral. No reply is a state of its own: it is neither a yes nor a no (design 1)."""

from services.case.lifecycles import Lifecycle

_ANSWERED = "This referral has been answered already. Refer anew if things have changed."

LIFECYCLE = Lifecycle(
    "A referral",
    "waiting",
    {
        ("waiting", "take_up"): "waiting",
        ("waiting", "fall_due"): "no_reply",
        ("waiting", "accept"): "accepted",
        ("waiting", "refuse"): "refused",
        ("waiting", "withdraw"): "withdrawn",
        ("no_reply", "take_up"): "no_reply",
        ("no_reply", "accept"): "accepted",
        ("no_reply", "refuse"): "refused",
        ("no_reply", "withdraw"): "withdrawn",
    },
    {
        "accepted": _ANSWERED,
        "refused": _ANSWERED,
        "withdrawn": "This referral was taken back; nobody waits for an answer to it.",
    },
)

OPEN = ("waiting", "no_reply")
"""In which the agency is still asked, and so considers the case."""

EVENT_OF = {"accepted": "accept", "refused": "refuse"}
