"""Whether a deed may be done, from the facts that the decision read. Pure; rules are in ``writing.py``."""

from collections.abc import Collection, Sequence
from typing import Any

from services.consent.decision.facts import Facts
from services.consent.decision.verdict import Verdict
from services.consent.decision.windows import stops
from services.consent.decision.writing import NOT_ON_THE_TEAM, Doing, Refusal, may_write, offered
from services.consent.decisions.openings import Opener
from shared.disclosure import CaseAsk, DeedAsk, LeftAsk, OffersAsk, Permit
from shared.identity import Caller
from shared.vocabulary import Deed, Level, Role

_TO_AN_OVERRIDE = frozenset(
    {Deed.CONFIRM_OVERRIDE, Deed.END_OVERRIDE, Deed.REVIEW_TELLING, Deed.REVIEW_BREAK_GLASS}
)
_ANSWERING = frozenset({Role.TEAM_MANAGER, Role.SAFEGUARDING_LEAD, Role.INFORMATION_OFFICER})
PUTS_IN_CHARGE = frozenset(
    {
        Deed.NOMINATE_LEAD,
        Deed.NOMINATE_FOR_PANEL,
        Deed.ANSWER_NOMINATION,
        Deed.NAME_DEPUTY,
        Deed.NAME_CHAIR,
    }
)
"""Without anybody who is known to be on the team these put nobody in charge: such a thing is taken back,
refused or only asked about, or who is named is no member, which is said where that is kept."""
NOT_IN_FORCE = Permit(permitted=False, reason="Your access is not in force. Ask your information officer.")
NOBODY_NAMED = Permit(permitted=False, reason=NOT_ON_THE_TEAM)


def permit_for(
    deed: DeedAsk,
    caller: Caller,
    cases: Sequence[CaseAsk],
    decided: Sequence[tuple[Verdict, Facts]],
    at: int,
    margin: int,
    *,
    for_partnership: bool,
    opener: Opener,
    statutory_basis: bool,
    target_suspended: bool,
    target_sees: bool,
) -> Permit:
    """The permit for a deed done to the one case asked about, or to none.

    ``for_partnership``: the caller administers the whole partnership. ``statutory_basis``: an override that
    they may know of names the agency that the deed brings in. ``target_suspended``: the user whom the deed
    puts in charge is; ``target_sees``: the policy shows something to whoever is there in that role.
    """
    verdict, facts = decided[0] if decided else (None, None)
    level = Level.NONE
    if verdict is not None and deed.entry_label is not None and 0 <= deed.entry_label < len(verdict.levels):
        level = verdict.levels[deed.entry_label]
    # Of an entry that the caller does not see, nothing is looked at: the answer is that about an absent one.
    unseen = deed.entry_label is not None and level < Level.SUMMARY
    lifts = deed.deed == Deed.LIFT_EXCLUSION
    answer = may_write(
        deed.deed,
        Doing(
            role=caller.role,
            relationship=cases[0].relationship if cases else "none",
            agency=caller.agency,
            # Whose an override is, is checked where it is confirmed, ended or reviewed, as below.
            owner=caller.agency if deed.deed in _TO_AN_OVERRIDE else None if unseen else deed.owner,
            accountable=None if unseen else deed.accountable,
            level=level,
            has_lead=deed.has_lead,
            takes_part=facts is not None and facts.takes_part,
            statutory_basis=statutory_basis,
            target_agency=deed.target_agency,
            target_excluded=_may_not_join(facts, deed.target_agency, caller.agency, at, margin),
            target_suspended=target_suspended,
            target_role=deed.for_role,
            target_sees=target_sees,
            target_on_team=deed.on_team,
            names_nobody=deed.for_user is None and deed.deed in PUTS_IN_CHARGE,
            **_of_what_is_left(deed.left, facts, caller, {caller.user, deed.for_user}, at, margin),
            is_self=deed.is_self,
            # Who asked for the exclusion, and against whom it stands, is checked where it is lifted: there it
            # is known whether the caller may know of it at all.
            benefits_own_agency=deed.benefits_own_agency and not lifts,
            has_evidence_reference=deed.has_evidence_reference,
            by_giver=lifts,
            against_unknown=not lifts,
            for_partnership=for_partnership,
            statutory_duties=opener.statutory_duties,
            breaks_glass=opener.breaks_glass,
            for_colleague=opener.for_colleague,
            needs_manager=opener.needs_manager,
            on_behalf_roles=_roles_named(caller, cases),
            # Who recorded an override is checked where it is confirmed.
            by_officer=caller.role == Role.INFORMATION_OFFICER,
            # Whether anything is overdue, and who is told so, is checked where it is reviewed.
            told_overdue=caller.role in _ANSWERING,
        ),
    )
    if isinstance(answer, Refusal):
        return Permit(permitted=False, reason=answer.reason)
    return Permit(
        permitted=True,
        reason=None,
        by_office=answer.even_unseen and not _is_barred(facts, caller.agency, {caller.user}, at, margin),
        notify_owners=answer.notify_owners,
        may_hold=_may_hold(facts, deed, caller, at, margin),
    )


