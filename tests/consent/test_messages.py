"""What an ended permission had released, and the messages to those who saw it (design 3.4)."""

from typing import Any

import pytest

from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import (
    CHILD,
    FATHER,
    HOUSING,
    HOUSING_OFFICER,
    MOTHER,
    OMIT,
    SCHOOL,
    SCHOOL_LEAD,
    SCHOOL_OFFICER,
    YOT,
    YOT_OFFICER,
    ConsentService,
    Json,
    a_case,
    a_label,
    a_share,
    an_exclusion,
    fresh_case,
    reader,
)

pytestmark = pytest.mark.anyio

LEARNING = a_label("hill-school", "learning", entries=["e-1"])
BEHAVIOUR = a_label("hill-school", "behaviour", entries=["e-2"])
PLAN = a_label("hill-school", "plan", entries=["e-3"])
COLLEAGUE = Caller("hugo", "Hugo Berg", "city-housing", "practitioner")
MANAGER = Caller("mia", "Mia Berg", "city-housing", "team_manager")


async def shared_and_seen(service: ConsentService, **changes: Any) -> tuple[str, str]:
    """A permission to housing and police, under which housing read twice; its case and its id."""
    case = fresh_case()
    body = a_share(**{"recipients": ["city-housing", "north-police"], **changes})
    consent = (await service.consent(case, body))["id"]
    await service.decide(HOUSING, a_case(case, LEARNING, PLAN))
    service.clock.turn(seconds=60)
    await service.decide(HOUSING, a_case(case, LEARNING, BEHAVIOUR))
    await service.decide(YOT, a_case(case, PLAN))
    return case, consent


async def released(
    service: ConsentService, case: str, consent: str, caller: Caller = SCHOOL, relationship: str = "none"
) -> Json:
    path = f"/cases/{case}/consents/{consent}/disclosures"
    answer: Json = await service.call(caller, "POST", path, {"reader": reader(relationship)})
    return answer


async def messages(service: ConsentService, caller: Caller, **changes: Any) -> Json:
    ask = {"purpose": "support", "reason": None, "after": None, "limit": 50, **changes}
    answer: Json = await service.call(caller, "POST", "/messages/list", ask)
    return answer


async def withdraw(service: ConsentService, case: str, consent: str, **changes: Any) -> Json:
    body = {"withdrawal": {"withdrawn_by": MOTHER, **changes}, "reader": reader("lead")}
    answer: Json = await service.call(SCHOOL, "POST", f"/cases/{case}/consents/{consent}/withdrawal", body)
    return answer


async def test_a_withdrawal_tells_its_recorder_what_had_left_and_to_whom(service: ConsentService) -> None:
    """What rested on the permission, not what the default rows gave anyhow, and none who saw nothing."""
    case, consent = await shared_and_seen(service)
    answer = await withdraw(service, case, consent)
    expected = [
        {
            "agency": "city-housing", "categories": ["behaviour", "learning"], "times": 2,
            "first_at": "2031-03-03T09:00:00.000000Z", "last_at": "2031-03-03T09:01:00.000000Z",
        }
    ]  # fmt: skip
    assert answer["released"] == expected
    assert answer["says"].startswith(
        "Done at 2031-03-03T09:01:01.000000Z: City Housing, North Police no longer see behaviour, learning"
    )
    assert (await released(service, case, consent))["released"] == expected


OTHERWISE: list[tuple[str, Json, int, bool]] = [
    ("the same giver refuses", {}, 1, True),
    ("the same giver refuses a part", {"categories": ["learning"]}, 1, True),
    ("for another agency", {"recipients": ["north-police"]}, 0, False),
    ("for one of two purposes", {"purposes": ["safeguarding"]}, 0, False),
    ("the other parent refuses", {"giver": FATHER}, 0, False),
]


@pytest.mark.parametrize(("how", "changes", "kept", "sent"), OTHERWISE, ids=[row[0] for row in OTHERWISE])
async def test_those_who_saw_something_are_told_too_where_a_refusal_shuts_it(
    service: ConsentService, how: str, changes: Json, kept: int, sent: bool
) -> None:
    """Not twice where it is withdrawn besides, and never where it would tip off."""
    case, consent = await shared_and_seen(service)
    no = a_share(**{"answer": "refused", "valid_until": OMIT, **changes})
    await service.consent(case, no)
    received = (await messages(service, HOUSING))["messages"]
    assert [one["consent"] for one in received] == [consent] * sent, how
    assert len((await released(service, case, consent))["messages"]) == kept
    if sent:
        assert received[0]["categories"] == sorted({"learning", "behaviour"} & {*no["categories"]})
    if not changes:
        service.clock.turn(seconds=1)
        await withdraw(service, case, consent)
        assert (await messages(service, HOUSING))["messages"] == received


