"""The lists by which practitioners find their cases: whose, in which order, page by page, at what cost."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from shared.identity import Caller
from shared.ids import new_id
from tests.case.conftest import HOUSING, SCHOOL, SCHOOL_MANAGER, TODAY, YOT, CaseService, queries

pytestmark = pytest.mark.anyio

SYSTEM = Caller("school-system", "School system", "northgate-school", "agency_system")
COLLEAGUE = Caller("omar", "Omar Idris", "northgate-school", "practitioner")


async def listed(
    service: CaseService, who: Caller, filter_: str = "mine", limit: int = 100, *, also: Sequence[str] = ()
) -> list[str]:
    """Every page of a list, one after the other; ``also`` is named besides with each of them."""
    cases: list[str] = []
    after: Any = None
    for _ in range(100):
        asked = {"filter": filter_, "after": after, "limit": limit, "also": also}
        page = await service.post(who, "/caseload", asked)
        assert len(page["bundles"]) <= limit
        cases += [bundle["case"]["id"] for bundle in page["bundles"]]
        after = page["after"]
        if after is None:
            return cases
    raise AssertionError("a list without an end")


async def make_cases(service: CaseService, seed: int) -> dict[str, dict[str, Any]]:
    """Thirty cases with everything that decides who finds them where."""
    choose = random.Random(seed)
    made: dict[str, dict[str, Any]] = {}
    person = await service.person()
    for number in range(30):
        review = choose.choice([None, TODAY, TODAY + timedelta(days=choose.randint(1, 5))])
        more: dict[str, Any] = {} if review is None else {"review_on": review.isoformat()}
        case = await service.case(person=person, **more)
        facts: dict[str, Any] = {"review": review, "colleague": number % 3 == 0, "lead": number % 4 == 0}
        facts |= {"yot": number % 2 == 0, "closed": number % 10 == 9, "left": number % 7 == 6}
        if facts["colleague"]:
            await service.join(case, COLLEAGUE)
        if facts["yot"]:
            await service.join(case, YOT)
        if facts["lead"]:
            await service.lead(case, SCHOOL)
        if facts["left"]:
            member = await service.member(case, SCHOOL)
            await service.post(SCHOOL, f"/cases/{case}/team/{member}/ending", {"reason": "x"})
        if facts["closed"]:
            await service.post(SCHOOL, f"/cases/{case}/closure", {"reason": "needs_met"})
        made[case] = facts
    service.clock.turn(days=3)
    return made


def expected(made: dict[str, dict[str, Any]], wanted: Any) -> list[str]:
    found = [(facts["review"] or date.max, case) for case, facts in made.items() if wanted(facts)]
    return [case for _, case in sorted(found)]


async def test_each_list_holds_exactly_the_cases_of_the_caller_in_order(
    service: CaseService, seed: int
) -> None:
    """Compared to a filter written out in Python, over every page size.

    Fails with: the caseload not refreshed by any one operation, a page that starts at instead of after the
    last case, cases without a review sorted first.
    """
    made = await make_cases(service, seed)
    overdue_by = TODAY + timedelta(days=3)

    def open_(facts: dict[str, Any]) -> bool:
        return not facts["closed"]

    def mine(facts: dict[str, Any]) -> bool:
        return open_(facts) and not facts["left"]

    def agency(facts: dict[str, Any]) -> bool:
        return open_(facts) and (not facts["left"] or facts["colleague"])

    def led(facts: dict[str, Any]) -> bool:
        return bool(facts["lead"]) and not facts["left"]

    def overdue(facts: dict[str, Any]) -> bool:
        return facts["review"] is not None and facts["review"] < overdue_by

    lists = [
        (SCHOOL, "mine", expected(made, mine)),
        (SCHOOL, "team", expected(made, mine)),
        (SCHOOL, "no_lead", expected(made, lambda f: mine(f) and not led(f))),
        (SCHOOL, "review_overdue", expected(made, lambda f: mine(f) and overdue(f))),
        (SCHOOL_MANAGER, "mine", []),
        (SCHOOL_MANAGER, "team", expected(made, agency)),
        (SCHOOL_MANAGER, "no_lead", expected(made, lambda f: agency(f) and not led(f))),
        (SCHOOL_MANAGER, "review_overdue", expected(made, lambda f: agency(f) and overdue(f))),
        (SYSTEM, "mine", expected(made, agency)),
        (COLLEAGUE, "mine", expected(made, lambda f: open_(f) and f["colleague"])),
        (YOT, "mine", expected(made, lambda f: open_(f) and f["yot"])),
        (HOUSING, "team", []),
    ]
    for who, filter_, cases in lists:
        for limit in (1, 7, 100):
            assert await listed(service, who, filter_, limit) == cases, (who.user, filter_, limit)
    assert len(lists) == 12
    assert sum(bool(cases) for *_, cases in lists) == 10


async def test_cases_that_are_named_besides_stand_in_their_places_among_the_callers_own(
    service: CaseService, seed: int
) -> None:
    """Those that an override of the caller's opened, over every page size.

    Fails with: the named ones put first or last, one that is on the list anyway standing twice, a closed one
    or one that the filter leaves out, pages that begin anew with them.
    """
    made = await make_cases(service, seed)
    overdue_by = TODAY + timedelta(days=3)
    choose = random.Random(seed)
    named = set(choose.sample(sorted(made), 17))
    also = [*named, new_id()]

    def found(wanted: Any) -> list[str]:
        return expected({case: {**facts, "named": case in named} for case, facts in made.items()}, wanted)

    def yots(facts: dict[str, Any]) -> bool:
        return not facts["closed"] and (facts["yot"] or facts["named"])

    def led(facts: dict[str, Any]) -> bool:
        return bool(facts["lead"]) and not facts["left"]

    lists = [
        (YOT, "mine", found(yots)),
        (YOT, "no_lead", found(lambda f: yots(f) and not led(f))),
        (YOT, "review_overdue", found(lambda f: yots(f) and f["review"] and f["review"] < overdue_by)),
        (HOUSING, "mine", found(lambda f: not f["closed"] and f["named"])),
    ]
    for who, filter_, cases in lists:
        for limit in (1, 2, 7, 100):
            assert await listed(service, who, filter_, limit, also=also) == cases, (who.user, filter_, limit)
    assert all(len(cases) > 1 for *_, cases in lists)
    family = Caller("mum", "Mum", "family", "family_member")
    assert await listed(service, family, also=also) == []


async def test_one_of_the_family_is_given_what_is_about_them_or_somebody_related_and_no_more(
    service: CaseService,
) -> None:
    """Undecided: a relationship alone lists nothing. Whoever names no person is given nothing."""
    child, other, mother = [await service.person() for _ in range(3)]
    own, theirs, strangers = [await service.case(person=one) for one in (mother, child, other)]
    said = {
        "from_person": mother, "to_person": child, "relation": "mother", "parental_responsibility": True,
        "parental_responsibility_source": "birth", "lives_with": True,
    }  # fmt: skip
    await service.post(SCHOOL, f"/people/{child}/relationships", said)

    def family(person: str | None) -> Caller:
        return Caller("mum", "Mum", "family", "family_member", person)

    assert sorted(await listed(service, family(mother), limit=1)) == sorted([own, theirs])
    assert sorted(await listed(service, family(child))) == sorted([own, theirs])
    assert await listed(service, family(other), also=[own, theirs]) == [strangers]
    assert await listed(service, family(None), also=[own]) == await listed(service, family(new_id())) == []
    await service.post(SCHOOL, f"/cases/{theirs}/closure", {"reason": "needs_met"})
    assert sorted(await listed(service, family(mother))) == sorted([own, theirs])
    assert await listed(service, family(mother), "no_lead") == [own]


async def test_a_system_on_behalf_of_a_user_lists_what_that_user_lists(service: CaseService) -> None:
    mine = await service.case()
    await service.case(COLLEAGUE)
    system = Caller("school-system", "School", "northgate-school", "agency_system", on_behalf_of="priya")
    for filter_ in ("mine", "team"):
        assert await listed(service, system, filter_) == [mine]
    assert len(await listed(service, SYSTEM, "mine")) == 2
    family = Caller("priya", "Priya", "northgate-school", "family_member")
    assert await listed(service, family) == []


async def test_a_case_moves_on_the_list_with_its_review_and_its_state(service: CaseService) -> None:
    person = await service.person()
    first = await service.case(person=person, review_on="2031-04-01")
    second = await service.case(person=person, review_on="2031-05-01")
    assert await listed(service, SCHOOL) == [first, second]
    await service.post(SCHOOL, f"/cases/{first}/reviews", {"review_on": "2031-06-01"})
    assert await listed(service, SCHOOL) == [second, first]
    await service.post(SCHOOL, f"/cases/{second}/closure", {"reason": "other"})
    assert await listed(service, SCHOOL) == [first]
    await service.post(SCHOOL, f"/cases/{second}/reopening", {"reason": "Again."})
    assert await listed(service, SCHOOL) == [second, first]
    assert await listed(service, SCHOOL, "no_lead") == [second, first]
    await service.lead(second, SCHOOL)
    assert await listed(service, SCHOOL, "no_lead") == [first]


async def test_a_page_is_the_bundles_of_its_cases(service: CaseService) -> None:
    cases = [await service.case(person=await service.person(given_names=f"Kit {n}")) for n in range(5)]
    await service.join(cases[0], YOT)
    await service.lead(cases[0], YOT)
    page = await service.post(SCHOOL, "/caseload", {"limit": 5})
    assert page["after"] is None
    singles = [await service.bundle(bundle["case"]["id"]) for bundle in page["bundles"]]
    assert page["bundles"] == singles
    assert {bundle["case"]["id"] for bundle in page["bundles"]} == set(cases)


async def test_a_page_costs_the_same_number_of_queries_whatever_is_on_it(service: CaseService) -> None:
    costs = set()
    for count in (1, 2, 10):
        while len(await listed(service, SCHOOL)) < count:
            case = await service.case()
            await service.join(case, YOT)
            await service.lead(case, YOT)
        with queries() as seen:
            page = await service.post(SCHOOL, "/caseload", {"limit": 50})
        assert len(page["bundles"]) == count
        costs.add(len(seen))
    assert costs == {5}


CASELOAD_OF_THOUSANDS = """
    INSERT INTO caseload (case_id, agency, "user", review_on, has_lead)
    SELECT id, 'northgate-school', 'priya', review_on, {yes} FROM cases"""


VACANCIES_OF_THOUSANDS = "INSERT INTO vacancies (case_id, since) VALUES (:id, :vacant)"


def fill(service: CaseService, person: str) -> None:
    """Ten thousand cases of one user that nobody leads, straight into the tables."""
    cases = [
        {
            "id": f"{n:036d}",
            "person": person,
            "day": date(2031, 4, 1) + timedelta(days=n % 300),
            "vacant": f"2031-02-{1 + n % 28:02d} 09:00:00.000000",
        }
        for n in range(10_000)
    ]
    yes = "TRUE" if service.url.startswith("postgresql") else "1"
    engine = create_engine(service.url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO cases (id, person_id, state, opened_at, review_on) "
                "VALUES (:id, :person, 'open', '2031-03-03 09:00:00', :day)"
            ),
            cases,
        )
        connection.execute(text(CASELOAD_OF_THOUSANDS.format(yes=yes)))
        connection.execute(text(VACANCIES_OF_THOUSANDS), cases)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def explained(service: CaseService, statement: str, parameters: Any) -> str:
    how = "EXPLAIN" if service.url.startswith("postgresql") else "EXPLAIN QUERY PLAN"
    engine = create_engine(service.url)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{how} {statement}", parameters).all()
    engine.dispose()
    return "\n".join(str(row) for row in rows)


async def test_lists_walk_an_index_and_sort_nothing(service: CaseService) -> None:
    """In the store's own words, for the very statements that the service sends."""
    fill(service, await service.person())
    place = {"review_on": "2031-06-01", "id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"}
    explained_plans = 0
    for who, filter_ in ((SCHOOL, "mine"), (SCHOOL_MANAGER, "team"), (SCHOOL_MANAGER, "no_lead")):
        for after in (None, place):
            with queries() as seen:
                await service.post(who, "/caseload", {"filter": filter_, "after": after, "limit": 50})
            plan = explained(service, *seen[0])
            assert "ix_caseload_agency" in plan, plan
            assert "Sort" not in plan, plan
            assert "TEMP B-TREE" not in plan, plan
            explained_plans += 1
    assert explained_plans == 6
