"""What is sent so that somebody of a family comes in by a code, and what the services say of it."""

from pydantic import Field

from shared.records.base import AgencyCode, Id, Moment, Record, UserId

DIGEST = r"^[0-9a-f]{64}$"


class NewFamilyCode(Record):
    """For whom of the family a code is made."""

    person: Id


class FamilyCodeToStore(Record):
    """The code under its digest; ``people``: whom the case is about, and who else belongs to it."""

    id: Id
    person: Id
    people: tuple[Id, ...]
    code: str = Field(pattern=DIGEST)


class SecretShown(Record):
    """A secret that somebody brings, under its digest: a code, or that of a visit which began with one."""

    digest: str = Field(pattern=DIGEST)


class Seat(Record):
    """Somebody who is on the team of a case, and for which agency."""

    user: UserId
    agency: AgencyCode


class Redemption(Record):
    """The visit that begins with a code, under the digest of its secret; ``team``: who works on the case."""

    visit: str = Field(pattern=DIGEST)
    team: tuple[Seat, ...]


class FamilyVisitor(Record):
    """Whom a secret stands for: one person in one case, until a moment."""

    id: Id
    case: Id
    person: Id
    agency: str
    until: Moment
