"""SQL about notices."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import exists, func, select, true, union_all, update

from services.case.notices.audience import EVERY_AGENCY, Audience
from services.case.notices.tables import NoticeLook, NoticeRow
from shared.database import ReadSession, WriteSession, earlier_than, insert_unless_there, later_than
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class NewNotice:
    """Something that waits for somebody; ``occasion`` tells this time from the one before.

    ``because``: another entry, besides the one that it is about, without which it would not wait.
    """

    case: str
    kind: str
    about: str
    audience: Audience
    occasion: str = ""
    because: str = ""


_COLUMNS = (
    NoticeRow.id, NoticeRow.case_id, NoticeRow.kind, NoticeRow.about, NoticeRow.because, NoticeRow.raised_at,
)  # fmt: skip


def raise_notices(session: WriteSession, notices: Iterable[NewNotice], at: datetime) -> int:
    """Raise each of these unless it was raised before on the same occasion; how many are new."""
    rows = [_row(notice, at) for notice in dict.fromkeys(notices)]
    if not rows:
        return 0
    statement = insert_unless_there(session, NoticeRow).returning(NoticeRow.id)
    return len(session.scalars(statement, rows).all())


def _row(notice: NewNotice, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": notice.case,
        "kind": notice.kind,
        "about": notice.about,
        "because": notice.because,
        "occasion": notice.occasion,
        "agency": notice.audience.agency,
        "audience": notice.audience.address,
        "raised_at": at,
        "cleared_at": None,
    }


def clear(session: WriteSession, about: str, at: datetime, kinds: Iterable[str] = ()) -> None:
    """What waited is settled: nobody needs to look any more. Without ``kinds``, all notices about it."""
    wanted = list(kinds)
    of_kinds = NoticeRow.kind.in_(wanted) if wanted else true()
    _settle(session, at, NoticeRow.about == about, of_kinds)


def clear_because(session: WriteSession, because: str, at: datetime, about: str | None = None) -> None:
    """The same of what waited because of another entry; ``about``: only where it is about that one."""
    _settle(session, at, NoticeRow.because == because, true() if about is None else NoticeRow.about == about)


def clear_occasions(session: WriteSession, kind: str, occasions: Iterable[str], at: datetime) -> None:
    """The same of all notices of a kind that were raised on these occasions, in whichever case."""
    _settle(session, at, NoticeRow.kind == kind, NoticeRow.occasion.in_(list(occasions)))


def clear_case(session: WriteSession, case: str, at: datetime) -> None:
    """A case is closed: nothing in it waits for anybody."""
    _settle(session, at, NoticeRow.case_id == case)


def _settle(session: WriteSession, at: datetime, *which: Any) -> None:
    """Take these off every list, and give their occasions back: should what was settled come again, on the
    same day and for the same people, it is raised again, also to who had looked before."""
    session.execute(
        update(NoticeRow)
        .where(*which, NoticeRow.occasion != NoticeRow.id)
        .values(cleared_at=func.coalesce(NoticeRow.cleared_at, at), occasion=NoticeRow.id)
        .execution_options(synchronize_session=False)
    )


def notices_for(
    session: ReadSession,
    agency: str,
    addresses: Iterable[str],
    after: tuple[datetime, str] | None,
    limit: int,
    kinds: Collection[str] = (),
    *,
    oldest_first: bool = False,
) -> Sequence[Any]:
    """What waits for these addresses of an agency, newest first or oldest first, from after (moment, id) on;
    of all kinds, or of some."""
    behind = later_than if oldest_first else earlier_than

    def in_order(columns: Any) -> list[Any]:
        place = (columns.raised_at, columns.id)
        return list(place) if oldest_first else [one.desc() for one in place]

    def first_of(agency: str, address: str, kind: str | None) -> Any:
        found = (
            select(*_COLUMNS)
            .where(
                NoticeRow.agency == agency,
                NoticeRow.audience == address,
                NoticeRow.cleared_at.is_(None),
                _not_looked_at(addresses),
                true() if kind is None else NoticeRow.kind == kind,
                behind((NoticeRow.raised_at, NoticeRow.id), after),
            )
            .order_by(*in_order(NoticeRow))
            .limit(limit)
        )
        return select(found.subquery())

    # The first of each are the first of all. Asked for all at once, the whole of a busy list is sorted.
    each = product((agency, EVERY_AGENCY), addresses, sorted(kinds) if kinds else (None,))
    together = union_all(*(first_of(*one) for one in each)).subquery()
    return session.execute(select(together).order_by(*in_order(together.c)).limit(limit)).all()


def find_open(session: ReadSession, agency: str, addresses: Iterable[str], id: str) -> Any | None:
    """A notice for one of these addresses that waits still."""
    return session.execute(
        select(*_COLUMNS).where(
            NoticeRow.id == id,
            NoticeRow.agency.in_([agency, EVERY_AGENCY]),
            NoticeRow.audience.in_(list(addresses)),
            NoticeRow.cleared_at.is_(None),
            _not_looked_at(addresses),
        )
    ).one_or_none()


def _not_looked_at(addresses: Iterable[str]) -> Any:
    look = exists().where(NoticeLook.notice_id == NoticeRow.id, NoticeLook.audience.in_(list(addresses)))
    return ~look


def clear_one(session: WriteSession, id: str, at: datetime) -> None:
    """Somebody has looked: this occasion is over for their list, and is not raised again."""
    session.execute(update(NoticeRow).where(NoticeRow.id == id).values(cleared_at=at))


def look_at(session: WriteSession, id: str, audience: str, at: datetime) -> None:
    """The same for the list of one of those for whom it is; it stays on the lists of the others."""
    row = {"notice_id": id, "audience": audience, "looked_at": at}
    session.execute(insert_unless_there(session, NoticeLook), [row])
