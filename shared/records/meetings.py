"""Meetings: of the team, case conferences and panels; who was there, what was decided, and why."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from shared.problems import WrongField
from shared.records.base import AgencyCode, Id, Line, Moment, Record, Text, UserId, YesNo
from shared.records.plan import NewAction
from shared.vocabulary import Category, Role

_ENTRY = "c81f0f0a-7a4d-4c2b-b0d5-93f7a1e4d852"
Categories = Annotated[tuple[Category, ...], Field(max_length=len(Category))]
Subjects = Annotated[tuple[Id, ...], Field(max_length=30)]
Age = Annotated[int, Field(ge=0, le=120, strict=True)]


class MeetingKind(StrEnum):
    TEAM_MEETING = "team_meeting"
    CASE_CONFERENCE = "case_conference"
    PANEL = "panel"


ATTENDANCE_OPENS = timedelta(hours=12)
"""So long before a meeting begins it may be said who is there: not by the day, which would end at midnight in
one time zone for those who meet late in another."""


class MeetingState(StrEnum):
    PLANNED = "planned"
    IN_SESSION = "in_session"
    HELD = "held"
    CANCELLED = "cancelled"
    NOT_RECORDED = "not_recorded"


class PanelRules(Record):
    """For whom a panel is: ages that it takes, both included, areas, and whether coming is voluntary."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"name": "Youth inclusion panel", "age_from": 8, "age_to": 13, "voluntary": True}
        }
    )

    name: Line
    age_from: Age | None = None
    age_to: Age | None = None
    areas: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    voluntary: YesNo = True

    @model_validator(mode="after")
    def _takes_somebody(self) -> Self:
        if self.age_from is not None and self.age_to is not None and self.age_to < self.age_from:
            raise WrongField("age_to", "The highest age that a panel takes is not below the lowest.")
        return self


class Eligibility(Record):
    """What is known of the person for a panel: the area where they live, whether they agreed to come, and how
    old they are, as told, where the date of birth is not recorded or not seen."""

    model_config = ConfigDict(json_schema_extra={"example": {"area": "Burngreave", "agreed": True}})

    area: Line | None = None
    agreed: YesNo = False
    age_as_told: Age | None = None


class NewAgendaItem(Record):
    """Something to be talked about. ``papers``: entries of this case, by id; each who reads them sees what
    they may see of them then. ``confidential``: it has an attendance of its own."""

    model_config = ConfigDict(json_schema_extra={"example": {"topic": "How school goes", "papers": [_ENTRY]}})

    topic: Line
    note: Text | None = None
    confidential: YesNo = False
    papers: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    categories: Categories = ()
    subjects: Subjects = ()


class NewMeeting(Record):
    """A meeting that lies ahead; whoever plans it is in the chair."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "meeting_kind": "team_meeting",
                "title": "Six weeks on",
                "starts_at": "2026-04-01T13:00:00Z",
                "place": "Northgate Community School, room 4",
                "agenda": [{"topic": "How school goes", "papers": [_ENTRY]}],
            }
        }
    )

    meeting_kind: MeetingKind
    title: Line
    starts_at: Moment
    place: Line | None = None
    panel: PanelRules | None = None
    eligibility: Eligibility | None = None
    agenda: Annotated[tuple[NewAgendaItem, ...], Field(max_length=50)] = ()
    categories: Categories = ()
    subjects: Subjects = ()

    @model_validator(mode="after")
    def _a_panel_has_rules(self) -> Self:
        if (self.meeting_kind is MeetingKind.PANEL) != (self.panel is not None):
            raise WrongField("panel", "Say for whom a panel is (panel), and only of a panel.")
        if self.eligibility is not None and self.panel is None:
            raise WrongField(
                "eligibility", "Only a panel asks whether somebody is eligible; leave eligibility out."
            )
        return self


class MeetingFields(Record):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "meeting_kind": "team_meeting",
                "title": "Six weeks on",
                "starts_at": "2026-04-01T13:00:00Z",
                "state": "planned",
            }
        }
    )

    meeting_kind: MeetingKind
    title: Line
    starts_at: Moment
    place: Line | None = None
    panel: Line | None = None
    state: MeetingState
    cancelled_because: Text | None = None


class AgendaItemFields(Record):
    model_config = ConfigDict(
        json_schema_extra={"example": {"meeting": _ENTRY, "topic": "How school goes", "confidential": False}}
    )

    meeting: Id
    topic: Line
    note: Text | None = None
    confidential: YesNo = False


class NewAgenda(Record):
    """Further items for the agenda of a meeting."""

    agenda: Annotated[tuple[NewAgendaItem, ...], Field(min_length=1, max_length=50)]


class NewInvitation(Record):
    """Somebody who is asked to come. Who is not on the team considers the case until they have declined, or
    until the meeting is over."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "user": "pam.orr", "name": "Pam Orr", "agency": "tidewater-housing", "role": "panel_member",
            }
        }
    )  # fmt: skip

    user: UserId
    name: Line
    agency: AgencyCode
    role: Role


