"""Who may write (design 3.2): one rule per deed; what has no rule is refused.

Pure like ``decide``: the facts of the deed come in, a permit or a refusal with a sentence goes out. That a
caller who does not see the case at all gets the constant 404 instead is the gateway's business.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from shared.vocabulary import DOES_CASEWORK, Deed, Level, Relationship, Role

WRITING_ROLES = DOES_CASEWORK
"""Volunteers, panel members, referrers and scrutineers read; somebody records for them. The family's own
words they may record themselves."""

MAY_WORRY = WRITING_ROLES | {Role.VOLUNTEER, Role.PANEL_MEMBER, Role.REFERRER}
"""Whoever works with people may see what worries them, and then says so themselves."""

WORKING = frozenset({Relationship.MEMBER, Relationship.LEAD})
LEADING = frozenset({Relationship.LEAD, Relationship.SUPERVISOR})

ON_BEHALF = frozenset({Deed.CONTRIBUTE, Deed.CORRECT, Deed.WRITE_ACTION_STATUS, Deed.RECORD_INVOLVEMENT})
"""What an agency's system may do for the user whom it names: bring in what they recorded where they work, and
that their agency works with somebody. What the family answers, what opens or signs, and who is in charge,
people say themselves."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What is known of a deed and of who wants to do it. Unknown is the value that permits least.

    ``owner``, ``accountable`` and ``level``: of the entry it is about, the level being what the caller sees.
    ``target_agency``: the agency a membership is for; ``target_excluded``: an exclusion in force names it;
    ``target_suspended``: the access of whoever is to lead, stand in or take the chair is not in force;
    ``target_role``: the role in which they, or whoever joins or is invited, are to be there, and
    ``target_sees``: whether the policy shows anything to that role there; ``target_on_team``: they have a
    place on the team already. ``names_nobody``: what puts somebody in charge is taken back, or only asked
    about. ``left_in``: the state of a case that nobody is on the team of any more; of such a one
    ``was_there`` says that the acting agency was on it, ``opened_it`` that it opened the case, and
    ``kept_out`` that an exclusion or a bar stops that agency or who of it is concerned.
    ``is_self``: it is their own membership, nomination or word. ``by_giver``: whoever gave the answer takes
    it back themselves. ``against``: the agencies that an exclusion names, and those for which the users
    whom it names work or worked on the case: lifting it benefits them. ``against_unknown``: it names a user
    of whom that is not known.
    ``for_partnership``: they administer the whole partnership.
    ``statutory_duties``: the acting agency has them. ``breaks_glass``: the policy lets this role for this
    purpose. ``for_colleague``: the glass is broken for somebody else; ``needs_manager``: whoever it is for
    has a review outstanding. ``on_behalf_roles``: those in which whoever a system names works on the case;
    None where it names nobody. Of an override, ``owner`` is the agency that recorded it, ``is_self`` says
    that the caller recorded it or gains by it, and ``by_officer`` that an information officer recorded it.
    ``told_overdue``: nobody of ``owner`` did it in time, and the caller is one who is told so.
    """

    role: str
    relationship: str
    agency: str
    owner: str | None = None
    accountable: str | None = None
    level: Level = Level.NONE
    has_lead: bool = True
    takes_part: bool = False
    statutory_basis: bool = False
    target_agency: str | None = None
    target_excluded: bool = True
    target_suspended: bool = True
    target_role: str | None = None
    target_sees: bool = False
    target_on_team: bool = False
    names_nobody: bool = False
    left_in: str | None = None
    was_there: bool = False
    opened_it: bool = False
    kept_out: bool = True
    is_self: bool = False
    benefits_own_agency: bool = True
    has_evidence_reference: bool = False
    by_giver: bool = False
    against: frozenset[str] = frozenset()
    against_unknown: bool = True
    for_partnership: bool = False
    statutory_duties: bool = False
    breaks_glass: bool = False
    for_colleague: bool = False
    needs_manager: bool = True
    on_behalf_roles: tuple[str, ...] | None = None
    by_officer: bool = False
    told_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Permit:
    """``notify_owners``: the information owners concerned are to be told. ``even_unseen``: it may be done by
    somebody for whom nothing of the case exists, who knows it by its id."""

    notify_owners: bool = False
    even_unseen: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, in a sentence for the caller."""

    reason: str


