"""M1: each migration of the case service from the head before it, with data, on both stores.

What was there stays, field by field; what a store refused it refuses still; and who stands in which
relationship to a case, over what, comes out of the newest schema as it was written into the oldest: so no
decision changes. Three changes that make this fail: a batch that forgets a partial unique index, a default
that makes everybody's nomination a panel's, an UPDATE that ends a place on a team.
"""

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import IntegrityError

from services.case.bundles.repository import case_bundles
from services.case.casework_rules import CaseworkRules
from services.case.clocks.operations import run_clocks_of
from shared.database import open_store
from shared.identity import Caller
from shared.migration import migrate
from tests.case.test_storage import HEAD, MIGRATIONS, empty

__all__ = ["empty"]
Json = dict[str, Any]
Row = tuple[str, Json]
FIRST = "0007"
EARLY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 1)
LED, VACANT, NEVER_LED, CLOSED = "led", "vacant", "never-led", "closed"
CASES = (LED, VACANT, NEVER_LED, CLOSED)


def later(days: int) -> datetime:
    return EARLY + timedelta(days=days)


def entry(id: str, case: str, kind: str = "action", **changes: Any) -> list[Row]:
    """An entry about the case's person, owned by the school and owed by housing."""
    row = {
        "id": id, "area": "plan", "kind": kind, "person_id": None, "case_id": case, "version": 1,
        "ended_at": None, "owner": "school", "accountable": "housing", "categories": ["plan"],
        "subjects": [f"child-{case}"], "recorded_at": EARLY, "author": "Priya", "author_user": "priya",
        "fields": {"status": "agreed", "by_when": DAY.isoformat()}, **changes,
    }  # fmt: skip
    return [("entries", row)]


def member(id: str, case: str, user: str, agency: str, **changes: Any) -> Row:
    row = {
        "id": id, "case_id": case, "user": user, "name": user.title(), "agency": agency,
        "role": "practitioner", "job_title": "Worker", "telephone": None, "since": EARLY, "until": None,
        "ended_reason": None, "ended_by_user": None, **changes,
    }  # fmt: skip
    return "memberships", row


def nomination(id: str, case: str, member_id: str, state: str) -> Row:
    row = {
        "id": id, "case_id": case, "member_id": member_id, "state": state, "nominated_at": EARLY,
        "nominated_by_agency": "school", "nominated_by_user": "priya",
        "answered_at": None if state == "nominated" else later(1),
        "reason": "No time" if state == "refused" else None,
    }  # fmt: skip
    return "nominations", row


def notice(id: str, kind: str, about: str, **changes: Any) -> Row:
    row = {
        "id": id, "case_id": LED, "kind": kind, "about": about, "occasion": "", "agency": "school",
        "audience": "user:priya", "raised_at": later(3), "cleared_at": None, **changes,
    }  # fmt: skip
    return "notices", row


def of_case(case: str) -> list[Row]:
    closed = later(20) if case == CLOSED else None
    person = f"child-{case}"
    opened = {
        "id": case, "person_id": person, "state": "closed" if closed else "open", "opened_at": EARLY,
        "closed_at": closed, "review_on": DAY,
    }  # fmt: skip
    return [
        ("people", {"id": person, "recorded_at": EARLY, "recorded_by_agency": "school"}),
        ("cases", opened),
        ("case_subjects", {
            "case_id": case, "person_id": person, "added_at": EARLY, "added_by_agency": "school",
        }),
        member(f"priya-{case}", case, "priya", "school"),
        member(f"hanna-{case}", case, "hanna", "housing", **({"until": later(9)} if case == VACANT else {})),
        *entry(f"opening-{case}", case, "case_opening", area="case", accountable=None),
        *entry(f"action-{case}", case),
    ]  # fmt: skip


def lead(case: str, **changes: Any) -> list[Row]:
    row = {
        "nomination_id": f"accepted-{case}", "case_id": case, "member_id": f"hanna-{case}", "since": later(1),
        "until": None, "reason": None, **changes,
    }  # fmt: skip
    return [nomination(f"accepted-{case}", case, f"hanna-{case}", "accepted"), ("leaderships", row)]


