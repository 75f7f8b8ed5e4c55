"""The operations of one area each, as the tests of the gateway drive them.

A module here names ``OPERATIONS`` (method and path), ``ids(house)`` (for path parameters that are new),
``bodies(house)`` (a body that each write would accept, by method and path), ``WITHOUT_A_BODY``,
``FOR_EVERYBODY`` and ``FOR_INFORMATION_OFFICERS``.
"""
