"""The words of the suite, each spelt once.

Every closed vocabulary that travels between services or is stored lives here. The words come from
``docs/glossary.md``. Deny is the value of everything unknown: a value that is not a member of its
vocabulary is refused at the edge and opens nothing in the decision.
"""

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How much of an entry leaves: ``none`` cannot be told from absent."""

    NONE = 0
    EXISTENCE = 1
    SUMMARY = 2
    FULL = 3

    word: str
    """The level as it stands in JSON: ``none``, ``existence``, ``summary`` or ``full``."""

    def __init__(self, _: int) -> None:
        self.word = self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> "Level":
        """The level a word names; anything unknown is ``NONE``, the value that opens nothing."""
        return _LEVELS_BY_WORD.get(word, cls.NONE)


_LEVELS_BY_WORD = {level.word: level for level in Level}


class Category(StrEnum):
    """What an entry is about. The order is part of the vocabulary: new words go at the end."""

    IDENTITY = "identity"
    ACCESS_NEEDS = "access_needs"
    CONTACT = "contact"
    INVOLVEMENT = "involvement"
    PLAN = "plan"
    VOICE = "voice"
    FAMILY = "family"
    PARENTING = "parenting"
    LEARNING = "learning"
    WELLBEING = "wellbeing"
    BEHAVIOUR = "behaviour"
    COMMUNITY = "community"
    HEALTH = "health"
    HOUSING = "housing"
    MONEY_WORK = "money_work"
    MENTAL_HEALTH = "mental_health"
    SUBSTANCE_USE = "substance_use"
    SEXUAL_HEALTH = "sexual_health"
    OFFENDING = "offending"
    SAFEGUARDING = "safeguarding"
    DOMESTIC_ABUSE = "domestic_abuse"
    EQUALITY = "equality"
    STAFF_SAFETY = "staff_safety"


class Area(StrEnum):
    """In which part of a case or of a person's record an entry stands."""

    PERSON = "person"
    CASE = "case"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    MEETINGS = "meetings"
    CONTACTS = "contacts"
    REFERRALS = "referrals"
    FLAGS = "flags"
    BUDGET = "budget"


SENSITIVE = frozenset(
    {
        Category.MENTAL_HEALTH,
        Category.SUBSTANCE_USE,
        Category.SEXUAL_HEALTH,
        Category.OFFENDING,
        Category.SAFEGUARDING,
        Category.DOMESTIC_ABUSE,
        Category.EQUALITY,
    }
)
"""Categories that are asked about singly and never grouped on a screen (design 3.1)."""


class AgencyKind(StrEnum):
    EDUCATION = "education"
    HEALTH = "health"
    SOCIAL_CARE = "social_care"
    POLICE = "police"
    YOUTH_JUSTICE = "youth_justice"
    HOUSING = "housing"
    EMPLOYMENT = "employment"
    VOLUNTARY = "voluntary"
    FAMILY = "family"
    PARTNERSHIP = "partnership"


class Role(StrEnum):
    PRACTITIONER = "practitioner"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    TEAM_MANAGER = "team_manager"
    COORDINATOR = "coordinator"
    PANEL_MEMBER = "panel_member"
    VOLUNTEER = "volunteer"
    REFERRER = "referrer"
    INFORMATION_OFFICER = "information_officer"
    RECORDS_OFFICER = "records_officer"
    SCRUTINEER = "scrutineer"
    AGENCY_SYSTEM = "agency_system"
    FAMILY_MEMBER = "family_member"


DOES_CASEWORK = frozenset({Role.PRACTITIONER, Role.SAFEGUARDING_LEAD, Role.TEAM_MANAGER, Role.COORDINATOR})
"""In which roles people write to a case, and so may be put in charge of something."""


class Relationship(StrEnum):
    """Of a (user, acting agency) to a case; for the family, of the user to one subject."""

    NONE = "none"
    CONSIDERING = "considering"
    MEMBER = "member"
    SUPERVISOR = "supervisor"
    LEAD = "lead"
    SUBJECT = "subject"
    PARENT = "parent"
    PARENT_ELSEWHERE = "parent_elsewhere"
    CARER = "carer"


class Purpose(StrEnum):
    SUPPORT = "support"
    SAFEGUARDING = "safeguarding"
    PANEL = "panel"
    OVERSIGHT = "oversight"
    SUBJECT_ACCESS = "subject_access"
    PLANNING = "planning"
    ENFORCEMENT = "enforcement"


