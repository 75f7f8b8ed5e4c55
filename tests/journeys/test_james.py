"""James's case through the public API, on both stores, in one process and in several."""

from collections import Counter
from typing import Any

import pytest

from deploy.stories import james
from deploy.stories.client import Api, Refused
from deploy.stories.tokens import tokens_from_issuer
from tests.journeys.conftest import WitnessedClient
from tests.support.suite import RunningSuite

pytestmark = pytest.mark.anyio


def headlines(view: dict[str, Any]) -> set[str]:
    return {e["fields"]["headline"] for e in view["areas"]["assessment"] if "headline" in e["fields"]}


def levels(view: dict[str, Any], kind: str) -> set[str]:
    areas: dict[str, list[dict[str, Any]]] = view["areas"]
    return {e["level"] for entries in areas.values() for e in entries if e["kind"] == kind}


IN_SCHOOL = "In school two days a week before he was sentenced"
ENGINES = "Wants to work with engines"
ANXIOUS = "Low and anxious since his grandfather died"
SENTENCE = "Second custodial sentence"
TENANCY = "Tenancy at risk"


async def test_each_agency_sees_its_part_and_a_withdrawal_shuts_the_next_read(
    api: Api, client: WitnessedClient
) -> None:
    story = await james.tell(api)
    assert [warning["code"] for warning in story.warnings] == ["no_voice_recorded"]

    before = await james.read_as_each(api, story.case)
    assert set(before) == set(james.READERS)
    assert headlines(before["school"]) == {IN_SCHOOL, ENGINES, ANXIOUS, TENANCY}
    assert headlines(before["youth offending team"]) == {IN_SCHOOL, ENGINES, ANXIOUS, SENTENCE, TENANCY}
    assert headlines(before["housing"]) == {IN_SCHOOL, ENGINES, TENANCY}
    assert headlines(before["volunteer mentor"]) == set()
    assert levels(before["volunteer mentor"], "goal") == {"summary"}
    assert levels(before["volunteer mentor"], "action") == {"summary"}
    assert levels(before["youth offending team"], "contact") == {"summary"}
    assert levels(before["school"], "contact") == {"full"}
    for view in before.values():
        assert view["header"]["lead_professional"]["user"] == "sam.okafor"
        assert len(view["header"]["team"]) == 4
        assert len(view["areas"]["plan"]) == 3
        assert "do not wait" in view["notice"]

    answer = await james.withdraw_everyday_permission(api, story)
    assert answer["enforced_at"].endswith("Z")

    after = await james.read_as_each(api, story.case)
    assert headlines(after["school"]) == headlines(before["school"])
    assert headlines(after["youth offending team"]) == {SENTENCE, TENANCY}
    assert headlines(after["housing"]) == {TENANCY}
    assert after["volunteer mentor"]["areas"] == before["volunteer mentor"]["areas"]
    assert client.witnessed["views"] == 2 * len(james.READERS), "A1: each view is held to its receipt"
    assert client.witnessed["entries"] > 100
    assert client.witnessed["names"] == 2 * len(james.READERS)


async def test_A1_holds_for_lists_searches_prints_and_what_is_not_available_too(
    api: Api, client: WitnessedClient, suite: RunningSuite
) -> None:
    """That each of them really was held to a durable receipt, by ``WitnessedClient``."""
    story = await james.tell(api)
    school, elsewhere = await api.sign_in("nadia.bell"), await api.sign_in("joan.reed")
    before = Counter(client.witnessed)
    listed = await school.get("/v1/cases")
    assert story.case in {case["id"] for case in listed["cases"]}
    assert client.witnessed["lists"] == before["lists"] + 1
    assert client.witnessed["names"] > before["names"]
    person = (await school.get(f"/v1/cases/{story.case}"))["header"]["person"]
    before = Counter(client.witnessed)
    details = {name: person[name] for name in ("name", "date_of_birth")}
    assert (await school.post("/v1/people/search", details))["people"]
    assert client.witnessed["lists"] == before["lists"] + 1
    assert client.witnessed["names"] > before["names"]
    await elsewhere.get(f"/v1/cases/{story.case}")
    assert client.witnessed["not_available"] == before["not_available"] + 1
    token = await tokens_from_issuer(client, suite.issuer)("nadia.bell", None)
    path = f"/v1/cases/{story.case}/assessments/{story.assessment}/print"
    page = await client.get(path, headers={"Authorization": f"Bearer {token}"})
    assert (page.status_code, client.witnessed["prints"]) == (200, 1)
    await school.get(f"/v1/cases/{story.case}/timeline")
    assert client.witnessed["told"] > 10


async def test_the_ledger_says_who_saw_what_on_which_basis(api: Api) -> None:
    story = await james.tell(api)
    views = await james.read_as_each(api, story.case)
    receipts = {receipt["id"]: receipt for receipt in await james.who_has_seen(api, story.case)}
    reads = [r for r in receipts.values() if r["action"] == "read"]
    assert {r["user"] for r in reads} >= set(james.READERS.values())

    for who, user in james.READERS.items():
        receipt = receipts[views[who]["decision"]["receipt"]]
        assert (receipt["user"], receipt["action"], receipt["purpose"]) == (user, "read", "support")
        shown = {
            (entry["id"], entry["level"])
            for entries in views[who]["areas"].values()
            for entry in entries
            if entry["owner"] == james.SCHOOL
        }
        recorded = {
            (entry, cell["level"])
            for case in receipt["cases"]
            for cell in case["cells"]
            for entry in cell.get("entries", ())
            if cell["owner"] == james.SCHOOL
        }
        assert shown == recorded
        assert len(shown) > 10
    housing = receipts[views["housing"]["decision"]["receipt"]]
    bases = {basis for case in housing["cases"] for cell in case["cells"] for basis in cell.get("bases", ())}
    assert f"PERMISSION:{story.everyday_permission}" in bases


async def test_somebody_who_may_not_know_of_the_case_meets_the_404_of_a_case_that_is_not_there(
    api: Api,
) -> None:
    story = await james.tell(api)
    stranger = await api.sign_in("ada.quinn")
    refusals = []
    for case in (story.case, "5f0c9d0e-6c41-4d0b-9a55-0a3a2b7c9d11", "not-an-id"):
        with pytest.raises(Refused) as refused:
            await stranger.post(f"/v1/cases/{case}/closure", {"reason": "needs_met"})
        refusals.append((refused.value.status, refused.value.document))
    assert [status for status, _ in refusals] == [404, 404, 404]
    assert refusals[0] == refusals[1] == refusals[2]


async def test_a_practitioner_elsewhere_learns_only_that_there_is_a_case_and_whom_to_ring(api: Api) -> None:
    story = await james.tell(api)
    elsewhere = await api.sign_in("joan.reed")
    view = await elsewhere.get(f"/v1/cases/{story.case}")
    assert all(not entries for entries in view["areas"].values())
    assert view["header"]["person"]["name"] is None
    assert view["header"]["lead_professional"]["name"] == "Sam Okafor"
    assert [line["agency"] for line in view["not_available"]] == [james.SCHOOL]
    with pytest.raises(Refused) as refused:
        await elsewhere.post(f"/v1/cases/{story.case}/closure", {"reason": "needs_met"})
    assert refused.value.status == 403
