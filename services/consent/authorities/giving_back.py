"""Whom the end of a court order benefits: to whom it gives back what its holder said yes to. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.consent.consents.authority import TAKES_AWAY
from services.consent.consents.expiry import is_standing
from shared.vocabulary import Answer, ConsentKind


def takes_a_say_away(authority: Any) -> bool:
    """Whether by this authority its holder's word does not count for what it covers."""
    return bool(authority.effect == TAKES_AWAY)


def benefits_from_ending(
    authority: Any, answers: Iterable[Any], requests: Iterable[Any], at: datetime
) -> frozenset[str]:
    """The agencies to which something opens again once an order is ended; rows as they are stored.

    ``answers``: those about its subject; each that was not taken back names whom its yes is for.
    ``requests``: sharing requests about its subject. Whoever asked for what the order covers counts, whether
    or not the family answered: that they did is not told to who asked (``sharing_requests/keys.py``). A yes
    to taking part names nobody.
    """
    if not takes_a_say_away(authority):
        return frozenset()
    covers = frozenset(authority.covers)
    named = {
        agency
        for row in answers
        if _is_yes_of(authority.holder, row, at) and not covers.isdisjoint(row.categories)
        for agency in row.recipients
    }
    asked = {
        row.agency
        for row in requests
        if row.subject == authority.subject and at < row.valid_until and not covers.isdisjoint(row.categories)
    }
    return frozenset(named | asked)


def _is_yes_of(holder: str | None, row: Any, at: datetime) -> bool:
    shares = row.kind == ConsentKind.SHARE and row.answer == Answer.GIVEN and row.sharing_request is None
    return bool(shares and row.giver == holder and is_standing(row, at))
