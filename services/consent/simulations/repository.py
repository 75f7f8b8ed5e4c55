"""What a simulation reads: the facts of a page of cases, for whoever might ask, and what was released."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from services.consent.agencies.repository import all_agencies
from services.consent.decision.facts import Facts, Rows
from services.consent.decision.index import IndexedFacts, index_facts
from services.consent.decision.policy import Policy, parse_policy
from services.consent.decisions.repository import LoadedFacts
from services.consent.ledger.repository import receipts_of_cases
from services.consent.policies.differences import Rules
from services.consent.policies.repository import Policies
from services.consent.simulations.simulate import FactsFor
from shared.database import ReadSession
from shared.disclosure import CaseAsk
from shared.identity import Caller
from shared.vocabulary import LedgerAction, Level

_USES = (LedgerAction.READ, LedgerAction.PRINT, LedgerAction.EXPORT)
_KEPT = 4

Released = dict[str, dict[tuple[str, str, str, str], dict[tuple[Any, ...], Level]]]
"""By case; by user, agency, role and purpose; by owner, categories and subjects: the highest level."""


class ComparedPolicies:
    """Drafts beside the version they are to replace, compiled once per revision: a page is soon decided."""

    def __init__(self, policies: Policies) -> None:
        self._policies = policies
        self._rules: dict[tuple[str, int, int], Rules] = {}

    def rules(self, session: ReadSession, draft: Any, against: int) -> Rules:
        key = draft.id, draft.revision, against
        if key not in self._rules:
            if len(self._rules) >= _KEPT:
                self._rules.clear()
            old = self._policies.of_version(session, against)
            self._rules[key] = Rules(old, parse_policy(draft.document))
        return self._rules[key]


class FactsOfPage:
    """The facts of some cases, as a decision for any agency and purpose would read them now."""

    def __init__(
        self, session: ReadSession, rules: Rules, cases: Sequence[CaseAsk], at: int, margin: int
    ) -> None:
        self._session = session
        self._rules = rules
        self._cases = cases
        self._at, self._margin = at, margin
        self._loaded: dict[tuple[str, str], LoadedFacts] = {}
        self.kinds = {row.code: row.kind for row in all_agencies(session)}

    def of_case(self, case: CaseAsk) -> FactsFor:
        """Indexed once for each agency and purpose; for both policies unless agreements tell them apart."""
        known: dict[tuple[str, str], tuple[IndexedFacts, IndexedFacts]] = {}

        def facts_for(agency: str, purpose: str) -> tuple[IndexedFacts, IndexedFacts]:
            key = agency, purpose
            if key not in known:
                loaded = self._load(agency, purpose)
                both = self._rules.old, self._rules.new
                old, new = (self._facts(loaded, case, policy, purpose) for policy in both)
                with_old = index_facts(old)
                known[key] = with_old, with_old if new == old else index_facts(new)
            return known[key]

        return facts_for

    def _load(self, agency: str, purpose: str) -> LoadedFacts:
        key = agency, purpose
        if key not in self._loaded:
            anybody = Caller("", "", agency, "")
            self._loaded[key] = LoadedFacts(self._session, self._cases, anybody, purpose, ())
        return self._loaded[key]

    def _facts(self, loaded: LoadedFacts, case: CaseAsk, policy: Policy, purpose: str) -> Facts:
        rows = default_rows(policy, loaded.kind_of_caller(), purpose)
        return loaded.of_case(case, rows, self._at, self._margin)


def default_rows(policy: Policy, kind: str | None, purpose: str) -> Rows | None:
    """The rows of a kind of agency for a purpose; None where nobody of that kind acts for it."""
    for role, purposes in policy.purposes.items():
        if purpose in purposes:
            standing = policy.standings.get((kind, role, "none", purpose))
            return standing.rows if standing else None
    return None


def released_since(session: ReadSession, cases: Collection[str], since: datetime) -> tuple[Released, int]:
    """What was opened of these cases, by whom, from the ledger; and the number of requests."""
    found: Released = {}
    rows = receipts_of_cases(session, cases, _USES, since)
    for row in rows:
        for case in row.cases:
            who = row.user, row.agency, row.role, row.purpose
            cells = found.setdefault(case["case"], {}).setdefault(who, {})
            for cell in case["cells"]:
                if cell["entries"]:
                    key = released_key(cell["owner"], cell["categories"], cell["subjects"])
                    cells[key] = max(cells.get(key, Level.NONE), Level.from_word(cell["level"]))
    return found, len(rows)


def released_key(owner: str, categories: Sequence[str], subjects: Sequence[str]) -> tuple[Any, ...]:
    return owner, tuple(categories), tuple(subjects)
