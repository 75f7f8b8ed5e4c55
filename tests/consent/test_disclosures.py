"""Who has seen what: the ledger read over HTTP, page by page, each reading itself recorded (design 3.4)."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from shared.clock import rfc3339
from shared.identity import Caller
from shared.ids import new_id
from tests.consent.service import (
    CHILD,
    DECIDES_FROM,
    HOUSING,
    HOUSING_OFFICER,
    MOTHER,
    SCHOOL,
    SCHOOL_OFFICER,
    YOT,
    YOT_OFFICER,
    ConsentService,
    Json,
    a_case,
    a_label,
    a_subject,
    an_exclusion,
    fresh_case,
)
from tests.consent.test_decisions import publish

pytestmark = pytest.mark.anyio

PLAN = a_label("hill-school", "plan", entries=["e-1"])
PERSON = Caller("kit", "Kit", "the-family", "family_member", person=CHILD)
PARENT = Caller("mum", "Mum", "the-family", "family_member", person=MOTHER)


async def read(
    service: ConsentService,
    who: Caller,
    target: str,
    *,
    kind: str = "case",
    after: Any = None,
    limit: int = 50,
    related: Mapping[str, str] | None = None,
    **filters: str,
) -> Json:
    """``related``: what a member of the family is to whom; by default to themselves."""
    ask: Json = {
        "kind": kind,
        "target": target,
        "purpose": "oversight",
        "reason": None,
        "after": after,
        "limit": limit,
        **filters,
    }
    if who.role == "family_member":
        to_whom = {str(who.person): "subject"} if related is None else related
        subjects = [a_subject(person, DECIDES_FROM.get(person)) for person in to_whom]
        ask |= {"purpose": "support", "family": {"relationships": to_whom, "subjects": subjects}}
    answer: Json = await service.call(who, "POST", "/disclosures", ask)
    return answer


async def test_each_officer_reads_their_agencys_side_newest_first_and_others_read_nothing(
    service: ConsentService,
) -> None:
    case = fresh_case()
    receipts = []
    for who, label in ((HOUSING, PLAN), (YOT, PLAN), (YOT, a_label("city-housing", "plan"))):
        receipts.append((await service.decide(who, a_case(case, label)))["receipt"])
        service.clock.turn(seconds=1)
    seen = {}
    for who in (SCHOOL_OFFICER, HOUSING_OFFICER, YOT_OFFICER, SCHOOL, HOUSING):
        answer = await read(service, who, case)
        seen[who.user] = [receipts.index(row["id"]) for row in answer["disclosures"] if row["id"] in receipts]
        assert answer["after"] is None
    assert seen == {"otto": [1, 0], "omar": [2, 0], "olga": [2, 1], "ada": [], "hanna": []}
    assert (await read(service, SCHOOL_OFFICER, fresh_case()))["disclosures"] == []


async def test_reading_the_ledger_leaves_a_receipt_on_the_readers_agencys_chain(
    service: ConsentService,
) -> None:
    case = fresh_case()
    answer = await read(service, HOUSING_OFFICER, case)
    [receipt] = service.receipts()
    assert receipt["id"] == answer["receipt"]
    assert (receipt["chain"], receipt["action"], receipt["deed"]) == (
        "agency:city-housing", "list", "read_disclosures"
    )  # fmt: skip
    assert service.select("SELECT kind, target FROM mentions") == [("attempt", case)]
    # Their own question is no answer to the next one: that would tell a case from none.
    assert (await read(service, HOUSING_OFFICER, case))["disclosures"] == []
    assert service.faults() == []


async def test_a_person_reads_what_was_released_about_them_and_nobody_elses(service: ConsentService) -> None:
    case = fresh_case()
    hers = a_label("hill-school", "plan", subjects=[MOTHER], entries=["e-2"])
    hidden = a_label("hill-school", "mental_health")
    receipt = (await service.decide(HOUSING, a_case(case, PLAN, hers, hidden), reason="Visit"))["receipt"]
    [row] = (await read(service, PERSON, CHILD, kind="person"))["disclosures"]
    assert row == {
        "id": receipt,
        "at": "2031-03-03T09:00:00.000000Z",
        "agency": "city-housing",
        "agency_name": "City Housing",
        "role": "practitioner",
        "team": "on the team",
        "action": "read",
        "purpose": "support",
        "reason": "Visit",
        "about": [CHILD],
        "what": ["who helps you and what was agreed"],
        "because": ["the services agreed to share this, for a task that the law gives them"],
        "sentence": "City Housing (a practitioner, on the team) looked at: who helps you and what was "
        "agreed. Why: to help. They wrote: “Visit”. This was allowed because the services agreed to share "
        "this, for a task that the law gives them.",
    }
    # Asking about another person shows nothing, about a whole case no more than one's own.
    assert (await read(service, PERSON, MOTHER, kind="person"))["disclosures"] == []
    [same] = (await read(service, PERSON, case))["disclosures"]
    assert same == row
    stranger = Caller("x", "X", "the-family", "family_member", person=new_id())
    for kind, target in (("person", CHILD), ("case", case)):
        assert (await read(service, stranger, target, kind=kind))["disclosures"] == []


async def test_a_parent_reads_it_for_a_child_who_does_not_decide_yet_as_far_as_the_policy_lets_them(
    service: ConsentService,
) -> None:
    """What a child says reaches no parent by the default policy; so it is not told that somebody read it."""
    case = fresh_case()
    voice = a_label("city-housing", "voice", entries=["e-3"])
    await service.decide(HOUSING, a_case(case, PLAN, voice))
    for word, seen in (
        ("parent", ["who helps you and what was agreed"]),
        ("carer", ["who helps you and what was agreed"]),
        ("parent_elsewhere", []),
        ("none", []),
    ):
        rows = (await read(service, PARENT, CHILD, kind="person", related={CHILD: word}))["disclosures"]
        assert [what for row in rows for what in row["what"]] == seen, word
    own = (await read(service, PERSON, CHILD, kind="person"))["disclosures"]
    assert [row["what"] for row in own] == [["who helps you and what was agreed", "what you said yourself"]]
    # From sixteen, and when nobody knows how old somebody is, it is theirs alone.
    service.clock.turn(days=365 * 5)
    rows = (await read(service, PARENT, CHILD, kind="person", related={CHILD: "parent"}))["disclosures"]
    assert rows == []


@pytest.mark.parametrize("category", ["safeguarding", "domestic_abuse", "staff_safety"])
async def test_that_somebody_looked_at_a_concern_is_told_to_nobody_in_the_family(
    service: ConsentService, category: str
) -> None:
    """A person decides whether the family is told of a concern (default policy): the ledger does not tell."""
    case = fresh_case()
    concern = a_label("hill-school", category, entries=["e-4"])
    await service.decide(SCHOOL, a_case(case, concern))
    before = await read(service, PERSON, CHILD, kind="person")
    assert before["disclosures"] == []
    await service.decide(SCHOOL, a_case(case, concern, PLAN))
    [row] = (await read(service, PERSON, CHILD, kind="person"))["disclosures"]
    assert row["what"] == ["who helps you and what was agreed"]


async def test_an_exclusion_of_a_member_of_the_family_holds_for_the_ledger_too(
    service: ConsentService,
) -> None:
    case = fresh_case()
    await service.decide(HOUSING, a_case(case, PLAN))
    asked: Any = {"kind": "person", "related": {CHILD: "parent"}}
    assert len((await read(service, PARENT, CHILD, **asked))["disclosures"]) == 1
    await service.exclude(case, an_exclusion(agencies=[], users=["mum"], categories=["plan"]))
    assert (await read(service, PARENT, CHILD, **asked))["disclosures"] == []
    assert len((await read(service, PERSON, CHILD, kind="person"))["disclosures"]) == 1


async def test_receipts_are_chosen_by_who_looked_and_when(service: ConsentService) -> None:
    case, moments = fresh_case(), []
    for who in (HOUSING, SCHOOL, HOUSING):
        await service.decide(who, a_case(case, PLAN))
        moments.append(rfc3339(service.clock()))
        service.clock.turn(hours=1)
    for reader, kind, target in ((PERSON, "person", CHILD), (SCHOOL_OFFICER, "case", case)):

        async def found(reader: Any = reader, kind: str = kind, target: str = target, **chosen: Any) -> Any:
            rows = (await read(service, reader, target, kind=kind, **chosen))["disclosures"]
            return [moments.index(row["at"]) for row in rows if row["at"] in moments]

        assert await found() == [2, 1, 0]
        assert await found(agency="city-housing") == [2, 0]
        assert await found(agency="north-police") == []
        assert await found(since=moments[1]) == [2, 1]
        assert await found(until=moments[1]) == [0], "half-open"
        assert await found(since=moments[0], until=moments[2], agency="hill-school") == [1]


async def test_an_officer_whom_the_policy_names_reads_every_cell_and_a_colleague_does_not(
    service: ConsentService,
) -> None:
    [(stored,)] = service.select("SELECT document FROM policies")
    document = orjson.loads(stored) if isinstance(stored, str) else stored
    with service.database() as connection:
        publish(connection, 2, {**document, "partnership_officers": ["pat"]}, service.clock())
    case = fresh_case()
    await service.decide(HOUSING, a_case(case, PLAN))
    officer = Caller("pat", "Pat", "childrens-services", "information_officer")
    assert len((await read(service, officer, case))["disclosures"]) == 1
    practitioner = Caller("pat", "Pat", "childrens-services", "practitioner")
    assert (await read(service, practitioner, case))["disclosures"] == []
    colleague = Caller("pia", "Pia", "childrens-services", "information_officer")
    hers = (await read(service, colleague, case))["disclosures"]
    assert [row["deed"] for row in hers] == ["read_disclosures"], "that her agency read, and nothing of it"
    assert (await read(service, YOT_OFFICER, case))["disclosures"] == []


async def test_pages_are_full_whatever_lies_between_and_together_they_are_everything(
    service: ConsentService,
) -> None:
    """What housing may not see lies between what it may; several receipts are of the same moment."""
    case = fresh_case()
    own = []
    for number in range(24):
        who = HOUSING if number % 3 == 0 else YOT
        receipt = (await service.decide(who, a_case(case, PLAN)))["receipt"]
        own += [receipt] * (who is HOUSING)
        service.clock.turn(seconds=number % 4 // 3)
    for limit in (1, 3, 8, 50):
        found: list[str] = []
        sizes, after = [], None
        while True:
            page = await read(service, HOUSING_OFFICER, case, after=after, limit=limit)
            # Each reading leaves a receipt, which is newer than the place from which the next one reads.
            found += [row["id"] for row in page["disclosures"] if row["deed"] is None]
            sizes.append(len(page["disclosures"]))
            after = page["after"]
            if after is None:
                break
        assert (len(found), set(found)) == (8, set(own)), limit
        assert all(size == limit for size in sizes[:-1]), limit


async def test_a_hidden_receipt_changes_nothing_for_who_may_not_see_it(service: ConsentService) -> None:
    """Noninterference: the school's officer gets the same whether or not housing looked at its own."""
    cases = [fresh_case(), fresh_case()]
    for case in cases:
        await service.decide(YOT, a_case(case, PLAN))
    await service.decide(HOUSING, a_case(cases[0], a_label("city-housing", "plan")))
    answers = []
    for case in cases:
        answer = await read(service, SCHOOL_OFFICER, case, limit=1)
        for row in answer["disclosures"]:
            del row["id"]
            assert row["cases"].pop()["case"] == case
        answers.append((answer["disclosures"], answer["after"] is None))
    assert answers[0] == answers[1]