def may_write(deed: str, doing: Doing) -> Permit | Refusal:
    """Whether this deed may be done; total: an unknown deed or role is refused."""
    rule = RULES.get(deed)
    if rule is None:
        return Refusal("This cannot be done here.")
    reason = rule(doing) if doing.on_behalf_roles is None else _on_behalf(deed, rule, doing)
    if reason is not None:
        return Refusal(reason)
    return Permit(
        notify_owners=deed == Deed.RECORD_PERMISSION and doing.benefits_own_agency,
        even_unseen=_leaves(deed, doing) or (deed == Deed.ADD_TO_TEAM and _manages_what_was_left(doing)),
    )


Rule = Callable[[Doing], str | None]
"""None if the deed may be done, else the reason why not."""


def _on_behalf(deed: str, rule: Rule, doing: Doing) -> str | None:
    """What whoever the system names may do in every role of theirs, of that which systems do for people."""
    roles = doing.on_behalf_roles or ()
    if doing.role != Role.AGENCY_SYSTEM or not roles:
        return NOT_ON_THE_TEAM
    if deed not in ON_BEHALF:
        return "A system does not do this for anybody; they do it themselves."
    reasons = (rule(replace(doing, role=role, on_behalf_roles=None)) for role in roles)
    return next((reason for reason in reasons if reason is not None), None)


NOT_ON_THE_TEAM = (
    "A system acts for somebody only in a case on whose team they are for your agency. Name such a user in "
    "On-Behalf-Of, or leave it out."
)
"""The same of whoever is unknown, suspended, gone, or another agency's: it tells of nobody."""


def _by_writers(rule: Rule) -> Rule:
    def checked(doing: Doing) -> str | None:
        if doing.role not in WRITING_ROLES:
            return "Your role reads this case; somebody on the team can record this for you."
        return rule(doing)

    return checked


def _anybody(_: Doing) -> str | None:
    return None


def _by_writers_or_family(rule: Rule) -> Rule:
    """What members of the family may record themselves too, in their own name."""
    by_writers = _by_writers(rule)

    def checked(doing: Doing) -> str | None:
        if doing.role != Role.FAMILY_MEMBER:
            return by_writers(doing)
        return None if doing.is_self else "Here you speak for yourself: name yourself as the one who says so."

    return checked


def _team_only(doing: Doing) -> str | None:
    return None if doing.relationship in WORKING else "Only members of the team may record this."


def _and_asks(rule: Rule) -> Rule:
    """What another agency is asked to do there shows it a part of the case: like a referral to it."""

    def checked(doing: Doing) -> str | None:
        return rule(doing) or (None if doing.target_agency is None else _ask_agency(doing))

    return checked


def _leading_only(doing: Doing) -> str | None:
    """The lead or a supervisor; while nobody leads, any member, so that a first team can be built."""
    if doing.relationship in LEADING or (doing.relationship == Relationship.MEMBER and not doing.has_lead):
        return None
    return "Only the lead professional or a member's manager may do this."


def _in_charge(doing: Doing) -> str | None:
    if doing.relationship in LEADING:
        return None
    return "Only the lead professional or a member's manager may do this."


NOT_IN_FORCE = "This person's access is not in force, so they cannot take this on. Choose somebody else."
ONLY_READS = "In this role they read the case and do no casework. Choose somebody else."
SEES_NOTHING = "In this role they would see nothing of the case. Add them in another of their roles."


def _able_to_act(rule: Rule, *, by_casework: bool = True) -> Rule:
    """Nobody is put in charge whose access is not in force, who sees nothing there, or (``by_casework``) who
    only reads: that would be a vacancy with a name on it."""

    def checked(doing: Doing) -> str | None:
        reason = rule(doing)
        if reason is not None or doing.names_nobody:
            return reason
        if doing.target_suspended:
            return NOT_IN_FORCE
        if by_casework and doing.target_role not in WRITING_ROLES:
            return ONLY_READS
        return None if doing.target_sees else SEES_NOTHING

    return checked


def _nominate_for_panel(doing: Doing) -> str | None:
    """A co-ordinator finds somebody for a case that nobody leads, with or without a seat in it; where
    somebody leads, only while their panel considers the case."""
    if doing.role != Role.COORDINATOR:
        return "A panel's nomination is recorded by a co-ordinator."
    if doing.has_lead and doing.relationship == Relationship.NONE:
        return "Somebody leads this case; they, their manager or a panel that considers it hand it over."
    return None


