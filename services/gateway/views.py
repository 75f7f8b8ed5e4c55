"""The shapes of answers about cases and people, made of projected parts only. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.gateway.disclose import Seen
from services.gateway.labels import Shows, everything
from services.gateway.nominations import reads_load, reads_reasons
from services.gateway.projection import (
    Shown,
    deputy_card,
    lead_card,
    nomination_card,
    not_available,
    person_card,
    project_entries,
    roster,
    timeline,
)
from services.gateway.wording import name_of
from shared.clock import rfc3339
from shared.disclosure import DecisionAnswer, Entry
from shared.identity import Caller
from shared.vocabulary import Level, Obligation, Purpose, Relationship


def decision_card(answer: DecisionAnswer, purpose: Purpose, valid_until: Any = None) -> Shown:
    """What every answer says of the decision behind it."""
    until = rfc3339(valid_until) if valid_until else None
    return receipt_card(answer.receipt, answer.policy_version, purpose, until)


def receipt_card(
    receipt: str, policy_version: int, purpose: Purpose, valid_until: str | None = None
) -> Shown:
    return {
        "receipt": receipt,
        "policy_version": policy_version,
        "purpose": purpose.value,
        "valid_until": valid_until,
    }


def footer(seen: Seen, purpose: Purpose, notice: str) -> Shown:
    owners = ((entry["owner"], level) for entry, level in zip(seen.entries, seen.levels, strict=True))
    return {
        "not_available": not_available(owners, seen.answer.agencies),
        "unavailable": list(seen.unavailable),
        "notice": notice,
        "decision": decision_card(seen.answer, purpose, seen.valid_until),
    }


def case_card(seen: Seen, shows: Shows = everything) -> Shown:
    """A case as one line of a list, made of what may be seen of it or of what the list ``shows`` of that."""
    bundle = seen.bundle
    return {
        "id": bundle["case"]["id"],
        "state": bundle["case"]["state"],
        "closed_at": bundle["case"]["closed_at"],
        "person": person_card(bundle["person"], *_shown(seen, shows)),
        "lead_professional": lead_card(bundle["lead"]),
        "vacant_since": bundle["case"]["vacant_since"],
        "review_on": bundle["case"]["review_on"],
        "relationship": bundle["relationship"],
    }


def composed_view(seen: Seen, purpose: Purpose, notice: str, shows: Shows = everything) -> Shown:
    """The whole case as this caller may see it (design 4), or what an answer shows of it."""
    return {
        "id": seen.bundle["case"]["id"],
        "header": _header(seen, seen.bundle["relationship"]),
        "areas": project_entries(*_shown(seen, shows)),
        "may": list(seen.answer.may),
        **footer(seen, purpose, notice),
    }


def _shown(seen: Seen, shows: Shows) -> tuple[list[Entry], list[Level]]:
    chosen = [place for place, entry in enumerate(seen.entries) if shows(entry)]
    return [seen.entries[place] for place in chosen], [seen.levels[place] for place in chosen]


LATEST = 5
"""How many happenings the whole case shows; the timeline has them all."""


def case_view(seen: Seen, purpose: Purpose, notice: str) -> Shown:
    """The whole case, with the latest of what its timeline tells."""
    view = composed_view(seen, purpose, notice)
    return {**view, "latest": timeline(view["areas"], seen.bundle)[:LATEST]}


def seen_by_view(seen: Seen, agency: str, role: str, purpose: Purpose, notice: str) -> Shown:
    """The case as a member of the team from another agency would see it; no header where they would not
    know that it is there."""
    exists = any(level > Level.NONE for level in seen.levels)
    return {
        "id": seen.bundle["case"]["id"],
        "agency": agency,
        "agency_name": name_of(agency, seen.answer.agencies),
        "role": role,
        "header": _header(seen, Relationship.MEMBER.value) if exists else None,
        "areas": project_entries(seen.entries, seen.levels),
        **footer(seen, purpose, notice),
    }


def _header(seen: Seen, relationship: str) -> Shown:
    bundle = seen.bundle
    case = bundle["case"]
    return {
        "person": person_card(bundle["person"], seen.entries, seen.levels),
        "lead_professional": lead_card(bundle["lead"]),
        "deputy": deputy_card(bundle["deputy"]),
        "team": _at_work(seen),
        "state": case["state"],
        "opened_at": case["opened_at"],
        "closed_at": case["closed_at"],
        "review_on": case["review_on"],
        "relationship": relationship,
    }


def person_view(seen: Seen, purpose: Purpose, notice: str) -> Shown:
    """A person outside any case."""
    person = seen.bundle["person"]
    return {
        "person": person_card(person, seen.entries, seen.levels),
        "entries": project_entries(seen.entries, seen.levels)["person"],
        **footer(seen, purpose, notice),
    }


def entries_view(
    seen: Seen, purpose: Purpose, notice: str, *, area: str, kinds: tuple[str, ...] = ()
) -> Shown:
    """The entries of one area, or of some kinds in it."""
    shown = project_entries(seen.entries, seen.levels)[area]
    chosen = [entry for entry in shown if not kinds or entry["kind"] in kinds]
    return {"entries": chosen, **footer(seen, purpose, notice)}


def lead_view(seen: Seen, purpose: Purpose, notice: str) -> Shown:
    """Who leads, who led, and who is asked to."""
    bundle = seen.bundle
    return {
        "lead_professional": lead_card(bundle["lead"]),
        "deputy": deputy_card(bundle["deputy"]),
        "vacant_since": bundle["case"]["vacant_since"],
        "history": [
            {name: period[name] for name in ("user", "name", "agency", "since", "until")}
            for period in bundle["lead_history"]
        ],
        "nominations": [nomination_card(nomination) for nomination in bundle["nominations"]],
        **footer(seen, purpose, notice),
    }


def nomination_view(
    seen: Seen,
    nomination: Mapping[str, Any],
    load: Mapping[str, Any] | None,
    caller: Caller,
    purpose: Purpose,
    notice: str,
) -> Shown:
    """One nomination, with its reasons and numbers for those who are told them; null for others."""
    relationship = seen.bundle["relationship"]
    told = nomination if reads_reasons(nomination, caller, relationship) else {}
    refusal = told.get("reason") if nomination["state"] == "refused" else None
    numbers = reads_load(nomination, caller, relationship)
    return {
        **nomination_card(nomination),
        "by": nomination["nominated_by"],
        "reason": refusal,
        "objected_at": told.get("objected_at"),
        "objection": told.get("objection"),
        "exceeds_cap_because": nomination["exceeds_cap_because"] if numbers else None,
        "load": {name: load[name] for name in ("load", "cap", "weight")} if numbers and load else None,
        **footer(seen, purpose, notice),
    }


def nominees_view(seen: Seen, loads: Mapping[str, Any], purpose: Purpose, notice: str) -> Shown:
    """Who of the team may be asked to lead, with how much they lead: for whoever may nominate them."""
    lead = seen.bundle["lead"]
    leads = None if lead is None else (lead["user"], lead["agency"])
    names = ("user", "name", "agency", "role", "job_title")
    return {
        "weight": loads["weight"],
        "nominees": [
            {
                "member": one["id"],
                **{name: one[name] for name in names},
                **_numbers(loads["members"][one["id"]]),
            }
            for one in _at_work(seen)
            if one["id"] in loads["members"] and (one["user"], one["agency"]) != leads
        ],
        **footer(seen, purpose, notice),
    }


def _numbers(load: Mapping[str, Any]) -> Shown:
    return {name: load[name] for name in ("load", "cap")}


def deputies_view(
    seen: Seen, deputies: Iterable[Mapping[str, Any]], agency: str, purpose: Purpose, notice: str
) -> Shown:
    """Who stood in for a lead, stands in and will; of others than one's own nothing where none may locate."""
    names = ("id", "user", "name", "agency", "job_title", "telephone", "since", "until", "ended_at")
    shown = [one for one in deputies if not seen.names_no_agency or one["agency"] == agency]
    return {
        "deputies": [{name: deputy[name] for name in names} for deputy in shown],
        **footer(seen, purpose, notice),
    }