async def test_those_who_saw_something_are_told_where_an_order_or_the_end_of_an_authority_shuts_it(
    service: ConsentService,
) -> None:
    case, consent = await shared_and_seen(service)
    path = f"/cases/{case}/authorities"
    order = {
        "kind": "court_order", "effect": "takes_away", "subject": CHILD, "holder": MOTHER,
        "document": "Order 3", "covers": ["learning"], "verified_by": "Ada North",
    }  # fmt: skip
    await service.call(SCHOOL, "POST", path, order | {"valid_from": "2031-04-03T09:00:00Z"})
    assert (await messages(service, HOUSING))["messages"] == [], "it has not begun"
    await service.call(SCHOOL, "POST", path, order)
    [by_order] = (await messages(service, HOUSING))["messages"]
    seen_since = a_case(case, BEHAVIOUR)
    await service.decide(HOUSING, seen_since)
    await service.call(SCHOOL, "POST", path, order | {"covers": ["behaviour", "domestic_abuse"]})
    assert (await messages(service, HOUSING))["messages"] == [by_order], "why would tip somebody off"
    told = (await released(service, case, consent))["messages"]
    assert [one["held_back"] for one in told] == [None, "for_safety"]
    assert (by_order["consent"], by_order["categories"]) == (consent, ["learning"])
    gives = order | {"effect": "gives", "covers": ["health"], "holder": FATHER}
    held = (await service.call(SCHOOL, "POST", path, gives))["id"]
    under = await service.consent(case, a_share(giver=FATHER, categories=["health"], under=held))
    await service.decide(HOUSING, a_case(case, a_label("hill-school", "health", entries=["e-9"])))
    service.clock.turn(seconds=1)
    body = {"ending": {"reason": "Revoked"}, "reader": reader("lead")}
    await service.call(SCHOOL, "POST", f"{path}/{held}/ending", body)
    told = (await messages(service, HOUSING))["messages"]
    assert [one["consent"] for one in told] == [under["id"], consent]


async def test_those_who_saw_something_are_told_once_it_is_decided_for_the_parent_who_refused(
    service: ConsentService,
) -> None:
    case, consent = await shared_and_seen(service)
    await service.consent(case, a_share(answer="refused", valid_until=OMIT, giver=FATHER))
    assert (await messages(service, HOUSING))["messages"] == [], "two differ: nothing has ended"
    [found] = await service.call(SCHOOL_LEAD, "POST", f"/cases/{case}/conflicts/list", reader("lead"))
    decision = {"decision": {"upholds": "refusal", "reason": "He may"}, "reader": reader("lead")}
    await service.call(SCHOOL_LEAD, "POST", f"/cases/{case}/conflicts/{found['id']}/decision", decision)
    [told] = (await messages(service, HOUSING))["messages"]
    assert (told["consent"], told["categories"]) == (consent, ["behaviour", "learning"])


async def test_only_the_lead_the_recorder_and_their_officer_see_what_it_released(
    service: ConsentService,
) -> None:
    case, consent = await shared_and_seen(service)
    for caller, relationship in ((SCHOOL, "none"), (SCHOOL_LEAD, "lead"), (SCHOOL_OFFICER, "none")):
        assert len((await released(service, case, consent, caller, relationship))["released"]) == 1
    path = f"/cases/{case}/consents/{{}}/disclosures"
    for caller, relationship, asked in (
        (HOUSING, "member", consent),
        (YOT_OFFICER, "none", consent),
        (SCHOOL_LEAD, "member", consent),
        (SCHOOL_LEAD, "lead", new_id()),
    ):
        content = {"reader": reader(relationship)}
        problem = await service.problem(caller, "POST", path.format(asked), content)
        assert problem.kind == "not-found"


async def test_those_who_saw_something_are_told_and_say_what_they_keep(service: ConsentService) -> None:
    case, consent = await shared_and_seen(service)
    assert (await messages(service, HOUSING))["messages"] == []
    await withdraw(service, case, consent)
    for caller in (HOUSING, MANAGER, HOUSING_OFFICER):
        [received] = (await messages(service, caller))["messages"]
        assert (received["consent"], received["case"], received["subject"]) == (consent, case, CHILD)
        assert "take and pass on no more" in received["says"]
        assert received["due_at"] == "2031-03-11T00:00:00.000000Z"
        assert received["may"] == ["answer"]
    reads = Caller(HOUSING.user, HOUSING.name, HOUSING.agency, "volunteer")
    assert [one["may"] for one in (await messages(service, reads))["messages"]] == [[]]
    for caller in (COLLEAGUE, YOT, SCHOOL, Caller("p", "P", "north-police", "team_manager")):
        assert (await messages(service, caller))["messages"] == []
    service.clock.turn(days=8)
    [sent] = (await released(service, case, consent))["messages"]
    assert (sent["agency"], sent["overdue"], sent["held_back"]) == ("city-housing", True, None)
    path, answer = f"/messages/{sent['id']}/answer", {"keeps": True, "kept": "A note", "why": "Our duty"}
    hidden = await service.problem(COLLEAGUE, "POST", path, {"answer": answer})
    absent = await service.problem(HOUSING, "POST", f"/messages/{new_id()}/answer", {"answer": answer})
    assert hidden.kind == absent.kind == "not-found"
    await service.call(HOUSING, "POST", path, {"answer": answer})
    assert [one["may"] for one in (await messages(service, MANAGER))["messages"]] == [[]]
    again = await service.problem(MANAGER, "POST", path, {"answer": {"keeps": False}})
    assert again.kind == "conflict"
    [sent] = (await released(service, case, consent, SCHOOL_LEAD, "lead"))["messages"]
    assert (sent["overdue"], sent["keeps"], sent["kept"], sent["why"]) == (False, True, "A note", "Our duty")


