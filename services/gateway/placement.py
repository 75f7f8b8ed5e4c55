"""Where each stored field is placed: at *summary* or at *full* (design 3.1). Pure data.

A field that stands here at neither level leaves at none, and a test fails the build: every field of every
kind of entry that a data service stores must be placed. *Summary* is headline, date and owner; what would
say more than that is *full*.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Placement:
    """The fields of one kind of entry: those seen from *summary* on, and those seen at *full* only."""

    summary: tuple[str, ...]
    full: tuple[str, ...]

    @cached_property
    def all(self) -> tuple[str, ...]:
        return self.summary + self.full


PLACEMENTS: Mapping[str, Placement] = {
    "name": Placement(("given_names", "family_name", "full_name_as_written"), ("previous_or_other_names",)),
    "birth": Placement((), ("date_of_birth", "expected_date_of_delivery", "sex")),
    "identifiers": Placement((), ("nhs_number", "upn")),
    "contact": Placement(("safe_way_to_make_contact",), ("address", "postcode", "telephone", "email")),
    "access_needs": Placement(
        ("first_language",),
        ("parents_first_language", "special_requirements", "special_requirements_arranged"),
    ),
    "health_needs": Placement(("disabled",), ("disability_details",)),
    "equality": Placement((), ("ethnicity", "religion", "immigration_status")),
    "relationship": Placement(
        ("from_person", "to_person", "relation"),
        ("parental_responsibility", "parental_responsibility_source", "lives_with", "start", "end"),
    ),
    "involvement": Placement(("service", "contact_name", "contact_telephone", "since", "until"), ("reason",)),
    "case_opening": Placement((), ("reason",)),
    "closure": Placement(("reason",), ("note",)),
    "action": Placement(
        ("desired_outcome", "by_when", "starts_on", "needed_by", "status", "accountable", "answer", "pledge"),
        (
            "action",
            "responsible_name",
            "responsible_user",
            "supporting",
            "family_wishes",
            "outcome",
            "accepted_part",
            "answer_reason",
            "agreed_at",
            "ended_because",
            "source",
            "what_happened",
            "said_by",
        ),
    ),
    "plan_goal": Placement(
        ("goal", "by_when", "status"), ("family_wishes", "agreed_at", "what_came_of_it", "source")
    ),
    "outcome_measure": Placement(("measure", "stage"), ("scale", "values")),
    "compact": Placement(("review_on",), ("preamble", "replaces")),
    "commitment": Placement(
        ("compact", "promised_by", "by_when", "status"),
        ("promise", "what_happened", "said_by", "ended_because"),
    ),
    "compact_signature": Placement(("compact", "signed_by", "signed_on"), ("own_hand", "note")),
    "budget_allocation": Placement(("stream_name", "held_by"), ("stream", "amount_pence", "purpose")),
    "purchase": Placement(
        ("allocation", "kind_of_purchase", "status"),
        (
            "what",
            "amount_pence",
            "spent_pence",
            "wish",
            "departs_from_wish",
            "departed_because",
            "signed_by",
            "refused_because",
            "released_because",
        ),
    ),
    "concern": Placement(
        ("acknowledged_at",),
        (
            "recipient",
            "about",
            "worry",
            "when",
            "immediate_danger",
            "family_told",
            "not_told_because",
            "sent",
            "acknowledged_by",
        ),
    ),
    "concern_flag": Placement(
        ("level", "call_name", "call_telephone", "expires_on", "ended_on"), ("message", "ended_because")
    ),
    "staff_safety_note": Placement(("instruction", "expires_on", "ended_on"), ("ended_because",)),
    "need_level": Placement(("level",), ("reason",)),
    "small_concern": Placement(("noticed_on",), ("what",)),
    "referral": Placement(("answer_by", "state"), ("agency", "service", "reason", "taken_up_by")),
    "referral_answer": Placement(("referral", "answer", "reason"), ("note",)),
    "contact_attempt": Placement(
        ("when", "how", "outcome", "offer", "next_attempt_on"),
        ("sought_by", "with_whom", "what_was_explained", "note"),
    ),
    "life_event": Placement(("event", "happened_on"), ("note",)),
    "offer_reopened": Placement(("offer",), ("reason",)),
    "service_cost": Placement(
        ("service", "starts_on", "ends_on"), ("pence", "planned_alternative", "planned_alternative_pence")
    ),
    "case_review": Placement(
        ("review_on", "held_on"), ("at_risk", "owner", "outcome", "note", "watched_over_by")
    ),
    "meeting": Placement(
        ("meeting_kind", "starts_at", "state"), ("title", "place", "panel", "cancelled_because")
    ),
    "agenda_item": Placement(("meeting", "confidential"), ("topic", "note")),
    "meeting_decision": Placement(("meeting",), ("decision", "reasons", "no_family_view_because")),
    "view_heard": Placement(("meeting", "whose"), ("decision", "agency", "view")),
    "assessment": Placement(
        (
            "instrument",
            "instrument_version",
            "instrument_title",
            "state",
            "started_on",
            "review_on",
            "signed_on",
        ),
        (
            "reason_for_assessment",
            "location",
            "signed_by",
            "signed_as",
            "child_or_young_person",
            "parent_or_carer",
            "no_voice_reason",
        ),
    ),
    "people_present": Placement((), ("people",)),
    "assessor": Placement(("role", "agency"), ("name", "contact")),
    "checklist": Placement(
        ("completed_on", "assessment_needed"),
        ("answers", "needed_because", "undertaken_by", "agreement_to_assess"),
    ),
    "parent_or_carer": Placement(
        ("name", "relationship"), ("parental_responsibility", "telephone", "address")
    ),
    "home_situation": Placement((), ("text",)),
    "service_with_family": Placement(
        ("service_kind", "service_name", "since", "until"), ("practitioner", "role", "contact")
    ),
    "strength": Placement(("element", "headline"), ("narrative", "evidence", "whose_view")),
    "need": Placement(("element", "headline"), ("narrative", "evidence", "whose_view")),
    "conclusion": Placement(
        ("conclusion", "follow_up_owner", "follow_up_on"), ("explanation", "referred_at", "referred_to")
    ),
    "agreed_action": Placement(("desired_outcome", "by_when", "accountable"), ("action", "responsible_name")),
    "goal": Placement(("text",), ()),
    "review": Placement(("review_on",), ("reviewed_by",)),
    "comment": Placement(("voice_of",), ("text",)),
}
