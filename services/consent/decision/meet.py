"""What two policies both allow: how a tighter policy counts before its date and a wider one not (design 3.6).

While a new version starts within D, an answer that is decided now may still be on its way when the version
is in force. So for that long a decision is made under the meet of both, which gives nobody more than either
does (property: ``tests/decision/test_meet.py``).
"""

from services.consent.decision.facts import Rows
from services.consent.decision.policy import Policy, Standing, StandingKey, standing_of
from shared.vocabulary import Relationship


def meet(first: Policy, second: Policy) -> Policy:
    """The policy that gives no more than either. Its ``document`` and ``columns`` are those of ``first``."""
    shared = first.standings.keys() & second.standings.keys()
    ending = first.until_own_decision & second.until_own_decision
    ends_in_one = (first.until_own_decision | second.until_own_decision) - ending
    return Policy(
        version=first.version,
        document=first.document,
        columns=first.columns,
        standings={key: _standing(first, second, key, ends_in_one) for key in shared},
        purposes={
            role: tuple(purpose for purpose in purposes if purpose in second.purposes.get(role, ()))
            for role, purposes in first.purposes.items()
        },
        until_own_decision=ending,
        statutory_kinds=first.statutory_kinds & second.statutory_kinds,
        obligations={
            purpose: tuple(
                sorted({*first.obligations.get(purpose, ()), *second.obligations.get(purpose, ())})
            )
            for purpose in first.obligations.keys() | second.obligations.keys()
        },
        partnership_officers=first.partnership_officers & second.partnership_officers,
        lawful_bases={
            key: mask & second.lawful_bases.get(key, 0) for key, mask in first.lawful_bases.items()
        },
    )


def _standing(first: Policy, second: Policy, key: StandingKey, ends_in_one: frozenset[str]) -> Standing:
    kind, role, relationship, purpose = key
    both = lower(first.standings[key], second.standings[key])
    if relationship not in ends_in_one:
        return both
    # Under one of the two this relationship may have ended, and then it stands as none does.
    ended = kind, role, Relationship.NONE.value, purpose
    return lower(both, lower(first.standings[ended], second.standings[ended]))


def lower(one: Standing, other: Standing) -> Standing:
    """The standing that gives no more than either."""
    return standing_of(
        one.ceiling & other.ceiling,
        one.own & other.own,
        one.statutory_cap & other.statutory_cap,
        one.break_glass_cap & other.break_glass_cap,
        lower_rows(one.rows, other.rows),
    )


def lower_rows(one: Rows, other: Rows) -> Rows:
    """The rows that give no more than either.

    A category is mandatory where it is so in both; what needs permission in either has a base of none.
    """
    mandatory = one.mandatory & other.mandatory
    without_permission = (one.mandatory | one.objectable) & (other.mandatory | other.objectable)
    return Rows(one.base & other.base, mandatory, without_permission & ~mandatory, one.cap & other.cap)
