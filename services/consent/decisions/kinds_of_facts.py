"""Which kinds of facts there are at all about the people of a decision: one question instead of five.

Most people have no exclusion, bar, release or override, and what is not there need not be asked for.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from services.consent.agreements.repository import AGREEMENTS_FOR
from services.consent.bars.repository import BARS_ABOUT
from services.consent.exclusions.repository import EXCLUSIONS_ABOUT
from services.consent.overrides.repository import OVERRIDES_OF_CASES
from services.consent.releases.repository import RELEASES_ABOUT
from shared.database import ReadSession

_KINDS = select(
    EXCLUSIONS_ABOUT.exists(),
    BARS_ABOUT.exists(),
    RELEASES_ABOUT.exists(),
    OVERRIDES_OF_CASES.exists(),
    AGREEMENTS_FOR.exists(),
)


@dataclass(frozen=True, slots=True)
class KindsOfFacts:
    """Of each kind, whether any was ever recorded, ended or not."""

    exclusions: bool
    bars: bool
    releases: bool
    overrides: bool
    agreements: bool


def kinds_of_facts(
    session: ReadSession, subjects: Collection[str], cases: Collection[str], recipient: str, purpose: str
) -> KindsOfFacts:
    """The kinds recorded about these people, for these cases, and in agreements with ``recipient``."""
    asked = {
        "subjects": subjects,
        "cases": cases,
        "asked_recipient": recipient,
        "asked_purpose": purpose,
    }
    return KindsOfFacts(*map(bool, session.connection().execute(_KINDS, asked).one()))
