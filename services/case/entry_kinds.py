"""Every kind of entry that this service keeps, with the record that its content has."""

from collections.abc import Collection, Mapping

from shared.records.base import Record
from shared.records.budget import BudgetAllocationFields, PurchaseFields
from shared.records.cases import CaseOpeningFields, ClosureFields
from shared.records.compact import CommitmentFields, CompactFields, CompactSignatureFields
from shared.records.concerns import ConcernFields
from shared.records.contacts import ContactAttemptFields, LifeEventFields, OfferReopenedFields
from shared.records.costs import ServiceCostFields
from shared.records.flags import ConcernFlagFields, StaffSafetyFields
from shared.records.involvements import InvolvementFields
from shared.records.meetings import AgendaItemFields, DecisionFields, MeetingFields, ViewFields
from shared.records.need_levels import NeedLevelFields
from shared.records.outcomes import OutcomeMeasureFields
from shared.records.people import DETAIL_FIELDS, RelationshipFields
from shared.records.plan import ActionFields, PlanGoalFields
from shared.records.referrals import ReferralAnswerFields, ReferralFields
from shared.records.reviews import ReviewFields as CaseReviewFields
from shared.records.small_concerns import SmallConcernFields
from shared.vocabulary import Area, Category

ENTRY_KINDS: Mapping[str, type[Record]] = {
    **DETAIL_FIELDS,
    "relationship": RelationshipFields,
    "involvement": InvolvementFields,
    "case_opening": CaseOpeningFields,
    "closure": ClosureFields,
    "action": ActionFields,
    "plan_goal": PlanGoalFields,
    "outcome_measure": OutcomeMeasureFields,
    "compact": CompactFields,
    "commitment": CommitmentFields,
    "compact_signature": CompactSignatureFields,
    "budget_allocation": BudgetAllocationFields,
    "purchase": PurchaseFields,
    "concern": ConcernFields,
    "concern_flag": ConcernFlagFields,
    "staff_safety_note": StaffSafetyFields,
    "need_level": NeedLevelFields,
    "small_concern": SmallConcernFields,
    "referral": ReferralFields,
    "referral_answer": ReferralAnswerFields,
    "contact_attempt": ContactAttemptFields,
    "life_event": LifeEventFields,
    "offer_reopened": OfferReopenedFields,
    "service_cost": ServiceCostFields,
    "meeting": MeetingFields,
    "case_review": CaseReviewFields,
    "agenda_item": AgendaItemFields,
    "meeting_decision": DecisionFields,
    "view_heard": ViewFields,
}

CATEGORIES: Mapping[str, tuple[Category, ...]] = {
    "name": (Category.IDENTITY,),
    "birth": (Category.IDENTITY,),
    "identifiers": (Category.IDENTITY,),
    "contact": (Category.CONTACT,),
    "access_needs": (Category.ACCESS_NEEDS,),
    "health_needs": (Category.HEALTH,),
    "equality": (Category.EQUALITY,),
    "relationship": (Category.FAMILY,),
    "involvement": (Category.INVOLVEMENT,),
    "case_opening": (Category.PLAN,),
    "closure": (Category.PLAN,),
    "action": (Category.PLAN,),
    "plan_goal": (Category.PLAN,),
    "outcome_measure": (Category.PLAN,),
    "compact": (Category.PLAN,),
    "commitment": (Category.PLAN,),
    "compact_signature": (Category.PLAN,),
    "budget_allocation": (Category.PLAN, Category.MONEY_WORK),
    "purchase": (Category.PLAN, Category.MONEY_WORK),
    "concern": (Category.SAFEGUARDING,),
    "concern_flag": (Category.SAFEGUARDING,),
    "staff_safety_note": (Category.STAFF_SAFETY,),
    "need_level": (Category.INVOLVEMENT, Category.PLAN),
    "small_concern": (Category.WELLBEING,),
    "referral": (Category.PLAN,),
    "referral_answer": (Category.INVOLVEMENT, Category.PLAN),
    "contact_attempt": (Category.INVOLVEMENT,),
    "life_event": (Category.FAMILY,),
    "offer_reopened": (Category.INVOLVEMENT,),
    "service_cost": (Category.INVOLVEMENT, Category.MONEY_WORK),
    "meeting": (Category.PLAN,),
    "case_review": (Category.PLAN,),
    "agenda_item": (Category.PLAN,),
    "meeting_decision": (Category.PLAN,),
    "view_heard": (Category.VOICE,),
}
"""What an entry of a kind is about; an action may bear more (design 3.1)."""

AREAS: Mapping[str, Area] = {
    "case_opening": Area.CASE,
    "closure": Area.CASE,
    "action": Area.PLAN,
    "plan_goal": Area.PLAN,
    "outcome_measure": Area.PLAN,
    "compact": Area.PLAN,
    "commitment": Area.PLAN,
    "compact_signature": Area.PLAN,
    "budget_allocation": Area.BUDGET,
    "purchase": Area.BUDGET,
    "concern": Area.CASE,
    "concern_flag": Area.FLAGS,
    "staff_safety_note": Area.FLAGS,
    "need_level": Area.CASE,
    "referral": Area.REFERRALS,
    "referral_answer": Area.REFERRALS,
    "contact_attempt": Area.CONTACTS,
    "life_event": Area.CONTACTS,
    "offer_reopened": Area.CONTACTS,
    "service_cost": Area.BUDGET,
    "meeting": Area.MEETINGS,
    "case_review": Area.MEETINGS,
    "agenda_item": Area.MEETINGS,
    "meeting_decision": Area.MEETINGS,
    "view_heard": Area.MEETINGS,
}
"""In which area of its case an entry of a kind stands; one that belongs to no case stands with the person."""

LOCATING_FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": (),
    "birth": (),
    "identifiers": ("upn",),
    "contact": ("address", "postcode", "telephone", "email", "safe_way_to_make_contact"),
    "access_needs": (),
    "health_needs": (),
    "equality": (),
    "relationship": ("lives_with",),
    "involvement": ("service", "contact_name", "contact_telephone"),
    "case_opening": (),
    "closure": (),
    "action": (),
    "plan_goal": (),
    "outcome_measure": (),
    "compact": (),
    "commitment": (),
    "compact_signature": (),
    "budget_allocation": (),
    "purchase": (),
    "concern": ("about", "worry", "when", "sent"),
    "concern_flag": ("message", "call_name", "call_telephone", "ended_because"),
    "staff_safety_note": (),
    "need_level": (),
    "small_concern": ("what",),
    "referral": ("agency", "service"),
    "referral_answer": ("reason", "note"),
    "contact_attempt": ("with_whom", "note"),
    "life_event": ("note",),
    "offer_reopened": ("reason",),
    "service_cost": ("service", "planned_alternative"),
    "meeting": ("title", "place", "panel"),
    "case_review": ("note", "watched_over_by"),
    "agenda_item": ("note",),
    "meeting_decision": ("decision", "reasons"),
    "view_heard": ("view", "agency"),
}
"""Per kind the fields that tell where somebody lives or can be found: a unique pupil number names the school
that gave it. Of an action the agencies and people are not shown where nothing may locate (the gateway)."""


def tells_where(kind: str, categories: Collection[str]) -> bool:
    """Whether an entry locates its subjects (design 3.2, the neighbours of a protected address); one of a
    kind that nobody placed does."""
    return Category.HOUSING in categories or LOCATING_FIELDS.get(kind) != ()
