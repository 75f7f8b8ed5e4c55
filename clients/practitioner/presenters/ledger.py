"""Who looked, who can see, and why: what an information officer's pages show of the ledger: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.presenters.partnership import LEVELS
from clients.practitioner.presenters.rules import RELATIONSHIPS
from clients.practitioner.words import CATEGORIES, in_words

Json = Mapping[str, Any]
ACTIONS: Mapping[str, str] = {
    "read": "Looked",
    "list": "Saw a list",
    "search": "Searched",
    "export": "Took a copy",
    "print": "Printed",
    "event": "Was told of a change",
    "contribute": "Wrote",
    "refuse": "Was refused",
}
DOINGS: Mapping[str, str] = {
    "explain": "Asked why somebody sees what they see",
    "who_can_see": "Asked who can see what",
    "family_who_can_see": "Read on the family’s page who can see what",
    "what_if": "Tried what would be otherwise",
    "read_disclosures": "Looked up who looked",
    "read_office": "Read what waits for them",
    "read_alerts": "Read what happened lately",
    "read_bars": "Read the bars",
    "read_policy": "Read the rules",
    "read_checkpoint": "Took a checkpoint",
    "verify_ledger": "Checked that nothing was changed",
    "administer_agreements": "Saw to the rules and agreements",
    "draft_policy": "Changed a draft of the rules",
    "simulate_policy": "Tried a draft of the rules on all cases",
    "approve_policy": "Approved a draft of the rules",
    "publish_policy": "Published rules",
    "discard_draft": "Threw away a draft of the rules",
    "read_worklist": "Read a list of work",
    "read_gaps": "Looked for gaps in teams",
    "read_reports": "Read figures",
    "read_referrals": "Read what is asked of services",
    "read_concerns": "Read concerns",
    "read_signals": "Read signals",
    "read_streams": "Read who pays",
    "see_as_agency": "Looked as another service would",
}
"""What was done where the kind of look alone would not say it."""
BECAUSE: Mapping[str, str] = {
    "OWN": "their own agency’s",
    "PERMISSION": "the family’s permission",
    "AGREEMENT": "the rules or an agreement",
    "STATUTORY": "opened because of the law",
    "BREAK_GLASS": "opened because of danger",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """``cases`` are the numbers of the cases that it is about."""

    id: str
    at: str
    who: str
    did: str
    purpose: str
    reason: str | None
    cases: Sequence[str]
    what: Sequence[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What of one agency is seen at one level, on which grounds, until when."""

    what: str
    level: str
    because: str
    until: str | None


@dataclass(frozen=True, slots=True)
class Onlooker:
    who: str
    stands: str
    last_seen: str | None
    sees: Sequence[Seen]


@dataclass(frozen=True, slots=True)
class Compared:
    """What somebody would see otherwise than now."""

    who: str
    stands: str
    changes: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Explained:
    at: str
    who: str
    agency: str
    did: str
    purpose: str
    reason: str | None
    policy: int
    may_hold: bool
    lines: Sequence[tuple[str, Seen]]


def receipts_of(lines: Sequence[Json], names: Mapping[str, str]) -> list[Receipt]:
    """Receipts as an officer is told of them, in their order: the newest first."""
    return [_receipt(line, names) for line in lines]


def _receipt(line: Json, names: Mapping[str, str]) -> Receipt:
    cells = [cell for case in line["cases"] for cell in case["cells"]]
    categories = dict.fromkeys(one for cell in cells for one in cell.get("categories") or ())
    return Receipt(
        id=line["id"],
        at=line["at"],
        who=_who(line, names),
        did=_did(line),
        purpose=in_words(line["purpose"]),
        reason=line["reason"],
        cases=[case["case"] for case in line["cases"] if case["case"]],
        what=[CATEGORIES.get(one, in_words(one)) for one in categories],
    )


def _who(line: Json, names: Mapping[str, str]) -> str:
    agency = names.get(line["agency"]) or in_words(line["agency"])
    behalf = f", for {line['on_behalf_of']}" if line["on_behalf_of"] else ""
    return f"{line['user_name']}, {in_words(line['role']).lower()}, {agency}{behalf}"


def _did(line: Json) -> str:
    deed, action = line["deed"], ACTIONS.get(line["action"], in_words(line["action"]))
    if deed in DOINGS:
        return f"{action}: {_inside(DOINGS[deed])}" if line["action"] == "refuse" else DOINGS[deed]
    return f"{action}: {in_words(deed).lower()}" if deed else action


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def explained_of(answer: Json, names: Mapping[str, str]) -> Explained:
    """The receipt of ``POST /v1/explanations``: what was decided then."""
    told = answer["explained"]
    seen = ((case["case"] or "", _seen(cell, names)) for case in told["cases"] for cell in case["cells"])
    return Explained(
        at=told["at"],
        who=_who(told, names),
        agency=told["agency"],
        did=_did(told),
        purpose=in_words(told["purpose"]),
        reason=told["reason"],
        policy=told["policy_version"],
        may_hold="hold" in told["may"],
        lines=list(dict.fromkeys(seen)),
    )


def _seen(cell: Json, names: Mapping[str, str]) -> Seen:
    bases = dict.fromkeys(BECAUSE.get(one["basis"], in_words(one["basis"])) for one in cell["bases"])
    because = ", ".join(bases)
    return Seen(
        _what(cell, names), LEVELS[cell["level"]], because[:1].upper() + because[1:], cell.get("until")
    )


def _what(cell: Json, names: Mapping[str, str]) -> str:
    owner = names.get(cell["owner"]) or in_words(cell["owner"])
    categories = cell.get("categories") or ()
    listed = ", ".join(CATEGORIES.get(one, in_words(one)) for one in categories)
    return f"{listed} ({owner})" if listed else owner


def holds_of(answer: Json) -> list[Json]:
    """The lines of ``GET /v1/ledger/holds``, by the names of those who proposed and confirmed them."""
    return [hold_of(line) for line in answer["holds"]]


def hold_of(line: Json) -> Json:
    """One of them; whose name was not kept stands there as they sign in."""
    return {**line, **{by: line[f"{by}_name"] or line[by] for by in ("proposed_by", "confirmed_by")}}


def onlookers_of(answer: Json, names: Mapping[str, str]) -> list[Onlooker]:
    """Everybody of ``GET …/who-can-see``, with what they see; what they do not see is left out."""
    return [
        Onlooker(
            who=sitting_of(one, names),
            stands=stands_of(one),
            last_seen=one["last_seen"],
            sees=list(dict.fromkeys(_seen(cell, names) for cell in one["cells"] if cell["level"] != "none")),
        )
        for one in answer["people"]
    ]


def sitting_of(one: Json, names: Mapping[str, str]) -> str:
    agency = names.get(one["agency"]) or in_words(one["agency"])
    return f"{one['name'] or 'Anybody'}, {agency}"


def stands_of(one: Json) -> str:
    relationship = RELATIONSHIPS.get(one["relationship"], in_words(one["relationship"]))
    return f"{in_words(one['role'])}, {relationship}, for {in_words(one['purpose']).lower()}"


def compared_of(answer: Json, names: Mapping[str, str]) -> list[Compared]:
    """Everybody of ``POST /v1/what-if`` for whom something would be otherwise."""
    found = [
        Compared(
            sitting_of(one, names),
            stands_of(one),
            [
                (_what(cell, names), LEVELS[cell["before"]], LEVELS[cell["after"]])
                for cell in one["cells"]
                if cell["before"] != cell["after"]
            ],
        )
        for one in answer["people"]
    ]
    return [one for one in found if one.changes]
