"""SQL for bars."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import select

from services.consent.bars.audience import Barred
from services.consent.bars.tables import Bar, BarSubject
from shared.database import ReadSession, WriteSession, among
from shared.vocabulary import Category

Row = TypeVar("Row", bound=Any)
_INVOLVEMENT = (Category.INVOLVEMENT.value,)
_table, _about = Bar.__table__.c, BarSubject.__table__.c
BARS_ABOUT = (
    select(
        _table.id,
        _about.subject,
        _table.kind,
        _table.agencies,
        _table.users,
        _table.everyone_except,
        _table.categories,
        _table.recorded_at,
        _table.lifted_at,
    )
    .join_from(BarSubject.__table__, Bar.__table__)
    .where(among(_about.subject, "subjects"))
)


def bars_about(session: ReadSession, subjects: Collection[str]) -> Sequence[Any]:
    """Every bar that was ever recorded about these people, lifted or not: a row per bar and person."""
    return session.connection().execute(BARS_ABOUT, {"subjects": subjects}).all()


def barred_from(session: ReadSession, user: str, agency: str, people: Iterable[str | None]) -> Barred:
    """What bars keep from this caller of all that is listed about these people."""
    named = sorted({person for person in people if person is not None})
    return Barred(user, agency, bars_about(session, named) if named else ())


def without_barred(
    session: ReadSession,
    user: str,
    agency: str,
    rows: Sequence[Row],
    categories: Callable[[Row], Collection[str]],
) -> list[Row]:
    """Of what is listed about people (``subject``), the lines that no bar keeps from this caller.

    One that is about nobody's categories in particular tells that somebody works with them.
    """
    barred = barred_from(session, user, agency, [row.subject for row in rows])
    return [row for row in rows if not barred.from_person(row.subject, categories(row) or _INVOLVEMENT)]


def bars_concerning(session: ReadSession, people: Collection[str]) -> Sequence[Bar]:
    """The bars about any of these people, in whatever case they were recorded, oldest first."""
    about = select(BarSubject.bar_id).where(BarSubject.subject.in_(people))
    statement = select(Bar).where(Bar.id.in_(about)).order_by(Bar.recorded_at, Bar.id)
    return session.execute(statement).scalars().all()


def bars_in_force(session: ReadSession) -> Sequence[Bar]:
    """Every bar that nobody lifted, oldest first."""
    statement = select(Bar).where(Bar.lifted_at.is_(None)).order_by(Bar.recorded_at, Bar.id)
    return session.execute(statement).scalars().all()


def bar_to_change(session: WriteSession, bar: str, people: Collection[str]) -> Bar | None:
    """A bar about one of these people, locked."""
    about = select(BarSubject.bar_id).where(BarSubject.subject.in_(people))
    statement = select(Bar).where(Bar.id == bar, Bar.id.in_(about))
    return session.execute(statement.with_for_update()).scalar_one_or_none()


def add_bar(session: WriteSession, **columns: Any) -> None:
    """Store a bar with the people whom it is about; ``columns`` are those of the table."""
    session.add(Bar(**columns))
    session.flush()
    session.add_all(BarSubject(bar_id=columns["id"], subject=subject) for subject in columns["subjects"])
