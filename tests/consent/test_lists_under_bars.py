"""Lists that go over many cases, under a bar: whom it stops finds nothing of those whom it is about.

Three changes that make this fail: a list that reads its rows and asks no bar, a bar asked after the page was
cut (pages run short), a request by details that goes away because somebody is there.
"""

from typing import Any

import pytest

from shared.identity import Caller
from tests.consent import (
    test_authorities,
    test_conflicts,
    test_disclosures,
    test_messages,
    test_non_disclosures,
    test_releases,
    test_search,
)
from tests.consent.service import (
    CHILD,
    HOUSING,
    HOUSING_OFFICER,
    MOTHER,
    SCHOOL,
    SCHOOL_OFFICER,
    ConsentService,
    Json,
    a_case,
    a_label,
    a_share,
    an_exclusion,
    fresh_case,
    reader,
)
from tests.consent.test_bars import a_bar, bar, lifting
from tests.consent.test_checkpoints import PARTNERSHIP_OFFICER, name_partnership_officer
from tests.consent.two_keys import (
    HOUSING_MANAGER,
    SCHOOL_MANAGER,
    ask,
    asking,
    family_content,
    family_says,
    listed,
    owner_says,
)

pytestmark = pytest.mark.anyio

EVERYTHING = ["identity", "contact", "involvement", "plan", "learning", "mental_health"]
SECOND_OFFICER = Caller("orla", "Orla Hill", "hill-school", "information_officer")
OFFICER = Caller("olga", "Olga Rahman", "youth-offending", "information_officer")
BY_DETAILS = {"person": {"name": "Kit Vale", "date_of_birth": "2019-05-14"}, "reference": "door book 17"}


async def of_agency(service: ConsentService, who: Caller) -> list[Json]:
    rows: list[Json] = await service.call(who, "POST", "/sharing-requests/list", reader("none"))
    return rows


async def bar_user(service: ConsentService, case: str, user: str, **changes: Any) -> str:
    """YOT's officer, whom nobody bars, bars one user."""
    return await bar(service, case, a_bar(users=[user], agencies=[], **changes), caller=OFFICER)


async def test_a_barred_manager_of_the_owner_finds_no_request_and_answers_none(
    service: ConsentService,
) -> None:
    case, elsewhere = fresh_case(), fresh_case()
    hidden = await ask(service, case)
    service.clock.turn(seconds=1)
    about_mother = await ask(service, elsewhere, asking(subject=MOTHER))
    made = await bar_user(service, case, "meg", categories=["mental_health"])
    assert [row["id"] for row in await of_agency(service, SCHOOL_MANAGER)] == [about_mother]
    assert [row["id"] for row in await of_agency(service, HOUSING_MANAGER)] == [hidden, about_mother]
    for path in (f"/cases/{case}/sharing-requests/{hidden}", f"/sharing-requests/{hidden}"):
        content = {"answer": {"answer": "released", "reason": "x"}}
        problem = await service.problem(SCHOOL_MANAGER, "POST", f"{path}/owner-answer", content)
        assert problem.kind == "not-found"
    colleague = Caller("max", "Max Hill", "hill-school", "team_manager")
    assert [row["id"] for row in await of_agency(service, colleague)] == [hidden, about_mother]
    await lift(service, case, made)
    assert [row["id"] for row in await of_agency(service, SCHOOL_MANAGER)] == [hidden, about_mother]


async def lift(service: ConsentService, case: str, made: str) -> None:
    assert (await lifting(service, case, made, OFFICER))["state"] == "proposed"
    second = Caller("oz", "Oz", "youth-offending", "information_officer")
    assert (await lifting(service, case, made, second))["state"] == "lifted"


async def test_a_bar_about_other_categories_hides_no_request(service: ConsentService) -> None:
    case = fresh_case()
    request = await ask(service, case)
    await bar_user(service, case, "meg", categories=["housing"])
    assert [row["id"] for row in await of_agency(service, SCHOOL_MANAGER)] == [request]


async def test_a_protected_address_hides_requests_because_they_name_agencies(service: ConsentService) -> None:
    case = fresh_case()
    await ask(service, case)
    few = {"kind": "protected_address", "everyone_except": True, "categories": ["contact"]}
    await bar(service, case, a_bar(**few, agencies=["youth-offending", "hill-school"]), caller=OFFICER)
    assert await of_agency(service, HOUSING_MANAGER) == []
    assert await listed(service, HOUSING, case) == []
    assert len(await of_agency(service, SCHOOL_MANAGER)) == 1


