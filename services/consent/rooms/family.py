"""What each of the family who is in the room may hear: what they would read of the case themselves.

They come as people, and exclusions name users. So whatever names a user counts as naming them, but for their
own word: as for whoever comes in by a code (decision 31), and by categories, so that the rest can be said.
Bars that stop named users are told to nobody who is in a chair, and are not looked at. Pure.
"""

from collections.abc import Collection
from dataclasses import replace

from services.consent.decision.facts import Facts


def named_for(facts: Facts, user: str, own: Collection[str]) -> Facts:
    """The facts as if every exclusion that stops named users named this one too, but for those that are their
    ``own`` word. A bar that lets named users alone through goes on stopping this one."""
    return replace(
        facts,
        exclusions=tuple(
            replace(one, users=one.users | {user}) if one.users and one.id not in own else one
            for one in facts.exclusions
        ),
    )