def _object_to_nomination(doing: Doing) -> str | None:
    if doing.role == Role.TEAM_MANAGER and doing.agency == doing.target_agency:
        return None
    return "Only a manager of the agency of whoever was nominated may object."


def _cap_caseload(doing: Doing) -> str | None:
    if doing.role == Role.TEAM_MANAGER:
        return None
    return "Only a manager sets how much somebody of their agency leads."


def _read_gaps(doing: Doing) -> str | None:
    answers = doing.role in (Role.TEAM_MANAGER, Role.COORDINATOR, Role.INFORMATION_OFFICER)
    if answers and doing.agency == doing.target_agency:
        return None
    return "Only a manager, co-ordinator or information officer of an agency sees what falls vacant there."


def _correct(doing: Doing) -> str | None:
    if doing.owner != doing.agency:
        return "Only the agency that wrote this may correct it."
    return None if doing.level == Level.FULL else "You must be able to see all of it to correct it."


def _add_to_team(doing: Doing) -> str | None:
    if doing.left_in == "open" and (_manages_what_was_left(doing) or _coordinates_what_was_left(doing)):
        return _take_on(doing)
    reason = _leading_only(doing)
    if reason is not None:
        return reason
    if doing.target_agency is None:
        return "Say which agency is to join."
    if doing.target_excluded:
        return "This agency cannot join the team."
    if doing.target_agency == doing.agency or doing.takes_part or doing.statutory_basis:
        return None if doing.target_sees else SEES_NOTHING
    return _NOT_AGREED


_NOT_AGREED = "Another agency joins only after permission to take part, or a statutory basis, is recorded."


def _take_on(doing: Doing) -> str | None:
    """A case that nobody works on any more goes on with somebody of one's own agency: no other agency can
    say for them that they will. Before permission it is the work of the agency that opened it."""
    if doing.target_agency != doing.agency:
        return "Nobody works on this case any more. Add somebody of your own agency."
    if not (doing.takes_part or doing.statutory_basis or doing.opened_it):
        return _NOT_AGREED
    if doing.target_suspended:
        return NOT_IN_FORCE
    return None if doing.target_sees else SEES_NOTHING


def _manages_what_was_left(doing: Doing) -> bool:
    manages = doing.role == Role.TEAM_MANAGER and doing.was_there
    return doing.left_in is not None and manages and not doing.kept_out


def _coordinates_what_was_left(doing: Doing) -> bool:
    return doing.left_in is not None and doing.role == Role.COORDINATOR and not doing.kept_out


def _close(doing: Doing) -> str | None:
    """Who is in charge closes a case, and opens it again; where everybody has left since, a co-ordinator of
    an agency that was there opens it again, so that it can be taken on."""
    if doing.left_in == "closed" and doing.was_there and _coordinates_what_was_left(doing):
        return None
    return _leading_only(doing)


def _refer(doing: Doing) -> str | None:
    """Asking an agency to help shows it a part of the case: like adding it to the team."""
    if doing.relationship not in WORKING | LEADING:
        return "Only members of the team and their managers may ask another agency."
    return _ask_agency(doing)


def _ask_agency(doing: Doing) -> str | None:
    if doing.target_agency is None:
        return "Say which agency is asked."
    if doing.target_excluded:
        return "This agency cannot be asked."
    if doing.target_agency == doing.agency or doing.takes_part or doing.statutory_basis:
        return None
    return "Another agency is asked only after permission to take part, or a statutory basis, is recorded."


def _answer_referral(doing: Doing) -> str | None:
    if doing.accountable != doing.agency:
        return "Only the agency that was asked may answer."
    return None if doing.level >= Level.SUMMARY else "You must be able to read it to answer."


def _arrange_meeting(doing: Doing) -> str | None:
    """Who works on the case; and who co-ordinates a panel that was asked to consider it."""
    considers = doing.role == Role.COORDINATOR and doing.relationship == Relationship.CONSIDERING
    if considers or doing.relationship in WORKING | LEADING:
        return None
    return "Only members of the team, their managers and a panel's co-ordinator arrange meetings."


