"""The shapes of answers, for the OpenAPI document. Tests hold real answers against them, to the field.

Answers are built by ``projection`` and ``views`` and serialised once; these models describe, they do not
filter: what may leave is decided where the answer is built.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

LevelShown = Literal["summary", "full"]


class View(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class DecisionCard(View):
    """The decision behind an answer: its receipt, the policy, and until when it holds at most."""

    receipt: str
    policy_version: int
    purpose: str
    valid_until: str | None


class NotAvailable(View):
    """An agency that holds something which the caller may know of but not see, and how to ask."""

    agency: str
    name: str
    telephone: str | None
    ask: str


class EntryView(View):
    """One entry at the level that the caller may see; ``fields`` are those of that level."""

    id: str
    kind: str
    level: LevelShown
    owner: str
    categories: list[str]
    subjects: list[str]
    recorded_at: str
    fields: dict[str, Any]
    part_of: str | None = None
    author: str | None = None
    etag: str | None = None
    unanswered: bool | None = None
    """Whether its owner has yet to say that it mentions anything sensitive; left out where they have."""


class PersonCard(View):
    id: str
    name: str | None
    date_of_birth: str | None
    expected_date_of_delivery: str | None


class LeadCard(View):
    """Who is in charge, and how to reach them."""

    user: str
    name: str
    agency: str
    job_title: str
    telephone: str | None
    since: str


class DeputyCard(View):
    """Who stands in for the lead, from a day until the day on which the lead is back."""

    user: str
    name: str
    agency: str
    job_title: str
    telephone: str | None
    since: str
    until: str


class TeamMember(View):
    id: str
    user: str
    name: str
    agency: str
    role: str
    job_title: str
    telephone: str | None
    since: str
    until: str | None


class CaseHeader(View):
    person: PersonCard
    lead_professional: LeadCard | None
    deputy: DeputyCard | None
    team: list[TeamMember]
    state: str
    opened_at: str
    closed_at: str | None
    review_on: str | None
    relationship: str


class Areas(View):
    """Entries by area, oldest first."""

    person: list[EntryView]
    case: list[EntryView]
    assessment: list[EntryView]
    plan: list[EntryView]
    meetings: list[EntryView]
    contacts: list[EntryView]
    referrals: list[EntryView]
    flags: list[EntryView]
    budget: list[EntryView]


class Footer(View):
    """What stands under every view about a person."""

    not_available: list[NotAvailable]
    unavailable: list[str]
    notice: str
    decision: DecisionCard


class Paged(View):
    """What stands below a page of a list: the link to the next page, and its cursor; null on the last."""

    next: str | None
    cursor: str | None


class ComposedView(Footer):
    """The whole case as the caller may see it. ``may``: the deeds that are not refused to them in this case
    whatever they are done to; one entry or agency may still be refused, with the reason."""

    id: str
    header: CaseHeader
    areas: Areas
    may: list[str]


class SeenByView(Footer):
    """The case as a member of the team from this agency would see it, as far as the caller may know: of what
    the caller sees, the lower of both levels. ``header`` is null where they would see nothing."""

    id: str
    agency: str
    agency_name: str
    role: str
    header: CaseHeader | None
    areas: Areas


class PersonView(Footer):
    person: PersonCard
    entries: list[EntryView]


class EntriesView(Footer, Paged):
    entries: list[EntryView]


class AssessmentView(Footer):
    """One assessment, all of it that the caller may see."""

    entries: list[EntryView]


class LeadPeriod(View):
    user: str
    name: str
    agency: str
    since: str
    until: str | None


class NominationCard(View):
    id: str
    user: str
    name: str
    agency: str
    state: str
    nominated_at: str
    answered_at: str | None


class LeadView(Footer):
    lead_professional: LeadCard | None
    deputy: DeputyCard | None
    vacant_since: str | None
    history: list[LeadPeriod]
    nominations: list[NominationCard]


class Load(View):
    """How much the nominee leads, may lead, and what this case weighs: numbers, and never which cases."""

    load: int
    cap: int | None
    weight: int


class NominationView(Footer, NominationCard):
    """A nomination. What stands from ``reason`` on is null for those who are not told."""

    by: str
    reason: str | None
    objected_at: str | None
    objection: str | None
    exceeds_cap_because: str | None
    load: Load | None


class Nominee(View):
    """Somebody who may be asked to lead, by the id on the roster: how much they lead, and may."""

    member: str
    user: str
    name: str
    agency: str
    role: str
    job_title: str
    load: int
    cap: int | None


class NomineesView(Footer):
    """``weight``: what this case would add to what its lead leads."""

    weight: int
    nominees: list[Nominee]


class DeputyShown(DeputyCard):
    id: str
    ended_at: str | None


class DeputiesView(Footer, Paged):
    deputies: list[DeputyShown]


class CaseloadOfUser(View):
    """How much somebody of the caller's agency leads, and may."""

    user: str
    load: int
    cap: int | None


class TeamView(Footer, Paged):
    team: list[TeamMember]


class Involvement(TeamMember):
    """Somebody who works with a person, in which case."""

    case: str


class InvolvementsView(Footer):
    involvements: list[Involvement]
    recorded: list[EntryView]


class TimelineEvent(View):
    """Something that happened: an entry that was recorded, or a change in team or lead."""

    at: str
    what: Literal["recorded", "joined_team", "left_team", "became_lead", "ceased_to_lead"]
    kind: str | None = None
    entry: str | None = None
    owner: str | None = None
    name: str | None = None
    agency: str | None = None


class CaseView(ComposedView):
    """The composed view with the ``latest`` happenings, newest first: the beginning of the timeline."""

    latest: list[TimelineEvent]