DATA: dict[str, list[Row]] = {
    "0007": [
        *(row for case in CASES for row in of_case(case)),
        *lead(LED),
        *lead(VACANT, until=later(9), reason="left_team"),
        nomination("refused", LED, f"priya-{LED}", "refused"),
        nomination("withdrawn", CLOSED, f"priya-{CLOSED}", "withdrawn"),
        nomination("open", NEVER_LED, f"priya-{NEVER_LED}", "nominated"),
        ("considerations", {
            "id": "considers", "case_id": LED, "agency": "trust", "role": "practitioner", "user": "omar",
            "because": "referral", "since": EARLY, "until": None,
        }),
        ("considerations", {
            "id": "considered", "case_id": LED, "agency": "trust", "role": "coordinator", "user": None,
            "because": "referral-before", "since": EARLY, "until": later(2),
        }),
        notice("of-nomination", "nomination", "open", case_id=NEVER_LED),
        notice("of-review", "review_overdue", LED, cleared_at=later(4)),
        notice("of-action", "promise_overdue", f"action-{LED}", occasion=DAY.isoformat()),
    ],
    "0008": [
        ("deputies", {
            "id": "deputy", "case_id": LED, "member_id": f"priya-{LED}", "leadership_id": f"accepted-{LED}",
            "since": DAY, "until": DAY + timedelta(days=9), "ended_at": None, "ended_reason": None,
        }),
        ("caseload_caps", {"agency": "housing", "user": "hanna", "cap": 7, "set_at": EARLY, "set_by": "meg"}),
    ],
    "0009": [
        *entry("meeting", LED, "meeting", area="meetings", accountable=None),
        *entry("item", LED, "agenda_item", area="meetings", accountable=None),
        ("meetings", {
            "entry_id": "meeting", "case_id": LED, "state": "held", "starts_at": later(5),
            "chair_agency": "school", "chair_user": "priya",
        }),
        ("agenda_items", {"entry_id": "item", "meeting_id": "meeting", "confidential": True}),
        ("meeting_papers", {"item_id": "item", "entry_id": f"action-{LED}"}),
        ("meeting_invitations", {
            "id": "invitation", "meeting_id": "meeting", "user": "omar", "name": "Omar", "agency": "trust",
            "role": "practitioner", "state": "absent", "invited_at": EARLY, "answered_at": None,
        }),
        ("meeting_part_attendance", {"item_id": "item", "invitation_id": "invitation"}),
        ("meeting_pledges", {"entry_id": f"action-{LED}", "meeting_id": "meeting"}),
        notice("of-absence", "agency_missing", "meeting"),
        notice("of-absence-again", "agency_missing", "meeting", audience="role:team_manager"),
    ],
    "0010": [("review_owners", {"case_id": LED, "user": "priya", "agency": "school"})],
    "0011": [
        *entry("needed", LED),
        *entry("goal", LED, "plan_goal", accountable=None),
        *entry("compact", LED, "compact", accountable=None),
        *entry("signature", LED, "compact_signature", accountable=None),
        ("action_dependencies", {
            "action_id": f"action-{LED}", "needs_id": "needed", "case_id": LED, "counts": True,
            "stated_at": EARLY, "stated_by_agency": "school",
        }),
        ("action_goals", {"action_id": f"action-{LED}", "goal_id": "goal", "case_id": LED}),
        ("compact_signatures", {
            "compact_id": "compact", "party": "agency:school", "recorded_by": "school",
            "entry_id": "signature",
        }),
        *(("promises", {
            "entry_id": owed, "case_id": LED, "kind": "action", "accountable": "housing",
            "responsible_user": None, "status": "agreed", "open": True, "due_on": DAY, "needed_on": DAY,
            "promised_at": EARLY, "asked": 0, "asked_at": None,
        }) for owed in (f"action-{LED}", "needed")),
        notice("of-warning", "late_for_what_follows", f"action-{LED}", occasion="2026-03-01/2026-03-01"),
    ],
    "0012": [
        *entry("allocation", LED, "budget_allocation", area="budget"),
        *entry("purchase", LED, "purchase", area="budget"),
        ("budget_streams", {
            "id": "stream", "agency": "housing", "name": "Fund", "state": "open", "may_buy": ["travel"],
            "most_per_purchase_pence": None, "second_signature_above_pence": 100, "total_pence": 5_000,
            "allocated_pence": 1_000, "opened_at": EARLY,
        }),
        ("budget_allocations", {
            "entry_id": "allocation", "case_id": LED, "stream_id": "stream", "held_by": "housing",
            "allocated_pence": 1_000, "committed_pence": 10, "spent_pence": 0,
        }),
        ("budget_purchases", {
            "entry_id": "purchase", "case_id": LED, "allocation_id": "allocation", "action_id": None,
            "state": "committed", "amount_pence": 10, "spent_pence": 0, "ordered_by_user": "hanna",
            "signed_by_user": None,
        }),
    ],
    "0013": [],
    "0014": [],
    "0015": [],
    "0016": [
        *entry("thrice", LED, version=3, recorded_at=later(7)),
        *entry("said-more", LED, version=2),
        *(("entry_versions", {
            "entry_id": about, "version": version, "owner": "school", "accountable": "housing",
            "categories": ["plan"], "subjects": [f"child-{LED}"], "recorded_at": moment, "author": "Priya",
            "author_user": "priya", "fields": {"status": "agreed"},
        }) for about, version, moment in (
            ("thrice", 1, EARLY), ("thrice", 2, later(4)), ("said-more", 1, EARLY),
        )),
    ],
    "0017": [
        *(row for entry_id, fields in (
            ("noticed-then", {"noticed_on": "2025-12-24", "what": "Tired"}),
            ("says-nothing", {"what": "Tired"}),
        ) for row in (
            *entry(entry_id, LED, "small_concern", area="person", accountable=None, fields=fields,
                   person_id=f"child-{LED}", case_id=None),
            ("entry_subjects", {"person_id": f"child-{LED}", "entry_id": entry_id}),
            ("small_concerns", {
                "entry_id": entry_id, "person_id": f"child-{LED}", "agency": "school",
                "recorded_at": later(7),
            }),
        )),
    ],
    "0018": [],
    "0019": [
        ("meeting_invitations", {
            "id": "of-family", "meeting_id": "meeting", "user": None, "name": None, "agency": None,
            "role": None, "person_id": f"child-{LED}", "state": "present", "invited_at": EARLY,
            "answered_at": None,
        }),
        ("meeting_part_attendance", {"item_id": "item", "invitation_id": "of-family"}),
    ],
    "0020": [
        ("people", {"id": "mother", "recorded_at": EARLY, "recorded_by_agency": "school"}),
        *entry("of-mother", LED, "relationship", area="person", accountable=None, categories=["family"],
               person_id=f"child-{LED}", case_id=None, subjects=["mother", f"child-{LED}"], fields={
                   "from_person": "mother", "to_person": f"child-{LED}", "relation": "mother",
                   "parental_responsibility": True, "lives_with": True,
               }),
        ("entry_subjects", {"person_id": f"child-{LED}", "entry_id": "of-mother"}),
    ],
    "0021": [],
    "0022": [],
    "0023": [],
    "0024": [
        ("published_reports", {
            "report": "cases-opened", "by": by, "period": "2025-Q4", "scope": scope,
            "content": {"total": total}, "published_at": later(days),
        }) for by, scope, total, days in (
            ("agency", "", 40, 5), ("agency", "school", 20, 4), ("need", "", 40, 6),
        )
    ],
    "0025": [
        ("published_reports", {
            "report": "costs", "period": "2025", "content": {"agency": {"": {"total": 40}}},
            "published_at": later(5),
        }),
        *(row for cost, starts_on, days in (
            ("in-time", date(2025, 12, 31), 5), ("too-late", date(2025, 1, 1), 6),
            ("of-this-year", date(2026, 1, 1), 1),
        ) for row in (
            *entry(cost, LED, "service_cost", accountable=None),
            ("service_costs", {
                "entry_id": cost, "case_id": LED, "person_id": f"child-{LED}", "agency": "school",
                "starts_on": starts_on, "pence": 100, "recorded_at": later(days),
            }),
        )),
    ],
    "0026": [],
    "0027": [],
}  # fmt: skip
"""What stands in the store when the next migration comes, by the head at which it was written."""


