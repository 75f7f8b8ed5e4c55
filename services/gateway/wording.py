"""Decisions in plain sentences (design 3.2, "Three audiences"). Pure.

Every word of the decision that an information officer or a requester is told has a sentence here; a test
holds the tables to the vocabularies.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared import everyday
from shared.disclosure import AgencyCard
from shared.everyday import Bundle
from shared.vocabulary import Basis, Blocker, Category, Level, Purpose

BUNDLES: Mapping[str, tuple[Category, ...]] = {
    "who somebody is and how to reach them": everyday.BUNDLES[Bundle.WHO],
    "who helps and what was agreed": everyday.BUNDLES[Bundle.HELP],
    "what they said themselves": everyday.BUNDLES[Bundle.VOICE],
    "everyday life": everyday.BUNDLES[Bundle.EVERYDAY],
    "health": everyday.BUNDLES[Bundle.HEALTH],
    "home, money and work": everyday.BUNDLES[Bundle.HOME],
}
"""How the bundles read to somebody who works with the family."""

LEVELS = {
    Level.NONE: "nothing",
    Level.EXISTENCE: "only that there is something",
    Level.SUMMARY: "a summary",
    Level.FULL: "all of it",
}

GROUNDS = {
    Basis.OWN: "your agency recorded it or owes it",
    Basis.PERMISSION: "permission was given to share it with your agency",
    Basis.AGREEMENT: "the agencies agreed to share it",
    Basis.STATUTORY: "a statutory duty to share it was recorded",
    Basis.BREAK_GLASS: "you opened this case because somebody might come to harm",
}

BASES = {
    Basis.OWN: "it is the agency's own record",
    Basis.PERMISSION: "permission was given",
    Basis.AGREEMENT: "the agencies agreed to it",
    Basis.STATUTORY: "a statutory override is in force",
    Basis.BREAK_GLASS: "the glass was broken",
}

BLOCKERS = {
    Blocker.BARRED: "a bar stops it, whatever else holds",
    Blocker.SUSPENDED: "the user's access is suspended",
    Blocker.UNKNOWN: "the agency, the role, a person or a category is not known here",
    Blocker.HELD: "the entry stays with its owner for now: a draft, or a question about it is open",
    Blocker.EXCLUDED: "the family asked that this agency or user is not told",
    Blocker.NOT_TAKING_PART: "the person no longer takes part",
    Blocker.NO_BASIS: "nobody said or agreed anything that goes further",
    Blocker.NO_RELATIONSHIP: "the user has no place on the team",
    Blocker.WITHDRAWN: "the permission was taken back",
    Blocker.EXPIRED: "what opened it has run out",
    Blocker.PURPOSE: "it is not shown for this purpose",
    Blocker.ROLE_CEILING: "this role is shown no more, by policy",
    Blocker.AGREEMENT_CAP: "the agreement lets permission reach no further",
    Blocker.NO_RELEASE: "the owner has not released it",
    Blocker.CONFLICT: "those who may answer for the person disagree; it waits until that is decided",
    Blocker.REFUSED: "whoever may answer for the person said no",
}

DECISIVE = {
    "permission": "an answer of the family",
    "exclusion": "an exclusion",
    "override": "an override",
    "bar": "a bar",
    "release": "a release by the owner",
    "agreement": "an agreement between the agencies",
    "suspension": "the suspension of the user",
    "taking_part": "that the family takes part",
    "taking_part_ended": "that the person no longer takes part",
    "before_taking_part": "that nobody has said yes to taking part yet",
}

CHANGES = {
    "permission": "whoever answers for the person says yes, and nobody who may says no",
    "own_permission": "the person says yes, deciding for themselves, and nobody who may says no",
    "release": "the owner releases it",
    "both_keys": "the owner releases it and the person, or whoever answers for them, says yes",
    "exclusion_lifted": "the exclusion is lifted",
    "bar_lifted": "the bar is lifted, which takes two people",
    "suspension_ended": "the suspension ends",
    "question_answered": "the question whether it mentions sensitive matters is answered",
    "taking_part": "the family says that it takes part",
    "joining_the_team": "the user joins the team",
    "other_role": "the user acts in the role {}",
    "other_purpose": "it is asked for the purpose {}, with a reason",
}

BREAK_GLASS = (
    "Only if someone may come to harm before you can ask: say why; you get 60 minutes, your name and reason "
    "are recorded, and someone else will check."
)
ASK_THE_FAMILY = (
    "Ask the person, or whoever answers for them: they can say yes to any part, refuse any part, or change "
    "their mind, and still get help."
)


NOT_BY_NAME = (
    "These are the people on the team. Others may see something too and are not listed by name: managers and "
    "safeguarding leads of agencies that work on the case, members of the family with an account, whoever "
    "was asked to look at it, and agencies that an override names. Whoever has looked stands in the ledger."
)
OWED_OFF_THE_TEAM = (
    "The service that owes this has nobody on the team. It reads this action and nothing else of the case: "
    "its managers and co-ordinators stand here by their role, and whoever of it is named to do it may read "
    "it too."
)
AS_FAR_AS_TOLD = (
    "This is as far as you may be told: of enquiries and of orders that keep somebody out you may not be, so "
    "somebody may see more than stands here, or less. Tell nobody what they have not read here themselves."
)
IN_THE_ROOM = (
    "This is as far as you may be told: of orders, of enquiries and of what a family asked you may not be, "
    "so somebody may have to go out for what stands here as yes. Ask everybody to open their own papers "
    "first: what is not there is not for them."
)
LABELLED_AS_NOW = (
    "Entries are taken by the categories that they have today. If one was corrected since, it may have been "
    "shown otherwise then: what left stands on the receipts of that day."
)


def plainly(words: Iterable[str]) -> str:
    """Words of the vocabulary as a list in a sentence."""
    said = [word.replace("_", " ") for word in words]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def bundles_of(categories: Iterable[str]) -> list[str]:
    """The bundles that these categories stand in, and sensitive ones by themselves, in fixed order."""
    asked = set(categories)
    together = [name for name, held in BUNDLES.items() if asked.intersection(held)]
    bundled = {category for held in BUNDLES.values() for category in held}
    return together + [
        category.value.replace("_", " ")
        for category in Category
        if category in asked and category not in bundled
    ]


def name_of(agency: str, agencies: Mapping[str, AgencyCard]) -> str:
    card = agencies.get(agency)
    return card.name if card else agency


def what_is_seen(owner: str, categories: Sequence[str], level: Level, grounds: Sequence[str]) -> str:
    """One thing that a requester sees, and why; without grounds for the family, who are told none."""
    why = [GROUNDS[Basis(ground)] for ground in grounds]
    because = f", because {' and '.join(why)}" if why else ""
    return f"Of {plainly(categories)} from {owner} you see {LEVELS[level]}{because}."


def ways_to_ask(
    lead: Mapping[str, Any] | None,
    holders: Iterable[Mapping[str, Any]],
    other_purposes: Iterable[str],
    *,
    case: str,
    may_break_glass: bool,
    is_family: bool,
) -> list[dict[str, Any]]:
    """What can be asked for, and how: the same whatever the family chose."""
    ways = [{"how": "ask_the_lead", "sentence": _ask_the_lead(lead), "agency": None, "path": None}]
    if is_family:
        return ways
    for holder in holders:
        sentence = f"Ask {holder['name']} for more with a sharing request; they and the family answer it."
        path = f"/v1/cases/{case}/sharing-requests"
        ways.append(
            {"how": "sharing_request", "sentence": sentence, "agency": holder["agency"], "path": path}
        )
    ways.append({"how": "ask_the_family", "sentence": ASK_THE_FAMILY, "agency": None, "path": None})
    for purpose in other_purposes:
        sentence = (
            f"If you need it for {Purpose(purpose).value.replace('_', ' ')}, ask again for that purpose and "
            "say why; the reason is recorded."
        )
        ways.append({"how": "other_purpose", "sentence": sentence, "agency": None, "path": None})
    if may_break_glass:
        ways.append({"how": "break_glass", "sentence": BREAK_GLASS, "agency": None, "path": None})
    return ways


def _ask_the_lead(lead: Mapping[str, Any] | None) -> str:
    if lead is None:
        return "Nobody leads this case now; ask the members of its team, who are listed with it."
    reach = f" on {lead['telephone']}" if lead["telephone"] else ""
    return f"Ask the lead professional, {lead['name']}{reach}."


def why(person: str, owner: str, cell: Mapping[str, Any]) -> list[str]:
    """One cell of an officer's explanation, in sentences."""
    level = Level.from_word(cell["level"])
    about = f"Of {plainly(cell['categories'])} from {owner}" if cell.get("categories") else f"From {owner}"
    said = [f"{about} {person} is shown {LEVELS[level]}."]
    bases = list(dict.fromkeys(basis["basis"] for basis in cell.get("because", ())))
    if bases:
        said.append(f"It rests on this: {'; '.join(BASES[Basis(basis)] for basis in bases)}.")
    if cell.get("blockers"):
        kept = "; ".join(BLOCKERS[Blocker(blocker)] for blocker in cell["blockers"])
        said.append(f"No more is shown because {kept}.")
    for fact in cell.get("decisive", ()):
        otherwise = LEVELS[Level.from_word(fact["level_without"])]
        said.append(f"It hangs on {DECISIVE[fact['fact']]}: without it {otherwise} would be shown.")
    for change in cell.get("would_change", ()):
        said.append(f"{_change(change)}, {LEVELS[Level.from_word(change['level'])]} would be shown.")
    return said


def _change(change: Mapping[str, Any]) -> str:
    return f"If {CHANGES[change['change']].format(plainly(change['detail'] or ['']))}"


def described(row: Mapping[str, Any], agencies: Mapping[str, AgencyCard]) -> str:
    """Somebody on the roster, or anybody of a role."""
    name = row["name"] or row["user"]
    agency, role = name_of(row["agency"], agencies), str(row["role"]).replace("_", " ")
    return f"{name} ({role}, {agency})" if name else f"anybody in the role {role} at {agency}"