async def test_who_asked_and_is_barred_since_finds_the_request_no_more_on_the_case_or_beside_it(
    service: ConsentService,
) -> None:
    case = fresh_case()
    request = await ask(service, case)
    assert len(await listed(service, HOUSING, case)) == len(await of_agency(service, HOUSING)) == 1
    await bar_user(service, case, "hanna", categories=["mental_health"])
    assert await listed(service, HOUSING, case) == await of_agency(service, HOUSING) == []
    # The family's answer, recorded by somebody who is barred from what it is about.
    path = f"/cases/{case}/sharing-requests/{request}/family-answer"
    problem = await service.problem(HOUSING, "POST", path, family_content("member"))
    assert problem.kind == "not-found"


@pytest.mark.parametrize("turned", [False, True])
async def test_a_request_by_details_looks_as_if_they_fitted_nobody_to_whom_a_bar_stops(
    service: ConsentService, turned: bool
) -> None:
    """A request that went away would tell that somebody is there; so would one that is granted."""
    case = fresh_case()
    body = {name: value for name, value in {**asking(), **BY_DETAILS}.items() if name != "subject"}
    ids = [
        (await service.call(HOUSING, "POST", "/sharing-requests", {"sharing_request": body, **found}))["id"]
        for found in (
            {"case": case, "subject": CHILD, "reaches_owner": True},
            {"case": None, "subject": None, "reaches_owner": False},
        )
    ]
    if turned:
        await owner_says(service, case, ids[0])
        await family_says(service, case, ids[0])
    await bar_user(service, case, "hanna", categories=EVERYTHING)
    for days in (0, 20):
        service.clock.turn(days=days)
        rows = await of_agency(service, HOUSING)
        assert [row["id"] for row in rows] in (ids, ids[::-1])
        assert len({repr({**row, "id": 0, "asked_at": 0, "answer_by": 0}) for row in rows}) == 1
        assert {row["state"] for row in rows} == {"not_granted" if days else "waiting"}


async def test_who_is_named_in_an_exclusion_keeps_what_they_asked_and_nothing_is_granted_to_them(
    service: ConsentService,
) -> None:
    """The line stays, or the exclusion would show; and both keys together open nothing for them."""
    case = fresh_case()
    request = await ask(service, case)
    await owner_says(service, case, request)
    exclusion = await service.exclude(case, an_exclusion(categories=["mental_health"]))
    await family_says(service, case, request)
    label = a_label("hill-school", "mental_health")
    assert await service.levels(HOUSING, a_case(case, label)) == [0]
    [row] = await of_agency(service, HOUSING)
    assert (row["id"], row["state"]) == (request, "waiting")
    await service.lift(case, exclusion["id"])
    assert await service.levels(HOUSING, a_case(case, label)) == [3]
    assert [row["state"] for row in await of_agency(service, HOUSING)] == ["granted"]
    service.clock.turn(seconds=1)
    await service.exclude(case, an_exclusion(categories=["mental_health"]))
    service.clock.turn(seconds=1)
    assert [row["state"] for row in await of_agency(service, HOUSING)] == ["ended"]


