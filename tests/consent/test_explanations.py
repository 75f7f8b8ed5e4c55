"""Why: to a requester, to the owner's information officer, to the recipient's (design 3.2, 3.4)."""

import json
from typing import Any

import pytest

from shared.identity import Caller
from shared.ids import new_id
from tests.consent.explaining import (
    CHOICES,
    Family,
    as_officer,
    cells_of,
    explained,
    told_to_officer,
    without_receipt,
)
from tests.consent.service import (
    HOUSING,
    HOUSING_OFFICER,
    SCHOOL_OFFICER,
    YOT,
    YOT_OFFICER,
    ConsentService,
    Json,
    a_case,
    a_label,
    a_row,
    a_share,
    an_agreement,
    an_exclusion,
    fresh_case,
    taking_part,
)

pytestmark = pytest.mark.anyio

LEARNING = a_label("hill-school", "learning", entries=[new_id()])
MENTAL_HEALTH = a_label("hill-school", "mental_health", entries=[new_id()])
PLAN = a_label("hill-school", "plan", entries=[new_id()])
OF_HOUSING = a_label("city-housing", "housing", entries=[new_id()])
NOBODY_HERE = Caller("nils", "Nils Here", "north-police", "information_officer")
MENTORS = Caller("mia", "Mia Hope", "hope-mentors", "volunteer")


async def test_a_requester_is_told_the_same_whatever_the_family_chose(service: ConsentService) -> None:
    """Fails when a ground, a way to ask or a level speaks of an answer that made no difference."""
    told = []
    for choose in CHOICES:
        family = Family(service)
        await choose(family)
        labels = [family.label("hill-school", word) for word in ("learning", "mental_health", "plan")]
        answer = await explained(service, HOUSING, family.asked(*labels))
        assert answer["cases"][0]["levels"] == [1, 0, 3]
        told.append(without_receipt(answer))
    assert len(told) == 6
    assert all(one == told[0] for one in told)
    assert told[0]["grounds"] == [["AGREEMENT"], [], ["AGREEMENT"]]