def tables(engine: Engine) -> dict[str, Table]:
    found = MetaData()
    found.reflect(engine)
    return dict(found.tables)


def write(engine: Engine, rows: list[Row]) -> None:
    known = tables(engine)
    with engine.begin() as connection:
        for table, row in rows:
            connection.execute(insert(known[table]).values(row))


def everything(engine: Engine) -> dict[str, list[Json]]:
    """Every row of every table, in an order of its own."""
    with engine.connect() as connection:
        return {
            name: sorted((dict(row._mapping) for row in connection.execute(select(table))), key=repr)
            for name, table in tables(engine).items()
            if name != "alembic_version"
        }


def as_it_was(rows: list[Json], before: list[Json]) -> list[Json]:
    """These rows in the columns that there were before."""
    columns = before[0].keys() if before else ()
    return sorted(({name: row[name] for name in columns} for row in rows), key=repr) if before else []


def refused(engine: Engine, table: str, **row: Any) -> bool:
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.execute(insert(tables(engine)[table]).values(row))
    except IntegrityError:
        return True
    return False


def heads() -> list[str]:
    revisions = sorted(path.name.split("_")[0] for path in (Path(MIGRATIONS) / "versions").glob("0*.py"))
    return revisions[revisions.index(FIRST) :]


SAID_OTHERWISE = {
    ("0013", "notices"),
    ("0015", "entries"),
    ("0015", "promises"),
    ("0017", "entries"),
    ("0017", "entry_versions"),
    ("0025", "published_reports"),
}