def _name_chair(doing: Doing) -> str | None:
    """Who is in charge, while nobody leads any member, and who co-ordinates: a meeting whose chair has gone
    is somebody's."""
    if doing.role == Role.COORDINATOR and _arrange_meeting(doing) is None:
        return None
    if _leading_only(doing) is None:
        return None
    return "Only the lead professional, a member's manager or a co-ordinator says who is in the chair."


def _invite(doing: Doing) -> str | None:
    """Inviting shows a part of the case, like adding to the team."""
    reason = _arrange_meeting(doing) or _ask_agency(doing)
    if reason is not None or doing.target_on_team:
        return reason
    return None if doing.target_sees else SEES_NOTHING


def _answer_invitation(doing: Doing) -> str | None:
    return None if doing.is_self else "Only the person who was invited may answer."


def _reopen_offer(doing: Doing) -> str | None:
    if doing.role == Role.TEAM_MANAGER and doing.relationship in LEADING:
        return None
    return "Only a manager of an agency on the team may decide that it asks again."


def _leaves(deed: str, doing: Doing) -> bool:
    """Whoever is on a team can always leave it, whatever the policy shows them by now."""
    return deed == Deed.END_MEMBERSHIP and doing.is_self and doing.target_on_team


def _end_membership(doing: Doing) -> str | None:
    manages_it = doing.role == Role.TEAM_MANAGER and doing.agency == doing.target_agency
    if doing.is_self or manages_it:
        return None
    if doing.role in WRITING_ROLES and doing.relationship in LEADING:
        return None
    return "Only the lead professional, a manager of that agency or the member themselves may end this."


def _record_departure(doing: Doing) -> str | None:
    """Somebody left an agency: said by that agency's manager or information officer, whatever the case."""
    ends_access = doing.role in (Role.TEAM_MANAGER, Role.INFORMATION_OFFICER)
    if ends_access and doing.agency == doing.target_agency:
        return None
    return "Only a manager or the information officer of an agency may say that somebody has left it."


def _record_permission(doing: Doing) -> str | None:
    if doing.benefits_own_agency and not doing.has_evidence_reference:
        return "A permission that benefits your own agency needs a reference to its evidence."
    return _team_only(doing)


def _lift_exclusion(doing: Doing) -> str | None:
    if not doing.by_giver:
        return "Only the person who asked for this exclusion can lift it."
    if doing.agency in doing.against or doing.benefits_own_agency:
        return "This must be recorded by an agency that it does not benefit."
    if doing.against_unknown and doing.relationship != Relationship.LEAD:
        return (
            "It names somebody who has no place on this team, and whom they work for is not known here. Ask "
            "the lead professional to record this."
        )
    return _team_only(doing)


def _end_authority(doing: Doing) -> str | None:
    """``benefits_own_agency``: it gives back what opens something to an agency of whoever would end it."""
    if doing.benefits_own_agency:
        return (
            "This must be recorded by an agency that it does not benefit. Ask another agency on the team; "
            "where there is none, have what was agreed to taken back first, and ask again afterwards."
        )
    return _team_only(doing)


def _decide_conflict(doing: Doing) -> str | None:
    if doing.role == Role.INFORMATION_OFFICER:
        return None
    if doing.role in WRITING_ROLES and doing.relationship == Relationship.LEAD:
        return None
    return "Only the lead professional or an information officer decides between two who disagree."


def _answer_message(doing: Doing) -> str | None:
    if doing.role in WRITING_ROLES or doing.role == Role.INFORMATION_OFFICER:
        return None
    return "Somebody of your agency who works with people, or its information officer, answers this."


def _release(doing: Doing) -> str | None:
    if doing.role == Role.TEAM_MANAGER and doing.owner == doing.agency:
        return None
    return "Only a manager of the agency that holds this may release it."


def _answer_nomination(doing: Doing) -> str | None:
    if not doing.is_self:
        return "Only the person who was asked to lead may answer."
    # A manager who was asked is a supervisor, and can say no.
    return None if doing.relationship in WORKING | LEADING else "Only members of the team may record this."


def _write_action_status(doing: Doing) -> str | None:
    """Whoever of the agency that owes it sees all of it, with a seat in the case or without (decision 40)."""
    if doing.accountable != doing.agency:
        return "Only the agency that owes this action may write its status."
    if doing.relationship in WORKING or doing.level == Level.FULL:
        return None
    return "Whoever is on the team, or sees all of it, answers for this. Ask your manager."


