"""What a family is asked, and what they answered: from what was typed to the API's words and back. Pure."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import orjson

from clients.practitioner.forms import date_of, filled
from clients.practitioner.visit import Form
from clients.practitioner.words import CATEGORIES, listed
from shared.everyday import BUNDLES, Bundle
from shared.vocabulary import SENSITIVE, Capacity, Category

Json = Mapping[str, Any]
WORDING = "2026-1"
"""The version of the sentence that is read out."""

BUNDLE_WORDS: Mapping[Bundle, str] = {
    Bundle.WHO: "Who you are and how to reach you",
    Bundle.HELP: "Who helps you, and the plan",
    Bundle.VOICE: "What you said yourself",
    Bundle.EVERYDAY: "Everyday life",
    Bundle.HEALTH: "Health",
    Bundle.HOME: "Home, money and work",
}
SINGLY: tuple[Category, ...] = tuple(category for category in Category if category in SENSITIVE)
"""What is asked about by itself, in the order of the vocabulary."""

CAPACITIES: Sequence[tuple[str, str]] = (
    (Capacity.PARENT, "Parent"),
    (Capacity.CARER_WITH_PARENTAL_RESPONSIBILITY, "Carer with parental responsibility"),
    (Capacity.YOUNG_PERSON, "The young person, for themselves"),
    (Capacity.ADULT, "The adult, for themselves"),
    (Capacity.LOCAL_AUTHORITY_WITH_PARENTAL_RESPONSIBILITY, "The council, with parental responsibility"),
    (Capacity.ATTORNEY, "Under a power of attorney"),
    (Capacity.DEPUTY, "As deputy of the court"),
    (Capacity.BEST_INTERESTS, "A best-interests decision, because they cannot decide this"),
)
BY_THEMSELVES = frozenset(
    {
        Capacity.PARENT, Capacity.CARER_WITH_PARENTAL_RESPONSIBILITY, Capacity.YOUNG_PERSON, Capacity.ADULT,
    }
)  # fmt: skip
"""Capacities that take no document and no decision for somebody."""
EVIDENCE: Sequence[tuple[str, str]] = (
    ("verbal", "They said it"),
    ("written", "They signed it"),
    ("electronic", "They answered in a message or on a screen"),
)
PURPOSES: Mapping[str, str] = {"support": "to help", "panel": "to decide together what help there is"}
LEVELS: Mapping[str, str] = {"full": "All of it", "summary": "A short summary only"}

WHO_FIELDS = (
    "subject", "giver", "capacity", "judged_by", "competent_because", "under", "assessed_by",
    "incapacity_reference", "incapacity_asked", "decision_maker",
    "assessment_reference", "asked_first", "wishes", "consulted_who", "consulted_view", "reasons",
)  # fmt: skip
HOW_FIELDS = ("understood", "evidence", "reference", "evidence_note")
WHAT_FIELDS = (
    *(f"bundle-{bundle}" for bundle in Bundle),
    *(f"part-{bundle}" for bundle in Bundle),
    *(f"single-{category}" for category in SINGLY),
)
WHOM_FIELDS = (
    "recipients", "level", "purposes", "valid_until-day", "valid_until-month", "valid_until-year",
)  # fmt: skip

MAY = "may"
"""The field of a draft in which the API's word stands of what the giver may answer for."""

DRAFT = "/cases/{case}/permissions/new"
"""Where the pages begin, under which what is said on them is kept together."""
KEY = "key"
"""The field of a draft in which its own key stands, from when it is begun until it is thrown away."""
_RECORDED, _RECORDED_AS = "recorded", "recorded_as"
"""Those that say as what it was recorded last, and what it said then."""

_FORMS_NAME = {
    "competence.judged_by": "judged_by",
    "competence.reasons": "competent_because",
    "incapacity.assessed_by": "assessed_by",
    "incapacity.assessment_reference": "incapacity_reference",
    "incapacity.asked_first": "incapacity_asked",
    "incapacity": "assessed_by",
    "evidence.form": "evidence",
    "evidence.reference": "reference",
    "evidence.note": "evidence_note",
    "statement.reasons_explained_and_understood": "understood",
    "statement.agrees": "agrees",
    "best_interests.consulted.0.who": "consulted_who",
    "best_interests.consulted.0.view": "consulted_view",
    "privacy_notice.language": "language",
    "privacy_notice.given_to": "given_to",
}


@dataclass(frozen=True, slots=True)
class Things:
    """What was answered yes and no; of what stands in neither nothing was said."""

    yes: tuple[Category, ...]
    no: tuple[Category, ...]


