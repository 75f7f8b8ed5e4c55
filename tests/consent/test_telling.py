"""Who looked because of an override is told to the family when somebody says that it is safe (design 3.4).

Three changes that make this fail: an override that the family reads of unless its recorder thought of it, a
page that is short by what is held back, a recorder who says by herself that the family may be told.
"""

from typing import Any

import pytest

from shared.clock import rfc3339
from shared.ids import new_id
from tests.consent.service import (
    CHILD,
    HOUSING,
    MOTHER,
    SCHOOL,
    SCHOOL_OFFICER,
    ConsentService,
    Json,
    a_case,
    a_label,
    a_share,
    fresh_case,
    reader,
)
from tests.consent.test_bars import a_bar, bar
from tests.consent.test_disclosures import PARENT, PERSON, read
from tests.consent.test_overrides import (
    ASKED,
    CARE,
    CARE_OFFICER,
    GUARD,
    MANAGER,
    OTHER_GUARD,
    POLICE_GUARD,
    WORKER,
    path,
    record,
)

pytestmark = pytest.mark.anyio

LEARNING = a_label("hill-school", "learning", entries=["e-1"])
PLAN = a_label("hill-school", "plan", entries=["e-2"])
OPENS: Json = {"categories": ["learning"]}


async def family_reads(service: ConsentService, case: str, **asked: Any) -> list[str]:
    """The receipts that the child reads by person, checked to be the parent's and those by case."""
    own = await read(service, PERSON, CHILD, kind="person", **asked)
    related: Any = {"kind": "person", "related": {CHILD: "parent"}}
    theirs = (await read(service, PARENT, CHILD, **related, **asked))["disclosures"]
    of_case = (await read(service, PERSON, case, **asked))["disclosures"]
    assert own["disclosures"] == theirs == of_case
    return [row["id"] for row in own["disclosures"]]


async def looks(service: ConsentService, case: str, *labels: Json) -> str:
    service.clock.turn(seconds=1)
    found = await service.decide(
        WORKER, a_case(case, *(labels or (LEARNING,)), relationship="none"), purpose="support"
    )
    return str(found["receipt"])


async def says(
    service: ConsentService, case: str, override: str, told: bool, who: Any = OTHER_GUARD, **changes: Any
) -> Json:
    review = {"family_may_be_told": told, "reason": "He was interviewed.", **changes}
    if not told:
        review.setdefault("review_on", "2031-04-01")
    content = {"review": review, "asked": ASKED}
    answer: Json = await service.call(who, "POST", path(case, override, "telling"), content)
    return answer


async def listed(service: ConsentService, case: str) -> Json:
    ask = {
        "action": "list", "purpose": "safeguarding", "reason": None,
        "cases": [a_case(case, LEARNING, relationship="none")], "deed": None,
    }  # fmt: skip
    content = {"ask": ask, "owned": {}}
    found = await service.call(CARE_OFFICER, "POST", f"/cases/{case}/overrides/list", content)
    [row] = found["listed"]
    return dict(row)


async def test_the_family_reads_of_no_look_that_rests_on_an_override_until_another_says_so(
    service: ConsentService,
) -> None:
    case = fresh_case()
    override = (await record(service, case, **OPENS))["id"]
    hidden = await looks(service, case)
    [receipt] = [row for row in service.receipts() if row["id"] == hidden]
    assert receipt["cases"][0]["cells"][0]["bases"] == [f"STATUTORY:{override}"]
    assert await family_reads(service, case) == []
    slept = len(service.slept)
    assert await says(service, case, override, True) == {"id": override}
    assert len(service.slept) == slept, "what is told takes nothing away"
    assert await family_reads(service, case) == [hidden]
    # Taken back, it waits until it counts everywhere.
    assert "enforced_at" in await says(service, case, override, False)
    assert len(service.slept) == slept + 1
    assert await family_reads(service, case) == []


async def test_it_stays_held_back_when_the_override_is_over(service: ConsentService) -> None:
    case = fresh_case()
    override = (await record(service, case, **OPENS))["id"]
    await looks(service, case)
    ending = {"ending": {"reason": "Closed"}, "asked": ASKED}
    await service.call(GUARD, "POST", path(case, override, "ending"), ending)
    service.clock.turn(days=200)
    assert await family_reads(service, case) == []