def _give_money(doing: Doing) -> str | None:
    """That it is the money of their own agency is checked where it is kept."""
    if doing.role in (Role.TEAM_MANAGER, Role.COORDINATOR):
        return None
    return "Only a manager or co-ordinator of the agency that gives the money may do this."


def _spend_budget(doing: Doing) -> str | None:
    if doing.relationship == Relationship.LEAD:
        return None
    return "Only the lead professional buys things from the budget of a case."


def _sign_purchase(doing: Doing) -> str | None:
    """Whoever ordered it does not sign it too, which is checked where it is signed."""
    pays = doing.role == Role.TEAM_MANAGER and doing.accountable == doing.agency
    if pays and doing.level >= Level.SUMMARY:
        return None
    return "Only a manager of the agency that pays for this may sign it."


def _settle_purchase(doing: Doing) -> str | None:
    """The lead; and who pays, whose money would stay bound when the lead who ordered it has gone. That
    nobody of the agency that holds it leads is checked where it is kept."""
    if doing.relationship == Relationship.LEAD and doing.role in WRITING_ROLES:
        return None
    if _sign_purchase(doing) is None:
        return None
    return "Only the lead professional, or a manager of the agency that pays, says what became of this."


def _record_override(doing: Doing) -> str | None:
    """For whatever case: who may record it at all does not depend on what the case is."""
    if doing.role == Role.INFORMATION_OFFICER:
        return None
    if doing.role == Role.SAFEGUARDING_LEAD and doing.statutory_duties:
        return None
    return (
        "A safeguarding lead of social care, police or health records an override for her own enquiry; "
        "otherwise an information officer does."
    )


def _confirm_override(doing: Doing) -> str | None:
    """An officer answers to no manager for what she opens: a second officer or a safeguarding lead looks."""
    if doing.by_officer:
        if doing.is_self:
            return "Somebody else must confirm this: another officer or a safeguarding lead of your agency."
        if doing.role in (Role.INFORMATION_OFFICER, Role.SAFEGUARDING_LEAD) and doing.owner == doing.agency:
            return None
        return (
            "Another information officer or a safeguarding lead of the agency that recorded this confirms it."
        )
    if doing.is_self:
        return "Somebody else must confirm this: the manager or another safeguarding lead of your agency."
    if doing.role in (Role.TEAM_MANAGER, Role.SAFEGUARDING_LEAD) and doing.owner == doing.agency:
        return None
    return "A manager or safeguarding lead of the agency that recorded this confirms it."


def _end_override(doing: Doing) -> str | None:
    answers = doing.role in (Role.TEAM_MANAGER, Role.SAFEGUARDING_LEAD, Role.INFORMATION_OFFICER)
    if answers and doing.owner == doing.agency:
        return None
    return (
        "Only the agency that recorded this ends it: its safeguarding lead, manager or information officer."
    )


def _review_telling(doing: Doing) -> str | None:
    if doing.is_self:
        return "Somebody else of your agency says whether the family may be told; ask a colleague."
    if doing.role in (Role.SAFEGUARDING_LEAD, Role.INFORMATION_OFFICER) and doing.owner == doing.agency:
        return None
    return "A safeguarding lead or information officer of the agency that recorded this says it."


def _break_glass(doing: Doing) -> str | None:
    """For whatever case, as for an override."""
    if not doing.breaks_glass:
        return (
            "Your role does not break the glass for this purpose. A practitioner, manager or safeguarding "
            "lead can, for support or safeguarding. If somebody is in danger, ring now."
        )
    if doing.for_colleague:
        if doing.role == Role.TEAM_MANAGER:
            return None
        return "Only a manager breaks the glass for a colleague. Leave for_user out to do it for yourself."
    if doing.needs_manager:
        return (
            "The last time that you broke the glass has not been reviewed yet. Ask your manager to do it for "
            "you now, with your user id in for_user; or ask for the review, for which the partnership's "
            "office is asked too once it is overdue."
        )
    return None


def _renew_break_glass(doing: Doing) -> str | None:
    return None if doing.breaks_glass else "Your role does not break the glass for this purpose."


def _review_break_glass(doing: Doing) -> str | None:
    if doing.is_self:
        return (
            "Somebody else must review this: the information officer or a safeguarding lead of your agency."
        )
    if doing.role in (Role.INFORMATION_OFFICER, Role.SAFEGUARDING_LEAD) and doing.owner == doing.agency:
        return None
    if doing.told_overdue:
        return None
    return (
        "The information officer or a safeguarding lead of the user's own agency reviews this; once that is "
        "overdue its manager or the partnership's officer may too."
    )


