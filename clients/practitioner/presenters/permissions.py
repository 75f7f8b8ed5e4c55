"""What the family said, in words that they would use: pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clients.practitioner.presenters.asking import COUNCIL, in_everyday_words
from clients.practitioner.words import CATEGORIES, day, first_of, in_words, listed, moment
from shared.vocabulary import Category, Deed

Json = Mapping[str, Any]
_AS = {
    "young_person": "the young person",
    "adult": "for themselves",
    "parent": "parent",
    "carer_with_parental_responsibility": "carer with parental responsibility",
    COUNCIL: "with parental responsibility",
    "attorney": "under a power of attorney",
    "deputy": "as deputy of the court",
    "best_interests": "a best-interests decision",
}
_SAID = {
    (False, True): "May be shared",
    (False, False): "Must not be shared",
    (True, True): "Takes part",
    (True, False): "Does not take part",
}


@dataclass(frozen=True, slots=True)
class Permission:
    """``counts``: it was given, not taken back and has not run out; whether it opens anything is the
    decision's business. ``can_be_taken_back``: whoever reads this page may record that it is taken back;
    ``tells_what_left``: they may see what was shown because of it; ``asks_again``: why to ask anew."""

    id: str
    said: str
    subject: str
    about: str
    given_by: str
    what: Sequence[str]
    with_whom: Sequence[str]
    since: str
    until: str | None
    withdrawn_at: str | None
    ends_soon: bool
    counts: bool
    is_over: bool
    can_be_taken_back: bool = False
    tells_what_left: bool = False
    asks_again: str | None = None


def people_of(view: Json) -> Mapping[str, str]:
    """Names by id, of the people whose names the composed view shows."""
    names: dict[str, str] = {}
    for entry in view["areas"]["person"]:
        fields = entry["fields"]
        whole = fields.get("full_name_as_written")
        parts = " ".join(filter(None, (fields.get("given_names"), fields.get("family_name"))))
        if entry["kind"] == "name" and (whole or parts):
            names.update((subject, whole or parts) for subject in entry["subjects"])
    return names


def permissions_of(
    answer: Json,
    people: Mapping[str, str],
    names: Mapping[str, str],
    now: datetime,
    *,
    may: Collection[str] = (),
    own_agency: str | None = None,
) -> list[Permission]:
    """The consents of ``GET …/consents``: first what was given, then what was refused or taken back. ``may``
    is what the reader may do in the case: a refusal is taken back through another agency than it kept out."""
    found = [_permission(consent, people, names, now, may, own_agency) for consent in answer["consents"]]
    return sorted(found, key=lambda permission: not permission.counts)


def permission_in_words(permission: Permission) -> str:
    """One permission on one line, to be chosen from a list."""
    what = f": {first_of(permission.what)}" if permission.what else ""
    whom = f", with {first_of(permission.with_whom)}" if permission.with_whom else ""
    return f"{permission.said}{what}{whom}, since {day(permission.since)}"


def _permission(
    consent: Json,
    people: Mapping[str, str],
    names: Mapping[str, str],
    now: datetime,
    may: Collection[str],
    own_agency: str | None,
) -> Permission:
    given = consent["answer"] == "given"
    until = consent["valid_until"]
    is_over = until is not None and datetime.fromisoformat(until) <= now
    stands = consent["withdrawn_at"] is None and not is_over
    kept_out = not given and own_agency in (consent.get("recipients") or ())
    giver = people.get(consent["giver"], "Somebody whose name is not shown")
    by_council = consent["capacity"] == COUNCIL
    return Permission(
        id=consent["id"],
        said=_SAID[consent["kind"] == "take_part", given],
        subject=consent["subject"],
        about=people.get(consent["subject"], "Somebody whose name is not shown"),
        given_by="The council, with parental responsibility"
        if by_council
        else f"{giver}, {_AS.get(consent['capacity'], in_words(consent['capacity']))}",
        what=[CATEGORIES.get(category, in_words(category)) for category in consent.get("categories") or ()],
        with_whom=[names.get(code) or in_words(code) for code in consent.get("recipients") or ()],
        since=consent["valid_from"],
        until=until,
        withdrawn_at=consent["withdrawn_at"],
        ends_soon=bool(consent.get("expires_soon")) and not is_over,
        asks_again=(consent.get("needs_asking_again") or {}).get("reason"),
        counts=given and stands,
        is_over=is_over,
        can_be_taken_back=Deed.WITHDRAW_PERMISSION in may and stands and not kept_out,
        tells_what_left=tells_what_left(consent),
    )


def taken_back_sentence(at: str, said: Permission, others: Iterable[Permission], below: str) -> str:
    """What is said once a permission to share was taken back (design 1, sentences on screen).

    ``others``: what else was said that this reader may know of. While another yes lets some of the same
    services see some of the same, they still do, and it would be false to say otherwise. ``below``: what is
    listed after it.
    """
    lasting = [one for one in others if one.id != said.id and one.counts and one.subject == said.subject]
    both = [
        (service, thing.lower())
        for service in said.with_whom
        for thing in said.what
        if any(service in one.with_whom and thing in one.what for one in lasting)
    ]
    kept = f"they may keep what they already recorded; {below}; your help goes on."
    if not both:
        services, things = listed(said.with_whom), listed([thing.lower() for thing in said.what])
        return (
            f"Done at {moment(at)}: {services} no longer see {things} here because of your permission; {kept}"
        )
    services, things = (listed(list(dict.fromkeys(part))) for part in zip(*both, strict=True))
    return (
        f"Done at {moment(at)}: this permission no longer counts, but another one stands, and with it "
        f"{services} can still see {things} here until that is taken back too; {kept}"
    )


def tells_what_left(consent: Json) -> bool:
    """Whether a reader of a consent of ``GET …/consents`` is told what it released: those who are told its
    state are, the lead and whoever took it."""
    given = consent["answer"] == "given" and consent["kind"] == "share"
    return given and consent.get("expires_soon") is not None


@dataclass(frozen=True, slots=True)
class Answered:
    heading: str
    what: Sequence[str]
    with_whom: Sequence[str]
    until: str | None
    withdrawn_at: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody said in one conversation, to keep."""

    giver: str
    about: str
    as_what: str
    at: str
    answers: Sequence[Answered]


