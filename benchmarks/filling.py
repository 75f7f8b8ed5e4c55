"""Very many cases, straight into the tables of the case service, on either store.

Every case has a person, a team of two agencies and an action that is owed; every other one has a lead; some
have a referral, a concern, a signal, a meeting. Each user works on a tenth of them, scattered as ids are:
among two thousand that is still more than any list reads at once. The first two thousand were opened, led and
referred in one quarter, the next in the quarter before: however many there are, a quarter holds the same.
Each person has a name and a birthday by which they are found.
"""

# ruff: noqa: S608 - the statements are put together of constants of this file, for databases of its own

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from sqlalchemy import create_engine, make_url

from services.case.people.search_keys import keys_searched

READER, WORKERS = "nadia.bell", 10
SOUGHT = {"name": "Robin Sought", "date_of_birth": "2014-02-03"}
"""By which one person of all of them is found, whom the reader works with."""
IN_A_QUARTER = 2_000
"""How many cases were opened in each quarter."""
_THE_ONE = WORKERS
_KEYS = dict(keys_searched(SOUGHT))
_NUMBERS = (
    "WITH RECURSIVE numbers(n) AS "
    "(SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
)
_USER = f"CASE n % {WORKERS} WHEN 0 THEN '{READER}' ELSE 'worker-' || (n % {WORKERS}) END"
_SCHOOL, _YOT = "'northgate-school'", "'youth-offending'"
_SCATTERED = "(n * 2654435761) % 4294967296"


@dataclass(frozen=True)
class _Spelling:
    """What the two stores spell differently: hexadecimal numbers, days, moments and JSON."""

    hex: Callable[[str, int], str]
    day: Callable[[str], str]
    moment: Callable[[str], str]
    json: Callable[[str], str]
    quarter: str


_SQLITE = _Spelling(
    hex=lambda number, width: f"printf('%0{width}x', {number})",
    day=lambda days: f"date('2025-01-01', '+' || ({days}) || ' days')",
    moment=lambda seconds: f"datetime('2026-01-05 09:00:00', '+' || ({seconds}) || ' seconds') || '.000000'",
    json=lambda text: text,
    quarter=(
        f"datetime('2026-01-05 09:00:00', '-' || ((n - 1) / {IN_A_QUARTER} * 91) || ' days') || '.000000'"
    ),
)
_POSTGRES = _Spelling(
    hex=lambda number, width: f"lpad(to_hex({number}), {width}, '0')",
    day=lambda days: f"(DATE '2025-01-01' + CAST({days} AS INTEGER))",
    moment=lambda seconds: f"(TIMESTAMPTZ '2026-01-05 09:00:00+00' + ({seconds}) * INTERVAL '1 second')",
    json=lambda text: f"CAST({text} AS JSON)",
    quarter=(f"(TIMESTAMPTZ '2026-01-05 09:00:00+00' - ((n - 1) / {IN_A_QUARTER} * 91) * INTERVAL '1 day')"),
)


