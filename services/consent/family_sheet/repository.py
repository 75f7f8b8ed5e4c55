"""SQL for the family's sheet: the facts about a case as a member of the family is told of them (design 3.4).

Whatever is decided on these alone is the same whatever was recorded of which they may not know.
"""

from collections.abc import Collection
from datetime import datetime

from services.consent.agencies.repository import agencies_named_for
from services.consent.agreements.repository import agreements_for
from services.consent.consents.audience import Reader, may_see_consent
from services.consent.decision.everybody import Seat
from services.consent.decision.facts import Facts
from services.consent.decision.policy import Policy
from services.consent.decisions import facts_of
from services.consent.decisions.repository import LoadedFacts
from services.consent.explanations.repository import answers_and_exclusions_of
from shared.database import ReadSession
from shared.disclosure import CaseAsk
from shared.identity import Caller
from shared.vocabulary import OverrideKind, Relationship


class ToldToFamily(LoadedFacts):
    """What services are decided by, as far as ``reader``, somebody of the family, is told of it.

    What they said and what was permitted about them, what they asked not to be shared, authorities that are
    theirs or about them, statutory overrides of which the family may be told, what owners released, and what
    services agreed with each other. No bar, no broken glass, nobody's suspension, no answer of another.
    """

    def __init__(
        self,
        session: ReadSession,
        case: CaseAsk,
        reader: Reader,
        purpose: str,
        services: Collection[str],
        at: datetime,
    ) -> None:
        super().__init__(session, [case], Caller("", "", "", ""), purpose, services)
        self._session, self._case = session, case
        answers, exclusions = answers_and_exclusions_of(session, case.case or "")
        subjects = {subject.id for subject in case.subjects}
        self._answers = [row for row in answers if row.subject in subjects and may_see_consent(reader, row)]
        self._exclusions = [row for row in exclusions if row.giver == reader.person]
        self._authorities = [row for row in self._authorities if reader.person in (row.holder, row.subject)]
        self._bars = ()
        self._overrides = [
            row
            for row in self._overrides
            if row.kind == OverrideKind.STATUTORY and row.told_from is not None and row.told_from <= at
        ]
        more = set(self.opened_to()) - self._agencies.keys()
        if more:
            rows = agencies_named_for(session, Caller("", "", "", ""), more)
            self.agency_rows = [*self.agency_rows, *rows]
            self._agencies.update({row.code: facts_of.agency(row) for row in rows})

    def opened_to(self) -> list[str]:
        """The services for which such an override was recorded."""
        return sorted({agency for row in self._overrides for agency in row.agencies})

    def name_of(self, service: str) -> str:
        return next((row.name for row in self.agency_rows if row.code == service), service)

    def of_service(self, policy: Policy, seat: Seat, at: int, margin: int) -> Facts:
        """The facts as a service is decided by them: of what was read once for all, and its agreements."""
        self._caller, self._purpose = Caller("", "", seat.agency, seat.role), seat.purpose
        self._agreements = agreements_for(self._session, seat.agency, seat.purpose)
        standing = policy.standings.get(
            (self.kind_of_caller(), seat.role, Relationship.NONE.value, seat.purpose)
        )
        return self.of_case(self._case, standing.rows if standing else None, at, margin)
