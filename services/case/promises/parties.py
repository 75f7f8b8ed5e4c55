"""On whose side somebody speaks of a promise. Pure."""

from shared.identity import Caller
from shared.problems import forbidden
from shared.records.parties import Party
from shared.vocabulary import Role


def party_of(caller: Caller) -> Party:
    """Their own, for one of the family, and their agency's for everybody else. Raises 403 for one of a family
    whose token does not say who they are."""
    if caller.role != Role.FAMILY_MEMBER:
        return Party(agency=caller.agency)
    if caller.person is None:
        raise forbidden("Your account does not say who you are. Ask whoever gave it to you.")
    return Party(person=caller.person)
