"""The kinds of entry that this service owns, each with the record of exactly the fields that it stores.

The gateway places each of these fields at a level; a test compares the two (design 3.1).
"""

from collections.abc import Mapping

from shared.records.assessments import (
    AgreedAction,
    AssessmentEnvelope,
    Assessor,
    Checklist,
    Comment,
    Conclusion,
    Goal,
    HomeSituation,
    Need,
    ParentOrCarer,
    PeoplePresent,
    Review,
    ServiceWithFamily,
    Strength,
)
from shared.records.base import Record

ENTRY_KINDS: Mapping[str, type[Record]] = {
    "assessment": AssessmentEnvelope,
    "people_present": PeoplePresent,
    "assessor": Assessor,
    "checklist": Checklist,
    "parent_or_carer": ParentOrCarer,
    "home_situation": HomeSituation,
    "service_with_family": ServiceWithFamily,
    "strength": Strength,
    "need": Need,
    "conclusion": Conclusion,
    "agreed_action": AgreedAction,
    "goal": Goal,
    "review": Review,
    "comment": Comment,
}

LOCATING_FIELDS: Mapping[str, tuple[str, ...]] = {
    "assessment": ("location", "signed_by"),
    "people_present": ("people",),
    "assessor": ("name", "role", "agency", "contact"),
    "checklist": ("answers", "undertaken_by"),
    "parent_or_carer": ("telephone", "address"),
    "home_situation": ("text",),
    "service_with_family": ("service_kind", "service_name", "practitioner", "role", "contact"),
    "strength": (),
    "need": (),
    "conclusion": ("referred_to",),
    "agreed_action": (),
    "goal": (),
    "review": ("reviewed_by",),
    "comment": (),
}
"""Per kind the fields that tell where somebody lives or can be found: the school, the practice, the place of
an appointment, who works with them. Of an action the agency and the people are not shown where nothing may
locate (the gateway)."""


def tells_where(kind: str) -> bool:
    """Whether every entry of a kind locates its subjects (design 3.2, the neighbours of a protected address);
    one of a kind that nobody placed does."""
    return LOCATING_FIELDS.get(kind) != ()
