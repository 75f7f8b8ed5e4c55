"""The deeds of the API, as they are put to the consent service together with what they concern. Pure."""

from collections.abc import Collection, Iterable, Mapping, Set
from typing import Any

from services.gateway.disclose import DeedOf, Gathered
from services.gateway.labels import key_of
from services.gateway.rosters import what_is_left
from shared.disclosure import CaseAsk, DeedAsk, Entry, LeftAsk
from shared.identity import Caller
from shared.records.cases import NewTeamMember
from shared.records.meetings import NewInvitation
from shared.vocabulary import Deed, Role


def deed(name: Deed) -> DeedOf:
    """A deed that concerns the case as a whole."""
    return lambda gathered, _: DeedAsk(deed=name, has_lead=_has_lead(gathered))


def add_to_team(new: NewTeamMember, acting_agency: str) -> DeedOf:
    """Adding somebody to the team, in a role; also to one that everybody has left."""
    return lambda gathered, _: DeedAsk(
        deed=Deed.ADD_TO_TEAM,
        has_lead=_has_lead(gathered),
        target_agency=new.agency,
        for_user=new.user,
        for_role=new.role,
        left=_left(gathered, acting_agency),
    )


def reopen(acting_agency: str) -> DeedOf:
    """Opening a closed case again: the deed of who may close it, or of a co-ordinator where all have left."""
    return lambda gathered, _: DeedAsk(
        deed=Deed.CLOSE_CASE, has_lead=_has_lead(gathered), left=_left(gathered, acting_agency)
    )


def _left(gathered: Gathered, agency: str) -> LeftAsk | None:
    return None if gathered.bundle is None else what_is_left(gathered.bundle, agency)


def ask_to_do(name: Deed, agency: str) -> DeedOf:
    """Agreeing with an agency that is not on the team that it does something: it reads what."""
    return lambda gathered, _: DeedAsk(deed=name, has_lead=_has_lead(gathered), target_agency=agency)


def refer(agency: str) -> DeedOf:
    """Referring a case to an agency: it is shown a part of the case then."""
    return ask_to_do(Deed.REFER, agency)


def invite(new: NewInvitation) -> DeedOf:
    """Inviting somebody to a meeting, in a role, which shows a part of the case to whoever is not on its
    team."""

    def of(gathered: Gathered, _: CaseAsk) -> DeedAsk:
        team = gathered.bundle["team"] if gathered.bundle else []
        here = ((seat["user"], seat["agency"]) for seat in team if seat["until"] is None)
        return DeedAsk(
            deed=Deed.INVITE,
            has_lead=_has_lead(gathered),
            target_agency=new.agency,
            for_user=new.user,
            for_role=new.role,
            on_team=(new.user, new.agency) in here,
        )

    return of


def answer_invitation(*, is_self: bool, chair: Mapping[str, str] | None = None) -> DeedOf:
    """Answering an invitation to a meeting: the deed of who was invited. ``chair``: the user and agency whom
    what one of the family says is to reach."""
    return lambda gathered, _: DeedAsk(
        deed=Deed.ANSWER_INVITATION,
        has_lead=_has_lead(gathered),
        is_self=is_self,
        target_agency=None if chair is None else chair["agency"],
        for_user=None if chair is None else chair["user"],
    )


def end_membership(member: str, user: str, acting_agency: str) -> DeedOf:
    """Ending a membership by its id; ending one's own is always allowed."""

    def of(gathered: Gathered, _: CaseAsk) -> DeedAsk:
        team = gathered.bundle["team"] if gathered.bundle else []
        found = next((m for m in team if m["id"] == member), None)
        return DeedAsk(
            deed=Deed.END_MEMBERSHIP,
            has_lead=_has_lead(gathered),
            is_self=found is not None and (found["user"], found["agency"]) == (user, acting_agency),
            target_agency=found["agency"] if found else None,
            on_team=found is not None and found["until"] is None,
        )

    return of


def put_in_charge(name: Deed, member: str) -> DeedOf:
    """Asking a member of the team to lead or to stand in; whether they are able to act is asked with it."""

    def of(gathered: Gathered, _: CaseAsk) -> DeedAsk:
        team = gathered.bundle["team"] if gathered.bundle else []
        found = next((m for m in team if m["id"] == member), None)
        return DeedAsk(
            deed=name,
            has_lead=_has_lead(gathered),
            for_user=found["user"] if found else None,
            for_role=found["role"] if found else None,
            target_agency=found["agency"] if found else None,
        )

    return of


def name_chair(member: str | None, caller: Caller) -> DeedOf:
    """Naming who is in the chair of a meeting: a member of the team, or (None) whoever says it."""
    if member is not None:
        return put_in_charge(Deed.NAME_CHAIR, member)
    return lambda gathered, _: DeedAsk(
        deed=Deed.NAME_CHAIR,
        has_lead=_has_lead(gathered),
        is_self=True,
        for_user=caller.user,
        for_role=caller.role,
        target_agency=caller.agency,
    )


