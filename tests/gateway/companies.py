"""Who sends to the worlds of N1, in every role, and what each company of them is not blind to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from tests.gateway.flows import RULES_IN_FORCE, SIGNAL, Flow
from tests.gateway.household import House
from tests.gateway.sequences import ABSENT
from tests.support.gateway import PEOPLE, As, World

SELDOM = 0.3
"""The share of those who see little."""
REPORTS = "/v1/reports"


@dataclass(frozen=True)
class Reader:
    """Somebody who sends, maybe as a member of a family or through their agency's system."""

    user: str
    as_person: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def session(self, world: World, house: House) -> As:
        person = {"the mother": house.mother, "nobody here": ABSENT}.get(self.as_person)
        return world.as_(self.user, person=person, headers=self.headers)

    @property
    def key(self) -> tuple[object, ...]:
        """Who it is, among all readers."""
        return (
            self.user,
            self.as_person,
            *sorted(f"{name}: {value}" for name, value in self.headers.items()),
        )

    @property
    def role(self) -> str:
        return PEOPLE[self.user].memberships[0][1]


@dataclass(frozen=True)
class Company:
    """Readers of one household, with what they are told of by right, or what alone they are not told of.

    ``often``: those who see much, and so send more than the rest.
    """

    often: tuple[Reader, ...]
    seldom: tuple[Reader, ...] = ()
    told: Mapping[str, Flow] = field(default_factory=dict)
    only: frozenset[str] = frozenset()

    @property
    def readers(self) -> tuple[Reader, ...]:
        return self.often + self.seldom

    def one(self, rng: Random, path: str) -> Reader:
        """Somebody of it to send there. Reports are asked for by who reads nothing else, if they are of it:
        sent by anybody, hardly one is ever answered."""
        if path.startswith(REPORTS) and SCRUTINEER in self.readers:
            return SCRUTINEER
        return rng.choice(self.seldom if self.seldom and rng.random() < SELDOM else self.often)

    def is_blind_to(self, happening: str) -> bool:
        return happening not in self.told and (not self.only or happening in self.only)


SCRUTINEER = Reader("rita.shaw")
AT_THE_FRONT = tuple(
    map(Reader, ("hana.novak", "ben.carver", "kit.vane", "joan.reed", "max.holt", "ivor.pryce"))
)
"""Housing's member and her manager, the volunteer, an excluded agency, a manager elsewhere, a stranger."""

ELSEWHERE = (
    Reader("pam.orr"),
    Reader("reg.fenn"),
    SCRUTINEER,
    Reader("pol.guard"),
    Reader("job.records"),
    Reader("hous.system"),
    Reader("hous.system", headers={"On-Behalf-Of": "hana.novak"}),
    Reader("may.lone", as_person="nobody here"),
)
"""A panel member, a referrer, a scrutineer, a safeguarding lead, a records officer, a system, and a parent of
nobody here."""

CO_ORDINATOR, OFFICER = Reader("paul.ensor"), Reader("job.officer")
MOTHER = Reader("karen.mercer", as_person="the mother")

TIPS_OFF = frozenset(
    {
        "an override that ends", "an override", "an override that names readers and waits",
        "a bar", "a bar of a reader from what they never saw",
        "a glass that is broken", "a decision not to share", "a sharing request", "a draft of a policy",
        "a suspension elsewhere", "an agreement between others", "a sharing request between others",
        "another person's case", "a twin with the same name",
        "an outcome for somebody else",
    }
)  # fmt: skip
"""What nobody in the family may learn of, while they see what is written about them and who read it."""

COMPANIES: tuple[Company, ...] = (
    Company(AT_THE_FRONT, ELSEWHERE),
    Company((CO_ORDINATOR, *AT_THE_FRONT), ELSEWHERE, told={"small concerns of several": SIGNAL}),
    Company(
        (OFFICER, *AT_THE_FRONT),
        told=dict.fromkeys(("an agreement between others", "a draft of a policy"), RULES_IN_FORCE),
    ),
    Company((MOTHER, *AT_THE_FRONT), only=TIPS_OFF),
)
"""Each household's life is spent with one of them."""