class TimelineView(Footer, Paged):
    timeline: list[TimelineEvent]


class CaseCard(View):
    id: str
    state: str
    closed_at: str | None
    person: PersonCard
    lead_professional: LeadCard | None
    vacant_since: str | None
    review_on: str | None
    relationship: str


class CaseloadView(View):
    cases: list[CaseCard]
    next: str | None
    cursor: str | None
    notice: str


class LeadContact(View):
    name: str
    agency: str
    telephone: str | None


class MatchCard(View):
    """Somebody found by two identifying details."""

    person: PersonCard
    open_case: bool
    assessment_exists: bool
    cases: list[str]
    """The open cases with which the caller has to do; of another's only the lead is told."""
    leads: list[LeadContact]


class SearchView(View):
    people: list[MatchCard]
    notice: str


class AskAgain(View):
    """Why an answer must be asked for again, and the day that makes it so."""

    why: Literal["turns_16", "turns_18", "transfer", "counts_no_more"]
    on: str
    reason: str


class ConsentShown(View):
    """An answer. What stands from ``expires_soon`` on is for the lead and whoever took it."""

    id: str
    kind: str
    subject: str
    giver: str
    capacity: str
    answer: str
    reasons_explained_and_understood: bool
    evidence_form: str
    wording_version: str
    recorded_at: str
    recorded_by_agency: str
    valid_from: str
    valid_until: str | None
    withdrawn_at: str | None
    recipients: list[str] | None = None
    categories: list[str] | None = None
    level: str | None = None
    purposes: list[str] | None = None
    owner: str | None = None
    expires_soon: bool | None = None
    needs_asking_again: AskAgain | None = None
    competence: dict[str, Any] | None = None
    incapacity: dict[str, Any] | None = None
    best_interests: dict[str, Any] | None = None
    under: str | None = None


class ConsentsView(Paged):
    consents: list[ConsentShown]
    notice: str
    decision: DecisionCard


class ExclusionShown(View):
    id: str
    subject: str
    giver: str
    agencies: list[str]
    users: list[str]
    categories: list[str]
    purposes: list[str] | None
    valid_from: str
    valid_until: str | None
    lifted_at: str | None
    recorded_by_agency: str
    recorded_at: str


class ExclusionsView(Paged):
    exclusions: list[ExclusionShown]
    notice: str
    decision: DecisionCard


class CellShown(View):
    """What left of one owner, category and subject. At *existence* the owner alone is told."""

    owner: str
    level: str
    categories: list[str] | None = None
    subjects: list[str] | None = None
    bases: list[str] | None = None
    entries: list[str] | None = None


class CaseOfReceipt(View):
    """One case on a receipt; none for a person who was looked at outside any case."""

    case: str | None
    relationship: str
    cells: list[CellShown]


class ReceiptShown(View):
    """A receipt as an information officer sees it."""

    id: str
    at: str
    agency: str
    user: str
    user_name: str
    on_behalf_of: str | None
    """The user for whom an agency's system acted."""
    role: str
    action: str
    deed: str | None
    purpose: str
    reason: str | None
    cases: list[CaseOfReceipt]


class LookShown(View):
    """A receipt as the family reads it: when, which agency, as what, why, what, and on which basis."""

    id: str
    at: str
    agency: str
    agency_name: str
    role: str
    team: str
    action: str
    purpose: str
    reason: str | None
    about: list[str]
    what: list[str]
    because: list[str]
    sentence: str


class DisclosuresView(View):
    """Receipts as the caller may see them, newest first; ``in_plain_words`` is for the family."""

    disclosures: list[ReceiptShown] | list[LookShown]
    next: str | None
    cursor: str | None
    in_plain_words: str | None
    notice: str
    decision: DecisionCard


class Membership(View):
    agency: str
    role: str
    ordinary_purpose: str
    purposes: list[str]
    """What the role may be used for, by the policy in force."""


class ActingCard(View):
    agency: str
    role: str
    purpose: str


class Me(View):
    user: str
    name: str
    person: str | None
    acting: ActingCard | None
    memberships: list[Membership]


class AgencyShown(View):
    code: str
    name: str
    kind: str
    telephone: str | None
    joined_at: str


class AgenciesView(Paged):
    agencies: list[AgencyShown]
    notice: str


class SuspensionShown(View):
    """``user_name``: what whoever suspended them called them, null where they did not. ``may``: what the
    caller would not be refused; nobody lets themselves in again."""

    user: str
    user_name: str | None
    suspended_at: str
    suspended_by: str
    suspended_by_name: str | None
    reason: str
    may: list[Literal["lift"]]


class SuspensionsView(Paged):
    suspensions: list[SuspensionShown]
    notice: str
    decision: DecisionCard


class AgreementShown(View):
    id: str
    owner: str
    recipient: str
    purpose: str
    title: str
    text: str | None
    rows: list[dict[str, Any]]
    valid_from: str
    valid_until: str
    ended_at: str | None
    recorded_at: str
    may: list[Literal["end"]]


class AgreementsView(Paged):
    agreements: list[AgreementShown]
    notice: str


class Done(BaseModel):
    """What a write answers: ids, versions, states and times, never content. ``enforced_at`` says from when
    something that was taken away is seen by nobody any more."""

    model_config = ConfigDict(extra="allow")

    id: str | None = None
    version: int | None = None
    enforced_at: str | None = None


class FieldProblem(View):
    field: str
    message: str


class ProblemDocument(View):
    """RFC 9457. ``detail`` says what to do next; ``notice`` stands on every 404 and 503."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None
    notice: str | None = None