def things_of(draft: Form) -> Things:
    """The categories of a draft by the answer to them, in the order of the vocabulary; where it says what the
    giver may answer for (``MAY``), of these."""
    yes: set[Category] = set()
    no: set[Category] = set()
    asked = {one for one in Category if one in draft.all(MAY)} if MAY in draft.names() else set(Category)
    for bundle, all_of_it in BUNDLES.items():
        held = [category for category in all_of_it if category in asked]
        said = draft[f"bundle-{bundle}"]
        part = {Category(value) for value in draft.all(f"part-{bundle}") if value in held}
        yes |= set(held) if said == "yes" else part if said == "part" else set()
        no |= set(held) if said == "no" else set(held) - part if said == "part" else set()
    for category in SINGLY:
        said = draft[f"single-{category}"]
        yes |= {category} if said == "yes" else set()
        no |= {category} if said == "no" else set()
    return Things(
        tuple(category for category in Category if category in yes & asked),
        tuple(category for category in Category if category in no & asked),
    )


def conversation_of(draft: Form) -> dict[str, Any]:
    """The draft as one conversation of the API: everyday things together, what is sensitive by itself."""
    things = things_of(draft)
    return {
        "answers": [
            _share(draft, categories, agrees=agrees)
            for said, agrees in ((things.yes, True), (things.no, False))
            for categories in _asked_together(said)
        ]
    }


def _asked_together(categories: Sequence[Category]) -> list[list[str]]:
    everyday = [category.value for category in categories if category not in SENSITIVE]
    return ([everyday] if everyday else []) + [[c.value] for c in categories if c in SENSITIVE]


def _share(draft: Form, categories: Sequence[str], *, agrees: bool) -> dict[str, Any]:
    until = date_of(draft, "valid_until")
    return {
        "kind": "share",
        **word_of(draft, agrees=agrees),
        "recipients": sorted(set(draft.all("recipients"))),
        "categories": categories,
        "level": draft["level"] or "full",
        "purposes": draft.all("purposes") or ["support"],
        **({"valid_until": f"{until}T00:00:00Z"} if agrees and until else {}),
    }


def supposed_of(draft: Form) -> list[dict[str, Any]]:
    """What a draft would open, as the API is asked what another service would see with it; empty while it
    opens nothing."""
    yes, services = things_of(draft).yes, sorted(set(draft.all("recipients")))
    if not (draft["subject"] and yes and services):
        return []
    return [
        {
            "kind": "add_permission",
            "subject": draft["subject"],
            "agencies": services,
            "categories": [category.value for category in yes],
            "level": draft["level"] or "full",
            "purposes": draft.all("purposes") or ["support"],
        }
    ]


