"""What is shown to somebody who may not learn where a family is: nothing that names an agency. Pure.

Stopped by a protected address, or a parent who lives elsewhere (design 3.2): whatever tells which agency,
team, person at work or place has to do with the family leads to them. What is gathered is built anew here
without any of it, before a view is made, so that no view can name what it was never given.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from services.gateway.placement import PLACEMENTS
from shared.disclosure import A_SERVICE, Entry

PLACE_FREE: Mapping[str, tuple[str, ...]] = {
    "name": PLACEMENTS["name"].all,
    "birth": PLACEMENTS["birth"].all,
    "identifiers": (),
    "contact": (),
    "access_needs": PLACEMENTS["access_needs"].all,
    "health_needs": PLACEMENTS["health_needs"].all,
    "equality": PLACEMENTS["equality"].all,
    "relationship": (),
    "involvement": (),
    "case_opening": ("reason",),
    "closure": ("reason", "note"),
    "concern": (),
    "concern_flag": ("level", "expires_on", "ended_on"),
    "staff_safety_note": ("instruction", "expires_on", "ended_on"),
    "need_level": PLACEMENTS["need_level"].all,
    "small_concern": ("noticed_on",),
    "referral": (),
    "referral_answer": (),
    "contact_attempt": (),
    "life_event": (),
    "offer_reopened": (),
    "service_cost": ("starts_on", "ends_on", "pence", "planned_alternative_pence"),
    "meeting": (),
    "case_review": (),
    "agenda_item": (),
    "meeting_decision": (),
    "view_heard": (),
    "action": (
        "desired_outcome",
        "by_when",
        "starts_on",
        "needed_by",
        "status",
        "answer",
        "action",
        "family_wishes",
        "outcome",
        "ended_because",
        "pledge",
        "what_happened",
    ),
    "plan_goal": ("goal", "by_when", "status", "family_wishes", "what_came_of_it"),
    "outcome_measure": PLACEMENTS["outcome_measure"].all,
    "compact": PLACEMENTS["compact"].all,
    "commitment": ("compact", "by_when", "status", "promise", "what_happened", "ended_because"),
    "compact_signature": ("compact", "signed_on"),
    "budget_allocation": ("amount_pence",),
    "purchase": (
        "allocation",
        "kind_of_purchase",
        "status",
        "amount_pence",
        "spent_pence",
        "departs_from_wish",
    ),
    "assessment": (),
    "people_present": (),
    "assessor": (),
    "checklist": (),
    "parent_or_carer": (),
    "home_situation": (),
    "service_with_family": (),
    "strength": PLACEMENTS["strength"].all,
    "need": PLACEMENTS["need"].all,
    "conclusion": (),
    "agreed_action": ("desired_outcome", "by_when", "action"),
    "goal": PLACEMENTS["goal"].all,
    "review": ("review_on",),
    "comment": PLACEMENTS["comment"].all,
}
"""Per kind of entry the fields that name no agency, no person at work and no place. A kind that does not
stand here shows no field; a test holds this against every field that locates."""

_NOBODY = {
    "user": "",
    "name": "the lead professional",
    "agency": A_SERVICE,
    "job_title": "",
    "telephone": None,
}


def bundle_without_places(bundle: Mapping[str, Any], agency: str) -> dict[str, Any]:
    """A case or person without the agencies and people at work that have to do with them, but one's own."""
    lead, deputy = bundle["lead"], bundle["deputy"]
    return {
        **bundle,
        "deputy": deputy if deputy is not None and _own(deputy, agency) else None,
        "transferred_at": None,
        "lead": None if lead is None else lead if _own(lead, agency) else {**_NOBODY, "since": lead["since"]},
        **{
            part: [somebody for somebody in bundle[part] if _own(somebody, agency)]
            for part in ("team", "lead_history", "nominations")
        },
    }


def entries_without_places(entries: Iterable[Entry], agency: str) -> list[Entry]:
    """The entries, in their order, without whose they are and what in them locates; one's own as they are."""
    return [entry if entry["owner"] == agency else _without_place(entry) for entry in entries]


_SAID = (
    "id", "kind", "subject", "giver", "capacity", "answer", "reasons_explained_and_understood",
    "evidence_form", "wording_version", "recorded_at", "valid_from", "valid_until", "withdrawn_at",
    "categories", "level", "purposes",
)  # fmt: skip
"""What of an answer of the family names no agency and nobody at work, and has no words of anybody."""


def answers_without_places(answers: Iterable[Mapping[str, Any]], agency: str) -> list[dict[str, Any]]:
    """Answers of the family to taking part, and to sharing with one's own agency, without who else is named;
    what one's own agency wrote down as it is. That others are to be told something is left out."""
    built = []
    for one in answers:
        if one["recorded_by_agency"] == agency:
            built.append(dict(one))
        elif "recipients" not in one or agency in one["recipients"]:
            said = {name: one[name] for name in _SAID if name in one} | {"recorded_by_agency": A_SERVICE}
            named = {"recipients": [agency], "owner": None} if "recipients" in one else {}
            built.append(said | named)
    return built


def exclusions_without_places(exclusions: Iterable[Mapping[str, Any]], agency: str) -> list[dict[str, Any]]:
    """Whom the family does not want told, as far as one's own agency wrote it down: the rest names others."""
    return [dict(one) for one in exclusions if one["recorded_by_agency"] == agency]


def _own(somebody: Mapping[str, Any], agency: str) -> bool:
    return bool(somebody["agency"] == agency)


def _without_place(entry: Entry) -> Entry:
    # The entries of a list may be labels, without kind or content.
    fields, shown = entry.get("fields", {}), PLACE_FREE.get(entry.get("kind", ""), ())
    built: dict[str, Any] = {**entry, "owner": A_SERVICE, "accountable": None, "author": A_SERVICE}
    built["fields"] = {name: fields[name] for name in shown if name in fields}
    return built  # type: ignore[return-value]
