"""The demo partnership: its agencies and the people who work in them. All of them are made up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

FAMILY_AGENCY = "family"


@dataclass(frozen=True, slots=True)
class DemoAgency:
    code: str
    name: str
    kind: str
    telephone: str


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Somebody who signs in; ``memberships`` are (agency, role), ``person`` the record of a family member."""

    user: str
    name: str
    job_title: str
    memberships: tuple[tuple[str, str], ...]
    telephone: str = "01632 960100"
    person: str | None = None

    @property
    def agency(self) -> str:
        return self.memberships[0][0]

    @property
    def is_system(self) -> bool:
        return any(role == "agency_system" for _, role in self.memberships)

    def for_person(self, person: str | None) -> "DemoUser":
        """The same user with the record of their own person, which only family members have."""
        is_family = any(role == "family_member" for _, role in self.memberships)
        return replace(self, person=person) if is_family else self


AGENCIES = (
    DemoAgency("partnership-office", "Eastmere Partnership Office", "partnership", "01632 960000"),
    DemoAgency("northgate-school", "Northgate Community School", "education", "01632 960001"),
    DemoAgency("education-welfare", "Education Welfare Service", "education", "01632 960002"),
    DemoAgency("mill-lane-health", "Mill Lane Health Trust", "health", "01632 960003"),
    DemoAgency("riverbank-camhs", "Riverbank Child and Adolescent Mental Health", "health", "01632 960004"),
    DemoAgency("harbour-social-care", "Harbour Children's Social Care", "social_care", "01632 960005"),
    DemoAgency("borough-police", "Eastmere Borough Police", "police", "01632 960006"),
    DemoAgency("youth-offending", "Eastmere Youth Offending Team", "youth_justice", "01632 960007"),
    DemoAgency("tidewater-housing", "Tidewater Housing", "housing", "01632 960008"),
    DemoAgency("jobcentre-east", "Jobcentre East", "employment", "01632 960009"),
    DemoAgency("bright-path", "Bright Path Mentors", "voluntary", "01632 960010"),
    DemoAgency("clear-water", "Clear Water Alcohol Service", "voluntary", "01632 960011"),
    DemoAgency("eastmere-adult-care", "Eastmere Adult Social Care", "social_care", "01632 960012"),
    DemoAgency("eastmere-mental-health", "Eastmere Mental Health Team", "health", "01632 960013"),
    DemoAgency("futures-careers", "Futures Careers Service", "employment", "01632 960014"),
    DemoAgency(FAMILY_AGENCY, "Families", "family", "01632 960000"),
)

_PEOPLE = (
    DemoUser("nadia.bell", "Nadia Bell", "Learning mentor", (("northgate-school", "practitioner"),)),
    DemoUser("grace.obi", "Grace Obi", "Deputy head", (("northgate-school", "team_manager"),)),
    DemoUser("tom.ashby", "Tom Ashby", "Information officer", (("northgate-school", "information_officer"),)),
    DemoUser("school.system", "School system", "Computer system", (("northgate-school", "agency_system"),)),
    DemoUser(
        "ivor.pryce", "Ivor Pryce", "Education welfare officer", (("education-welfare", "practitioner"),)
    ),
    DemoUser("ruth.amadi", "Ruth Amadi", "School nurse", (("mill-lane-health", "practitioner"),)),
    DemoUser("jean.clarke", "Jean Clarke", "Health visitor", (("mill-lane-health", "practitioner"),)),
    DemoUser("nia.rowe", "Nia Rowe", "Information officer", (("mill-lane-health", "information_officer"),)),
    DemoUser("asif.khan", "Asif Khan", "CAMHS nurse", (("riverbank-camhs", "practitioner"),)),
    DemoUser("moira.flynn", "Moira Flynn", "Social worker", (("harbour-social-care", "practitioner"),)),
    DemoUser("dev.patel", "Dev Patel", "Safeguarding lead", (("harbour-social-care", "safeguarding_lead"),)),
    DemoUser("bea.holm", "Bea Holm", "Team manager", (("harbour-social-care", "team_manager"),)),
    DemoUser(
        "ines.dale", "Ines Dale", "Information officer", (("harbour-social-care", "information_officer"),)
    ),
    DemoUser("lena.fox", "Lena Fox", "Social worker for adults", (("eastmere-adult-care", "practitioner"),)),
    DemoUser("gus.hale", "Gus Hale", "Team manager", (("eastmere-adult-care", "team_manager"),)),
    DemoUser(
        "omar.aziz",
        "Omar Aziz",
        "Community mental health nurse",
        (("eastmere-mental-health", "practitioner"),),
    ),
    DemoUser("sam.okafor", "Sam Okafor", "Youth justice worker", (("youth-offending", "practitioner"),)),
    DemoUser("liz.hart", "Liz Hart", "Operations manager", (("youth-offending", "team_manager"),)),
    DemoUser("pc.dunn", "Chris Dunn", "Neighbourhood officer", (("borough-police", "practitioner"),)),
    DemoUser("hana.novak", "Hana Novak", "Housing officer", (("tidewater-housing", "practitioner"),)),
    DemoUser(
        "will.marsh",
        "Will Marsh",
        "Task force worker",
        (("tidewater-housing", "practitioner"), ("jobcentre-east", "practitioner")),
    ),
    DemoUser("ada.quinn", "Ada Quinn", "Office manager", (("jobcentre-east", "team_manager"),)),
    DemoUser("joan.reed", "Joan Reed", "Employment adviser", (("jobcentre-east", "practitioner"),)),
    DemoUser("femi.cole", "Femi Cole", "Team manager", (("jobcentre-east", "team_manager"),)),
    DemoUser("tess.arden", "Tess Arden", "Careers adviser", (("futures-careers", "practitioner"),)),
    DemoUser("ben.carver", "Ben Carver", "Volunteer mentor", (("bright-path", "volunteer"),)),
    DemoUser("ola.strand", "Ola Strand", "Project worker", (("bright-path", "practitioner"),)),
    DemoUser("meg.lloyd", "Meg Lloyd", "Alcohol worker", (("clear-water", "practitioner"),)),
    DemoUser("paul.ensor", "Paul Ensor", "Panel co-ordinator", (("partnership-office", "coordinator"),)),
    DemoUser(
        "una.price", "Una Price", "Partnership officer", (("partnership-office", "information_officer"),)
    ),
    DemoUser("rita.shaw", "Rita Shaw", "Scrutiny officer", (("partnership-office", "scrutineer"),)),
    DemoUser("karen.mercer", "Karen Mercer", "Parent", ((FAMILY_AGENCY, "family_member"),)),
)
USERS: Mapping[str, DemoUser] = {person.user: person for person in _PEOPLE}

BEGIN_WITH: Mapping[str, str] = {
    "nadia.bell": "Knows him from school and wrote his assessment. She sees that the youth offending team "
    "holds more, and whom to ask for it.",
    "sam.okafor": "Is in charge: everybody rings him. He sees the sentence, the plan and what was promised.",
    "hana.novak": "Saves the tenancy. His mother did not agree that housing learns of his health, so to her "
    "there is nothing.",
    "ben.carver": "Meets him every week. He sees goals and appointments, and nobody else's notes.",
    "karen.mercer": "Is his mother. She reads who is in charge, what she agreed to and who has looked, and "
    "can change her mind. A family without an account comes to the same page by a code: Nadia Bell gives "
    "it, in his case, under “What the family said”.",
    "tom.ashby": "Reads no case. He can say who was shown what of the school's, and why.",
}
"""Whom a newcomer should be first, and what there is to see."""