def test_m1_every_migration_keeps_what_was_there(empty: str) -> None:
    """Field by field; what is said otherwise on purpose stands in the tests below."""
    migrate(empty, "services.case", FIRST)
    engine = create_engine(empty)
    known, kept = heads(), 0
    assert known[-1] == HEAD
    assert list(DATA) == known[: len(DATA)], "each head has data that the next one finds"
    for head, following in pairwise(known):
        write(engine, DATA.get(head, []))
        before = everything(engine)
        migrate(empty, "services.case", following)
        engine.dispose()
        after = everything(engine)
        for name, rows in before.items():
            if (following, name) in SAID_OTHERWISE:
                continue
            assert as_it_was(after[name], rows) == rows, (following, name)
            kept += len(rows)
    engine.dispose()
    assert kept > 200


@pytest.fixture
def newest(empty: str) -> Any:
    """The store at its newest, with what was written on the way; every head's data at that head."""
    for head in heads():
        migrate(empty, "services.case", head)
        engine = create_engine(empty)
        write(engine, DATA.get(head, []))
        engine.dispose()
    engine = create_engine(empty)
    yield engine
    engine.dispose()


def test_a_case_weighs_one_and_is_vacant_since_its_last_lead_went(newest: Engine) -> None:
    found = everything(newest)
    assert {row["weight"] for row in found["cases"]} == {1}
    assert {(row["nominated_by"], row["objected_at"]) for row in found["nominations"]} == {("team", None)}
    vacant = {row["case_id"]: row["since"].replace(tzinfo=UTC) for row in found["vacancies"]}
    assert vacant == {VACANT: later(9), NEVER_LED: EARLY}, "a closed case is nobody's to lead"
    assert found["absences"] == [], "who is away is known once it is said"


def test_of_a_relationship_from_before_its_owner_alone_is_known_to_gain_by_it(newest: Engine) -> None:
    assert {row["recorded_for"] for row in everything(newest)["entries"]} == {None}

    caller = Caller("ada", "Ada", "school", "practitioner")

    async def read() -> list[Json]:
        store = open_store(newest.url.render_as_string(hide_password=False))
        try:
            return await store.read(case_bundles, caller, [LED], EARLY)
        finally:
            await store.close()

    [bundle] = asyncio.run(read())
    held = [one for subject in bundle["subjects"] for one in subject["responsible"]]
    assert [(one["adult"], one["recorded_for"]) for one in held] == [("mother", ("school",))]