async def test_permission_is_a_ground_only_where_less_would_be_seen_without_it(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.consent(case, a_share(categories=["learning", "plan"]))
    answer = await explained(service, HOUSING, a_case(case, LEARNING, PLAN, OF_HOUSING))
    assert answer["cases"][0]["levels"] == [3, 3, 3]
    assert answer["grounds"] == [["PERMISSION"], ["AGREEMENT"], ["OWN"]]


async def test_what_a_role_may_ask_for_is_said_by_policy_alone(service: ConsentService) -> None:
    case = a_case(fresh_case(), PLAN)
    guard = Caller("gus", "Gus Hill", "hill-school", "safeguarding_lead")
    found = {}
    for caller in (HOUSING, guard, MENTORS):
        answer = await explained(service, caller, case)
        found[caller.user] = answer["other_purposes"], answer["may_break_glass"]
    assert found == {"hanna": ([], True), "gus": (["safeguarding"], True), "mia": ([], False)}


async def test_an_explanation_leaves_a_receipt_that_releases_nothing(service: ConsentService) -> None:
    case = fresh_case()
    answer = await explained(service, HOUSING, a_case(case, PLAN))
    (receipt,) = [receipt for receipt in service.receipts() if receipt["id"] == answer["receipt"]]
    assert (receipt["action"], receipt["deed"], receipt["chain"]) == ("read", "explain", f"case:{case}")
    assert [cell["level"] for cell in receipt["cases"][0]["cells"]] == ["full"]
    assert [cell["entries"] for cell in receipt["cases"][0]["cells"]] == [[]]
    nothing = await explained(service, HOUSING, a_case(None, relationship="none"))
    refusal = service.receipts()[0]
    assert refusal["id"] == nothing["receipt"]
    assert (refusal["action"], refusal["chain"]) == ("refuse", "agency:city-housing")
    assert service.faults() == []


# --- the officer of the owner


async def test_the_owners_officer_is_told_every_basis_and_what_blocked_more(service: ConsentService) -> None:
    case = fresh_case()
    given = await service.consent(case, a_share())
    told = await told_to_officer(
        service, SCHOOL_OFFICER, as_officer(case, LEARNING), user="hanna", agency="city-housing"
    )
    (cell,) = cells_of(told, "hanna")
    assert (cell["level"], cell["blockers"]) == ("full", [])
    assert [(one["basis"], one["id"], one["level"]) for one in cell["because"]] == [
        ("PERMISSION", given["id"], "full"),
        ("AGREEMENT", "default", "existence"),
    ]
    assert cell["decisive"] == [{"fact": "permission", "id": given["id"], "level_without": "existence"}]
    assert cell["would_change"] == []
    assert cell["until"] == "2032-03-01T00:00:00.000000Z"


async def test_the_owners_officer_is_told_of_a_refusal_an_exclusion_and_a_conflict(
    service: ConsentService,
) -> None:
    blockers, decisive, helps = {}, {}, {}
    for choose in CHOICES:
        family = Family(service)
        await choose(family)
        asked = family.as_officer(family.label("hill-school", "mental_health"))
        told = await told_to_officer(service, SCHOOL_OFFICER, asked, user="hanna", agency="city-housing")
        (cell,) = cells_of(told, "hanna")
        assert cell["level"] == "none"
        name = getattr(choose, "__name__", "")
        blockers[name] = cell["blockers"]
        decisive[name] = [fact["fact"] for fact in cell["decisive"]]
        helps[name] = {change["change"] for change in cell["would_change"]}
    assert blockers == {
        "never_asked": ["NO_BASIS"],
        "refused": ["REFUSED"],
        "withdrew": ["WITHDRAWN"],
        "excluded": ["NO_BASIS"],
        "disagreed": ["CONFLICT"],
        "gave_to_others": ["NO_BASIS"],
    }
    assert decisive["disagreed"] == ["permission"]
    assert not any(decisive[name] for name in decisive if name != "disagreed")
    assert not helps.pop("excluded")
    assert all(changes == {"permission", "own_permission"} for changes in helps.values())


async def test_what_would_change_it_is_what_then_changes_it(service: ConsentService) -> None:
    """The changes that are told are made, and the decision is what was promised."""
    case = fresh_case()
    exclusion = await service.exclude(case, an_exclusion(categories=["plan"]))
    asked = as_officer(case, PLAN)
    about: dict[str, Any] = {"user": "hanna", "agency": "city-housing"}
    (cell,) = cells_of(await told_to_officer(service, SCHOOL_OFFICER, asked, **about), "hanna")
    assert cell["blockers"] == ["EXCLUDED"]
    assert cell["decisive"] == [{"fact": "exclusion", "id": exclusion["id"], "level_without": "full"}]
    promised = {change["change"]: change["level"] for change in cell["would_change"]}
    assert promised == {"exclusion_lifted": "full"}
    await service.lift(case, exclusion["id"])
    assert await service.levels(HOUSING, a_case(case, PLAN)) == [3]
    other = fresh_case()
    told = await told_to_officer(service, SCHOOL_OFFICER, as_officer(other, LEARNING), **about)
    (cell,) = cells_of(told, "hanna")
    assert {change["change"]: change["level"] for change in cell["would_change"]}["permission"] == "full"
    await service.consent(other, a_share())
    assert await service.levels(HOUSING, a_case(other, LEARNING)) == [3]


async def test_what_is_held_is_explained_by_its_question_and_by_taking_part(service: ConsentService) -> None:
    service.families_take_part = False
    case = fresh_case()
    draft = a_label("hill-school", "plan", draft=True)
    about: dict[str, Any] = {"user": "hanna", "agency": "city-housing"}
    told = await told_to_officer(service, SCHOOL_OFFICER, as_officer(case, draft), **about)
    (cell,) = cells_of(told, "hanna")
    assert (cell["level"], cell["blockers"]) == ("none", ["HELD"])
    assert [change["change"] for change in cell["would_change"]] == ["taking_part"]
    await service.consent(case, taking_part())
    told = await told_to_officer(service, SCHOOL_OFFICER, as_officer(case, draft), **about)
    (cell,) = cells_of(told, "hanna")
    assert cell["level"] == "full"
    assert [fact["fact"] for fact in cell["decisive"]] == ["taking_part"]


async def test_one_entry_of_ones_own_is_explained_for_the_whole_team(service: ConsentService) -> None:
    told = await told_to_officer(
        service, SCHOOL_OFFICER, as_officer(fresh_case(), OF_HOUSING, LEARNING), label=1
    )
    found = {one["user"]: [cell["level"] for cell in one["cells"]] for one in told["explanations"]}
    assert found == {"ada": ["full"], "hanna": ["existence"], "yusuf": ["existence"]}
    for label in (0, -1, 7):
        case = as_officer(fresh_case(), OF_HOUSING, LEARNING)
        assert await told_to_officer(service, SCHOOL_OFFICER, case, label=label) is None


async def test_anybody_of_a_role_may_be_supposed(service: ConsentService) -> None:
    case = as_officer(fresh_case(), PLAN)
    told = await told_to_officer(service, SCHOOL_OFFICER, case, agency="hope-mentors", role="volunteer")
    (one,) = told["explanations"]
    assert (one["user"], one["name"], one["relationship"]) == (None, None, "member")
    (cell,) = one["cells"]
    assert (cell["level"], cell["blockers"]) == ("summary", ["ROLE_CEILING"])
    assert "other_role" in {change["change"] for change in cell["would_change"]}
    stranger = await told_to_officer(
        service, SCHOOL_OFFICER, case, agency="hope-mentors", user="somebody.else"
    )
    (one,) = stranger["explanations"]
    assert (one["user"], one["relationship"]) == ("somebody.else", "none")
    assert one["cells"][0]["blockers"] == ["NO_RELATIONSHIP", "ROLE_CEILING"]


# --- the officer of the recipient


async def test_the_recipients_officer_is_told_nothing_that_tells_a_refusal_from_silence(
    service: ConsentService,
) -> None:
    """Exclusions against her agency she may know (design 3.4), and that givers disagree; a refusal not.

    Fails when blockers, decisive facts or changes are worked out on what she may not see.
    """
    told = {}
    for choose in CHOICES:
        family = Family(service)
        await choose(family)
        labels = [family.label("hill-school", word) for word in ("learning", "mental_health", "plan")]
        answer = await told_to_officer(service, HOUSING_OFFICER, family.as_officer(*labels), user="hanna")
        text = json.dumps(without_receipt(answer)).replace(family.child, "the child")
        told[getattr(choose, "__name__", "")] = json.loads(text)
    assert told["refused"] == told["never_asked"] == told["gave_to_others"]
    (one,) = told["never_asked"]["explanations"]
    assert [cell.get("categories") for cell in one["cells"]] == [None, ["plan"]]
    assert one["cells"][0] == {"owner": "hill-school", "level": "existence"}
    by_category = {cell["category"]: cell for cell in one["by_category"]}
    assert len(by_category) == 23
    assert by_category["mental_health"]["blockers"] == ["NO_BASIS"]
    changes = {change["change"] for change in by_category["mental_health"]["would_change"]}
    assert changes == {"permission", "own_permission"}
    (one,) = told["excluded"]["explanations"]
    (cell,) = [cell for cell in one["by_category"] if cell["category"] == "mental_health"]
    assert (cell["blockers"], cell["would_change"]) == (["NO_BASIS"], [])
    (one,) = told["withdrew"]["explanations"]
    (cell,) = [cell for cell in one["by_category"] if cell["category"] == "mental_health"]
    assert cell["blockers"] == ["WITHDRAWN"]


async def test_the_recipients_officer_learns_of_what_others_hold_no_more_than_her_colleague(
    service: ConsentService,
) -> None:
    """Whether the owner has something that the colleague is not shown makes no difference at all."""
    case = fresh_case()
    seen = as_officer(case, PLAN)
    more = as_officer(case, MENTAL_HEALTH, PLAN, a_label("hill-school", "substance_use"))
    one = await told_to_officer(service, HOUSING_OFFICER, seen)
    two = await told_to_officer(service, HOUSING_OFFICER, more)
    assert without_receipt(one) == without_receipt(two)
    supposed = await told_to_officer(
        service, HOUSING_OFFICER, more, agency="city-housing", role="safeguarding_lead"
    )
    assert [one["cells"] for one in supposed["explanations"]] == [[]]


async def test_agreements_with_an_owner_are_told_where_they_differ(service: ConsentService) -> None:
    await service.call(SCHOOL_OFFICER, "POST", "/agreements", an_agreement(rows=[a_row()]))
    told = await told_to_officer(service, HOUSING_OFFICER, as_officer(fresh_case(), PLAN), user="hanna")
    (one,) = told["explanations"]
    special = [cell for cell in one["by_category"] if cell["owner"] is not None]
    assert [(cell["owner"], cell["category"], cell["level"]) for cell in special] == [
        ("hill-school", "learning", "full")
    ]


async def test_there_is_nothing_for_an_officer_whose_agency_neither_holds_nor_receives(
    service: ConsentService,
) -> None:
    """Supposing somebody of her agency on the team does not make the case exist for her."""
    case = as_officer(fresh_case(), PLAN, LEARNING)
    assert await told_to_officer(service, NOBODY_HERE, case) is None
    assert (
        await told_to_officer(service, NOBODY_HERE, case, agency="north-police", role="practitioner") is None
    )
    assert await told_to_officer(service, NOBODY_HERE, case, user="hanna", agency="city-housing") is None
    assert await told_to_officer(service, HOUSING, case) is None
    receipts = [receipt for receipt in service.receipts() if receipt["deed"] == "explain"]
    assert {receipt["action"] for receipt in receipts} == {"refuse"}
    assert {receipt["chain"] for receipt in receipts} == {"agency:north-police", "agency:city-housing"}
    assert len(receipts) == 4


async def test_a_suspended_officer_is_told_nothing(service: ConsentService) -> None:
    case = as_officer(fresh_case(), LEARNING)
    assert await told_to_officer(service, SCHOOL_OFFICER, case) is not None
    colleague = Caller("olive", "Olive Hill", "hill-school", "information_officer")
    await service.call(YOT_OFFICER, "POST", "/suspensions", {"user": "otto", "reason": "Left"})
    assert await told_to_officer(service, SCHOOL_OFFICER, case) is not None
    await service.call(colleague, "POST", "/suspensions", {"user": "otto", "reason": "Left"})
    assert await told_to_officer(service, SCHOOL_OFFICER, case) is None


async def test_an_explanation_to_an_officer_is_found_in_the_ledger_by_the_owner(
    service: ConsentService,
) -> None:
    case = fresh_case()
    told = await told_to_officer(service, HOUSING_OFFICER, as_officer(case, PLAN))
    asked = {
        "kind": "case", "target": case, "purpose": "oversight", "reason": None, "after": None, "limit": 10,
    }  # fmt: skip
    found = await service.call(SCHOOL_OFFICER, "POST", "/disclosures", asked)
    (shown,) = found["disclosures"]
    assert (shown["id"], shown["user"], shown["deed"]) == (told["receipt"], "omar", "explain")
    assert service.faults() == []


# --- receipts


async def test_a_receipt_is_explained_on_the_facts_of_then(service: ConsentService) -> None:
    """Fails when what ended since counts: the permission was in force."""
    case = fresh_case()
    given = await service.consent(case, a_share())
    read = await service.decide(HOUSING, a_case(case, LEARNING, PLAN))
    service.clock.turn(minutes=5)
    await service.withdraw(case, given["id"])
    now = await told_to_officer(
        service, SCHOOL_OFFICER, as_officer(case, LEARNING), user="hanna", agency="city-housing"
    )
    assert cells_of(now, "hanna")[0]["level"] == "existence"
    told = await told_to_officer(
        service, SCHOOL_OFFICER, as_officer(case, LEARNING, PLAN), receipt=read["receipt"]
    )
    explained = told["explained"]
    assert (explained["user"], explained["action"], explained["policy_version"]) == ("hanna", "read", 1)
    assert explained["at"] == "2031-03-03T09:00:00.000000Z"
    learning, plan = explained["cases"][0]["cells"]
    assert learning["bases"] == [
        {"basis": "PERMISSION", "id": given["id"]},
    ]
    assert learning["then"]["level"] == "full"
    assert learning["then"]["decisive"] == [
        {"fact": "permission", "id": given["id"], "level_without": "existence"}
    ]
    assert plan["then"]["level"] == "full"
    corrected = await told_to_officer(
        service,
        SCHOOL_OFFICER,
        as_officer(case, a_label("hill-school", "learning", "health")),
        receipt=read["receipt"],
    )
    assert [cell["then"] for cell in corrected["explained"]["cases"][0]["cells"]] == [None, None]


async def test_a_receipt_is_explained_to_those_who_may_see_it_and_is_absent_for_others(
    service: ConsentService,
) -> None:
    case = fresh_case()
    read = (await service.decide(HOUSING, a_case(case, PLAN, MENTAL_HEALTH)))["receipt"]
    refusal = (await service.decide(YOT, a_case(fresh_case(), relationship="none")))["receipt"]

    async def place(officer: Caller, receipt: str) -> Json | None:
        found: Json | None = await service.call(
            officer, "POST", "/explanations/receipts", {"receipt": receipt}
        )
        return found

    known = {"case": case, "at": "2031-03-03T09:00:00.000000Z"}
    assert await place(SCHOOL_OFFICER, read) == known
    assert await place(HOUSING_OFFICER, read) == known
    for officer, receipt in (
        (YOT_OFFICER, read), (HOUSING, read), (YOT_OFFICER, refusal), (SCHOOL_OFFICER, new_id()),
    ):  # fmt: skip
        assert await place(officer, receipt) is None
        asked = as_officer(case, PLAN, MENTAL_HEALTH)
        assert await told_to_officer(service, officer, asked, receipt=receipt) is None
    received = await told_to_officer(
        service, HOUSING_OFFICER, as_officer(case, PLAN, MENTAL_HEALTH), receipt=read
    )
    (cell,) = received["explained"]["cases"][0]["cells"]
    assert "entries" not in cell
    assert cell["categories"] == ["plan"]
    owned = await told_to_officer(
        service, SCHOOL_OFFICER, as_officer(case, PLAN, MENTAL_HEALTH), receipt=read
    )
    assert [cell["entries"] for cell in owned["explained"]["cases"][0]["cells"]] == [PLAN["entries"], []]
    listed = (await service.decide(HOUSING, a_case(case, PLAN), action="list"))["receipt"]
    told = await told_to_officer(service, HOUSING_OFFICER, as_officer(case, PLAN), receipt=listed)
    assert told["explained"]["action"] == "list"