class NewFamilyInvitation(Record):
    """Somebody of the family who is asked to come: whom the case is about, or a parent or carer. It shows
    them nothing more than they see anyhow."""

    model_config = ConfigDict(json_schema_extra={"example": {"person": _ENTRY}})

    person: Id


NOT_ON_THE_LIST = (
    "What you want said cannot be put on the list for this meeting. Tell your lead professional, or somebody "
    "of the team whom you trust, and send your answer without it."
)
"""Said to one of the family whose words would not reach the chair, or would reach whom they excluded."""


class WordSent(Record):
    """Whether somebody of the family comes, as they sent word; ``to_be_said``: what they want said there. It
    goes on the agenda, for those who see the meeting and know of them, in the place of what they said before;
    where it cannot go there, nothing of this is kept and they are told so (409)."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"comes": False, "to_be_said": "Mornings are the hardest."}}
    )

    comes: YesNo
    to_be_said: Text | None = None


class WordToStore(WordSent):
    """The same with the agency of whoever is in the chair: it was decided that it may hold what is said."""

    held_by: AgencyCode | None = None


class NewChair(Record):
    """Who is in the chair from now on: a member of the team, by the id on the roster; without one, whoever
    says this takes it over."""

    model_config = ConfigDict(json_schema_extra={"example": {"member": _ENTRY}})

    member: Id | None = None


class ConfidentialPart(Record):
    """Who was there for one confidential item, by their invitations."""

    model_config = ConfigDict(json_schema_extra={"example": {"item": _ENTRY, "present": [_ENTRY]}})

    item: Id
    present: Annotated[tuple[Id, ...], Field(max_length=100)]


class Attendance(Record):
    """Who is there, by their invitations; whoever is not named is not. To be sent again when it changes."""

    model_config = ConfigDict(json_schema_extra={"example": {"present": [_ENTRY]}})

    present: Annotated[tuple[Id, ...], Field(max_length=100)]
    confidential_parts: Annotated[tuple[ConfidentialPart, ...], Field(max_length=50)] = ()


class AttendanceToStore(Attendance):
    """The same with the invitations of which the one who says it does not know: they stay as they were."""

    not_shown: Annotated[tuple[Id, ...], Field(max_length=100)] = ()


class WhoseView(StrEnum):
    CHILD_OR_YOUNG_PERSON = "child_or_young_person"
    ADULT = "adult"
    PARENT_OR_CARER = "parent_or_carer"
    OTHER_FAMILY = "other_family"
    AGENCY = "agency"


OF_THE_FAMILY = frozenset(WhoseView) - {WhoseView.AGENCY}


class NewView(Record):
    """What somebody thought of a decision, as they said it. Its content's categories go with it."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"whose": "child_or_young_person", "view": "I want to go boxing."}}
    )

    whose: WhoseView
    agency: AgencyCode | None = None
    view: Text
    categories: Categories = ()

    @model_validator(mode="after")
    def _names_the_agency(self) -> Self:
        if (self.whose is WhoseView.AGENCY) != (self.agency is not None):
            raise WrongField("agency", "Name the agency whose view it is, and only then.")
        return self


class NewDecision(Record):
    """What a meeting decided, why, what each thought of it, and the actions that come of it. Without a view
    of the family it says why not."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "decision": "He begins at the boxing club.",
                "reasons": "It is his wish, and it keeps him busy on Fridays.",
                "views": [{"whose": "child_or_young_person", "view": "I want to go boxing."}],
            }
        }
    )

    decision: Text
    reasons: Text
    views: Annotated[tuple[NewView, ...], Field(max_length=30)] = ()
    no_family_view_because: Text | None = None
    actions: Annotated[tuple[NewAction, ...], Field(max_length=50)] = ()
    categories: Categories = ()
    subjects: Subjects = ()

    @model_validator(mode="after")
    def _hears_the_family(self) -> Self:
        heard = any(view.whose in OF_THE_FAMILY for view in self.views)
        if heard == (self.no_family_view_because is not None):
            raise WrongField(
                "no_family_view_because" if heard else "views",
                "Write down a view of the family, or say no_family_view_because.",
            )
        return self


class DecisionFields(Record):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "meeting": _ENTRY,
                "decision": "He begins at the boxing club.",
                "reasons": "It is his wish, and it keeps him busy on Fridays.",
            }
        }
    )

    meeting: Id
    decision: Text
    reasons: Text
    no_family_view_because: Text | None = None


class ViewFields(Record):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "meeting": _ENTRY,
                "decision": _ENTRY,
                "whose": "child_or_young_person",
                "view": "I want to go boxing.",
            }
        }
    )

    meeting: Id
    decision: Id
    whose: WhoseView
    agency: AgencyCode | None = None
    view: Text


class NewPledges(Record):
    """What agencies that are there promise to do: each becomes an action of the plan, owed by that agency."""

    actions: Annotated[list[NewAction], Field(min_length=1, max_length=50)]


class MeetingCancellation(Record):
    model_config = ConfigDict(json_schema_extra={"example": {"reason": "The school is closed for snow."}})

    reason: Text
