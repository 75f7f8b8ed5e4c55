"""Reviews: a day is set and not lost; who is at risk has an owner; what is missed climbs a ladder."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.case.cases import repository as cases
from services.case.cases.lifecycle import NO_REVIEW, check_review
from services.case.cases.operations import lock_open_case, set_review
from services.case.casework_rules import CaseworkRules
from services.case.entries import repository as entries
from services.case.entries.content import stored
from services.case.need_levels import repository as need_levels
from services.case.need_levels.review_days import review_within
from services.case.notices.audience import for_user
from services.case.notices.repository import NewNotice, raise_notices
from services.case.reviews import ladder, repository
from services.case.reviews.putting_off import check_put_off
from services.case.team import repository as team
from shared.database import ReadSession, WriteSession
from shared.idempotency import Outcome, WriteRequest
from shared.problems import invalid
from shared.records.reviews import CANNOT_ACT, FollowUp, NewReview, ReviewFields
from shared.vocabulary import Category

_NOT_ON_THE_TEAM = "Name somebody who is on the team now, by the id on the roster."


def record_review(
    session: WriteSession, request: WriteRequest, case: str, body: NewReview, rules: CaseworkRules
) -> Outcome:
    """Set the day of the next review, and keep what came of this one; nothing takes the day away.

    It comes no later than the levels of need allow that were recorded last, and the answer says when. While
    somebody owns it, a later day needs what came of this one (422): who is at risk is not put off unseen.
    """
    locked = lock_open_case(session, case)
    planned, owned = cases.review_of(session, case), repository.is_owned(session, case)
    if body.held_on is not None and body.held_on > request.at.date():
        raise invalid("held_on", "This day lies ahead; record a review once it was held.")
    if body.owner is not None:
        member = _owner(session, case, body.owner)
        repository.set_owner(session, case, member.user, member.agency)
    today = request.at.date()
    check_review(body.review_on, today)
    levels = need_levels.levels_now(session, case)
    review_on = review_within(levels, body.review_on, today, rules.review_days)
    check_put_off(planned, review_on, owned=owned, looked=body.held_on is not None)
    answer = set_review(session, request, case, review_on)
    if not body.says_more:
        return answer
    fields = ReviewFields(**body.model_dump(exclude={"categories", "review_on"}), review_on=review_on)
    entry = entries.NewEntry(
        kind="case_review",
        case=case,
        subjects=[locked.person],
        fields=stored(fields),
        more_categories=(*body.categories, *([Category.SAFEGUARDING] if body.at_risk else [])),
    )
    return {**answer, "review": entries.add_entry(session, request, entry)}


def follow_up(session: WriteSession, request: WriteRequest, case: str, body: FollowUp) -> Outcome:
    """Somebody of this case was found to be at risk: they have an owner and a next date from now on.

    A review that comes sooner stays, so that nothing takes a day away; the owner is told.
    """
    lock_open_case(session, case)
    day = cases.review_of(session, case)
    if body.unless_owned and _is_seen_to(session, case):
        return {"id": case, "review_on": day.isoformat()}
    member = _owner(session, case, body.owner)
    repository.set_owner(session, case, member.user, member.agency)
    sooner = max(body.review_on, request.at.date())
    if sooner < day:
        set_review(session, request, case, sooner)
    on = min(day, sooner).isoformat()
    told = NewNotice(case, "review_to_own", case, for_user(member.agency, member.user), on)
    raise_notices(session, [told], request.at)
    return {"id": case, "review_on": on}


def who_may_own(session: ReadSession, case: str) -> dict[str, Any]:
    """Who of the team may see to the next review, by the id on the roster, and whether somebody does."""
    members = team.members_who_can_act(session, case)
    return {"members": members, "owned": bool(members) and _is_seen_to(session, case)}


def _is_seen_to(session: ReadSession, case: str) -> bool:
    return repository.is_owned(session, case) and cases.review_of(session, case) != NO_REVIEW


def _owner(session: WriteSession, case: str, owner: str) -> team.Member:
    """Somebody who can act: a review of somebody at risk that waits for nobody is lost."""
    member = team.find_member(session, case, owner)
    if member is None or member.until is not None:
        raise invalid("owner", _NOT_ON_THE_TEAM)
    if not member.can_act:
        raise invalid("owner", CANNOT_ACT)
    return member


def escalated(session: WriteSession, at: datetime, rules: CaseworkRules) -> Iterable[NewNotice]:
    """A review that was missed, for the next rung of the ladder once its days have passed (a clock)."""
    due = list(cases.with_review_before(session, at.date()))
    owners = repository.owners_of(session, {case.id for case in due})
    for case in due:
        at_work = {place.agency for place in case.places}
        for rung in ladder.rungs_reached((at.date() - case.review_on).days, rules):
            for audience in ladder.audience_of(rung, owners.get(case.id), at_work, rules):
                occasion = f"{case.review_on.isoformat()} {rung}"
                yield NewNotice(case.id, "review_escalated", case.id, audience, occasion)
