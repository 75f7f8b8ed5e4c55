"""Whether anything of a sharing request is open, as the decision would find it, now or at an earlier moment.

Pure. That both keys were turned is not enough: somebody else may refuse, a parent may have lost their say, an
order or an exclusion may stand. Who asked is told of none of these, and must not read it from *granted*.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.consent.decision.facts import Permission
from services.consent.decision.grid import mask_of, named
from services.consent.decision.resolve import resolve
from services.consent.decision.windows import stops
from services.consent.decisions import facts_of
from services.consent.decisions.as_of import as_known
from services.consent.decisions.what_stands import Recorded
from shared.clock import microseconds
from shared.disclosure import SubjectAsk
from shared.vocabulary import ConsentKind, Purpose

_ENDINGS = ("recorded_at", "withdrawn_at", "ended_at", "lifted_at")


@dataclass(frozen=True, slots=True)
class Said:
    """Every stored row about the people whom some requests are about, and what the case service knows of
    these people now; of whom it told nothing, nobody else's answer counts."""

    answers: Sequence[Any] = ()
    releases: Sequence[Any] = ()
    exclusions: Sequence[Any] = ()
    authorities: Sequence[Any] = ()
    subjects: Mapping[str, SubjectAsk] = field(default_factory=dict)

    def opens(self, request: Any, at: datetime, now: datetime) -> bool:
        """Whether anything that was asked for is permitted to who asked at a moment up to ``now``.

        Before now a parent had the say that was looked at when they were asked: who was responsible then and
        is no more the case service does not tell.
        """
        moment = microseconds(at)
        asked = self.subjects.get(request.subject, SubjectAsk(id=request.subject, decides_from=None))
        given = list(self._permissions(request, at, [asked] if at == now else []))
        grid = resolve(facts_of.subject(asked), given, moment, 0)
        left = named(grid) & mask_of(request.categories)
        for row in as_known(self.exclusions, at):
            shut = facts_of.exclusion(row, moment)
            names = request.agency in shut.agencies or request.asked_by in shut.users
            purposes = shut.purposes is None or request.purpose in shut.purposes
            about = shut.subject == request.subject and request.purpose != Purpose.SAFEGUARDING
            if names and purposes and about and stops(shut.window, moment, 0):
                left &= ~shut.mask
        return bool(left)

    def _permissions(
        self, request: Any, at: datetime, subjects: Sequence[SubjectAsk]
    ) -> Iterator[Permission]:
        moment = microseconds(at)
        answers = [row for row in as_known(self.answers, at) if row.subject == request.subject]
        recorded = Recorded.of(as_known(self.authorities, at), answers, moment, subjects)
        releases = as_known(self.releases, at)
        for row in answers:
            if row.kind != ConsentKind.SHARE:
                continue
            for piece in facts_of.pieces(facts_of.permission(row, moment), row, recorded, moment):
                theirs = request.agency in piece.recipients and request.purpose in piece.purposes
                if not theirs or piece.owner not in (None, request.owner):
                    continue
                if row.sharing_request is None:
                    yield piece
                    continue
                own = [
                    facts_of.release(one, moment)
                    for one in releases
                    if one.sharing_request == row.sharing_request
                ]
                yield from facts_of.in_answer_to_request(piece, own, moment)

    def moments(self, request: Any, now: datetime) -> list[datetime]:
        """When anything about its subject began or ended, up to now."""
        rows = (*self.answers, *self.releases, *self.exclusions, *self.authorities)
        theirs = (row for row in rows if row.subject == request.subject)
        found = {getattr(row, name, None) for row in theirs for name in _ENDINGS}
        return sorted(one for one in found if one is not None and one <= now)