def _send_concern(doing: Doing) -> str | None:
    """Without permission, a relationship or a view (design 3.2)."""
    if doing.role in MAY_WORRY:
        return None
    return "Your role sends no concerns; if someone may be in danger, ring at once."


def _acknowledge_concern(doing: Doing) -> str | None:
    if doing.accountable != doing.agency:
        return "Only the agency to which this concern was sent may say that it was received."
    return None if doing.level == Level.FULL else "You must be able to read all of it to say that."


def _end_flag(doing: Doing) -> str | None:
    """A practitioner reads no more than the summary of her own agency's worries, and may know them over."""
    if doing.owner != doing.agency or doing.level < Level.SUMMARY:
        return "Only the agency that raised this flag may end it; ring them."
    return None


def _answer_signal(doing: Doing) -> str | None:
    """Whoever brings people to panels, whatever the case: a signal says nothing but that one is needed."""
    if doing.role == Role.COORDINATOR:
        return None
    return "A coordinator takes up signals and brings people to a panel."


def _read_reports(doing: Doing) -> str | None:
    """Statistics, in which nobody can be found."""
    if doing.role in (Role.TEAM_MANAGER, Role.SCRUTINEER):
        return None
    return "Managers and scrutineers read reports; ask one of them."


def _administer_agreements(doing: Doing) -> str | None:
    if doing.role == Role.INFORMATION_OFFICER:
        return None
    return "Only an information officer may write agreements and policy."


def _read_office(doing: Doing) -> str | None:
    """What somebody else did that nobody has looked at yet, for those who answer for it."""
    if doing.role in (Role.INFORMATION_OFFICER, Role.TEAM_MANAGER, Role.SAFEGUARDING_LEAD):
        return None
    return "Information officers, managers and safeguarding leads have this list; ask one of your agency."


def _add_agency(doing: Doing) -> str | None:
    if doing.for_partnership:
        return None
    return "Only an information officer of the partnership may add an agency; ask the partnership's office."


def _suspend(doing: Doing) -> str | None:
    """Whom it stops (for the own agency, or everywhere) is settled where the suspension is kept."""
    if doing.role == Role.INFORMATION_OFFICER:
        return None
    return "Only an information officer may suspend a user or let them in again."


def _read_checkpoint(doing: Doing) -> str | None:
    if doing.role in (Role.INFORMATION_OFFICER, Role.AGENCY_SYSTEM):
        return None
    return "Only an information officer, or their agency's system, may take a checkpoint of the ledger."


def _verify_ledger(doing: Doing) -> str | None:
    if doing.role == Role.INFORMATION_OFFICER:
        return None
    return "Only an information officer may verify the ledger."


def _hold_receipt(doing: Doing) -> str | None:
    if doing.role in (Role.INFORMATION_OFFICER, Role.SAFEGUARDING_LEAD):
        return None
    return "Only an information officer or a safeguarding lead may hold a receipt back."


def _see_as_agency(doing: Doing) -> str | None:
    if doing.relationship in WORKING | LEADING:
        return None
    return "Only the team may look at a case as another agency would see it. Ask the lead professional."


def _write_bars(doing: Doing) -> str | None:
    """Which case and which bar an officer may know of is settled before this and where the bars are kept."""
    if doing.role == Role.INFORMATION_OFFICER:
        return None
    return "Only an information officer may read and write bars."


