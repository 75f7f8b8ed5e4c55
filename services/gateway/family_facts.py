"""Whom a caller may name, and what the consent service must be told of a family. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.gateway.disclose import Gathered, Seen, owned_by
from services.gateway.guards import Acting
from shared.problems import invalid
from shared.vocabulary import Level, Relationship


def check_people(
    seen: Seen, *, subject: str, giver: str, giver_field: str = "giver", within: str = ""
) -> None:
    """A 422 unless the caller may name subject and giver; ``within``: the path under which they stand."""
    people = may_be_named(seen)
    if subject not in people:
        raise invalid(f"{within}subject", "Name somebody whom this case is about.")
    if giver not in people:
        raise invalid(
            f"{within}{giver_field}", "Name somebody of this case; record their relationship first."
        )


def check_subject(seen: Seen, subject: str) -> None:
    """A 422 unless the caller may name this subject."""
    if subject not in may_be_named(seen):
        raise invalid("subject", "Name somebody whom this case is about.")


def check_subjects(seen: Seen, subjects: Iterable[str], field: str) -> None:
    """A 422 about the first of these whom the caller may not name."""
    people = may_be_named(seen)
    for number, person in enumerate(subjects):
        if person not in people:
            raise invalid(
                f"{field}.{number}",
                "Name somebody whom this case is about; add them to the case first.",
            )


def may_be_named(seen: Seen) -> set[str]:
    """The people of the case: its own, and those whom an entry shows that the caller sees (design 3.5).

    Who is related to them by what is hidden from the caller is a stranger here: an answer that told them
    apart would tell of the relationship.
    """
    shown = (
        person
        for entry, level in zip(seen.entries, seen.levels, strict=True)
        if level >= Level.SUMMARY
        for person in entry["subjects"]
    )
    return {subject["id"] for subject in seen.bundle["subjects"]}.intersection(
        {*seen.bundle["people"], *shown}
    )


def facts_about(seen: Seen, subject: str) -> dict[str, Any]:
    """When the subject decides alone, and who is recorded as responsible for them."""
    known = next(person for person in seen.bundle["subjects"] if person["id"] == subject)
    return {
        "decides_from": known["decides_from"],
        "responsible": known["responsible"],
        "in_charge": in_charge(seen),
    }


def reader_facts(seen: Seen | Gathered, acting: Acting) -> dict[str, Any]:
    """The reader's relationship, all agencies in which they have a role, by subject the categories of what
    their acting agency contributed, from when each person of the case decides and who is responsible for
    them, the lead's agency, when the case was last transferred and who is in charge of it. Of a case that is
    not there, those of somebody who has nothing to do with it."""
    bundle = seen.bundle
    if bundle is None:
        return {"relationship": Relationship.NONE.value, "owned": {}, "works_for": sorted(acting.works_for)}
    return {
        "relationship": bundle["relationship"],
        "works_for": sorted(acting.works_for),
        "owned": owned_by(seen.entries, acting.caller.agency),
        "decides_from": {person["id"]: person["decides_from"] for person in bundle["subjects"]},
        "responsible": {person["id"]: person["responsible"] for person in bundle["subjects"]},
        "lead_agency": bundle["lead"]["agency"] if bundle["lead"] else None,
        "transferred_at": bundle.get("transferred_at"),
        "in_charge": _in_charge(bundle),
    }


def in_charge(seen: Seen) -> dict[str, Any]:
    """Who leads the case, the agencies at work on it, and whom it is about: for alerts to them."""
    return _in_charge(seen.bundle)


def _in_charge(bundle: Mapping[str, Any]) -> dict[str, Any]:
    lead = bundle["lead"]
    return {
        "lead": None if lead is None else {"user": lead["user"], "agency": lead["agency"]},
        "agencies": sorted(teams_by_agency(bundle)),
        "people": bundle["people"],
    }


def teams_by_agency(bundle: Mapping[str, Any]) -> dict[str, list[str]]:
    """Who is on the team of a case now, for each agency."""
    teams: dict[str, list[str]] = {}
    for member in bundle["team"]:
        if member["until"] is None:
            teams.setdefault(member["agency"], []).append(member["user"])
    return teams


def places_ever_held(seen: Seen) -> dict[str, list[str]]:
    """The agencies for which each user is or was on the team."""
    places: dict[str, set[str]] = {}
    for member in seen.bundle["team"]:
        places.setdefault(member["user"], set()).add(member["agency"])
    return {user: sorted(agencies) for user, agencies in places.items()}


def holders(seen: Seen) -> dict[str, Any] | None:
    """Who holds what in the case, seen or not, and who of them is on the team; None where a part of it could
    not be read."""
    if seen.unavailable:
        return None
    teams = teams_by_agency(seen.bundle)
    owners = sorted({entry["owner"] for entry in seen.entries})
    return {
        "agencies": {
            owner: {"owned": owned_by(seen.entries, owner), "team": teams.get(owner, [])} for owner in owners
        },
        "people": seen.bundle["people"],
    }


def owners_concerned(seen: Seen, subject: str, categories: Iterable[str]) -> dict[str, Any]:
    """The agencies that hold anything of these categories about somebody, to be told that it was opened.

    All of it counts, seen or not: they are told, and whoever asks is told nothing of them.
    """
    wanted = set(categories)
    owners = {
        entry["owner"]
        for entry in seen.entries
        if subject in entry["subjects"] and not wanted.isdisjoint(entry["categories"])
    }
    teams = teams_by_agency(seen.bundle)
    return {
        "agencies": {owner: teams.get(owner, []) for owner in sorted(owners)},
        "people": seen.bundle["people"],
    }