async def test_an_override_of_which_the_family_knows_is_told_at_once(service: ConsentService) -> None:
    case = fresh_case()
    await record(service, case, **OPENS, family_may_be_told=True)
    assert await family_reads(service, case) == []
    looked = await looks(service, case)
    assert await family_reads(service, case) == [looked]


async def test_no_gap_shows_and_pages_are_full(service: ConsentService) -> None:
    """Every second look rests on the override; what else the same receipt holds goes with it."""
    case = fresh_case()
    await record(service, case, **OPENS)
    told: list[str] = []
    for _ in range(3):
        await looks(service, case, LEARNING, PLAN)
        service.clock.turn(seconds=1)
        told.append((await service.decide(HOUSING, a_case(case, PLAN)))["receipt"])
    assert await family_reads(service, case) == told[::-1]
    after, pages = None, []
    while True:
        page = await read(service, PERSON, CHILD, kind="person", limit=2, after=after)
        pages.append([row["id"] for row in page["disclosures"]])
        after = page["after"]
        if after is None:
            break
    assert pages == [told[:0:-1], told[:1]]


HEALTH = a_label("hill-school", "health", entries=["e-3"])
MIXED = a_label("hill-school", "learning", "mental_health", entries=["e-4"])
BESIDE_AN_OVERRIDE: list[tuple[str, Json, Json, list[Json], str, list[str]]] = [
    ("both give the same", {}, {}, [LEARNING], "member", ["learning"]),
    ("it opens more of the same look",
     {}, {"categories": ["health"]}, [LEARNING, HEALTH], "member", ["learning"]),
    ("it raises what the permission gives", {"level": "summary"}, {}, [LEARNING], "member", ["learning"]),
    ("it alone opens one of an entry's two categories",
     {}, {"categories": ["learning", "mental_health"]}, [MIXED], "member", []),
    ("it alone opens", {"categories": ["health"]}, {}, [LEARNING], "member", []),
    ("who looks is nobody here without it", {}, {}, [LEARNING], "none", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "permits", "opens", "labels", "relationship", "left"),
    BESIDE_AN_OVERRIDE,
    ids=[row[0] for row in BESIDE_AN_OVERRIDE],
)
async def test_what_a_permission_had_released_is_the_same_with_and_without_an_override(
    service: ConsentService,
    how: str,
    permits: Json,
    opens: Json,
    labels: list[Json],
    relationship: str,
    left: list[str],
) -> None:
    """Three changes that make this fail: leave out the whole look, list what the override opened, go by the
    bases at the level that the override gave."""
    told, written = [], []
    for with_it in (True, False):
        case = fresh_case()
        body = a_share(**{"recipients": [CARE], "categories": ["learning"], **permits})
        consent = (await service.consent(case, body))["id"]
        if with_it:
            await record(service, case, **(OPENS | opens))
        service.clock.turn(seconds=1)
        seen = await service.decide(WORKER, a_case(case, *labels, relationship=relationship))
        [receipt] = [row for row in service.receipts() if row["id"] == seen["receipt"]]
        bases = {basis for one in receipt["cases"] for cell in one["cells"] for basis in cell["bases"]}
        assert any(basis.startswith("STATUTORY:") for basis in bases) is with_it, how
        content = {"reader": reader("lead")}
        where = f"/cases/{case}/consents/{consent}"
        released = (await service.call(SCHOOL, "POST", f"{where}/disclosures", content))["released"]
        looked = {"first_at": rfc3339(service.clock()), "last_at": rfc3339(service.clock())}
        assert all(part.items() >= looked.items() for part in released)
        told.append([(part["agency"], part["categories"], part["times"]) for part in released])
        content |= {"withdrawal": {"withdrawn_by": MOTHER}}
        ended = await service.call(SCHOOL, "POST", f"{where}/withdrawal", content)
        assert ended["released"] == released
        ask = {"purpose": "support", "reason": None, "after": None, "limit": 50}
        received = (await service.call(WORKER, "POST", "/messages/list", ask))["messages"]
        written.append([one["categories"] for one in received if one["consent"] == consent])
    assert told[0] == told[1]
    assert told[0] == ([(CARE, left, 1)] if left else [])
    assert written == [[left] if left else []] * 2