def test_what_was_refused_is_refused_still(newest: Engine) -> None:
    """Two leads, two open nominations, two places of one user, a nomination of nobody, a case of nobody."""
    _, open_one = nomination("second", NEVER_LED, f"hanna-{NEVER_LED}", "nominated")
    assert refused(newest, "nominations", **open_one)
    _, of_nobody = nomination("third", LED, "nobody", "refused")
    assert refused(newest, "nominations", **of_nobody)
    _, odd = nomination("fourth", LED, f"hanna-{LED}", "maybe")
    assert refused(newest, "nominations", **odd)
    _, objected = nomination("fifth", LED, f"hanna-{LED}", "objected")
    assert not refused(newest, "nominations", **objected), "a state that came with it"
    second = {"nomination_id": "refused", "case_id": LED, "member_id": f"priya-{LED}", "since": later(2)}
    assert refused(newest, "leaderships", **second, until=None, reason=None)
    _, place = member("again", LED, "priya", "school")
    assert refused(newest, "memberships", **place)
    _, twice = notice("twice", "nomination", "open", case_id=NEVER_LED)
    assert refused(newest, "notices", **twice)
    heavy = {
        "id": "heavy",
        "person_id": f"child-{LED}",
        "state": "open",
        "opened_at": EARLY,
        "review_on": DAY,
    }
    assert refused(newest, "cases", **heavy, closed_at=None, weight=6)
    assert refused(newest, "cases", **{**heavy, "person_id": "nobody"}, closed_at=None)


def test_m1_no_decision_changes_with_the_schema(newest: Engine, empty: str) -> None:
    """What a decision is made of: who asks stands where they stood, and every label is what was written."""
    at = later(30)

    def bundles(session: Any, caller: Caller) -> list[Json]:
        return case_bundles(session, caller, CASES, at)

    async def of(user: str, agency: str, role: str = "practitioner") -> list[Json]:
        store = open_store(empty)
        try:
            return await store.read(bundles, Caller(user, user, agency, role))
        finally:
            await store.close()

    def stands(user: str, agency: str, role: str = "practitioner") -> list[str]:
        return [bundle["relationship"] for bundle in asyncio.run(of(user, agency, role))]

    assert stands("priya", "school") == ["member"] * 4
    assert stands("hanna", "housing") == ["lead", "none", "member", "member"]
    assert stands("omar", "trust") == ["considering", "none", "none", "none"]
    assert stands("tess", "trust", "coordinator") == ["none"] * 4, "what was over is over"
    assert stands("meg", "housing", "team_manager") == ["supervisor", "none", "supervisor", "supervisor"]
    written = {row["id"]: row for rows in DATA.values() for table, row in rows if table == "entries"}
    seen = {
        entry["id"]: entry for bundle in asyncio.run(of("priya", "school")) for entry in bundle["entries"]
    }
    assert seen.keys() == written.keys()
    for known, row in written.items():
        for name in ("owner", "accountable", "categories", "subjects", "kind", "area"):
            assert seen[known][name] == row[name], (known, name)


def test_notices_rest_on_what_they_are_about_and_warnings_are_raised_anew(newest: Engine, empty: str) -> None:
    found = {row["id"]: row for row in everything(newest)["notices"]}
    assert {row["because"] for row in found.values()} == {""}
    assert "of-warning" not in found
    for absence in (found["of-absence"], found["of-absence-again"]):
        assert (absence["about"], absence["occasion"]) == (LED, "meeting"), "an alarm about the case"
    late = found["of-action"]
    assert (late["about"], late["occasion"]) == (f"action-{LED}", DAY.isoformat())

    raised = run_clocks_of(empty, later(90), CaseworkRules())
    warnings = [row for row in everything(newest)["notices"] if row["kind"] == "late_for_what_follows"]
    assert len(warnings) == raised["late_for_what_follows"] > 0
    assert {row["because"] for row in warnings} == {f"action-{LED}", "needed"}


