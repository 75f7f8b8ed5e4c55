"""Deeds that open what the caller may not see yet: decided as if they were done already (design 3.2). Pure.

Whoever breaks the glass names a case that is hidden from them. If it would still be hidden with the glass
broken, because a bar stops them or because there is no such case, it is answered like an absent one; and
nothing else tells the two apart.
"""

from dataclasses import dataclass, replace

from services.consent.decision.facts import Facts, Override, Window
from services.consent.decision.grid import EVERYTHING
from services.consent.decision.policy import Policy
from shared.disclosure import DeedAsk
from shared.identity import Caller
from shared.ids import NOWHERE
from shared.vocabulary import Deed, OverrideKind, Purpose, Role

OPENING_DEEDS = frozenset({Deed.RECORD_OVERRIDE, Deed.BREAK_GLASS})
OPENED_FOR = frozenset({Purpose.SUPPORT, Purpose.SAFEGUARDING})
"""The purposes for which the glass is broken."""

_ALWAYS = Window(0, None)


@dataclass(frozen=True, slots=True)
class Opener:
    """What is known of somebody who wants to open something, whatever the case.

    ``statutory_duties``: of their agency. ``breaks_glass``: the policy lets their role. ``needs_manager``:
    whoever it is for has a review outstanding.
    """

    statutory_duties: bool = False
    breaks_glass: bool = False
    for_colleague: bool = False
    needs_manager: bool = True


def opener_of(
    policy: Policy, kind: str | None, caller: Caller, purpose: str, *, outstanding: bool, user: str
) -> Opener:
    """``user``: for whom the glass is broken; ``outstanding``: they have a review outstanding."""
    standing = policy.standings.get((kind, caller.role, "none", purpose))
    return Opener(
        statutory_duties=kind in policy.statutory_kinds,
        breaks_glass=standing is not None and standing.break_glass_cap != 0 and purpose in OPENED_FOR,
        for_colleague=user != caller.user,
        needs_manager=outstanding,
    )


def as_if_done(facts: Facts, deed: DeedAsk, caller: Caller, purpose: str) -> Facts:
    """The facts with what the deed would add for the caller, as wide as it could be.

    An information officer who records an override gains nothing by it: for them a case exists as ever.
    """
    if deed.deed == Deed.RECORD_OVERRIDE and caller.role != Role.SAFEGUARDING_LEAD:
        return facts
    kind = OverrideKind.BREAK_GLASS if deed.deed == Deed.BREAK_GLASS else OverrideKind.STATUTORY
    users = {caller.user} if deed.for_user is None else {caller.user, deed.for_user}
    opened = Override(
        id=NOWHERE,
        kind=kind,
        agencies=frozenset({caller.agency}),
        users=frozenset(users),
        purposes=frozenset({purpose}),
        subjects=frozenset(facts.subjects),
        grid=EVERYTHING,
        window=_ALWAYS,
    )
    return replace(facts, overrides=(*facts.overrides, opened))