@pytest.mark.parametrize(
    "answer",
    [{"keeps": True}, {"keeps": True, "kept": "A note"}, {"keeps": False, "kept": "A note"}, {}],
)
async def test_what_is_kept_and_why_belong_together(service: ConsentService, answer: Json) -> None:
    reply = await service.send("POST", f"/messages/{new_id()}/answer", {"answer": answer}, caller=HOUSING)
    assert reply.status == 422


async def test_nobody_is_told_where_the_recorder_says_that_it_may_tip_off(service: ConsentService) -> None:
    case, consent = await shared_and_seen(service)
    await withdraw(service, case, consent, may_tip_off="The father works there.")
    assert (await messages(service, HOUSING))["messages"] == []
    [kept] = (await released(service, case, consent))["messages"]
    assert (kept["held_back"], kept["sent_at"], kept["overdue"]) == ("may_tip_off", None, False)
    assert "father" not in str(await released(service, case, consent))


@pytest.mark.parametrize("category", ["domestic_abuse", "safeguarding"])
async def test_nobody_is_told_of_an_ended_permission_about_abuse_or_safeguarding(
    service: ConsentService, category: str
) -> None:
    case = fresh_case()
    consent = (await service.consent(case, a_share(categories=[category])))["id"]
    await service.decide(HOUSING, a_case(case, a_label("hill-school", category, entries=["e"])))
    await withdraw(service, case, consent)
    assert (await messages(service, HOUSING_OFFICER))["messages"] == []
    assert [m["held_back"] for m in (await released(service, case, consent))["messages"]] == ["for_safety"]


async def test_an_excluded_agency_is_not_told(service: ConsentService) -> None:
    case, consent = await shared_and_seen(service)
    await service.exclude(case, an_exclusion(categories=["behaviour"]))
    await withdraw(service, case, consent)
    assert (await messages(service, HOUSING))["messages"] == []
    assert [m["held_back"] for m in (await released(service, case, consent))["messages"]] == ["excluded"]


async def test_that_an_agency_is_excluded_from_something_else_does_not_show_in_its_messages(
    service: ConsentService,
) -> None:
    case, consent = await shared_and_seen(service)
    await service.exclude(case, an_exclusion(categories=["health"]))
    await withdraw(service, case, consent)
    assert len((await messages(service, HOUSING))["messages"]) == 1


async def test_a_withdrawal_that_was_heard_tells_them_about_the_part_that_ended(
    service: ConsentService,
) -> None:
    """And what goes on still knows what had left before."""
    case, _ = await shared_and_seen(service)
    body = {"kind": "share", "subject": CHILD, "withdrawn_by": MOTHER, "categories": ["behaviour"]}
    await service.call(YOT, "POST", f"/cases/{case}/consents/withdrawals", body)
    [received] = (await messages(service, HOUSING))["messages"]
    assert received["categories"] == ["behaviour"]
    [(going_on,)] = service.select("SELECT id FROM consents WHERE withdrawn_at IS NULL AND kind = 'share'")
    [part] = (await released(service, case, going_on))["released"]
    assert (part["categories"], part["times"]) == (["learning"], 2)


async def test_reading_messages_leaves_a_receipt_and_pages_are_full(service: ConsentService) -> None:
    for _ in range(3):
        case, consent = await shared_and_seen(service)
        await withdraw(service, case, consent)
    before = len(service.receipts())
    first = await messages(service, HOUSING, limit=2)
    second = await messages(service, HOUSING, limit=2, after=first["after"])
    assert [len(page["messages"]) for page in (first, second)] == [2, 1]
    assert second["after"] is None
    assert len({m["id"] for page in (first, second) for m in page["messages"]}) == 3
    ids = {receipt["id"]: receipt for receipt in service.receipts()}
    assert len(ids) == before + 2
    assert (ids[first["receipt"]]["action"], ids[first["receipt"]]["deed"]) == ("list", "read_messages")
    assert service.faults() == []


async def test_somebody_who_is_suspended_reads_none(service: ConsentService) -> None:
    case, consent = await shared_and_seen(service)
    await withdraw(service, case, consent)
    await service.call(HOUSING_OFFICER, "POST", "/suspensions", {"user": HOUSING.user, "reason": "Left"})
    assert (await messages(service, HOUSING))["messages"] == []