RULES: dict[str, Rule] = {
    Deed.CONTRIBUTE: _by_writers(_and_asks(_team_only)),
    Deed.CORRECT: _by_writers(_correct),
    Deed.ADD_TO_TEAM: _by_writers(_add_to_team),
    Deed.END_MEMBERSHIP: _end_membership,
    Deed.RECORD_DEPARTURE: _record_departure,
    Deed.RECORD_PERMISSION: _by_writers(_record_permission),
    Deed.RECORD_REFUSAL: _by_writers_or_family(_team_only),
    Deed.RECORD_EXCLUSION: _by_writers_or_family(_team_only),
    Deed.LIFT_EXCLUSION: _by_writers(_lift_exclusion),
    Deed.WITHDRAW_PERMISSION: _by_writers_or_family(_team_only),
    Deed.GIVE_FAMILY_CODE: _by_writers(_team_only),
    Deed.RECORD_AUTHORITY: _by_writers(_team_only),
    Deed.END_AUTHORITY: _by_writers(_end_authority),
    Deed.DECIDE_CONFLICT: _decide_conflict,
    Deed.ANSWER_RISK_QUESTION: _by_writers(_leading_only),
    Deed.ANSWER_MESSAGE: _answer_message,
    Deed.RELEASE: _release,
    Deed.RECORD_OVERRIDE: _record_override,
    Deed.CONFIRM_OVERRIDE: _confirm_override,
    Deed.END_OVERRIDE: _end_override,
    Deed.REVIEW_TELLING: _review_telling,
    Deed.BREAK_GLASS: _break_glass,
    Deed.RENEW_BREAK_GLASS: _renew_break_glass,
    Deed.REVIEW_BREAK_GLASS: _review_break_glass,
    Deed.NOMINATE_LEAD: _by_writers(_able_to_act(_leading_only)),
    Deed.NOMINATE_FOR_PANEL: _able_to_act(_nominate_for_panel),
    Deed.OBJECT_TO_NOMINATION: _object_to_nomination,
    Deed.NAME_DEPUTY: _by_writers(_able_to_act(_in_charge)),
    Deed.WEIGH_CASE: _by_writers(_in_charge),
    Deed.CAP_CASELOAD: _cap_caseload,
    Deed.READ_GAPS: _read_gaps,
    Deed.READ_WORKLIST: _by_writers(_anybody),
    Deed.RECORD_INVOLVEMENT: _by_writers(_anybody),
    Deed.ANSWER_NOMINATION: _by_writers(_able_to_act(_answer_nomination)),
    Deed.CLOSE_CASE: _by_writers(_close),
    Deed.SIGN_ASSESSMENT: _by_writers(_team_only),
    Deed.WRITE_ACTION_STATUS: _by_writers(_write_action_status),
    Deed.SIGN_COMPACT: _by_writers_or_family(_team_only),
    Deed.SAY_WHAT_BECAME: _by_writers_or_family(_team_only),
    Deed.READ_STREAMS: _by_writers(_anybody),
    Deed.ADMINISTER_BUDGET: _give_money,
    Deed.ALLOCATE_BUDGET: _give_money,
    Deed.SPEND_BUDGET: _by_writers(_spend_budget),
    Deed.SIGN_PURCHASE: _sign_purchase,
    Deed.SETTLE_PURCHASE: _settle_purchase,
    Deed.OPEN_CASE: _by_writers(_anybody),
    Deed.CREATE_PERSON: _by_writers(_anybody),
    Deed.ADMINISTER_AGREEMENTS: _administer_agreements,
    Deed.ADD_AGENCY: _add_agency,
    Deed.SUSPEND_USER: _suspend,
    Deed.LIFT_SUSPENSION: _suspend,
    Deed.RECORD_BAR: _write_bars,
    Deed.READ_BARS: _write_bars,
    Deed.LIFT_BAR: _write_bars,
    Deed.READ_CHECKPOINT: _read_checkpoint,
    Deed.VERIFY_LEDGER: _verify_ledger,
    Deed.HOLD_RECEIPT: _hold_receipt,
    Deed.READ_POLICY: _administer_agreements,
    Deed.READ_OFFICE: _read_office,
    Deed.SEE_AS_AGENCY: _by_writers(_see_as_agency),
    Deed.DRAFT_POLICY: _administer_agreements,
    Deed.DISCARD_DRAFT: _administer_agreements,
    Deed.SIMULATE_POLICY: _administer_agreements,
    Deed.APPROVE_POLICY: _administer_agreements,
    Deed.PUBLISH_POLICY: _administer_agreements,
    Deed.REQUEST_SHARING: _by_writers(_anybody),
    Deed.DECIDE_NOT_TO_SHARE: _by_writers(_anybody),
    Deed.SEND_CONCERN: _send_concern,
    Deed.READ_CONCERNS: _by_writers(_anybody),
    Deed.ACKNOWLEDGE_CONCERN: _by_writers(_acknowledge_concern),
    Deed.END_FLAG: _by_writers(_end_flag),
    Deed.RECORD_SMALL_CONCERN: _send_concern,
    Deed.READ_SIGNALS: _answer_signal,
    Deed.ANSWER_SIGNAL: _answer_signal,
    Deed.READ_REPORTS: _read_reports,
    Deed.REFER: _by_writers(_refer),
    Deed.READ_REFERRALS: _by_writers(_anybody),
    Deed.TAKE_UP_REFERRAL: _by_writers(_answer_referral),
    Deed.ANSWER_REFERRAL: _by_writers(_answer_referral),
    Deed.REOPEN_OFFER: _reopen_offer,
    Deed.ARRANGE_MEETING: _by_writers(_and_asks(_arrange_meeting)),
    Deed.NAME_CHAIR: _by_writers(_able_to_act(_name_chair, by_casework=False)),
    Deed.INVITE: _by_writers(_invite),
    Deed.ANSWER_INVITATION: _answer_invitation,
}

