"""What the pages of contacts and of referrals show. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.offers import may_while_open
from clients.practitioner.words import in_words
from shared.vocabulary import Deed

Json = Mapping[str, Any]
HOW: Sequence[tuple[str, str]] = (
    ("visit", "Visit"),
    ("telephone", "Telephone"),
    ("text_message", "Text message"),
    ("email", "Email"),
    ("letter", "Letter"),
    ("video", "Video call"),
    ("appointment", "Appointment"),
    ("other", "Another way"),
)
OUTCOMES: Sequence[tuple[str, str]] = (
    ("no_answer", "No answer"),
    ("reached", "We spoke"),
    ("asked_for_help", "They asked for help"),
    ("informed_refusal", "They know what is offered and said no"),
)
EVENTS: Sequence[tuple[str, str]] = tuple(
    (code, in_words(code))
    for code in (
        "pregnancy", "new_baby", "bereavement", "separation", "new_partner", "moved_home", "changed_school",
        "excluded_from_school", "left_school", "lost_job", "new_job", "illness", "came_out_of_hospital",
        "came_out_of_custody", "left_care", "other",
    )
)  # fmt: skip
_OFFER = {
    "unanswered": "Not reached yet",
    "in_touch": "In touch",
    "refused": "They said no to help, knowing what it is. This is respected.",
    "offered": "Help is offered",
}


@dataclass(frozen=True, slots=True)
class Contact:
    at: str
    what: str
    with_whom: str | None
    explained: str | None
    note: str | None
    service: str


@dataclass(frozen=True, slots=True)
class ContactsPage:
    """``offer``: how the reader's own service stands with the family, in words; ``again_on``: by when it
    tries again. ``refused``: they said no, so that nothing is asked until something changes."""

    contacts: Sequence[Contact]
    offer: str | None
    again_on: str | None
    refused: bool
    may_record: bool
    may_reopen: bool


def contacts_page_of(answer: Json, view: Json, names: Mapping[str, str], agency: str | None) -> ContactsPage:
    """The page from ``GET …/contacts`` and ``GET /v1/cases/{case}``, newest first, for this agency."""
    own = [one for one in answer["entries"] if one["owner"] == agency and "offer" in one["fields"]]
    last = own[-1]["fields"] if own else {}
    refused = last.get("offer") == "refused"
    may = may_while_open(view)
    return ContactsPage(
        contacts=[_contact(one, names) for one in reversed(answer["entries"]) if one["fields"]],
        offer=_OFFER.get(last.get("offer", "")),
        again_on=last.get("next_attempt_on"),
        refused=refused,
        may_record=Deed.CONTRIBUTE in may,
        may_reopen=Deed.REOPEN_OFFER in may and refused,
    )


def _contact(one: Json, names: Mapping[str, str]) -> Contact:
    fields, kind = one["fields"], one["kind"]
    service = names.get(one["owner"]) or in_words(one["owner"])
    if kind == "life_event":
        at, what = fields["happened_on"], in_words(fields["event"])
    elif kind == "offer_reopened":
        at, what = one["recorded_at"], "A manager decided to ask once more"
    else:
        at = fields["when"]
        words = dict(OUTCOMES).get(fields["outcome"]) or in_words(fields["outcome"])
        what = f"{dict(HOW).get(fields['how'], in_words(fields['how']))}: {words[0].lower()}{words[1:]}"
    return Contact(
        at=at,
        what=what,
        with_whom=fields.get("with_whom"),
        explained=fields.get("what_was_explained"),
        note=fields.get("note") or fields.get("reason"),
        service=service,
    )


@dataclass(frozen=True, slots=True)
class Referral:
    id: str
    case: str | None
    agency: str
    service: str | None
    by: str
    reason: str | None
    answer_by: str | None
    state: str
    waits: bool
    answer: str | None
    note: str | None
    may_take_back: bool


_STATES = {
    "waiting": "Waiting for an answer",
    "no_reply": "No reply yet: this is not a no",
    "accepted": "They will help",
    "refused": "They will not help",
    "withdrawn": "Taken back",
}


def referrals_of(
    entries: Sequence[Json], names: Mapping[str, str], may: Sequence[str], agency: str | None
) -> list[Referral]:
    """The referrals of a case, with what was answered to each, the newest first."""
    # Whoever may not learn where the family is gets entries without a field: there is nothing to list.
    told = [one for one in entries if one["fields"]]
    answers = {one["fields"]["referral"]: one for one in told if one["kind"] == "referral_answer"}
    asked = [one for one in told if one["kind"] == "referral"]
    return [_referral(one, answers.get(one["id"]), names, None, may, agency) for one in reversed(asked)]


def asked_of_us(answer: Json, names: Mapping[str, str]) -> list[Referral]:
    """The lines of ``GET /v1/referrals``: what the reader's service is asked."""
    return [_referral(line["referral"], None, names, line["case"], (), None) for line in answer["referrals"]]


def _referral(
    one: Json,
    answered: Json | None,
    names: Mapping[str, str],
    case: str | None,
    may: Sequence[str],
    agency: str | None,
) -> Referral:
    fields = one["fields"]
    said = answered["fields"] if answered else {}
    waits = fields["state"] in ("waiting", "no_reply")
    asked = fields.get("agency")
    return Referral(
        id=one["id"],
        case=case,
        agency=(names.get(asked) or in_words(asked)) if asked else "A service",
        service=fields.get("service"),
        by=names.get(one["owner"]) or in_words(one["owner"]),
        reason=fields.get("reason"),
        answer_by=fields.get("answer_by"),
        state=_STATES.get(fields["state"]) or in_words(fields["state"]),
        waits=waits,
        answer=said.get("reason"),
        note=said.get("note"),
        may_take_back=waits and one["owner"] == agency and "etag" in one and Deed.CONTRIBUTE in may,
    )
