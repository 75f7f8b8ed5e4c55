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
