"""What can happen to a meeting and to an invitation, and when an agency was missing too often. Pure."""

from collections.abc import Iterable, Mapping

from services.case.lifecycles import Lifecycle

MEETING = Lifecycle(
    "A meeting",
    "planned",
    {
        ("planned", "prepare"): "planned",
        ("planned", "chair"): "planned",
        ("planned", "attendance"): "in_session",
        ("planned", "cancel"): "cancelled",
        ("planned", "pass_by"): "not_recorded",
        ("in_session", "prepare"): "in_session",
        ("in_session", "chair"): "in_session",
        ("in_session", "attendance"): "in_session",
        ("in_session", "decide"): "in_session",
        ("in_session", "pledge"): "in_session",
        ("in_session", "close"): "held",
        ("in_session", "pass_by"): "held",
        ("not_recorded", "chair"): "not_recorded",
        ("not_recorded", "attendance"): "in_session",
        ("not_recorded", "cancel"): "cancelled",
        ("held", "decide"): "held",
        ("held", "pledge"): "held",
    },
    {
        ("planned", "decide"): "Say first who is there; then record what they decide.",
        ("planned", "pledge"): "Say first who is there; then record what they pledge.",
        ("planned", "close"): "Say first who was there, or cancel the meeting.",
        ("not_recorded", "decide"): "Say first who was there; then record what they decided.",
        ("not_recorded", "pledge"): "Say first who was there; then record what they pledged.",
        "held": "This meeting is over. Plan another one.",
        "cancelled": "This meeting was cancelled. Plan another one.",
    },
)

_INVITED = "This person is invited already, for that agency."

INVITATION = Lifecycle(
    "An invitation",
    "invited",
    {
        ("invited", "accept"): "accepted",
        ("invited", "decline"): "apologies",
        ("invited", "come"): "present",
        ("invited", "stay_away"): "absent",
        ("invited", "cancel"): "cancelled",
        ("accepted", "decline"): "apologies",
        ("accepted", "come"): "present",
        ("accepted", "stay_away"): "absent",
        ("accepted", "cancel"): "cancelled",
        ("invited", "ask_anew"): "invited",
        ("accepted", "ask_anew"): "invited",
        ("apologies", "ask_again"): "invited",
        ("apologies", "ask_anew"): "invited",
        ("apologies", "come"): "present",
        ("apologies", "stay_away"): "apologies",
        ("apologies", "cancel"): "cancelled",
        ("present", "come"): "present",
        ("present", "stay_away"): "absent",
        ("absent", "come"): "present",
        ("absent", "stay_away"): "absent",
    },
    {
        ("invited", "ask_again"): _INVITED,
        ("accepted", "ask_again"): _INVITED,
        ("accepted", "accept"): "You have accepted already.",
        ("apologies", "accept"): "You have sent your apologies; ask the chair to invite you anew.",
        ("apologies", "decline"): "You have sent your apologies already.",
        ("present", "accept"): "The meeting has begun; the chair records who is there.",
        ("absent", "accept"): "The meeting has begun; the chair records who is there.",
        "present": "The meeting has begun; the chair records who is there.",
        "absent": "The meeting has begun; the chair records who is there.",
        "cancelled": "This meeting was cancelled; there is nothing to answer.",
    },
)

NEEDS_A_CHAIR = tuple(state for state in MEETING.states if MEETING.allows(state, "chair"))
"""While somebody has to see to it that a meeting takes place and is recorded."""
EXPECTED = ("invited", "accepted")
"""Who may still come."""
MISSED_TOO_OFTEN = 2
"""Meetings in a row that an agency was invited to and not at."""


def missing_too_often(meetings: Iterable[Mapping[str, Iterable[str]]]) -> list[str]:
    """The agencies that missed the latest meetings, by agency what became of its invitations, latest first.

    Apologies are kept apart from absence, and the family was without that agency either way.
    """
    missed: dict[str, int] = {}
    over: set[str] = set()
    for attendance in meetings:
        for agency, states in attendance.items():
            if "present" in states:
                over.add(agency)
            elif agency not in over:
                missed[agency] = missed.get(agency, 0) + 1
    return sorted(agency for agency, times in missed.items() if times >= MISSED_TOO_OFTEN)