def test_what_was_pledged_is_a_pledge_and_nothing_else_is(newest: Engine) -> None:
    found = everything(newest)
    pledged = f"action-{LED}"
    assert {row["entry_id"]: (row["kind"], row["status"]) for row in found["promises"]} == {
        pledged: ("pledge", "agreed"), "needed": ("action", "agreed"),
    }  # fmt: skip
    written = {
        row["id"]: row["fields"] for rows in DATA.values() for table, row in rows if table == "entries"
    }
    for row in found["entries"]:
        more = {"pledge": "pledged"} if row["id"] == pledged else {}
        assert row["fields"] == {**written[row["id"]], **more}, row["id"]


def test_an_entry_was_recorded_when_it_was_first_and_corrected_when_it_was_last(newest: Engine) -> None:
    found = everything(newest)

    def moments(row: Json) -> tuple[datetime, datetime | None]:
        corrected = row["corrected_at"]
        return row["recorded_at"].replace(tzinfo=UTC), corrected and corrected.replace(tzinfo=UTC)

    entries = {row["id"]: moments(row) for row in found["entries"]}
    assert entries.pop("thrice") == (EARLY, later(7))
    assert set(entries.values()) == {(EARLY, None)}, "what was never corrected, or only says more"
    versions = {(row["entry_id"], row["version"]): moments(row) for row in found["entry_versions"]}
    assert versions == {
        ("thrice", 1): (EARLY, None), ("thrice", 2): (EARLY, later(4)), ("said-more", 1): (EARLY, None),
    }  # fmt: skip


def test_a_small_concern_was_noticed_on_the_day_that_it_says_or_else_when_it_was_written_down(
    newest: Engine,
) -> None:
    found = {row["entry_id"]: row["noticed_on"] for row in everything(newest)["small_concerns"]}
    assert found == {"noticed-then": date(2025, 12, 24), "says-nothing": later(7).date()}
    assert {row["most_per_case_pence"] for row in everything(newest)["budget_streams"]} == {None}


def test_of_an_item_and_an_invitation_from_before_nobody_is_known_to_be_behind_it(newest: Engine) -> None:
    found = everything(newest)
    assert {row["invited_by"] for row in found["meeting_invitations"]} == {None}
    assert [row["invitation_id"] for row in found["agenda_items"]] == [None]


def test_reports_that_were_read_stay_as_they_were_read(newest: Engine) -> None:
    """Those about one time together, since the first of them was read; what nobody read is not there."""
    [kept] = [row for row in everything(newest)["published_reports"] if row["report"] != "costs"]
    assert (kept["report"], kept["period"]) == ("cases-opened", "2025-Q4")
    assert kept["published_at"].replace(tzinfo=UTC) == later(4)
    assert kept["content"] == {
        "agency": {"": {"total": 40}, "school": {"total": 20}},
        "need": {"": {"total": 40}},
    }


def test_a_cost_was_counted_in_its_year_where_it_came_before_that_was_read(newest: Engine) -> None:
    counted = {row["entry_id"]: row["counted_in"] for row in everything(newest)["service_costs"]}
    known = {"in-time": 2025, "too-late": None, "of-this-year": None}
    assert {cost: counted[cost] for cost in known} == known


def test_who_was_invited_for_an_agency_is_of_no_family(newest: Engine) -> None:
    found = {row["id"]: row for row in everything(newest)["meeting_invitations"]}
    assert (found["invitation"]["person_id"], found["invitation"]["agency"] is None) == (None, False)
    assert (found["of-family"]["person_id"], found["of-family"]["agency"]) == (f"child-{LED}", None)
    both = {**found["of-family"], "id": "both", "person_id": f"child-{VACANT}", "agency": "school"}
    assert refused(newest, "meeting_invitations", **both)
    twice = {**found["of-family"], "id": "twice"}
    assert refused(newest, "meeting_invitations", **twice)