async def test_a_manager_whom_the_family_named_in_an_exclusion_is_told_of_no_request_to_the_owner(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await ask(service, case)
    named = an_exclusion(categories=["mental_health"], agencies=[], users=["meg"])
    exclusion = await service.exclude(case, named)
    assert await of_agency(service, SCHOOL_MANAGER) == []
    await service.lift(case, exclusion["id"])
    assert len(await of_agency(service, SCHOOL_MANAGER)) == 1


# --- messages, holds, and the ledger itself


async def test_a_message_about_somebody_whom_a_bar_keeps_from_the_reader_is_not_there(
    service: ConsentService,
) -> None:
    case, consent = await test_messages.shared_and_seen(service)
    await test_messages.withdraw(service, case, consent)
    [message] = (await test_messages.messages(service, HOUSING))["messages"]
    made = await bar_user(service, case, "hanna", categories=["learning"])
    assert (await test_messages.messages(service, HOUSING))["messages"] == []
    path, answer = f"/messages/{message['id']}/answer", {"keeps": False, "kept": None, "why": None}
    assert (await service.problem(HOUSING, "POST", path, {"answer": answer})).kind == "not-found"
    assert len((await test_messages.messages(service, test_messages.MANAGER))["messages"]) == 1
    await lift(service, case, made)
    assert len((await test_messages.messages(service, HOUSING))["messages"]) == 1
    await service.exclude(case, an_exclusion(agencies=[], users=["hanna"], categories=["learning"]))
    assert (await test_messages.messages(service, HOUSING))["messages"] == []


async def test_pages_of_messages_are_full_whatever_is_barred_between(service: ConsentService) -> None:
    """Every second one is about the mother, from whom the reader is barred."""
    shown, case = [], fresh_case()
    for number in range(6):
        subject = {"subject": MOTHER, "giver": MOTHER, "capacity": "adult"} if number % 2 else {}
        case, body = fresh_case(), a_share(**subject)
        about = (MOTHER,) if subject else (CHILD,)
        label = a_label("hill-school", "learning", subjects=about, entries=["e"])
        given = (await service.consent(case, body))["id"]
        await service.decide(HOUSING, a_case(case, label))
        await test_messages.withdraw(service, case, given)
        service.clock.turn(seconds=1)
        shown += [] if subject else [given]
    await bar_user(service, case, "hanna", subjects=[MOTHER], categories=["learning"])
    read, after, pages = [], None, []
    while True:
        page = await test_messages.messages(service, HOUSING, limit=2, after=after)
        pages.append(len(page["messages"]))
        read += [row["consent"] for row in page["messages"]]
        after = page["after"]
        if after is None:
            break
    assert read == shown[::-1]
    assert pages == [2, 1]


async def test_holds_on_receipts_about_whom_a_bar_keeps_from_the_reader_are_not_there(
    service: ConsentService,
) -> None:
    guards = [Caller(user, user, "city-housing", "safeguarding_lead") for user in ("gita", "sven")]
    held: list[tuple[str, str]] = []
    case = fresh_case()
    for number in range(5):
        people = (CHILD,) if number % 2 else (MOTHER,)
        label = a_label("hill-school", "plan", subjects=people, entries=["e"])
        case = fresh_case()
        receipt = (await service.decide(HOUSING, a_case(case, label, people=people)))["receipt"]
        body = {"reason": "It would tell him", "review_on": f"2031-04-0{number + 1}"}
        hold = await service.call(guards[0], "POST", f"/receipts/{receipt}/holds", body)
        held.append((receipt, hold["id"]))
    await bar_user(service, case, "sven", subjects=[MOTHER], categories=["plan"])

    async def listed(who: Caller, after: Any = None, limit: int = 1) -> list[str]:
        found = await service.call(
            who, "POST", "/holds/list", {"overdue": False, "after": after, "limit": limit}
        )
        ids = [row["id"] for row in found["holds"]]
        assert ids, "a page is never empty before the last"
        return ids if found["after"] is None else ids + await listed(who, found["after"], limit)

    assert await listed(guards[0]) == [hold for _, hold in held]
    assert await listed(guards[1]) == [held[1][1], held[3][1]]
    receipt, hold = held[0]
    for path, content in (
        (f"/receipts/{receipt}/holds", {"reason": "x", "review_on": "2031-04-01"}),
        (f"/receipts/{receipt}/holds/{hold}/confirmation", None),
        (f"/receipts/{receipt}/holds/{hold}/ending", {"reason": "x"}),
    ):
        assert (await service.problem(guards[1], "POST", path, content)).kind == "not-found"
    await service.call(guards[1], "POST", f"/receipts/{held[1][0]}/holds/{held[1][1]}/confirmation")


async def test_an_officer_reads_nothing_in_the_ledger_about_whom_a_bar_keeps_from_them(
    service: ConsentService,
) -> None:
    case, other = fresh_case(), fresh_case()
    child = a_label("hill-school", "plan", entries=["e-1"])
    mother = a_label("hill-school", "plan", subjects=(MOTHER,), entries=["e-2"])
    for who in (HOUSING, SCHOOL):
        await service.decide(who, a_case(case, child, people=(CHILD,)))
        await service.decide(who, a_case(other, mother, child))
        service.clock.turn(seconds=1)
    name_partnership_officer(service)
    officers = (HOUSING_OFFICER, PARTNERSHIP_OFFICER)
    await bar(service, case, a_bar(agencies=["city-housing"], users=[PARTNERSHIP_OFFICER.user],
              categories=[*EVERYTHING, "housing"]), caller=OFFICER)  # fmt: skip
    for who in officers:
        assert (await test_disclosures.read(service, who, case))["disclosures"] == []
        of_child = (await test_disclosures.read(service, who, CHILD, kind="person"))["disclosures"]
        of_mother = (await test_disclosures.read(service, who, MOTHER, kind="person"))["disclosures"]
        found = (await test_search.search(service, who))["receipts"]
        assert of_child, "what else the same receipts tell"
        for row in (*of_child, *of_mother, *found):
            told = [cell["subjects"] for part in row["cases"] for cell in part["cells"]]
            assert all(CHILD not in subjects for subjects in told), row
            assert all(part["case"] != case for part in row["cases"]), row
        assert {cell["subjects"][0] for row in found for part in row["cases"] for cell in part["cells"]} == {
            MOTHER
        }
    everybody = (await test_disclosures.read(service, SCHOOL_OFFICER, case))["disclosures"]
    assert len(everybody) == 2


async def test_deeds_in_a_case_are_told_to_nobody_whom_a_bar_keeps_from_it(service: ConsentService) -> None:
    """The receipt of a deed tells of no cell; whose case it is stands on the receipts beside it."""
    case = fresh_case()
    await service.decide(HOUSING, a_case(case, a_label("hill-school", "plan", entries=["e-1"])))
    opened = {
        "user": "hanna", "reason": "He may come to harm.",
        "cases": [{"case": case, "subjects": [CHILD], "lead": None}],
    }  # fmt: skip
    broken = await service.call(HOUSING, "POST", "/break-glass", opened)
    path = f"/cases/{case}/break-glass/{broken['break_glass'][0]['id']}/review"
    review = {
        "review": {"finding": "justified", "note": "It was."}, "asked": {"purpose": "support", "reason": None}
    }  # fmt: skip
    guard = Caller("gita", "Gita", "city-housing", "safeguarding_lead")
    await service.call(guard, "POST", path, review)
    receipts = (await test_disclosures.read(service, HOUSING_OFFICER, case))["disclosures"]
    assert "review_break_glass" in [row["deed"] for row in receipts]
    await bar_user(service, case, "omar", categories=["plan"])
    assert (await test_disclosures.read(service, HOUSING_OFFICER, case))["disclosures"] == []
    found = (await test_search.search(service, HOUSING_OFFICER))["receipts"]
    assert {row["deed"] for row in found} <= {"search_ledger", "read_disclosures"}


# --- lists of one case, about one of its people


async def test_lists_of_a_case_leave_out_what_is_about_whom_a_bar_keeps_from_the_reader(
    service: ConsentService,
) -> None:
    """The case exists for the reader by its other people. Each list has one line about the child."""
    case = fresh_case()
    await service.consent(case, a_share())
    await service.consent(case, test_conflicts.a_no())
    await service.exclude(case, an_exclusion(agencies=["north-police"]))
    await test_authorities.record(service, case, test_authorities.an_order())
    await test_non_disclosures.decide(service, case, categories=["learning"])
    await test_releases.release(service, case, categories=["learning"])
    await ask(service, case, asking(categories=["learning"]))
    lists = {
        "consents": 2, "exclusions": 1, "authorities": 1, "conflicts": 1, "non-disclosures": 1,
        "releases": 1, "sharing-requests": 1,
    }  # fmt: skip
    lead = reader("lead") | {"lead_agency": "hill-school"}

    async def lengths() -> dict[str, int]:
        return {
            name: len(await service.call(SCHOOL, "POST", f"/cases/{case}/{name}/list", lead))
            for name in lists
        }

    assert await lengths() == lists
    made = await bar_user(service, case, "ada", categories=["learning", "behaviour"])
    assert await lengths() == dict.fromkeys(lists, 0)
    await lift(service, case, made)
    assert await lengths() == lists