OFFERED = (
    Deed.CONTRIBUTE,
    Deed.WRITE_ACTION_STATUS,
    Deed.RECORD_PERMISSION,
    Deed.RECORD_REFUSAL,
    Deed.WITHDRAW_PERMISSION,
    Deed.RECORD_EXCLUSION,
    Deed.LIFT_EXCLUSION,
    Deed.GIVE_FAMILY_CODE,
    Deed.RECORD_AUTHORITY,
    Deed.END_AUTHORITY,
    Deed.DECIDE_CONFLICT,
    Deed.ANSWER_RISK_QUESTION,
    Deed.RELEASE,
    Deed.ADD_TO_TEAM,
    Deed.END_MEMBERSHIP,
    Deed.NOMINATE_LEAD,
    Deed.NOMINATE_FOR_PANEL,
    Deed.ANSWER_NOMINATION,
    Deed.OBJECT_TO_NOMINATION,
    Deed.NAME_DEPUTY,
    Deed.WEIGH_CASE,
    Deed.CLOSE_CASE,
    Deed.SIGN_ASSESSMENT,
    Deed.SIGN_COMPACT,
    Deed.SAY_WHAT_BECAME,
    Deed.ALLOCATE_BUDGET,
    Deed.SPEND_BUDGET,
    Deed.SIGN_PURCHASE,
    Deed.SETTLE_PURCHASE,
    Deed.REFER,
    Deed.REOPEN_OFFER,
    Deed.ARRANGE_MEETING,
    Deed.NAME_CHAIR,
    Deed.INVITE,
    Deed.SEND_CONCERN,
    Deed.RECORD_SMALL_CONCERN,
    Deed.REQUEST_SHARING,
    Deed.DECIDE_NOT_TO_SHARE,
    Deed.SEE_AS_AGENCY,
)
"""What is done in a case, and so may be offered to whoever reads it."""

_ANOTHER = "another agency"
"""Stands for an agency that nobody excluded; no agency can have it for its code."""
_ASKS_ANOTHER = frozenset({Deed.REFER, Deed.END_MEMBERSHIP})
"""Deeds that are offered only where they may be done to another agency than one's own."""


# Asked with every view of a case, of few kinds of caller: 48 µs of its 5 ms (measured).
@lru_cache(maxsize=1024)
def offered(doing: Doing) -> tuple[str, ...]:
    """The deeds of a case that may be done at all by who does this (their role, relationship and agency, and
    whether the case has a lead, takes part and rests on a statutory basis).

    Each is looked at as done to something of their own, with what it needs at hand; for one entry or agency
    it may still be refused, with the reason. How an action stands is offered to the team: who is not on it
    may write it of what they see in full, which hangs on the action.
    """
    at_best = replace(
        doing,
        owner=doing.agency,
        accountable=doing.agency,
        level=Level.FULL,
        target_agency=doing.agency,
        target_excluded=False,
        target_suspended=False,
        target_role=Role.PRACTITIONER,
        target_sees=True,
        is_self=True,
        benefits_own_agency=False,
        has_evidence_reference=True,
        by_giver=True,
        against_unknown=False,
    )
    of_deed = {
        **dict.fromkeys(_ASKS_ANOTHER, replace(at_best, target_agency=_ANOTHER, is_self=False)),
        Deed.WRITE_ACTION_STATUS: replace(at_best, level=Level.NONE),
    }
    permitted = (deed for deed in OFFERED if isinstance(may_write(deed, of_deed.get(deed, at_best)), Permit))
    return tuple(deed.value for deed in permitted)
