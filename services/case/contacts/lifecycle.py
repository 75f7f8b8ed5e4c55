"""An agency's offer of help: no answer is tried again, an informed refusal is respected (design 1). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.case.lifecycles import Lifecycle
from shared.records.contacts import ContactBy, ContactOutcome
from shared.working_days import working_day_after

_RESPECTED = (
    "They were told what was offered and said no; that is respected. If something in their life has changed, "
    "record it first, or ask your manager to decide that they may be asked again."
)

LIFECYCLE = Lifecycle(
    "An offer of help",
    "offered",
    {
        ("offered", "no_answer"): "unanswered",
        ("offered", "reached"): "in_touch",
        ("offered", "informed_refusal"): "refused",
        ("offered", "heard_from"): "in_touch",
        ("offered", "asked_for_help"): "in_touch",
        ("offered", "refused_themselves"): "refused",
        ("offered", "life_event"): "offered",
        ("unanswered", "no_answer"): "unanswered",
        ("unanswered", "reached"): "in_touch",
        ("unanswered", "informed_refusal"): "refused",
        ("unanswered", "heard_from"): "in_touch",
        ("unanswered", "asked_for_help"): "in_touch",
        ("unanswered", "refused_themselves"): "refused",
        ("unanswered", "life_event"): "unanswered",
        ("in_touch", "no_answer"): "unanswered",
        ("in_touch", "reached"): "in_touch",
        ("in_touch", "informed_refusal"): "refused",
        ("in_touch", "heard_from"): "in_touch",
        ("in_touch", "asked_for_help"): "in_touch",
        ("in_touch", "refused_themselves"): "refused",
        ("in_touch", "life_event"): "in_touch",
        ("refused", "heard_from"): "refused",
        ("refused", "refused_themselves"): "refused",
        ("refused", "asked_for_help"): "in_touch",
        ("refused", "life_event"): "offered",
        ("refused", "reopen"): "offered",
    },
    {
        ("refused", "no_answer"): _RESPECTED,
        ("refused", "reached"): _RESPECTED,
        ("refused", "informed_refusal"): _RESPECTED,
        ("offered", "reopen"): "Nobody has refused this offer; go on trying.",
        ("unanswered", "reopen"): "No answer is no refusal; go on trying.",
        ("in_touch", "reopen"): "Nobody has refused this offer; you are in touch.",
    },
)

CONTACTS: Mapping[tuple[ContactBy, ContactOutcome], str] = {
    (ContactBy.SERVICE, ContactOutcome.NO_ANSWER): "no_answer",
    (ContactBy.SERVICE, ContactOutcome.REACHED): "reached",
    (ContactBy.SERVICE, ContactOutcome.ASKED_FOR_HELP): "reached",
    (ContactBy.SERVICE, ContactOutcome.INFORMED_REFUSAL): "informed_refusal",
    (ContactBy.FAMILY, ContactOutcome.REACHED): "heard_from",
    (ContactBy.FAMILY, ContactOutcome.ASKED_FOR_HELP): "asked_for_help",
    (ContactBy.FAMILY, ContactOutcome.INFORMED_REFUSAL): "refused_themselves",
}
"""What a contact is to the offer. Who comes of their own accord is never turned away."""

REFUSALS = frozenset({"informed_refusal", "refused_themselves"})

WORKING_DAYS_TO_NEXT_ATTEMPT = (2, 5, 10)
"""After the first attempt without an answer in a row, after the second, and after each further one."""


def state_after(events: Iterable[str]) -> str:
    """How an offer stands after what has happened, in order.

    What happened did happen: where a contact does not fit what went before, a life event had opened the offer
    again that is hidden from its agency by now.
    """
    state = LIFECYCLE.initial
    for event in events:
        state = _after(state, event)
    return state


def _after(state: str, event: str) -> str:
    return LIFECYCLE.after(state if LIFECYCLE.allows(state, event) else LIFECYCLE.initial, event)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an offer came to stand. ``events``: what counts of what happened, in order; ``refused_on``: the
    day of the refusal that is to be respected, the latest of several; None where none is."""

    events: list[str]
    refused_on: date | None


def standing(happened: Iterable[tuple[str, date]]) -> Standing:
    """What happened to an offer, each with its day and in the order in which it was recorded, without the
    life events that are older than the refusal before them: what the family knew when they said no is no
    reason to ask again (design 1: a refusal is respected until life changes)."""
    state, events, refused_on = LIFECYCLE.initial, list[str](), None
    for event, day in happened:
        if event == "life_event" and refused_on is not None and day < refused_on:
            continue
        events.append(event)
        state = _after(state, event)
        if event in REFUSALS:
            refused_on = max(day, refused_on or day)
        elif state != "refused":
            refused_on = None
    return Standing(events, refused_on)


def next_attempt_on(events: list[str], at: datetime) -> date | None:
    """The day by which it is tried again; None where what happened last asks for no further attempt."""
    unanswered = 0
    for event in reversed(events):
        if event == "life_event":
            continue
        if event != "no_answer":
            break
        unanswered += 1
    if unanswered == 0:
        return None
    last = len(WORKING_DAYS_TO_NEXT_ATTEMPT) - 1
    return working_day_after(at, WORKING_DAYS_TO_NEXT_ATTEMPT[min(unanswered - 1, last)])
