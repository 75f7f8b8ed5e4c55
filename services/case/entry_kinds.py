"""Every kind of entry that this service keeps, with the record that its content has."""

from collections.abc import Mapping

from shared.records.base import Record
from shared.records.cases import CaseOpeningFields, ClosureFields
from shared.records.people import DETAIL_FIELDS, RelationshipFields
from shared.records.plan import ActionFields
from shared.vocabulary import Category

ENTRY_KINDS: Mapping[str, type[Record]] = {
    **DETAIL_FIELDS,
    "relationship": RelationshipFields,
    "case_opening": CaseOpeningFields,
    "closure": ClosureFields,
    "action": ActionFields,
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
    "case_opening": (Category.PLAN,),
    "closure": (Category.PLAN,),
    "action": (Category.PLAN,),
}
"""What an entry of a kind is about; an action may bear more (design 3.1)."""