def team_view(seen: Seen, purpose: Purpose, notice: str) -> Shown:
    """The roster with everybody who ever was on it."""
    return {"team": roster(seen.bundle["team"]), **footer(seen, purpose, notice)}


def timeline_of(seen: Seen) -> list[Shown]:
    """What happened that the caller may know of, newest first."""
    return timeline(project_entries(seen.entries, seen.levels), seen.bundle)


def timeline_view(seen: Seen, events: Iterable[Shown], purpose: Purpose, notice: str) -> Shown:
    return {"timeline": list(events), **footer(seen, purpose, notice)}


def involvements_view(seen: Seen, cases: Iterable[Seen], purpose: Purpose, notice: str) -> Shown:
    """Who works with a person: the rosters of their cases that exist for the caller, and what agencies
    recorded of their own work."""
    rosters = [{"case": case.bundle["case"]["id"], **member} for case in cases for member in _at_work(case)]
    shown = project_entries(seen.entries, seen.levels)["person"]
    recorded = [entry for entry in shown if entry["kind"] == "involvement"]
    return {"involvements": rosters, "recorded": recorded, **footer(seen, purpose, notice)}


def _at_work(case: Seen) -> list[Shown]:
    return roster(member for member in case.bundle["team"] if member["until"] is None)


def match_card(seen: Seen, match: Mapping[str, Any], *, assessment_exists: bool) -> Shown:
    """One person found by two identifying details (design 3.5 a); the last level is that of the probe.
    ``cases`` are those with which the caller has to do, and no other's id."""
    tells = seen.levels[-1] >= Level.EXISTENCE and Obligation.TELL_NO_INVOLVEMENT not in seen.obligations
    cases = match["open_cases"] if tells else []
    leads = [case["lead"] for case in cases if case["lead"] is not None]
    return {
        "person": person_card(match["person"], seen.entries, seen.levels),
        "open_case": bool(cases),
        "assessment_exists": assessment_exists and tells,
        "cases": [case["id"] for case in cases if case["relationship"] != Relationship.NONE],
        "leads": [{name: lead[name] for name in ("name", "agency", "telephone")} for lead in leads],
    }
