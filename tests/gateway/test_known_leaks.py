"""Leaks of other systems (design 5.3) that no other test is about; the list of all stands in
``docs/properties.md``.
"""

import re

import httpx
import pytest

from deploy.stories.steps import agree_to_take_part, join_team, open_case
from shared.vocabulary import Category
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import HOUSING
from tests.gateway.operations import reads
from tests.support.gateway import PRINTED, WITHOUT_A_MODEL

pytestmark = pytest.mark.anyio

_RECEIPT = re.compile(r'"receipt":"[0-9a-f-]{36}"')
_CURSOR = re.compile(r'(cursor=|"cursor":")[A-Za-z0-9_-]{40,}')
OFTEN_THE_OWN_DOING = ("/disclosures", "/print", "/ledger/receipts", "/ledger/checkpoint", "/v1/me")
"""What tells of the reader's own reading, or of who they are."""


def as_compared(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, _CURSOR.sub(r"\1", _RECEIPT.sub('"receipt":""', response.text))


async def test_whoever_has_several_roles_sees_in_each_what_somebody_in_that_role_alone_sees(
    sqlite_home: HouseWorld,
) -> None:
    """The union of two roles is never asked. Fails when a guard or a decision looks at any membership."""
    world, house = sqlite_home.world, sqlite_home.house
    seats = {
        "information_officer": ("tidewater-housing", "hous.officer"),
        "practitioner": ("tidewater-housing", "will.marsh"),
    }
    paths = [path for path in reads(house) if not path.endswith(OFTEN_THE_OWN_DOING)]
    world.clock.runs = False
    try:
        answers = {}
        for role, (agency, only) in seats.items():
            both = world.as_("viv.stone", agency=agency, headers={"Acting-Role": role})
            alone = world.as_(only, agency=agency, headers={"Acting-Role": role})
            for path in paths:
                seen = as_compared(await both.send("GET", path))
                assert seen == as_compared(await alone.send("GET", path)), (role, path)
                answers[role, path] = seen
    finally:
        world.clock.runs = True
    differ = [path for path in paths if answers["information_officer", path] != answers["practitioner", path]]
    assert len(paths) > 50
    assert len(differ) > 10, "the two roles see different things, so a union would show"
    unsaid = await world.as_("viv.stone", agency="tidewater-housing").send("GET", f"/v1/cases/{house.case}")
    assert unsaid.status_code == 422


async def test_nothing_leaves_in_another_form_than_the_view_but_the_print(sqlite_home: HouseWorld) -> None:
    """There is no export and no feed; what comes to be one is written down here, and decided like a view.

    Fails when a route hands out a file, a page or a stream: another media type than JSON or a problem.
    """
    document = sqlite_home.world.suite.gateway.openapi()
    kinds: dict[str, set[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if status.startswith("2"):
                    kinds.setdefault(f"{method} {path}", set()).update(answer.get("content", {}))
    others = {operation for operation, given in kinds.items() if given - {"application/json"}}
    assert others <= {f"get {PRINTED}"}
    assert len(kinds) > 150
    assert {operation.split(" ")[1] for operation in kinds} >= WITHOUT_A_MODEL
    exports = [path for path in document["paths"] if re.search(r"export|download|feed|dump|webhook", path)]
    assert exports == []


async def test_a_case_that_is_closed_and_opened_again_is_as_shut_as_it_was(sqlite_home: HouseWorld) -> None:
    """A shield that is lost by what becomes of the case opens everything at once; no import and no merge is
    there to lose it otherwise. Fails when an exclusion belongs to the time for which a case was open.
    """
    world = sqlite_home.world
    school, housing = world.as_("nadia.bell"), world.as_("hana.novak")
    name = {"kind": "name", "fields": {"given_names": "Robin"}}
    birth = {"kind": "birth", "fields": {"date_of_birth": "1990-01-01"}}
    person = (await school.post("/v1/people", {"details": [name, birth]}))["id"]
    case = await open_case(school, person, [], "Help")
    await agree_to_take_part(school, case, person, person, "adult")
    await join_team(school, case, "hana.novak")
    path = f"/v1/cases/{case}"
    assert (await housing.send("GET", path)).status_code == 200
    everything = {
        "subject": person, "giver": person, "capacity": "adult", "agencies": [HOUSING],
        "categories": [category.value for category in Category],
    }  # fmt: skip
    shield = (await school.post(f"{path}/exclusions", everything))["id"]
    assert (await housing.send("GET", path)).status_code == 404
    await school.post(f"{path}/closure", {"reason": "needs_met"})
    assert (await housing.send("GET", path)).status_code == 404
    await school.post(f"{path}/reopening", {"reason": "Needed again"})
    assert (await housing.send("GET", path)).status_code == 404
    [found] = (await school.get(f"{path}/exclusions"))["exclusions"]
    assert (found["id"], found["lifted_at"]) == (shield, None)
