"""What can happen to a pledge, and how it follows the action that it is of. Pure.

The agency that gave it says in the plan how the action stands; whether the pledge was kept or missed those
say to whom it was given (decision 26).
"""

from collections.abc import Mapping

from services.case.lifecycles import Lifecycle
from shared.problems import Problem, conflict, forbidden
from shared.records.compact import CommitmentStatus
from shared.records.plan import ActionFields, ActionStatus, PledgeState

_DECLINED = "Its agency says that it did not pledge this. Agree an action with whoever will do it."

PLEDGE = Lifecycle(
    name="A pledge",
    initial="pledged",
    transitions={
        ("pledged", "work"): "pledged",
        ("pledged", "delivery"): "delivered",
        ("pledged", "giving_up"): "missed",
        ("pledged", "decline"): "declined",
        ("pledged", "keeping"): "kept",
        ("pledged", "missing"): "missed",
        ("pledged", "closure"): "ended",
        ("declined", "agreement"): "pledged",
        ("delivered", "work"): "pledged",
        ("delivered", "keeping"): "kept",
        ("delivered", "missing"): "missed",
        ("missed", "agreement"): "missed",
        ("missed", "work"): "missed",
        ("missed", "decline"): "missed",
        ("missed", "giving_up"): "missed",
        ("missed", "delivery"): "delivered",
        ("missed", "keeping"): "kept",
        ("kept", "agreement"): "kept",
        ("kept", "work"): "kept",
        ("kept", "decline"): "kept",
        ("kept", "delivery"): "kept",
        ("kept", "giving_up"): "missed",
        ("kept", "missing"): "missed",
        ("ended", "work"): "pledged",
    },
    refusals={
        ("kept", "keeping"): "It is recorded already that this was kept.",
        ("missed", "missing"): "It is recorded already that this was missed.",
        "declined": _DECLINED,
        "ended": "This ended with its case. Its agency takes it up again, or pledges something new.",
    },
)

OF_THE_ACTION: Mapping[ActionStatus, str] = {
    ActionStatus.AGREED: "agreement",
    ActionStatus.IN_PROGRESS: "work",
    ActionStatus.DONE: "delivery",
    ActionStatus.NOT_DONE: "giving_up",
    ActionStatus.DECLINED: "decline",
}
"""What the agency says of its action, by the status that the action comes to, as an event of the pledge."""

SAID: Mapping[CommitmentStatus, str] = {
    CommitmentStatus.KEPT: "keeping",
    CommitmentStatus.MISSED: "missing",
}
"""What those say to whom it was given: in the words, and with the standing, of a promise of the family."""

_SETTLED = frozenset({PledgeState.KEPT, PledgeState.MISSED})


def followed(before: ActionFields, after: ActionFields) -> PledgeState | None:
    """How the pledge stands once its agency has changed the action; None of an action that nobody pledged."""
    if before.pledge is None or after.status == before.status:
        return before.pledge
    return PledgeState(PLEDGE.after(before.pledge, OF_THE_ACTION[after.status]))


def status_of(action: ActionFields) -> str:
    """How what is owed stands: what was said of the pledge, and else what its agency says of the action."""
    return action.pledge if action.pledge in _SETTLED else action.status


def check_giver(before: ActionFields, after: ActionFields) -> None:
    """Nobody pledges for another agency, so a pledge stays with the one that gave it (409)."""
    if before.pledge is not None and after.accountable != before.accountable:
        raise conflict("This was pledged by that agency. Agree a new action with the one that will do it.")


def not_yours_to_say() -> Problem:
    return forbidden(
        "Your agency gave this pledge: say in the plan how it stands. Whether it was kept is for the others."
    )


def not_pledged() -> Problem:
    return conflict("This was agreed and not pledged; the agency that owes it says how it stands.")