class _Filling:
    """The statements that put so many cases into an empty database."""

    def __init__(self, spelling: _Spelling, count: int) -> None:
        self._spelt = spelling
        self._count = count
        self._began = spelling.moment("0")
        self._then = spelling.moment("n")

    def statements(self) -> list[str]:
        names = ("person", "case", "name", "birth", "opening", "member", "other", "asked", "action",
                 "referral", "concern", "signal", "notice", "told", "deputy", "considered",
                 "meeting")  # fmt: skip
        ids = {name: self._id(number) for number, name in enumerate(names)}
        day, began, then = self._spelt.day, self._began, self._then
        opened = self._spelt.quarter
        review, due = day("n * 37 % 700"), day("n * 41 % 700")
        about_person, about_case = f"{ids['person']}, NULL", f"NULL, {ids['case']}"
        fields = {
            "name": '{"given_names": "Robin"}', "birth": '{"date_of_birth": "2014-02-03"}',
            "case_opening": '{"reason": "Help"}', "action": '{"action": "Ring her"}',
            "referral": '{"reason": "Help"}', "concern": '{"concern": "Tired"}',
            "meeting": '{"title": "Six weeks on"}',
        }  # fmt: skip

        def entry(name: str, area: str, kind: str, place: str, category: str, where: str = "") -> str:
            values = (
                ids[name], f"'{area}'", f"'{kind}'", place, "1", "NULL", _SCHOOL, _SCHOOL,
                self._spelt.json(f"'[\"{category}\"]'"),
                self._spelt.json(f"'[\"' || {ids['person']} || '\"]'"),
                began, "'Nadia Bell'", f"'{READER}'", self._spelt.json(f"'{fields[kind]}'"),
            )  # fmt: skip
            columns = (
                "id, area, kind, person_id, case_id, version, ended_at, owner, accountable, categories, "
                "subjects, recorded_at, author, author_user, fields"
            )
            return self._insert("entries", columns, values, where)

        def seat(name: str, user: str, agency: str) -> str:
            columns = (
                'id, case_id, "user", name, agency, role, job_title, telephone, since, until, ended_reason, '
                "ended_by_user"
            )
            values = (
                ids[name], ids["case"], user, "'Somebody'", agency, "'practitioner'", "'Worker'",
                "'01632 960100'", began, "NULL", "NULL", "NULL",
            )  # fmt: skip
            return self._insert("memberships", columns, values)

        def nomination(state: str, answered: str, where: str) -> str:
            columns = (
                "id, case_id, member_id, state, nominated_at, nominated_by_agency, nominated_by_user, "
                "answered_at, reason"
            )
            values = (
                ids["asked"], ids["case"], ids["other"], state, opened, _SCHOOL, f"'{READER}'", answered,
                "NULL",
            )  # fmt: skip
            return self._insert("nominations", columns, values, where)

        def notice(name: str, kind: str, audience: str, cleared: str) -> str:
            columns = "id, case_id, kind, about, occasion, agency, audience, raised_at, cleared_at"
            values = (ids[name], ids["case"], kind, ids["case"], "''", _SCHOOL, audience, then, cleared)
            return self._insert("notices", columns, values)

        return [
            self._insert("people", "id, recorded_at, recorded_by_agency", (ids["person"], began, _SCHOOL)),
            self._insert(
                "cases", "id, person_id, state, opened_at, closed_at, review_on, weight",
                (ids["case"], ids["person"], "'open'", opened, "NULL", review, "1"),
            ),
            self._insert(
                "case_subjects", "case_id, person_id, added_at, added_by_agency",
                (ids["case"], ids["person"], began, _SCHOOL),
            ),
            entry("name", "person", "name", about_person, "identity"),
            entry("birth", "person", "birth", about_person, "identity"),
            entry("opening", "case", "case_opening", about_case, "plan"),
            entry("action", "plan", "action", about_case, "plan"),
            entry("referral", "referrals", "referral", about_case, "plan", _EACH_TENTH),
            entry("concern", "case", "concern", about_case, "safeguarding", _EACH_TENTH),
            entry("meeting", "meetings", "meeting", about_case, "plan", _EACH_TENTH),
            self._insert(
                "meetings", "entry_id, case_id, state, starts_at, chair_agency, chair_user",
                (ids["meeting"], ids["case"], "'planned'", then, _SCHOOL,
                 f"'visitor-' || (n % {WORKERS * 9})"),
                _EACH_TENTH,
            ),
            *(
                self._insert("entry_subjects", "person_id, entry_id", (ids["person"], ids[about]))
                for about in ("name", "birth")
            ),
            *(
                self._insert(
                    "person_search", "entry_id, kind, key, person_id",
                    (ids[about], f"'{about}'", self._key(about), ids["person"]),
                )
                for about in ("name", "birth")
            ),
            seat("member", _USER, _SCHOOL),
            seat("other", f"'visitor-' || (n % {WORKERS})", _YOT),
            nomination("'accepted'", began, _LED),
            nomination("'nominated'", "NULL", _WAITING_FOR_ONE),
            self._insert(
                "leaderships", "nomination_id, case_id, member_id, since, until, reason",
                (ids["asked"], ids["case"], ids["other"], began, "NULL", "NULL"), _LED,
            ),
            self._insert(
                "deputies", "id, case_id, member_id, leadership_id, since, until, ended_at, ended_reason",
                (ids["deputy"], ids["case"], ids["member"], ids["asked"], day("0"), day("1 + n % 700"),
                 "NULL", "NULL"),
                _EACH_TENTH,
            ),
            self._insert(
                "considerations", 'id, case_id, agency, role, "user", because, since, until',
                (ids["considered"], ids["case"], _YOT, "'coordinator'", "NULL", ids["referral"], began,
                 f"CASE n % 50 WHEN 0 THEN NULL ELSE {then} END"),
                _EACH_TENTH,
            ),
            'INSERT INTO caseload (case_id, agency, "user", review_on, has_lead) '
            'SELECT m.case_id, m.agency, m."user", c.review_on, '
            "EXISTS (SELECT 1 FROM leaderships l WHERE l.case_id = c.id) "
            "FROM memberships m JOIN cases c ON c.id = m.case_id",
            "INSERT INTO vacancies (case_id, since) SELECT c.id, c.opened_at FROM cases c "
            "WHERE NOT EXISTS (SELECT 1 FROM leaderships l WHERE l.case_id = c.id)",
            self._insert(
                "review_owners", 'case_id, "user", agency', (ids["case"], _USER, _SCHOOL), _EACH_TENTH
            ),
            self._insert(
                "promises",
                "entry_id, case_id, kind, accountable, responsible_user, status, open, due_on, needed_on, "
                "promised_at, asked, asked_at",
                (ids["action"], ids["case"], "'action'", _SCHOOL, _USER, "'agreed'", "n % 3 > 0", due, due,
                 began, "0", "NULL"),
            ),
            self._insert(
                "referrals",
                "entry_id, case_id, agency, state, by_agency, by_user, asked_at, answer_by, answered_at",
                (ids["referral"], ids["case"], _YOT, "CASE n % 50 WHEN 0 THEN 'waiting' ELSE 'accepted' END",
                 _SCHOOL, f"'{READER}'", opened, due, f"CASE n % 50 WHEN 0 THEN NULL ELSE {opened} END"),
                _EACH_TENTH,
            ),
            self._insert(
                "concerns", "entry_id, recipient, sent_at, acknowledged_at",
                (ids["concern"], _YOT, then, "NULL"), _EACH_TENTH,
            ),
            self._insert(
                "signals",
                "id, person_id, state, raised_at, taken_up_at, taken_up_by, closed_at, outcome",
                (ids["signal"], ids["person"], "CASE n % 50 WHEN 0 THEN 'raised' ELSE 'closed' END", then,
                 "NULL", "NULL", f"CASE n % 50 WHEN 0 THEN NULL ELSE {then} END",
                 "CASE n % 50 WHEN 0 THEN NULL ELSE 'no_action' END"),
                _EACH_TENTH,
            ),
            notice(
                "notice", "'nomination'", f"'user:' || {_USER}",
                f"CASE n % 3 WHEN 0 THEN {then} ELSE NULL END",
            ),
            notice("told", "'review_overdue'", "'role:team_manager'", "NULL"),
        ]  # fmt: skip

    def _id(self, kind: int) -> str:
        """An id of one kind of thing, scattered as random ids are."""
        digits = self._spelt.hex
        return f"{digits(_SCATTERED, 8)} || '-{kind:04d}-4000-8000-' || {digits('n', 12)}"

    def _key(self, about: str) -> str:
        """The search key of a detail: that of ``SOUGHT`` for one person, and another one for each other."""
        return f"CASE n WHEN {_THE_ONE} THEN '{_KEYS[about]}' ELSE {self._spelt.hex(_SCATTERED, 64)} END"

    def _insert(self, table: str, columns: str, values: tuple[str, ...], where: str = "") -> str:
        numbers = _NUMBERS.format(count=self._count)
        return f"INSERT INTO {table} ({columns}) {numbers} SELECT {', '.join(values)} FROM numbers {where}"


_LED, _WAITING_FOR_ONE = "WHERE n % 2 = 0", "WHERE n % 10 = 5"
_EACH_TENTH = "WHERE n % 10 = 0"


def fill(url: str, count: int, *, says: Callable[[str], None] = lambda _: None) -> None:
    """Put so many cases into the empty, migrated database of a case service, and look at how they lie."""
    sqlite = make_url(url).get_backend_name() == "sqlite"
    engine = create_engine(url)
    began = perf_counter()
    with engine.connect() as connection:
        if sqlite:
            for pragma in ("synchronous=OFF", "cache_size=-400000", "journal_mode=MEMORY"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        for statement in _Filling(_SQLITE if sqlite else _POSTGRES, count).statements():
            connection.exec_driver_sql(statement.replace("%", "%%") if not sqlite else statement)
            says(f"{statement.split()[2]} {perf_counter() - began:.0f} s")
        connection.commit()
        if sqlite:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if sqlite else "VACUUM ANALYZE")
    engine.dispose()