_HEADINGS = {
    ("share", True): "You said yes: this may be shared",
    ("share", False): "You said no: this must not be shared",
    ("take_part", True): "You agreed to take part",
    ("take_part", False): "You said no to taking part",
}


def receipt_of(
    answer: Json, consent: str, people: Mapping[str, str], names: Mapping[str, str]
) -> Receipt | None:
    """The answers that were recorded at the same moment as ``consent``, from the same person about the same;
    None where the reader is not shown it."""
    found = next((one for one in answer["consents"] if one["id"] == consent), None)
    if found is None:
        return None
    together = ("subject", "giver", "recorded_at", "recorded_by_agency")
    same = [one for one in answer["consents"] if all(one[name] == found[name] for name in together)]
    unnamed = "somebody whose name is not shown"
    return Receipt(
        giver="The council" if found["capacity"] == COUNCIL else people.get(found["giver"], unnamed),
        about=people.get(found["subject"], unnamed),
        as_what=_AS.get(found["capacity"], in_words(found["capacity"])),
        at=found["recorded_at"],
        answers=[
            Answered(
                heading=_HEADINGS[one["kind"], one["answer"] == "given"],
                what=in_everyday_words([Category(c) for c in one.get("categories") or ()]),
                with_whom=[names.get(code) or in_words(code) for code in one.get("recipients") or ()],
                until=one["valid_until"],
                withdrawn_at=one["withdrawn_at"],
            )
            for one in sorted(same, key=lambda one: one["answer"] != "given")
        ],
    )


@dataclass(frozen=True, slots=True)
class StillSeen:
    service: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Who must not be told what about whom, and whether that is over."""

    id: str
    about: str
    giver: str
    giver_name: str
    whom: Sequence[str]
    what: Sequence[str]
    since: str
    until: str | None
    lifted_at: str | None


_WHY = {
    "OWN": "it is their own record",
    "PERMISSION": "somebody else said yes, or another permission holds",
    "AGREEMENT": "the services agreed to it, for a task that the law gives them",
    "STATUTORY": "the law allows it without asking",
    "BREAK_GLASS": "somebody may come to harm",
}


def still_seen(
    answer: Json, subject: str, agencies: Collection[str], names: Mapping[str, str]
) -> list[StillSeen]:
    """What these agencies can still see about somebody, and why, from ``GET …/who-can-see``."""
    found: dict[tuple[str, str], set[Category]] = {}
    for person in answer["people"]:
        for cell in person["cells"]:
            if person["agency"] in agencies and subject in cell["subjects"]:
                why = listed([_WHY.get(basis["basis"], in_words(basis["basis"])) for basis in cell["bases"]])
                found.setdefault((person["agency"], why), set()).update(map(Category, cell["categories"]))
    return [
        StillSeen(names.get(agency) or in_words(agency), listed(in_everyday_words(_sorted(seen))), why)
        for (agency, why), seen in found.items()
    ]


def _sorted(categories: Collection[Category]) -> list[Category]:
    return [category for category in Category if category in categories]


def colleagues_of(view: Json) -> Mapping[str, str]:
    """Names by user, of those on the team whom the composed view shows."""
    return {one["user"]: one["name"] for one in view["header"]["team"]}


def exclusions_of(
    answer: Json, people: Mapping[str, str], colleagues: Mapping[str, str], names: Mapping[str, str]
) -> list[Exclusion]:
    """The exclusions of ``GET …/exclusions``, those that hold first. Who is not on the team as the reader
    sees it stands there as the API calls them."""
    unnamed = "Somebody whose name is not shown"
    found = [
        Exclusion(
            id=one["id"],
            about=people.get(one["subject"], unnamed),
            giver=one["giver"],
            giver_name=people.get(one["giver"], unnamed),
            whom=[
                *(names.get(code) or in_words(code) for code in one["agencies"]),
                *(colleagues.get(user, user) for user in one["users"]),
            ],
            what=in_everyday_words(_sorted([Category(category) for category in one["categories"]])),
            since=one["valid_from"],
            until=one["valid_until"],
            lifted_at=one["lifted_at"],
        )
        for one in answer["exclusions"]
    ]
    return sorted(found, key=lambda exclusion: exclusion.lifted_at is not None)
