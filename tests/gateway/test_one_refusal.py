"""One refusal: hidden, absent and malformed ids cannot be told apart, on any route, with any verb."""

from typing import Any

import pytest

from tests.gateway.conftest import HouseWorld
from tests.gateway.operations import (
    CASE,
    OPENS_WHAT_IS_HIDDEN,
    OPERATIONS,
    PERSON,
    REFUSED_BY_ROLE,
    bodies,
    ids_of,
)
from tests.support.gateway import As, fields_of, fresh_key

pytestmark = pytest.mark.anyio

ABSENT = "5f0c9d0e-6c41-4d0b-9a55-0a3a2b7c9d11"
MALFORMED = (
    "not-an-id",
    ABSENT.upper(),
    ABSENT.replace("-", ""),
    "0",
    "%00",
    "..%2f..",
    "%F0%9F%A6%8A",
    "x" * 300,
)
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND")
LEDGER = (f"{CASE}/disclosures", f"{PERSON}/disclosures")
HAVE_THEIR_OWN_TESTS = REFUSED_BY_ROLE | OPENS_WHAT_IS_HIDDEN
TEMPLATES = sorted({path for _, path in OPERATIONS if "{case}" in path or "{person}" in path})


def stranger_to(template: str) -> str:
    """Somebody who may try the operation and sees nothing of the case."""
    return "una.price" if template.startswith(f"{CASE}/bars") else "max.holt"


def comparable(response: Any) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    headers = {n: v for n, v in response.headers.items() if n not in ("x-request-id", "date")}
    return response.status_code, response.content, tuple(sorted(headers.items()))


async def answer(session: As, method: str, template: str, ids: dict[str, str], body: Any) -> Any:
    headers = {"If-Match": '"0123"', **fresh_key()} if method != "GET" else {}
    return comparable(await session.send(method, template.format(**ids), body, headers=headers))


async def test_hidden_absent_and_malformed_ids_meet_the_same_404_on_every_operation(
    sqlite_home: HouseWorld,
) -> None:
    """Fails when a route checks the shape of an id, or looks at a case before it asks who is calling."""
    world, house = sqlite_home.world, sqlite_home.house
    sent, compared = bodies(house), 0
    for method, template in OPERATIONS:
        if template not in TEMPLATES or template in LEDGER or (method, template) in HAVE_THEIR_OWN_TESTS:
            continue
        parameter = "case" if "{case}" in template else "person"
        hidden = house.case if parameter == "case" else house.child
        session, ids = world.as_(stranger_to(template)), ids_of(house)
        answers = [
            await answer(session, method, template, {**ids, parameter: id_}, sent.get((method, template)))
            for id_ in (hidden, ABSENT, *MALFORMED)
        ]
        assert answers[0][0] == 404, (method, template, answers[0])
        assert len(set(answers)) == 1, (method, template, [status for status, _, _ in answers])
        compared += len(answers)
    alike = set(OPERATIONS) - HAVE_THEIR_OWN_TESTS
    tried = [path for _, path in alike if path in TEMPLATES and path not in LEDGER]
    assert compared == len(tried) * 10 >= 330


async def test_no_verb_tells_hidden_from_absent(sqlite_home: HouseWorld) -> None:
    world, house = sqlite_home.world, sqlite_home.house
    compared = 0
    for template in sorted(set(TEMPLATES) - set(LEDGER)):
        session = world.as_(stranger_to(template))
        allowed = {method for method, path in OPERATIONS if path == template}
        for verb in VERBS:
            answers = set()
            for case, person in ((house.case, house.child), (ABSENT, ABSENT), ("not-an-id", "not-an-id")):
                ids = {**ids_of(house), "case": case, "person": person}
                answers.add(await answer(session, verb, template, ids, None))
                compared += 1
            assert len(answers) == 1, (verb, template)
            status = next(iter(answers))[0]
            refused = (403,) if (verb, template) in REFUSED_BY_ROLE else (404, 422)
            assert status in (refused if verb in allowed else (405,)), (verb, template, status)
    assert compared == (len(TEMPLATES) - len(LEDGER)) * 9 * 3 >= 700


HIDDEN_ENTRIES = (
    ("PATCH", f"{PERSON}/details/{{entry}}", "entry", "camhs_equality"),
    ("PATCH", f"{CASE}/actions/{{action}}", "action", "camhs_action"),
    ("PATCH", f"{CASE}/assessments/{{assessment}}/entries/{{entry}}", "entry", "camhs_need"),
    ("GET", f"{CASE}/assessments/{{assessment}}", "assessment", "other_assessment"),
    ("POST", f"{CASE}/assessments/{{assessment}}/entries", "assessment", "other_assessment"),
    ("POST", f"{CASE}/assessments/{{assessment}}/signature", "assessment", "other_assessment"),
    ("POST", f"{CASE}/consents/{{consent}}/withdrawal", "consent", "camhs_action"),
    ("POST", f"{CASE}/exclusions/{{exclusion}}/lifting", "exclusion", "exclusion"),
)
"""What is hidden from members of the team inside a case that they see."""


