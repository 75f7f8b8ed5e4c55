"""The operations of one area each, as the tests of the gateway drive them.

A module here names ``OPERATIONS`` (method and path), ``ids(house)`` (for path parameters that are new),
``bodies(house)`` (a body that each write would accept, by method and path), ``WITHOUT_A_BODY``,
``FOR_EVERYBODY`` and ``FOR_INFORMATION_OFFICERS``. Where it has any, also ``REFUSED_BY_ROLE`` (what a team
manager is refused by the guard, whatever the id), ``OPENS_WHAT_IS_HIDDEN`` (what finds a case that is hidden
from its caller; its own tests say who still gets the 404), ``USERS`` (who comes past the guard, if not a
practitioner) and ``ON_BEHALF`` (the writes that an agency's system does for a user whom it names).
"""