class Basis(StrEnum):
    """Why a disclosure is lawful; on a receipt followed by ``:<id>`` of the fact, but for OWN."""

    OWN = "OWN"
    PERMISSION = "PERMISSION"
    AGREEMENT = "AGREEMENT"
    STATUTORY = "STATUTORY"
    BREAK_GLASS = "BREAK_GLASS"


class Blocker(StrEnum):
    """What kept an entry below full disclosure. Only an information officer is told which."""

    BARRED = "BARRED"
    SUSPENDED = "SUSPENDED"
    UNKNOWN = "UNKNOWN"
    HELD = "HELD"
    EXCLUDED = "EXCLUDED"
    NOT_TAKING_PART = "NOT_TAKING_PART"
    NO_BASIS = "NO_BASIS"
    NO_RELATIONSHIP = "NO_RELATIONSHIP"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    PURPOSE = "PURPOSE"
    ROLE_CEILING = "ROLE_CEILING"
    AGREEMENT_CAP = "AGREEMENT_CAP"
    NO_RELEASE = "NO_RELEASE"
    CONFLICT = "CONFLICT"
    REFUSED = "REFUSED"


class Mode(StrEnum):
    """How a row treats the family's word: whatever they say, unless they object, only if they agree."""

    MANDATORY = "M"
    OBJECTABLE = "O"
    PERMISSION = "P"


class OverrideKind(StrEnum):
    STATUTORY = "statutory"
    BREAK_GLASS = "break_glass"


class BarKind(StrEnum):
    COURT_ORDER = "court_order"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    PROTECTED_ADDRESS = "protected_address"
    OTHER = "other"


class Obligation(StrEnum):
    """What a verdict may bind the gateway to. One that it does not know means deny (design 3.2)."""

    NAME_NO_AGENCY = "name_no_agency"
    TELL_NO_INVOLVEMENT = "tell_no_involvement"
    KEEP_OFF_FAMILY_LIST = "keep_off_family_list"


class ConsentKind(StrEnum):
    """Permission to take part and permission to share: neither follows from the other."""

    TAKE_PART = "take_part"
    SHARE = "share"


class Answer(StrEnum):
    GIVEN = "given"
    REFUSED = "refused"


class Capacity(StrEnum):
    """In what capacity somebody answers for a subject (the form's ``signed_as``)."""

    YOUNG_PERSON = "young_person"
    ADULT = "adult"
    PARENT = "parent"
    CARER_WITH_PARENTAL_RESPONSIBILITY = "carer_with_parental_responsibility"
    LOCAL_AUTHORITY_WITH_PARENTAL_RESPONSIBILITY = "local_authority_with_parental_responsibility"
    ATTORNEY = "attorney"
    DEPUTY = "deputy"
    BEST_INTERESTS = "best_interests"


OWN_CAPACITIES = frozenset({Capacity.YOUNG_PERSON, Capacity.ADULT})
"""Capacities in which the giver answers for themselves."""


class AuthorityKind(StrEnum):
    """What is recorded once and lets somebody answer for a person, or keeps them from it."""

    POWER_OF_ATTORNEY = "power_of_attorney"
    DEPUTY = "deputy"
    COURT_ORDER = "court_order"
    LOCAL_AUTHORITY = "local_authority"


class EvidenceForm(StrEnum):
    VERBAL = "verbal"
    WRITTEN = "written"
    ELECTRONIC = "electronic"


class LedgerAction(StrEnum):
    READ = "read"
    LIST = "list"
    SEARCH = "search"
    EXPORT = "export"
    PRINT = "print"
    EVENT = "event"
    CONTRIBUTE = "contribute"
    REFUSE = "refuse"


