"""What a caller is to a case, and a member of the family to each person in it (design 3.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.identity import Caller
from shared.records.people import Relation
from shared.seats import TO_WHAT_IS_OWED, through_seat
from shared.vocabulary import Relationship, Role

STRENGTH = (
    Relationship.NONE,
    Relationship.CONSIDERING,
    Relationship.SUPERVISOR,
    Relationship.MEMBER,
    Relationship.LEAD,
)
_STEPPING_IN = {Relation.CARER, Relation.FOSTER_CARER, Relation.GUARDIAN}
_PARENTS = {Relation.MOTHER, Relation.FATHER, Relation.PARENT, Relation.STEP_PARENT}


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a team that somebody holds now; ``stands_in``: for the lead, today; ``away``: they cannot
    act for the time being."""

    user: str
    agency: str
    role: str
    leads: bool
    stands_in: bool = False
    away: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Who acts in a role for an agency (one user, or with None everybody) and considers a case now."""

    agency: str
    role: str
    user: str | None


def relationship(caller: Caller, places: Iterable[Place], asked: Iterable[Asked] = ()) -> Relationship:
    """The strongest relationship that the caller's acting agency and user have now.

    Their own place counts as far as it does in the role in which they act (``through_seat``). Whoever
    considers a case (an open referral, an invitation to a panel) does so until they have answered. An
    agency's system acts with the relationship of the user whom it names, and alone as a member where its
    agency has one.
    """
    if caller.role == Role.FAMILY_MEMBER:
        return Relationship.NONE
    held = [place for place in places if place.agency == caller.agency]
    own = (through_seat(caller.role, place.role, leads=place.leads) for place in _own(caller, held))
    found = strongest(own)
    if found is not Relationship.NONE:
        return found
    if held and caller.on_behalf_of is None:
        if caller.role == Role.TEAM_MANAGER:
            return Relationship.SUPERVISOR
        if caller.role == Role.AGENCY_SYSTEM:
            return Relationship.MEMBER
    return Relationship.CONSIDERING if any(_is_asked(caller, one) for one in asked) else Relationship.NONE


def to_what_is_owed(caller: Caller, responsible: str | None) -> Relationship:
    """What somebody with no relationship to a case is to one action in it that their agency owes, and to
    nothing else of the case (decision 40): a manager answers for their agency, a co-ordinator considers what
    it is asked, and so does the practitioner who is to do it (``responsible``)."""
    if caller.role == Role.PRACTITIONER and caller.user == responsible:
        return Relationship.CONSIDERING
    return TO_WHAT_IS_OWED.get(caller.role, Relationship.NONE)


def _is_asked(caller: Caller, asked: Asked) -> bool:
    """In another of their roles somebody who was asked to a panel considers nothing."""
    for_this_post = (asked.agency, asked.role) == (caller.agency, caller.role)
    return for_this_post and asked.user in (None, caller.user)


def on_behalf_roles(caller: Caller, places: Iterable[Place]) -> tuple[str, ...]:
    """The roles in which whoever a system acts for works here; none for whom it does not find on the team.

    Where somebody is on the team for the caller's agency, who added them said in which role: nothing that the
    caller claims counts (decision 24).
    """
    if caller.on_behalf_of is None:
        return ()
    return tuple(sorted({place.role for place in _own(caller, places)}))


def _own(caller: Caller, places: Iterable[Place]) -> list[Place]:
    """The caller's own places, or those of the user whom an agency's system names."""
    if caller.on_behalf_of is not None and caller.role != Role.AGENCY_SYSTEM:
        return []
    acting = caller.user if caller.on_behalf_of is None else caller.on_behalf_of
    return [place for place in places if (place.user, place.agency) == (acting, caller.agency)]


def strongest(relationships: Iterable[Relationship]) -> Relationship:
    return max(relationships, key=STRENGTH.index, default=Relationship.NONE)


def family_relationships(
    caller: Caller, subjects: Iterable[str], relationships: Iterable[Mapping[str, Any]], today: date
) -> dict[str, str]:
    """What a member of the family is to each subject; nothing for anybody else.

    Where agencies recorded different things, parental responsibility counts that any of them recorded,
    and living together only if all of them did: a stale record must not open what a parent who has
    moved out may not see.
    """
    if caller.role != Role.FAMILY_MEMBER or caller.person is None:
        return {}
    in_force = [fields for fields in relationships if _in_force(fields, today)]
    found: dict[str, str] = {}
    for subject in subjects:
        mine = [f for f in in_force if f["from_person"] == caller.person and f["to_person"] == subject]
        word = Relationship.SUBJECT if subject == caller.person else _to_child(mine)
        if word is not None:
            found[subject] = word
    return found


def _to_child(recorded: list[Mapping[str, Any]]) -> Relationship | None:
    if not recorded:
        return None
    together = all(fields["lives_with"] for fields in recorded)
    if any(fields["parental_responsibility"] for fields in recorded):
        return Relationship.PARENT if together else Relationship.PARENT_ELSEWHERE
    if any(fields["relation"] in _STEPPING_IN for fields in recorded):
        return Relationship.CARER
    parent = any(fields["relation"] in _PARENTS for fields in recorded)
    return Relationship.CARER if parent and together else None


def _in_force(fields: Mapping[str, Any], today: date) -> bool:
    """Whether a relationship holds on that day; its end is the first day on which it no longer does."""
    start, end = fields.get("start"), fields.get("end")
    return (start is None or date.fromisoformat(start) <= today) and (
        end is None or today < date.fromisoformat(end)
    )
