"""What the family said, in words that they would use: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.words import CATEGORIES, in_words

Json = Mapping[str, Any]
_AS = {
    "young_person": "the young person",
    "adult": "for themselves",
    "parent": "parent",
    "carer_with_parental_responsibility": "carer with parental responsibility",
    "local_authority_with_parental_responsibility": "the council, with parental responsibility",
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
    """``counts``: it was given and not taken back; whether it holds now is the decision's business.
    ``can_be_taken_back``: it counts, and whoever reads this page may record that it is taken back."""

    id: str
    said: str
    about: str
    given_by: str
    what: Sequence[str]
    with_whom: Sequence[str]
    since: str
    until: str | None
    withdrawn_at: str | None
    ends_soon: bool
    counts: bool
    can_be_taken_back: bool


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
    answer: Json, people: Mapping[str, str], names: Mapping[str, str], *, records: bool
) -> list[Permission]:
    """The consents of ``GET …/consents``: first what was given, then what was refused or taken back."""
    found = [_permission(consent, people, names, records) for consent in answer["consents"]]
    return sorted(found, key=lambda permission: not permission.counts)


def _permission(
    consent: Json, people: Mapping[str, str], names: Mapping[str, str], records: bool
) -> Permission:
    given = consent["answer"] == "given"
    counts = given and consent["withdrawn_at"] is None
    giver = people.get(consent["giver"], "Somebody whose name is not shown")
    return Permission(
        id=consent["id"],
        said=_SAID[consent["kind"] == "take_part", given],
        about=people.get(consent["subject"], "Somebody whose name is not shown"),
        given_by=f"{giver}, {_AS.get(consent['capacity'], in_words(consent['capacity']))}",
        what=[CATEGORIES.get(category, in_words(category)) for category in consent.get("categories") or ()],
        with_whom=[names.get(code) or in_words(code) for code in consent.get("recipients") or ()],
        since=consent["valid_from"],
        until=consent["valid_until"],
        withdrawn_at=consent["withdrawn_at"],
        ends_soon=bool(consent.get("expires_soon")),
        counts=counts,
        can_be_taken_back=counts and records,
    )