class Deed(StrEnum):
    """What somebody may want to do besides seeing (design 3.2, "Who may write")."""

    CREATE_PERSON = "create_person"
    OPEN_CASE = "open_case"
    CLOSE_CASE = "close_case"
    CONTRIBUTE = "contribute"
    CORRECT = "correct"
    WRITE_ACTION_STATUS = "write_action_status"
    SIGN_COMPACT = "sign_compact"
    SAY_WHAT_BECAME = "say_what_became"
    READ_STREAMS = "read_streams"
    ADMINISTER_BUDGET = "administer_budget"
    ALLOCATE_BUDGET = "allocate_budget"
    SPEND_BUDGET = "spend_budget"
    SIGN_PURCHASE = "sign_purchase"
    SETTLE_PURCHASE = "settle_purchase"
    SIGN_ASSESSMENT = "sign_assessment"
    ADD_TO_TEAM = "add_to_team"
    END_MEMBERSHIP = "end_membership"
    RECORD_DEPARTURE = "record_departure"
    NOMINATE_LEAD = "nominate_lead"
    NOMINATE_FOR_PANEL = "nominate_for_panel"
    ANSWER_NOMINATION = "answer_nomination"
    OBJECT_TO_NOMINATION = "object_to_nomination"
    NAME_DEPUTY = "name_deputy"
    WEIGH_CASE = "weigh_case"
    CAP_CASELOAD = "cap_caseload"
    READ_GAPS = "read_gaps"
    READ_WORKLIST = "read_worklist"
    RECORD_INVOLVEMENT = "record_involvement"
    RECORD_PERMISSION = "record_permission"
    RECORD_REFUSAL = "record_refusal"
    WITHDRAW_PERMISSION = "withdraw_permission"
    RECORD_EXCLUSION = "record_exclusion"
    LIFT_EXCLUSION = "lift_exclusion"
    GIVE_FAMILY_CODE = "give_family_code"
    RECORD_AUTHORITY = "record_authority"
    END_AUTHORITY = "end_authority"
    DECIDE_CONFLICT = "decide_conflict"
    ANSWER_RISK_QUESTION = "answer_risk_question"
    ANSWER_MESSAGE = "answer_message"
    RELEASE = "release"
    RECORD_OVERRIDE = "record_override"
    CONFIRM_OVERRIDE = "confirm_override"
    END_OVERRIDE = "end_override"
    REVIEW_TELLING = "review_telling"
    BREAK_GLASS = "break_glass"
    RENEW_BREAK_GLASS = "renew_break_glass"
    REVIEW_BREAK_GLASS = "review_break_glass"
    ADMINISTER_AGREEMENTS = "administer_agreements"
    ADD_AGENCY = "add_agency"
    SUSPEND_USER = "suspend_user"
    LIFT_SUSPENSION = "lift_suspension"
    RECORD_BAR = "record_bar"
    READ_BARS = "read_bars"
    LIFT_BAR = "lift_bar"
    READ_CHECKPOINT = "read_checkpoint"
    VERIFY_LEDGER = "verify_ledger"
    HOLD_RECEIPT = "hold_receipt"
    READ_POLICY = "read_policy"
    READ_OFFICE = "read_office"
    SEE_AS_AGENCY = "see_as_agency"
    DRAFT_POLICY = "draft_policy"
    DISCARD_DRAFT = "discard_draft"
    SIMULATE_POLICY = "simulate_policy"
    APPROVE_POLICY = "approve_policy"
    PUBLISH_POLICY = "publish_policy"
    REQUEST_SHARING = "request_sharing"
    DECIDE_NOT_TO_SHARE = "decide_not_to_share"
    SEND_CONCERN = "send_concern"
    READ_CONCERNS = "read_concerns"
    ACKNOWLEDGE_CONCERN = "acknowledge_concern"
    END_FLAG = "end_flag"
    RECORD_SMALL_CONCERN = "record_small_concern"
    READ_SIGNALS = "read_signals"
    ANSWER_SIGNAL = "answer_signal"
    READ_REPORTS = "read_reports"
    REFER = "refer"
    READ_REFERRALS = "read_referrals"
    TAKE_UP_REFERRAL = "take_up_referral"
    ANSWER_REFERRAL = "answer_referral"
    REOPEN_OFFER = "reopen_offer"
    ARRANGE_MEETING = "arrange_meeting"
    NAME_CHAIR = "name_chair"
    INVITE = "invite"
    ANSWER_INVITATION = "answer_invitation"


OBLIGATIONS: frozenset[str] = frozenset(Obligation)
"""What a verdict may oblige the gateway to do. A policy that names another would show nobody anything."""

NO_ANSWER = "no_answer_to_taking_part"
"""A notice that the case service raises by the clock, and that the gateway shows only where the consent
service knows of no answer."""
