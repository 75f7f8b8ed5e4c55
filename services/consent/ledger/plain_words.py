"""What a person reads about who looked at information about them, in plain words (design 3.4). Pure.

Categories are grouped into six bundles; what is sensitive is named singly (design 3.1).
"""

from collections.abc import Iterable, Mapping

from shared import everyday
from shared.everyday import Bundle
from shared.vocabulary import SENSITIVE, Basis, Category, LedgerAction, Purpose, Relationship, Role

BUNDLES: Mapping[str, tuple[Category, ...]] = {
    "who you are and how to reach you": everyday.BUNDLES[Bundle.WHO],
    "who helps you and what was agreed": everyday.BUNDLES[Bundle.HELP],
    "what you said yourself": everyday.BUNDLES[Bundle.VOICE],
    "everyday life": everyday.BUNDLES[Bundle.EVERYDAY],
    "health": everyday.BUNDLES[Bundle.HEALTH],
    "home, money and work": everyday.BUNDLES[Bundle.HOME],
}
_SINGLY: Mapping[Category, str] = {
    **{category: category.value.replace("_", " ") for category in SENSITIVE},
    Category.STAFF_SAFETY: "how visits are kept safe",
}
_BUNDLE_OF: Mapping[str, str] = {
    **{category.value: words for words, categories in BUNDLES.items() for category in categories},
    **{category.value: words for category, words in _SINGLY.items()},
}
_ORDER = {
    words: place for place, words in enumerate((*BUNDLES, *(_SINGLY[c] for c in Category if c in _SINGLY)))
}

_BASES: Mapping[str, str] = {
    Basis.OWN: "it is their own record",
    Basis.PERMISSION: "permission was given",
    Basis.AGREEMENT: "the services agreed to share this, for a task that the law gives them",
    Basis.STATUTORY: "the law allowed it without asking",
    Basis.BREAK_GLASS: "it was an emergency",
}
_PURPOSES: Mapping[str, str] = {
    Purpose.SUPPORT: "to help",
    Purpose.SAFEGUARDING: "to keep somebody safe",
    Purpose.PANEL: "to decide together what help there is",
    Purpose.OVERSIGHT: "to check how information is used",
    Purpose.SUBJECT_ACCESS: "to answer a request for records",
    Purpose.PLANNING: "to plan services",
    Purpose.ENFORCEMENT: "to enforce the law",
}
_DID: Mapping[str, str] = {
    LedgerAction.READ: "looked at",
    LedgerAction.LIST: "saw in a list",
    LedgerAction.SEARCH: "saw in a search",
    LedgerAction.EXPORT: "took a copy of",
    LedgerAction.PRINT: "printed",
    LedgerAction.EVENT: "was sent",
}
_ROLES: Mapping[str, str] = {
    Role.PRACTITIONER: "a practitioner",
    Role.SAFEGUARDING_LEAD: "a safeguarding lead",
    Role.TEAM_MANAGER: "a manager",
    Role.COORDINATOR: "a co-ordinator",
    Role.PANEL_MEMBER: "a member of a panel",
    Role.VOLUNTEER: "a volunteer",
    Role.REFERRER: "somebody who asked for help for you",
    Role.INFORMATION_OFFICER: "an information officer",
    Role.RECORDS_OFFICER: "a records officer",
    Role.SCRUTINEER: "a scrutineer",
    Role.AGENCY_SYSTEM: "a computer system",
    Role.FAMILY_MEMBER: "a member of the family",
}
_TEAM: Mapping[str, str] = {
    Relationship.CONSIDERING: "asked whether they can help",
    Relationship.MEMBER: "on the team",
    Relationship.SUPERVISOR: "manages somebody on the team",
    Relationship.LEAD: "the lead professional",
}


def bundles_of(categories: Iterable[str]) -> list[str]:
    """The bundles of these categories, in their fixed order; an unknown category is in none."""
    found = {_BUNDLE_OF[category] for category in categories if category in _BUNDLE_OF}
    return sorted(found, key=_ORDER.__getitem__)


def because(bases: Iterable[str]) -> list[str]:
    """Why it was lawful, from the bases of a receipt (``PERMISSION:<id>``), in the vocabulary's order."""
    named = {basis.partition(":")[0] for basis in bases}
    return [_BASES[basis] for basis in Basis if basis in named]


def team_words(relationships: Iterable[str]) -> str:
    """What somebody is to the team around the person, where they are anything to it."""
    named = set(relationships)
    held = [words for word, words in _TEAM.items() if word in named]
    return held[-1] if held else "not on the team"


def sentence(agency: str, role: str, team: str, action: str, purpose: str, reason: str | None,
             what: Iterable[str], why: Iterable[str]) -> str:  # fmt: skip
    """A whole receipt as one would say it; ``team``, ``what`` and ``why`` come from the functions above. Of
    the family's own looks, which are told to them alone, nothing is explained."""
    if role == Role.FAMILY_MEMBER:
        return f"You, or somebody in your family, {_DID.get(action, 'saw')}: {_listed(what)}."
    who = f"{agency} ({_ROLES.get(role, 'somebody')}, {team})"
    said = f"{who} {_DID.get(action, 'saw')}: {_listed(what)}. Why: {_PURPOSES.get(purpose, 'not said')}."
    if reason:
        said += f" They wrote: “{reason}”."
    return f"{said} This was allowed because {_listed(why) or 'of a rule that is not named here'}."


def _listed(words: Iterable[str]) -> str:
    return "; ".join(words)
