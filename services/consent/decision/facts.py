"""What the decision is made from: plain, frozen, and all times in microseconds since the epoch, UTC.

Facts are loaded by the consent service inside the transaction that decides; an ask is built from the
case's roster and from the label sets that are really present. No clock is read here.
Masks and grids are described in ``grid.py``. Words (roles, purposes, relationships) are plain strings, so
that a word newer than this code can be carried and opens nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.consent.decision.grid import is_known, mask_of
from shared.vocabulary import AgencyKind, Answer, OverrideKind


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open ``[start, end)``; ``end`` None means until ended by somebody."""

    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Agency:
    """``kind`` None: a kind this code does not know. Such an agency is shown nothing."""

    id: str
    kind: AgencyKind | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A person entries are about. ``decides_from`` is the moment (the 16th birthday) from which they decide
    alone; None means it is not known, and then only their own answer counts. ``taking_part_ended``: they, or
    the whole family, took part and no longer do; that ends what the team is shown of them.
    ``before_taking_part``: nobody has said yes yet, so that default rows open nothing to the team."""

    id: str
    decides_from: int | None
    taking_part_ended: bool = False
    before_taking_part: bool = False


@dataclass(frozen=True, slots=True)
class Permission:
    """One answer to "may we share?". Permission to take part is ``Facts.takes_part``, never one of these.

    ``own``: the giver answers for themselves. ``competent``: competence was recorded for this decision.
    ``authority``: mask of the categories the giver may answer for (not read for ``own`` answers).
    ``grid``: the level given per category; for a refusal, whatever it names at *existence* or more is
    refused. ``owner``: the agency whose information it is about, where somebody was asked about that alone;
    None: whoever holds it.
    """

    id: str
    subject: str
    giver: str
    own: bool
    competent: bool
    authority: int
    answer: Answer
    recipients: frozenset[str]
    purposes: frozenset[str]
    grid: int
    window: Window
    withdrawn_at: int | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Not to be shared with these agencies or users, in these categories; ``purposes`` None is every one."""

    id: str
    subject: str
    agencies: frozenset[str]
    users: frozenset[str]
    mask: int
    purposes: frozenset[str] | None
    window: Window


@dataclass(frozen=True, slots=True)
class Override:
    """Sharing without permission: a statutory enquiry, or break-glass (which reads ``users`` only)."""

    id: str
    kind: OverrideKind
    agencies: frozenset[str]
    users: frozenset[str]
    purposes: frozenset[str]
    subjects: frozenset[str]
    grid: int
    window: Window


@dataclass(frozen=True, slots=True)
class Bar:
    """An absolute stop for the listed agencies and users; with ``everyone_except`` for all but them.

    ``hides_address``: it protects an address, so that what locates its subjects counts as ``contact`` too.
    """

    id: str
    subjects: frozenset[str]
    mask: int
    agencies: frozenset[str]
    users: frozenset[str]
    everyone_except: bool
    window: Window
    hides_address: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """The information owner's yes: lifts the cap of the rows for one recipient, purpose and subject."""

    id: str
    owner: str
    recipient: str
    purpose: str
    subject: str
    grid: int
    window: Window


@dataclass(frozen=True, slots=True)
class Rows:
    """Base, mode and cap of every category, compiled (``policy.compile_rows``).

    ``base`` is a grid; ``mandatory`` and ``objectable`` are masks, what is in neither needs permission;
    ``cap`` is the grid permission may reach.
    """

    base: int
    mandatory: int
    objectable: int
    cap: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Rows agreed between one owner and one recipient for one purpose; they replace the default rows."""

    id: str
    owner: str
    recipient: str
    purpose: str
    rows: Rows
    window: Window


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the consent service knows about the subjects of one case, as read in one transaction.

    ``agencies`` holds the caller's and every owner's agency; one that is missing is unknown.
    ``suspended`` is about the calling user and whomever they act for, ``takes_part`` whether the family
    agreed to take part.
    The order within the tuples means nothing.
    """

    version: str
    agencies: Mapping[str, Agency]
    suspended: bool
    takes_part: bool
    subjects: Mapping[str, Subject]
    permissions: tuple[Permission, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    overrides: tuple[Override, ...] = ()
    bars: tuple[Bar, ...] = ()
    releases: tuple[Release, ...] = ()
    agreements: tuple[Agreement, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """What a set of entries has in common, and all the decision sees of them.

    ``categories`` is a mask (``Label.of`` builds one from words). ``accountable`` is the agency that owes an
    action and reads it as its own. ``unanswered``: a sensitive question about it is open, so it stays with
    its owner. ``draft``: the author agency's own record until the case takes part. ``locates``: it tells
    where its subjects live or can be found, as a school or an appointment's place does.

    ``is_ordinary``: nothing of that is so, and its categories are known. It is kept because it is asked of
    every label in every decision.
    """

    owner: str
    categories: int
    subjects: tuple[str, ...]
    accountable: str | None = None
    unanswered: bool = False
    draft: bool = False
    locates: bool = False
    is_ordinary: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        special = self.accountable is not None or self.unanswered or self.draft or self.locates
        object.__setattr__(self, "is_ordinary", not special and is_known(self.categories))

    @classmethod
    def of(
        cls,
        owner: str,
        categories: Iterable[str],
        subjects: Iterable[str],
        *,
        accountable: str | None = None,
        unanswered: bool = False,
        draft: bool = False,
        locates: bool = False,
    ) -> "Label":
        """A label from the words of its categories; a word this code does not know keeps it hidden."""
        return cls(owner, mask_of(categories), tuple(subjects), accountable, unanswered, draft, locates)


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks for which label sets, for what purpose, at which moment.

    ``at`` is the consent service's time and ``margin`` is D, both in microseconds. ``relationship`` is that
    of
    (user, agency) to the case; ``relationships_by_subject`` overrides it for one subject. The family's
    relationships (subject, parent, parent_elsewhere, carer) are to one person each and count only there.
    ``on_behalf_of``: the user for whom an agency's system acts, whose relationship it is then, and
    ``on_behalf_roles`` the roles in which they work on the case; with none they are nobody here.
    """

    user: str
    agency: str
    role: str
    relationship: str
    purpose: str
    at: int
    margin: int
    labels: tuple[Label, ...]
    relationships_by_subject: Mapping[str, str] = field(default_factory=dict)
    on_behalf_of: str | None = None
    on_behalf_roles: tuple[str, ...] = ()