@pytest.mark.parametrize("user", ["hana.novak", "kit.vane", "school.coord"])
async def test_inside_a_case_that_one_sees_hidden_and_absent_parts_are_the_same(
    sqlite_home: HouseWorld, user: str
) -> None:
    """Fails when a reason is given about an entry that the caller does not see."""
    world, house = sqlite_home.world, sqlite_home.house
    session, sent, compared = world.as_(user), bodies(house), 0
    known = house.as_json()
    for method, template, parameter, name in HIDDEN_ENTRIES:
        hidden = known[name]
        assert hidden not in (await session.send("GET", f"/v1/cases/{house.case}")).text
        answers = [
            await answer(
                session, method, template, {**ids_of(house), parameter: id_}, sent.get((method, template))
            )
            for id_ in (hidden, ABSENT, "not-an-id")
        ]
        assert len(set(answers)) == 1, (method, template, name, [status for status, _, _ in answers])
        assert answers[0][0] in (403, 404)
        compared += 3
    assert compared == 24


async def test_an_own_entry_that_a_colleague_may_not_see_is_like_an_absent_one(
    sqlite_home: HouseWorld,
) -> None:
    """A co-ordinator does not see the school's own record of equality: not even that there is one."""
    world, house = sqlite_home.world, sqlite_home.house
    person = await world.as_("school.coord").get(f"/v1/people/{house.child}")
    assert "equality" not in {entry["kind"] for entry in person["entries"]}
    as_school = await world.as_("nadia.bell").get(f"/v1/people/{house.child}")
    own = next(
        e["id"] for e in as_school["entries"] if e["kind"] == "equality" and e["owner"] == "northgate-school"
    )
    template, body = f"{PERSON}/details/{{entry}}", {"fields": {"religion": "none"}}
    answers = {
        await answer(
            world.as_("school.coord"), "PATCH", template, {"person": house.child, "entry": id_}, body
        )
        for id_ in (own, ABSENT, "not-an-id")
    }
    assert len(answers) == 1


async def test_a_body_is_judged_before_the_case_is_looked_at(sqlite_home: HouseWorld) -> None:
    """What is wrong with a body is said of a hidden case as of one that is not there."""
    world, house = sqlite_home.world, sqlite_home.house
    compared = 0
    for (method, template), _ in bodies(house).items():
        if "{case}" not in template:
            continue
        answers, session = set(), world.as_(stranger_to(template))
        for case in (house.case, ABSENT, "not-an-id"):
            path = template.format(**{**ids_of(house), "case": case})
            response = await session.send(method, path, {"surprise": 1})
            if (method, template) in REFUSED_BY_ROLE:
                assert response.status_code == 403
            else:
                assert "surprise" in str(fields_of(response)) or response.status_code == 422
            answers.add(comparable(response))
            compared += 1
        assert len(answers) == 1
    assert compared == 3 * sum("{case}" in template for _, template in bodies(house)) >= 54


async def test_asking_twice_about_what_is_not_there_changes_nothing(sqlite_home: HouseWorld) -> None:
    """An information officer's own questions are no answer to the next one."""
    officer = sqlite_home.world.as_("hous.officer")
    for path in (
        f"/v1/cases/{ABSENT}/disclosures",
        "/v1/cases/x/disclosures",
        f"/v1/people/{ABSENT}/disclosures",
    ):
        for _ in range(3):
            assert (await officer.send("GET", path)).status_code == 404, path


async def test_a_refused_attempt_does_not_tell_the_attempters_officer_that_there_is_a_case(
    sqlite_home: HouseWorld,
) -> None:
    """Fails when a refusal can be looked up by what was asked for, where that exists and only there."""
    world, house = sqlite_home.world, sqlite_home.house
    manager, officer = world.as_("max.holt"), world.as_("job.officer")
    answers = {}
    for case, person in ((house.other_case, house.other_child), (ABSENT, ABSENT)):
        for path in (f"/v1/cases/{case}", f"/v1/cases/{case}/team", f"/v1/people/{person}"):
            assert (await manager.send("GET", path)).status_code == 404
        assert (
            await manager.send("POST", f"/v1/cases/{case}/closure", {"reason": "other"})
        ).status_code == 404
        answers[case] = [
            comparable(await officer.send("GET", f"/v1/cases/{case}/disclosures")),
            comparable(await officer.send("GET", f"/v1/people/{person}/disclosures")),
        ]
    assert answers[house.other_case] == answers[ABSENT]
    assert [status for status, _, _ in answers[ABSENT]] == [404, 404]


async def test_an_officer_learns_from_receipts_no_more_than_the_colleague_was_shown(
    sqlite_home: HouseWorld,
) -> None:
    """Of what others own, the owner's name at existence and nothing at none: no category and no subject."""
    world, house = sqlite_home.world, sqlite_home.house
    await world.as_("hana.novak").get(f"/v1/cases/{house.case}")
    read = await world.as_("hous.officer").get(f"/v1/cases/{house.case}/disclosures?limit=1")
    cells = [cell for case in read["disclosures"][0]["cases"] for cell in case["cells"]]
    assert len(cells) > 5
    unshown = [c for c in cells if c["owner"] != "tidewater-housing" and c["level"] in ("none", "existence")]
    assert not any(cell.get("categories") or cell.get("subjects") for cell in unshown)