def reading_of(draft: Form) -> str:
    """A digest of what would be recorded: what was read back under it is this, and nothing else."""
    said = orjson.dumps(conversation_of(draft), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(said).hexdigest()


def once_of(draft: Form) -> str:
    """The key under which a draft that was begun is recorded once, from however many windows, and however
    often somebody goes back; the same answers in another draft have another."""
    return str(uuid5(UUID(draft[KEY]), reading_of(draft)))


def noted(draft: Form, consent: str) -> Form:
    """The draft, knowing as what it was recorded last."""
    marks = Form(((_RECORDED, consent), (_RECORDED_AS, reading_of(draft))))
    return draft.merged(marks, (_RECORDED, _RECORDED_AS))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a draft was recorded as last, and whether it says that still."""

    consent: str
    is_this: bool


def recorded_of(draft: Form) -> Recorded | None:
    """None before it is recorded."""
    consent = draft[_RECORDED]
    return Recorded(consent, draft[_RECORDED_AS] == reading_of(draft)) if consent else None


def is_unsent(draft: Form) -> bool:
    """Whether something was answered that is not recorded."""
    recorded = recorded_of(draft)
    if recorded is not None:
        return not recorded.is_this
    return bool(draft.names() - {KEY})


def word_of(form: Form, *, agrees: bool) -> dict[str, Any]:
    """Who says it, about whom, in what capacity, and how: what every answer of a family has."""
    evidence = filled(form=form["evidence"], reference=form["reference"], note=form["evidence_note"])
    return {
        **who_answers(form),
        "answer": "given" if agrees else "refused",
        "statement": {
            "reasons_explained_and_understood": form["understood"] == "yes",
            "agrees": agrees,
        },
        "evidence": evidence,
        "wording_version": WORDING,
    }


def who_answers(form: Form) -> dict[str, Any]:
    """Who answers, about whom, and by what right. The council answers by an authority that it holds, which
    stands for it."""
    capacity = form["capacity"]
    young, in_stead = capacity == Capacity.YOUNG_PERSON, capacity in (Capacity.ATTORNEY, Capacity.DEPUTY)
    decided_for, council = capacity == Capacity.BEST_INTERESTS, capacity == COUNCIL
    competence = filled(judged_by=form["judged_by"], reasons=form["competent_because"])
    found = filled(
        assessed_by=form["assessed_by"],
        assessment_reference=form["incapacity_reference"],
        asked_first=form["incapacity_asked"],
    )
    giver = form["subject"] if decided_for else form["under"] if council else form["giver"]
    return {
        **filled(subject=form["subject"], giver=giver, capacity=capacity),
        **({"competence": competence} if young and competence else {}),
        **(filled(under=form["under"]) if capacity in _BY_AUTHORITY else {}),
        **({"incapacity": found} if in_stead and found else {}),
        **({"best_interests": _best_interests(form)} if decided_for else {}),
    }


COUNCIL = Capacity.LOCAL_AUTHORITY_WITH_PARENTAL_RESPONSIBILITY
_BY_AUTHORITY = frozenset(
    {
        Capacity.ATTORNEY, Capacity.DEPUTY, COUNCIL, Capacity.PARENT,
        Capacity.CARER_WITH_PARENTAL_RESPONSIBILITY,
    }
)  # fmt: skip
"""Capacities in which an authority may be named; a parent names an order of a court."""


@dataclass(frozen=True, slots=True)
class NotAsked:
    """What somebody is not asked about, and why not."""

    what: str
    reason: str


def not_asked_of(told: Json) -> list[NotAsked]:
    """What somebody may not answer for, from ``POST …/consents/check``, in everyday words."""
    return [
        NotAsked(
            listed(in_everyday_words([one for one in Category if one in row["categories"]])),
            _in_words(row["reason"], row["categories"]),
        )
        for row in told["may_not"]
    ]


def _in_words(reason: str, categories: Sequence[str]) -> str:
    """The reason with the names of what it is about as people say them."""
    for category in sorted(categories, key=len, reverse=True):
        reason = re.sub(rf"\b{re.escape(category)}\b", CATEGORIES[category].lower(), reason)
    return reason


def authorities_of(
    listed: Sequence[Json], people: Mapping[str, str], names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """The authorities by which somebody may answer, by id: whose, by which document, over whom."""
    unnamed = "Somebody whose name is not shown"
    return [
        (
            one["id"],
            f"{people.get(one['holder']) or names.get(one['holder_agency']) or unnamed}, for "
            f"{people.get(one['subject'], unnamed.lower())}: {one['document']}",
        )
        for one in listed
        if one["effect"] == "gives" and one["ended_at"] is None
    ]


def _best_interests(form: Form) -> dict[str, Any]:
    told = {name: form[name] for name in ("decision_maker", "assessment_reference", "asked_first", "wishes")}
    consulted = filled(who=form["consulted_who"], view=form["consulted_view"])
    return filled(**told, reasons=form["reasons"]) | {"consulted": [consulted] if consulted else []}


def field_of(api_field: str) -> str:
    """The name on the form of a field that the API names, whichever answer it stands in."""
    parts = api_field.split(".")
    if len(parts) > 2 and parts[0] == "answers":
        parts = parts[2:]
    name = ".".join(parts)
    return (
        _FORMS_NAME.get(name) or _FORMS_NAME.get(parts[0]) or parts[-1 if parts[0] == "best_interests" else 0]
    )


def question_of(draft: Form, name: str, services: Sequence[str], until: str) -> str:
    """The sentence that is read out with the family (design 1), with what they answered filled in."""
    things = in_everyday_words(things_of(draft).yes)
    purposes = [PURPOSES[purpose] for purpose in draft.all("purposes") or ["support"] if purpose in PURPOSES]
    return (
        f"May we share {listed(things) or 'nothing'} about {name} with {listed(services)} until {until} "
        f"{listed(purposes)}? You can refuse any part or change your mind and still get help; if someone is "
        "in danger or the law requires it we may share without asking, and will tell you unless that is "
        "unsafe."
    )


def in_everyday_words(categories: Sequence[Category]) -> list[str]:
    """What a family would call these: whole bundles by name, parts of one by what they are."""
    asked = set(categories)
    words: list[str] = []
    for bundle, held in BUNDLES.items():
        if asked.issuperset(held):
            words.append(BUNDLE_WORDS[bundle].lower())
        else:
            words.extend(CATEGORIES[category].lower() for category in held if category in asked)
    bundled = {category for held in BUNDLES.values() for category in held}
    return words + [CATEGORIES[category].lower() for category in categories if category not in bundled]


def missing_from_who(form: Form) -> dict[str, str]:
    """What a first page leaves open that every answer needs."""
    needed = {
        "subject": "Say who it is about.",
        "capacity": "Say in what capacity they answer.",
        "understood": "Say whether it was explained and understood.",
        "evidence": "Say how they answered.",
    }
    if form["capacity"] == COUNCIL:
        needed["under"] = "Choose the authority by which the council answers."
    elif form["capacity"] != Capacity.BEST_INTERESTS:
        needed["giver"] = "Say who answers."
    return {name: message for name, message in needed.items() if not form[name]}


def missing_from_what(form: Form) -> dict[str, str]:
    things = things_of(form)
    if things.yes or things.no:
        return {}
    return {f"bundle-{Bundle.WHO}": "Ask about at least one thing, and say what they answered."}


def missing_from_whom(form: Form, draft: Form) -> dict[str, str]:
    found = {} if form.all("recipients") else {"recipients": "Choose at least one service."}
    if things_of(draft).yes and date_of(form, "valid_until") is None:
        found["valid_until"] = "Say until when it may be shared."
    return found