def _may_hold(facts: Facts | None, deed: DeedAsk, caller: Caller, at: int, margin: int) -> bool:
    """Whether whoever is in the chair may have what one of the family says of themselves, whatever it is
    about. Of what others excluded them from nothing is said: it would tell of others' choices."""
    if facts is None or deed.target_agency is None or caller.person is None:
        return False
    about, users = (caller.person,), {deed.for_user}
    return not _is_kept_out(facts, deed.target_agency, users, at, margin, about)


def _is_kept_out(
    facts: Facts,
    agency: str,
    users: Collection[str | None],
    at: int,
    margin: int,
    about: Collection[str] | None = None,
) -> bool:
    """Whether an exclusion about these people (None: about anybody in the case) names this agency or one of
    these users, or a bar in the case stops them."""
    excluded = any(
        (agency in exclusion.agencies or not exclusion.users.isdisjoint(users))
        and stops(exclusion.window, at, margin)
        for exclusion in facts.exclusions
        if about is None or exclusion.subject in about
    )
    return excluded or _is_barred(facts, agency, users, at, margin)


def _is_barred(facts: Facts | None, agency: str, users: Collection[str | None], at: int, margin: int) -> bool:
    """Whether a bar in the case stops this agency or one of these users: to them it is not there, whatever
    else they are to it."""
    return facts is None or any(
        (agency in bar.agencies or user in bar.users) != bar.everyone_except and stops(bar.window, at, margin)
        for bar in facts.bars
        for user in users
    )


def _of_what_is_left(
    left: LeftAsk | None,
    facts: Facts | None,
    caller: Caller,
    users: Collection[str | None],
    at: int,
    margin: int,
) -> dict[str, Any]:
    """What the rules are to know of a case that nobody is on the team of any more. Whoever is kept out is
    told the same as everybody else: it would tell them that they are."""
    if left is None or facts is None:
        return {}
    kept_out = _is_kept_out(facts, caller.agency, {user for user in users if user is not None}, at, margin)
    known = {"left_in": left.state, "was_there": left.was_there, "opened_it": left.opened_it}
    return {**known, "kept_out": kept_out}


def offers_for(
    caller: Caller,
    case: CaseAsk,
    facts: Facts,
    offers: OffersAsk,
    at: int,
    margin: int,
    *,
    statutory_basis: bool,
) -> tuple[str, ...]:
    """The deeds that may be offered to a caller who sees this case."""
    return offered(
        Doing(
            role=caller.role,
            relationship=case.relationship,
            agency=caller.agency,
            has_lead=offers.has_lead,
            takes_part=facts.takes_part,
            statutory_basis=statutory_basis,
            **_of_what_is_left(offers.left, facts, caller, {caller.user}, at, margin),
            on_behalf_roles=_roles_named(caller, [case]),
        )
    )


def _roles_named(caller: Caller, cases: Sequence[CaseAsk]) -> tuple[str, ...] | None:
    if caller.on_behalf_of is None:
        return None
    return cases[0].on_behalf_roles if cases else ()


def _may_not_join(facts: Facts | None, agency: str | None, own: str, at: int, margin: int) -> bool:
    """Whether an exclusion about anybody in the case names this agency, whatever the category.

    Of one's own agency it is not said: that would tell its people that the family excluded them, and a
    colleague who joins sees no more than they do.
    """
    if facts is None:
        return True
    return agency != own and any(
        agency in exclusion.agencies and stops(exclusion.window, at, margin) for exclusion in facts.exclusions
    )