async def test_what_would_be_without_an_override_is_read_by_nobody(service: ConsentService) -> None:
    """It would tell an officer what the family chose of something that their colleague saw anyhow."""
    case = fresh_case()
    await service.consent(case, a_share(recipients=[CARE], categories=["learning"]))
    await record(service, case, **OPENS)
    service.clock.turn(seconds=1)
    seen = await service.decide(WORKER, a_case(case, LEARNING))
    [receipt] = [row for row in service.receipts() if row["id"] == seen["receipt"]]
    assert "without_overrides" in str(receipt["cases"])
    for officer in (CARE_OFFICER, SCHOOL_OFFICER):
        found = (await read(service, officer, case))["disclosures"]
        assert seen["receipt"] in [row["id"] for row in found]
        assert "without_overrides" not in str(found)


async def test_somebody_else_of_the_agency_that_recorded_it_says_so(service: ConsentService) -> None:
    case = fresh_case()
    override = (await record(service, case, **OPENS))["id"]
    where = path(case, override, "telling")
    content = {"review": {"family_may_be_told": True, "reason": "x"}, "asked": ASKED}
    for who, kind in (
        (GUARD, "forbidden"), (MANAGER, "forbidden"), (POLICE_GUARD, "not-found"), (SCHOOL, "not-found"),
    ):  # fmt: skip
        assert (await service.problem(who, "POST", where, content)).kind == kind, who
    for unknown in (new_id(), "not-an-id"):
        problem = await service.problem(OTHER_GUARD, "POST", path(case, unknown, "telling"), content)
        assert problem.kind == "not-found"
    for review, field in (
        ({"family_may_be_told": False, "reason": "x"}, "review.review_on"),
        ({"family_may_be_told": True, "reason": "x", "review_on": "2031-04-01"}, "review.review_on"),
        ({"family_may_be_told": False, "reason": "x", "review_on": "2031-03-03"}, "review_on"),
        ({"family_may_be_told": False, "reason": "x", "review_on": "2032-03-03"}, "review_on"),
        ({"family_may_be_told": True, "reason": " "}, "review.reason"),
    ):
        problem = await service.problem(OTHER_GUARD, "POST", where, {"review": review, "asked": ASKED})
        assert (problem.kind, problem.errors[0].field) == ("invalid", field)
    assert await family_reads(service, case) == []
    assert await says(service, case, override, True, CARE_OFFICER) == {"id": override}


async def test_whoever_is_to_say_so_is_alerted_when_it_is_time(service: ConsentService) -> None:
    case = fresh_case()
    override = (await record(service, case, **OPENS))["id"]

    async def alerts(who: Any) -> list[str]:
        ask = {"purpose": "oversight", "reason": None, "after": None, "limit": 50}
        found = await service.call(who, "POST", "/alerts", ask)
        return [row["kind"] for row in found["alerts"] if row["kind"] == "override_telling_due"]

    assert await alerts(CARE_OFFICER) == []
    row = await listed(service, case)
    assert (row["family_told_from"], row["telling_review_on"], row["telling_overdue"]) == (
        None, "2031-03-17", False,
    )  # fmt: skip
    service.clock.turn(days=14)
    assert await alerts(CARE_OFFICER) == await alerts(OTHER_GUARD) == ["override_telling_due"]
    assert await alerts(GUARD) == [], "who recorded it does not say so herself"
    assert (await listed(service, case))["telling_overdue"] is True
    await says(service, case, override, False, review_on="2031-04-01")
    row = await listed(service, case)
    assert (row["telling_review_on"], row["telling_overdue"]) == ("2031-04-01", False)
    assert [said["by"] for said in row["telling_reviews"]] == ["sid"]
    service.clock.turn(days=16)
    assert await alerts(CARE_OFFICER) == ["override_telling_due"] * 2
    await says(service, case, override, True)
    assert (await listed(service, case))["telling_review_on"] is None


async def test_whom_a_bar_keeps_out_says_nothing_of_it(service: ConsentService) -> None:
    case = fresh_case()
    override = (await record(service, case, **OPENS))["id"]
    await bar(service, case, a_bar(agencies=[], users=["sid"], subjects=[CHILD, MOTHER]))
    content = {"review": {"family_may_be_told": True, "reason": "x"}, "asked": ASKED}
    problem = await service.problem(OTHER_GUARD, "POST", path(case, override, "telling"), content)
    assert problem.kind == "not-found"
