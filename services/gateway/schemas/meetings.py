"""The shapes of answers about meetings."""

from services.gateway.schemas.views import DecisionCard, EntryView, Footer, View


class Chair(View):
    user: str
    agency: str


class InvitationCard(View):
    """Somebody who is invited, and whether they came."""

    id: str
    user: str
    name: str
    agency: str
    role: str
    state: str


class FamilyCard(View):
    """Somebody of the family who is invited, by the id of the person, and whether they came."""

    id: str
    person: str
    state: str


class MeetingLine(View):
    meeting: EntryView
    chair: Chair
    attendance: list[InvitationCard]
    family: list[FamilyCard]


class MissedView(View):
    """How many of the latest meetings that were held an agency missed in a row."""

    agency: str
    times: int


class MeetingsView(Footer):
    meetings: list[MeetingLine]
    missed: list[MissedView]


class AgendaItemView(View):
    """An item and the ids of those of its papers that the caller may see."""

    item: EntryView
    papers: list[str]


class MeetingView(Footer):
    """One meeting. The papers are the entries themselves, as the caller may see them now."""

    meeting: EntryView
    chair: Chair
    attendance: list[InvitationCard]
    family: list[FamilyCard]
    agenda: list[AgendaItemView]
    papers: list[EntryView]
    decisions: list[EntryView]
    views_heard: list[EntryView]
    pledges: list[EntryView]


class HeardView(View):
    """Whether everybody who is there for the item may see all of this entry."""

    entry: str
    item: str
    everybody_may_see: bool


class RoomView(View):
    """What may be said in the room, of what the chair sees in full: yes or no, and never who not or why.
    ``limits``: what this does not tell."""

    meeting: str
    entries: list[HeardView]
    limits: list[str]
    notice: str
    decision: DecisionCard
