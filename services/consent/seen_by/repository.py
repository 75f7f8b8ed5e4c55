"""SQL for seeing as another: the facts about a case as somebody who reads it is told of them (design 3.4).

Whatever is decided on these alone is the same whatever was recorded that its reader may not know of.
"""

from collections.abc import Sequence
from typing import Any

from services.consent.bars.audience import is_left_to
from services.consent.consents.audience import Reader
from services.consent.decisions.repository import LoadedFacts
from services.consent.releases.audience import may_see_release
from shared.database import ReadSession
from shared.disclosure import CaseAsk
from shared.identity import Caller


class _BeforeItWasSettled:
    """An answer of which a decided disagreement set part aside, for somebody who is not told of that."""

    __slots__ = ("_row",)

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return None if name == "set_aside" else getattr(self._row, name)


class ToldFacts(LoadedFacts):
    """What an agency would be decided by, as far as ``reader`` is told of it.

    Of what the family said and did not want, and of who may speak for whom, what the reader finds in the
    lists of the case; their own agency's releases; overrides that name them; agreements that their own agency
    is party to. Bars are told to nobody on a team, and are not looked at.
    """

    def __init__(
        self,
        session: ReadSession,
        case: CaseAsk,
        seat: Caller,
        purpose: str,
        reader: Reader,
        answers: Sequence[Any],
        exclusions: Sequence[Any],
        authorities: Sequence[Any],
        *,
        is_settled_told: bool,
    ) -> None:
        super().__init__(session, [case], seat, purpose, [reader.agency])
        self._answers = list(answers) if is_settled_told else [_BeforeItWasSettled(row) for row in answers]
        self._exclusions = exclusions
        self._authorities = authorities
        self._bars = [row for row in self._bars if is_left_to(reader.user, reader.agency, row)]
        self._releases = [row for row in self._releases if may_see_release(reader, row)]
        self._overrides = [
            row for row in self._overrides if reader.user in row.users or reader.agency in row.agencies
        ]
        if seat.agency != reader.agency:
            self._agreements = [row for row in self._agreements if row.owner == reader.agency]
