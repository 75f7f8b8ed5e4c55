"""The shapes of answers about policies."""

from typing import Any, Literal

from services.gateway.schemas.views import Paged, View


class VersionCard(View):
    """A published version: its state (``in_force``, ``to_come``, ``superseded``, ``overtaken``), from when it
    counts, and who published it on whose approval."""

    version: int
    state: str
    published_from: str
    published_by: str
    published_by_agency: str | None
    published_at: str | None
    approved_by: str | None
    approved_by_agency: str | None
    digest: str | None
    drafted_from: int | None
    restores: int | None
    why: str | None


class VersionsView(Paged):
    policies: list[VersionCard]
    notice: str


class VersionView(VersionCard):
    document: dict[str, Any]
    goldens: list[dict[str, Any]]


class ColumnShown(View):
    letter: str
    categories: list[str]


class MatrixRow(View):
    """What one position is shown, column by column: ``1→3`` is 1 without permission and 3 with it."""

    who: str
    cells: list[str]


class DisclosedRow(MatrixRow):
    role: str
    purpose: str


class MatrixView(View):
    """What each role may see under a version, as rows and as a document in Markdown."""

    version: int
    markdown: str
    columns: list[ColumnShown]
    disclosed: list[DisclosedRow]
    own: list[MatrixRow]
    overrides: list[MatrixRow]


class LevelChange(View):
    """One category that a position is given at another level (0 none … 3 full), for these kinds of agency.

    ``given`` says how: ``mandatory``, ``freely`` (unless somebody objects), ``with_permission``, ``ceiling``
    (with a release or an agreement), ``own`` entries, ``statutory_cap``, ``break_glass_cap``.
    """

    role: str
    purpose: str
    relationship: str
    given: str
    category: str
    before: int
    after: int
    kinds: list[str]


class SensitiveChange(View):
    gained: list[str]
    lost: list[str]


class WordsChange(View):
    added: list[str]
    removed: list[str]


class PurposesChange(View):
    role: str
    before: list[str]
    after: list[str]


class ObligationsChange(View):
    purpose: str
    before: list[str]
    after: list[str]


class GoldensChange(View):
    added: list[dict[str, Any]]
    removed: list[dict[str, Any]]


class Differences(View):
    levels: list[LevelChange]
    sensitive: SensitiveChange
    purposes: list[PurposesChange]
    until_own_decision: WordsChange
    statutory_kinds: WordsChange
    partnership_officers: WordsChange
    obligations: list[ObligationsChange]
    lawful_bases: bool
    goldens: GoldensChange


class DifferencesView(Differences):
    """What changes from one version to the other."""

    version: int
    other: int


class Author(View):
    user: str
    agency: str


class DraftCard(View):
    id: str
    drafted_from: int
    restores: int | None
    why: str
    revision: int
    authors: list[Author]
    created_at: str
    changed_at: str
    published_version: int | None


class DraftsView(Paged):
    drafts: list[DraftCard]
    notice: str


class FindingShown(View):
    """What lint found. An ``error`` keeps the draft from being approved, a ``warning`` does not."""

    severity: str
    rule: str
    where: str
    message: str


class FailingGolden(View):
    place: int
    says: str
    expected: str
    got: str


class CellsChange(View):
    """Cells that a role in an agency gains and loses; null is fewer than ten cases, which may be none."""

    role: str
    agency: str
    purpose: str
    category: str
    gained: int | None
    lost: int | None
    lost_in_use: int | None


class CasesChange(View):
    simulated: int | None
    gaining: int | None
    losing: int | None


class Results(View):
    """What the draft would change for those who ask now. Counts are in steps of 10, 20, 50, 100 …"""

    cells: list[CellsChange]
    cases: CasesChange
    requests: int | None


class SimulationView(View):
    """How far a simulation is (``running``, ``finished``), its results, and the digest that seals them."""

    id: str
    state: str
    against: int
    begun_at: str
    begun_by: str
    finished_at: str | None
    results: Results | None
    digest: str | None


class ApprovalShown(View):
    digest: str
    approved_by: str
    approved_by_agency: str
    approved_at: str


class DraftView(DraftCard):
    """A draft with everything that is to be known before it is approved. ``may``: what the caller would not
    be refused as it stands."""

    etag: str
    document: dict[str, Any]
    goldens: list[dict[str, Any]]
    findings: list[FindingShown]
    failing_goldens: list[FailingGolden]
    differences: Differences
    simulation: SimulationView | None
    approval: ApprovalShown | None
    may: list[Literal["change", "discard", "simulate", "approve", "publish"]]