def take_nomination_back(nomination: str, role: str) -> DeedOf:
    """Taking a nomination back: a co-ordinator what they nominated for a panel, others as they nominate."""

    def of(gathered: Gathered, _: CaseAsk) -> DeedAsk:
        found = _nomination_of(gathered, nomination)
        for_panel = role == Role.COORDINATOR and found is not None and found["nominated_by"] == "panel"
        name = Deed.NOMINATE_FOR_PANEL if for_panel else Deed.NOMINATE_LEAD
        return DeedAsk(deed=name, has_lead=_has_lead(gathered) and not for_panel)

    return of


def object_to_nomination(nomination: str) -> DeedOf:
    """Objecting to a nomination of somebody of one's own agency."""

    def of(gathered: Gathered, _: CaseAsk) -> DeedAsk:
        found = _nomination_of(gathered, nomination)
        return DeedAsk(
            deed=Deed.OBJECT_TO_NOMINATION,
            has_lead=_has_lead(gathered),
            target_agency=found["agency"] if found else None,
        )

    return of


def refuse_nomination(nomination: str, user: str, agency: str) -> DeedOf:
    """Refusing a nomination: the nominee's own deed."""

    def of(gathered: Gathered, _: CaseAsk) -> DeedAsk:
        found = _nomination_of(gathered, nomination)
        return DeedAsk(
            deed=Deed.ANSWER_NOMINATION,
            has_lead=_has_lead(gathered),
            is_self=found is not None and (found["user"], found["agency"]) == (user, agency),
        )

    return of


def accept_nomination(nomination: str, user: str, agency: str) -> DeedOf:
    """Accepting it: whether they can lead in the role in which they are on the team is asked with it."""
    by_nominee = refuse_nomination(nomination, user, agency)

    def of(gathered: Gathered, ask: CaseAsk) -> DeedAsk:
        team = gathered.bundle["team"] if gathered.bundle else []
        seats = (seat for seat in team if (seat["user"], seat["agency"]) == (user, agency))
        seat = next((seat for seat in seats if seat["until"] is None), None)
        answer = by_nominee(gathered, ask)
        if seat is None:
            return answer
        return answer.model_copy(update={"for_user": user, "for_role": seat["role"], "target_agency": agency})

    return of


def record_permission(recipients: Collection[str], works_for: Set[str], *, has_reference: bool) -> DeedOf:
    """Recording an answer; one that opens something to an agency of the recorder's needs evidence."""
    return lambda gathered, _: DeedAsk(
        deed=Deed.RECORD_PERMISSION,
        has_lead=_has_lead(gathered),
        benefits_own_agency=not works_for.isdisjoint(recipients),
        has_evidence_reference=has_reference,
    )


def release_own(agency: str) -> DeedOf:
    """Releasing what the acting agency holds, or taking that back."""
    return lambda gathered, _: DeedAsk(deed=Deed.RELEASE, has_lead=_has_lead(gathered), owner=agency)


def in_own_words(name: Deed, speaker: str | None, person: str | None) -> DeedOf:
    """Writing down what somebody of the family says; ``person`` is the caller's own record, if any."""
    return lambda gathered, _: DeedAsk(
        deed=name, has_lead=_has_lead(gathered), is_self=person is not None and speaker == person
    )


def send_concern(recipient: str, entries: Iterable[str], subjects: Iterable[str] = ()) -> DeedOf:
    """Sending a concern; the receipt names the entries that go with it, and to whom."""

    def of(gathered: Gathered, _: CaseAsk) -> DeedAsk:
        people = gathered.bundle["people"] if gathered.bundle else ()
        return DeedAsk(
            deed=Deed.SEND_CONCERN,
            has_lead=_has_lead(gathered),
            target_agency=recipient,
            sends=tuple(sorted(set(entries))),
            names=tuple(sorted(set(subjects).difference(people))),
        )

    return of


def about_entry(name: Deed, entry: str) -> DeedOf:
    """A deed done to one entry: correcting it, or writing an action's status."""

    def of(gathered: Gathered, _: CaseAsk) -> DeedAsk:
        found = next((e for e in gathered.entries if e["id"] == entry), None)
        return DeedAsk(
            deed=name,
            has_lead=_has_lead(gathered),
            owner=found["owner"] if found else None,
            accountable=found["accountable"] if found else None,
            entry_label=_place(found, gathered) if found else None,
        )

    return of


def _nomination_of(gathered: Gathered, nomination: str) -> dict[str, Any] | None:
    listed = gathered.bundle["nominations"] if gathered.bundle else []
    return next((n for n in listed if n["id"] == nomination), None)


def _place(entry: Entry, gathered: Gathered) -> int:
    keys = [key_of(other) for other in gathered.entries]
    return gathered.labelled.place_of[keys.index(key_of(entry))]


def _has_lead(gathered: Gathered) -> bool:
    return gathered.bundle is not None and gathered.bundle["lead"] is not None
