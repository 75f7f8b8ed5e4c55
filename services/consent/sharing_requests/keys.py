"""The two keys of a sharing request: where they stand, and who is told what of them (design 1). Pure.

Each side sees its own key. Who asked learns whether both are turned, and otherwise only that they wait, until
the day by which there was to be an answer: which of the two said no, and whether the family was asked at all,
stays untold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.consent.consents.audience import Reader
from services.consent.releases.audience import speaks_for_agency
from services.consent.sharing_requests.opening import Said
from shared.vocabulary import Answer, Relationship, Role

WAITING, GRANTED, NOT_GRANTED, ENDED = "waiting", "granted", "not_granted", "ended"
RELEASED, REFUSED = "released", "refused"
ASKER, OWNER, LEAD, RECORDER = "asker", "owner", "lead", "recorder"

_ON_THE_CASE = frozenset({Relationship.MEMBER, Relationship.SUPERVISOR, Relationship.LEAD})


_NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class Keys:
    """Everything that was ever answered to one request: rows of releases and of consents.

    ``request`` and ``said``: what else is recorded about its subject, without which nothing is open.
    """

    releases: Sequence[Any]
    consents: Sequence[Any]
    request: Any = None
    said: Said = _NOTHING_SAID

    def turned(self, at: datetime, now: datetime) -> bool:
        """Whether both keys are turned at a moment up to ``now``, and anything is open then."""
        given = [consent for consent in self.consents if consent.answer == Answer.GIVEN]
        refused = [consent for consent in self.consents if consent.answer == Answer.REFUSED]
        return (
            any(_released(release, at) for release in self.releases)
            and any(_says(consent, at) for consent in given)
            and not any(_says(consent, at) for consent in refused)
            and self.request is not None
            and self.said.opens(self.request, at, now)
        )

    def were_ever_turned(self, at: datetime) -> bool:
        """Whether there was a moment up to now at which both were turned."""
        moments = [release.recorded_at for release in self.releases]
        for consent in self.consents:
            moments += [consent.valid_from or consent.recorded_at, consent.withdrawn_at or at]
        if self.request is not None and self.releases and self.consents:
            moments += self.said.moments(self.request, at)
        return any(self.turned(moment, at) for moment in moments if moment <= at)


def _released(release: Any, at: datetime) -> bool:
    ended = release.ended_at is not None and release.ended_at <= at
    return release.recorded_at <= at < release.valid_until and not ended


def _says(consent: Any, at: datetime) -> bool:
    withdrawn = consent.withdrawn_at is not None and consent.withdrawn_at <= at
    over = consent.valid_until is not None and consent.valid_until <= at
    return (consent.valid_from or consent.recorded_at) <= at and not over and not withdrawn


def state(request: Any, keys: Keys, at: datetime) -> str:
    """What who asked is told."""
    if keys.turned(at, at):
        return GRANTED
    if keys.were_ever_turned(at):
        return ENDED
    return WAITING if at < request.answer_by else NOT_GRANTED


def owners_key(request: Any, keys: Keys, at: datetime) -> str | None:
    """What the owner answered; None while it has not."""
    if any(_released(release, at) for release in keys.releases):
        return RELEASED
    if request.owner_answer == RELEASED:
        return ENDED
    answered: str | None = request.owner_answer
    return answered


def familys_key(consents: Sequence[Any], at: datetime) -> str | None:
    """What the family answered, of these answers; None while they have not. A refusal counts before a yes."""
    if not consents:
        return None
    in_force = {str(consent.answer) for consent in consents if _says(consent, at)}
    return next((word for word in (Answer.REFUSED, Answer.GIVEN) if word in in_force), ENDED)


def sides_of(reader: Reader, request: Any, consents: Sequence[Any]) -> tuple[str, ...]:
    """The sides of a request on which the reader stands; none: for them it is not there."""
    works_on_it = reader.relationship in _ON_THE_CASE
    manages = reader.role == Role.TEAM_MANAGER
    sides = []
    if request.agency == reader.agency and (
        request.asked_by == reader.user or ((manages or works_on_it) and speaks_for_agency(reader))
    ):
        sides.append(ASKER)
    of_owner = request.owner == reader.agency and request.reaches_owner
    if of_owner and (manages or works_on_it) and speaks_for_agency(reader):
        sides.append(OWNER)
    if reader.relationship == Relationship.LEAD:
        sides.append(LEAD)
    if any(consent.recorded_by == reader.user for consent in consents):
        sides.append(RECORDER)
    return tuple(sides)
