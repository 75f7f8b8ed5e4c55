"""From a draft to a version in force, and back (design 3.6)."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.consent.policies.lifecycle import RESULTS_LAST
from shared.clock import rfc3339
from shared.identity import Caller
from shared.ids import new_id
from shared.problems import Problem
from tests.consent.service import (
    HOUSING,
    HOUSING_OFFICER,
    SCHOOL_OFFICER,
    START,
    YOT_OFFICER,
    ConsentService,
    D,
    Json,
    a_case,
    a_label,
    fresh_case,
)

pytestmark = pytest.mark.anyio

DATA = Path(__file__).parents[2] / "services/consent/policy_data"
DEFAULT: Json = json.loads((DATA / "default-1.json").read_text("utf-8"))
GOLDENS: list[Json] = json.loads((DATA / "golden-1.json").read_text("utf-8"))
IN_AN_HOUR = START + timedelta(hours=1)
DRAFTS = "/policies/drafts"
PLAN = a_label("hill-school", "plan")
COLUMNS = "IACNPVUHMBXOSDEF"


def document(level: str = "2") -> Json:
    """The default policy, but that practitioners with a part in a case see the plan at ``level`` at most."""
    changed: Json = json.loads(json.dumps(DEFAULT))
    for entry in changed["ceilings"]:
        if entry["role"] == "practitioner" and entry["relationships"] != ["none"]:
            place = COLUMNS.index("P")
            lower = min(level, entry["levels"][place])
            entry["levels"] = entry["levels"][:place] + lower + entry["levels"][place + 1 :]
    return changed


def goldens(level: str = "2") -> list[Json]:
    """The default's golden rows, with those about practitioners and the plan as they come out then."""
    words = {"1": "existence", "2": "summary"}
    return [
        {**row, "expected": words[level]}
        if (row["role"], row["categories"]) == ("practitioner", ["plan"]) and row["expected"] != "none"
        else row
        for row in GOLDENS
    ]


async def begin(service: ConsentService, who: Caller = SCHOOL_OFFICER) -> str:
    new = {"from_version": 1, "why": "Plans are for the lead"}
    return str((await service.call(who, "POST", DRAFTS, new))["id"])


async def change(
    service: ConsentService,
    draft: str,
    content: Json,
    rows: list[Json] | None = None,
    *,
    who: Caller = SCHOOL_OFFICER,
    revision: int = 1,
) -> Any:
    changes = {"why": "As agreed", "document": content, "goldens": goldens() if rows is None else rows}
    body = {"changes": changes, "if_match": f'"{revision}"'}
    return await service.call(who, "PUT", f"{DRAFTS}/{draft}", body)


async def simulate(service: ConsentService, draft: str, **wanted: Any) -> str:
    """A simulation over no cases at all; its digest."""
    path = f"{DRAFTS}/{draft}/simulations"
    begun = await service.call(SCHOOL_OFFICER, "POST", path, wanted)
    page: Json = {"after": None, "next": None, "cases": []}
    await service.call(SCHOOL_OFFICER, "POST", f"{path}/{begun['id']}/pages", page)
    card = await service.call(SCHOOL_OFFICER, "GET", f"{path}/{begun['id']}")
    return str(card["digest"])


async def approve(
    service: ConsentService, draft: str, digest: str, who: Caller = HOUSING_OFFICER, **more: Any
) -> Any:
    return await service.call(who, "POST", f"{DRAFTS}/{draft}/approval", {"digest": digest}, **more)


async def publish(
    service: ConsentService, draft: str, digest: str, at: Any = IN_AN_HOUR, who: Caller = SCHOOL_OFFICER
) -> Any:
    body = {"digest": digest, "published_from": rfc3339(at)}
    return await service.call(who, "POST", f"{DRAFTS}/{draft}/publication", body)


async def ready(service: ConsentService, content: Json, rows: list[Json] | None = None) -> tuple[str, str]:
    """A draft that is simulated and approved, and its digest."""
    draft = await begin(service)
    await change(service, draft, content, rows)
    digest = await simulate(service, draft)
    await approve(service, draft, digest)
    return draft, digest


async def refused(kind: str, awaited: Any) -> Problem:
    with pytest.raises(Problem) as raised:
        await awaited
    assert raised.value.kind == kind, raised.value
    assert raised.value.detail.endswith(".")
    return raised.value


async def plan_level(service: ConsentService) -> int:
    return (await service.levels(HOUSING, a_case(fresh_case(), PLAN)))[0]


async def test_what_a_version_takes_away_is_gone_d_before_its_date_and_what_it_gives_comes_at_it(
    service: ConsentService,
) -> None:
    """Tightens early, widens late: an answer that may still be on its way obeys both versions."""
    content = document("2")
    for entry in content["ceilings"]:
        if entry["role"] == "volunteer":
            entry["levels"] = entry["levels"].replace("2300200000000002", "2302200000000002")
    draft, digest = await ready(service, content)
    answer = await publish(service, draft, digest)
    assert answer["version"] == 2
    assert answer["enforced_at"] == answer["published_from"] == rfc3339(IN_AN_HOUR)
    assert service.slept == [D]
    volunteer = Caller("vera", "Vera", "hope-mentors", "volunteer")
    involved = a_label("hill-school", "involvement")
    seen = []
    for before in (D + 0.000001, D, D / 2, 0.000001, 0, -1):
        service.clock.at = IN_AN_HOUR - timedelta(seconds=before)
        plan = await plan_level(service)
        involvement = (await service.levels(volunteer, a_case(fresh_case(), involved)))[0]
        version = (await service.decide(HOUSING))["policy_version"]
        seen.append((plan, involvement, version))
    assert seen == [(3, 0, 1), (2, 0, 1), (2, 0, 1), (2, 0, 1), (2, 2, 2), (2, 2, 2)]


async def test_a_version_never_changes_and_numbers_follow_each_other_without_a_gap(
    service: ConsentService,
) -> None:
    first = await service.call(SCHOOL_OFFICER, "GET", "/policies/1")
    for number, level in ((2, "2"), (3, "1"), (4, "2")):
        draft, digest = await ready(service, document(level), goldens(level))
        answer = await publish(service, draft, digest, START + timedelta(days=number))
        assert answer["version"] == number
        await refused("conflict", publish(service, draft, digest, START + timedelta(days=number)))
        await refused("conflict", approve(service, draft, digest))
        await refused("conflict", change(service, draft, DEFAULT, revision=2))
        await refused("conflict", simulate(service, draft))
    again = await service.call(SCHOOL_OFFICER, "GET", "/policies/1")
    assert {**again, "state": first["state"]} == first
    listed = await service.call(SCHOOL_OFFICER, "GET", "/policies")
    assert [row["version"] for row in listed] == [4, 3, 2, 1]
    assert {row["published_by"] for row in listed} == {"otto", "migration 0001"}
    assert [row["approved_by"] for row in listed] == ["omar"] * 3 + [None]
    assert [row["state"] for row in listed] == ["to_come"] * 3 + ["in_force"]
    service.clock.at = START + timedelta(days=3)
    listed = await service.call(SCHOOL_OFFICER, "GET", "/policies")
    assert [row["state"] for row in listed] == ["to_come", "in_force", "superseded", "superseded"]
    assert await plan_level(service) == 1


async def test_of_two_publications_at_once_one_is_refused_and_no_number_is_lost(
    service: ConsentService,
) -> None:
    both = [await ready(service, document(level), goldens(level)) for level in ("2", "1")]

    async def attempt(draft: str, digest: str) -> str:
        try:
            return str((await publish(service, draft, digest))["version"])
        except Problem as problem:
            return problem.kind

    outcomes = await asyncio.gather(*(attempt(*one) for one in both * 4))
    assert sorted(outcomes) == ["2", *["conflict"] * 7]
    assert [row["version"] for row in await service.call(SCHOOL_OFFICER, "GET", "/policies")] == [2, 1]
    assert service.select("SELECT count(*) FROM policy_drafts WHERE published_version = 2") == [(1,)]


async def test_decisions_under_the_old_version_finish_and_new_ones_use_the_tighter_one(
    service: ConsentService,
) -> None:
    """P1: none that starts once the publication is enforced sees what it took away; each receipt names its
    version. Fails when a policy is kept in memory, or counts only from its date."""
    draft, digest = await ready(service, document("2"))
    soon = START + timedelta(seconds=3)
    levels: list[tuple[float, int, int]] = []

    async def read() -> None:
        case = a_case(fresh_case(), PLAN)
        at = service.clock.at
        answer = await service.decide(HOUSING, case)
        levels.append(
            ((soon - at).total_seconds(), answer["cases"][0]["levels"][0], answer["policy_version"])
        )

    async def turn() -> None:
        for _ in range(40):
            await asyncio.gather(read(), read())
            service.clock.turn(seconds=0.1)

    await asyncio.gather(publish(service, draft, digest, soon), turn())
    assert len(levels) == 80
    for ahead, level, version in levels:
        assert version == (1 if ahead > 0 else 2)
        if ahead <= D:
            assert level == 2, ahead
    assert {level for _, level, _ in levels} == {2, 3}
    assert {version for _, _, version in levels} == {1, 2}


async def test_a_publication_lies_d_ahead_at_least_and_names_a_moment(service: ConsentService) -> None:
    draft, digest = await ready(service, document("2"))
    for moment in (START - timedelta(days=1), START, START + timedelta(seconds=D - 0.000001)):
        problem = await refused("invalid", publish(service, draft, digest, moment))
        assert [error.field for error in problem.errors] == ["published_from"]
    assert service.rows()["policies"] == 1
    assert service.slept == []
    assert (await publish(service, draft, digest, START + timedelta(seconds=D)))["version"] == 2


@pytest.mark.parametrize("who", [SCHOOL_OFFICER, YOT_OFFICER])
async def test_nobody_who_wrote_any_of_a_draft_approves_it(service: ConsentService, who: Caller) -> None:
    draft = await begin(service)
    await change(service, draft, document("2"), who=YOT_OFFICER)
    digest = await simulate(service, draft)
    problem = await refused("forbidden", approve(service, draft, digest, who))
    assert "whoever wrote" in problem.detail
    colleague = Caller("second", "Second", who.agency, "information_officer")
    problem = await refused("forbidden", approve(service, draft, digest, colleague))
    assert "another agency" in problem.detail
    elsewhere = Caller(who.user, who.name, "north-police", "information_officer")
    assert "whoever wrote" in (await refused("forbidden", approve(service, draft, digest, elsewhere))).detail
    await refused("conflict", publish(service, draft, digest))
    assert service.rows()["policy_approvals"] == 0
    await approve(service, draft, digest, HOUSING_OFFICER)


async def test_who_speaks_for_the_partnership_approves_what_a_colleague_wrote_and_never_their_own(
    service: ConsentService,
) -> None:
    office = {"code": "the-office", "name": "The office", "kind": "partnership"}
    first, second = (Caller(user, user, "the-office", "information_officer") for user in ("una", "uma"))
    await service.call(first, "POST", "/agencies", office)
    draft = await begin(service, first)
    await change(service, draft, document(), who=first)
    digest = await simulate(service, draft)
    assert "whoever wrote" in (await refused("forbidden", approve(service, draft, digest, first))).detail
    await approve(service, draft, digest, second)


async def test_an_approval_holds_for_one_digest_and_is_given_once(service: ConsentService) -> None:
    draft = await begin(service)
    await refused("conflict", approve(service, draft, "0" * 64))
    await change(service, draft, document("2"))
    digest = await simulate(service, draft)
    other = await begin(service)
    await simulate(service, other)
    await refused("conflict", approve(service, other, digest))
    answer = await approve(service, draft, digest, key="once")
    assert await approve(service, draft, digest, key="once") == answer
    assert "already" in (await refused("conflict", approve(service, draft, digest))).detail
    await refused("conflict", approve(service, draft, digest, YOT_OFFICER))
    # The same content again is another revision: what was approved is not what stands there.
    await change(service, draft, document("2"), revision=2)
    await refused("conflict", publish(service, draft, digest))
    again = await simulate(service, draft)
    assert again != digest
    await refused("conflict", publish(service, draft, again))
    await refused("conflict", approve(service, draft, digest))
    assert service.rows()["policy_approvals"] == 1


async def test_stale_results_are_neither_approved_nor_published(service: ConsentService) -> None:
    draft, digest = await ready(service, document("2"))
    unapproved = await begin(service)
    await change(service, unapproved, document("1"), goldens("1"))
    of_unapproved = await simulate(service, unapproved)
    service.clock.turn(days=RESULTS_LAST.days)
    late = service.clock.at + timedelta(hours=1)
    assert "older than" in (await refused("conflict", publish(service, draft, digest, late))).detail
    assert "older than" in (await refused("conflict", approve(service, unapproved, of_unapproved))).detail
    fresh = await simulate(service, draft)
    await refused("conflict", publish(service, draft, digest, late))
    await approve(service, draft, fresh)
    of_unapproved = await simulate(service, unapproved)
    await approve(service, unapproved, of_unapproved)
    await publish(service, draft, fresh, late)
    problem = await refused("conflict", publish(service, unapproved, of_unapproved, late))
    assert "Another version" in problem.detail


async def test_a_draft_replaces_the_version_that_it_was_simulated_against(service: ConsentService) -> None:
    first, digest = await ready(service, document("2"))
    june = START + timedelta(days=90)
    await publish(service, first, digest, june)
    second = await begin(service)
    await change(service, second, document("1"), goldens("1"))
    digest = await simulate(service, second)
    await approve(service, second, digest)
    problem = await refused("conflict", publish(service, second, digest, june - timedelta(days=1)))
    assert "another version" in problem.detail
    digest = await simulate(service, second, against=1)
    await approve(service, second, digest)
    await publish(service, second, digest, june - timedelta(days=1))
    listed = await service.call(SCHOOL_OFFICER, "GET", "/policies")
    assert [row["state"] for row in listed] == ["to_come", "overtaken", "in_force"]
    service.clock.at = june
    assert await plan_level(service) == 1, "the newer publication stands, whatever date the older one had"


async def test_an_older_versions_content_is_restored_as_a_new_version_that_a_second_person_approves(
    service: ConsentService,
) -> None:
    draft, digest = await ready(service, document("2"))
    await publish(service, draft, digest)
    back = {"why": "Teams need the plan"}
    restoring = (await service.call(YOT_OFFICER, "POST", "/policies/1/restoration", back))["id"]
    problem = await refused("conflict", change(service, restoring, DEFAULT, GOLDENS))
    assert "as it was" in problem.detail
    digest = await simulate(service, restoring)
    await refused("forbidden", approve(service, restoring, digest, YOT_OFFICER))
    await approve(service, restoring, digest)
    await publish(service, restoring, digest, IN_AN_HOUR + timedelta(hours=1))
    third = await service.call(SCHOOL_OFFICER, "GET", "/policies/3")
    assert (third["restores"], third["document"], third["goldens"]) == (1, DEFAULT, GOLDENS)
    changed = await service.call(SCHOOL_OFFICER, "GET", "/policies/1/differences/3")
    assert changed["levels"] == []
    service.clock.at = IN_AN_HOUR + timedelta(hours=1)
    assert await plan_level(service) == 3


BROKEN: list[tuple[Any, str]] = [
    (lambda d: d.pop("rows"), "document"),
    (lambda d: d.update(surprise="canary"), "document"),
    (lambda d: d["ceilings"][2].update(role="canary"), "document.ceilings.2.role"),
    (lambda d: d["ceilings"][2].update(relationships=["canary"]), "document.ceilings.2.relationships.0"),
    (lambda d: d["ceilings"][2].update(levels="canary"), "document.ceilings.2.levels"),
    (lambda d: d["own_ceilings"][0].update(levels="4" * 16), "document.own_ceilings.0.levels.I"),
    (lambda d: d["rows"][0]["cells"].update(H="canary"), "document.rows.0.cells.H"),
    (lambda d: d["rows"][0]["cells"].update(H="1P3"), "document.rows.0.cells.H"),
    (lambda d: d["columns"][0]["categories"].append("canary"), "document.columns.0.categories.1"),
    (lambda d: d["columns"][0].update(letter="canary"), "document.columns.0.letter"),
    (lambda d: d["ceilings"].append(d["ceilings"][0]), "document.ceilings.17"),
    (lambda d: d["lawful_bases"][0].update(basis=""), "document.lawful_bases.0.basis"),
    (lambda d: d["lawful_bases"][0].update(categories=["canary"]), "document.lawful_bases.0.categories.0"),
    (lambda d: d.update(version="x" * 301), "document.version"),
    (lambda d: d.update(obligations={"canary": []}), "document.obligations"),
    (lambda d: d.update(ceilings=None), "document.ceilings"),
]


async def test_what_breaks_the_vocabulary_is_refused_with_its_path_and_without_its_value(
    service: ConsentService,
) -> None:
    draft = await begin(service)
    before = await service.call(SCHOOL_OFFICER, "GET", f"{DRAFTS}/{draft}")
    for breaks, field in BROKEN:
        content = json.loads(json.dumps(DEFAULT))
        breaks(content)
        problem = await refused("invalid", change(service, draft, content))
        assert [error.field for error in problem.errors] == [field]
        assert "canary" not in f"{problem.detail} {problem.errors[0].message}"
    assert len(BROKEN) == 16
    assert await service.call(SCHOOL_OFFICER, "GET", f"{DRAFTS}/{draft}") == before


async def test_a_draft_is_changed_by_whoever_saw_it_as_it_stands(service: ConsentService) -> None:
    draft = await begin(service)
    answer = await change(service, draft, document("2"))
    assert (answer["version"], answer["etag"]) == (2, '"2"')
    for revision in (1, 3, 0):
        await refused("stale", change(service, draft, DEFAULT, revision=revision))
    shown = await service.call(YOT_OFFICER, "GET", f"{DRAFTS}/{draft}")
    assert (shown["revision"], shown["document"]) == (2, document("2"))
    await change(service, draft, document("1"), who=YOT_OFFICER, revision=2)
    [listed] = await service.call(YOT_OFFICER, "GET", DRAFTS)
    assert [author["user"] for author in listed["authors"]] == ["otto", "olga"]
    await refused("not-found", change(service, new_id(), DEFAULT))


async def test_an_error_or_a_failing_golden_row_blocks_approval_until_it_is_put_right(
    service: ConsentService,
) -> None:
    draft = await begin(service)
    # Who leads would see less of the plan than a member, and more of other things.
    less = document("2")
    for entry in less["ceilings"]:
        if entry["role"] == "practitioner" and entry["relationships"] == ["lead"]:
            entry["levels"] = entry["levels"][:4] + "1" + entry["levels"][5:]
    await change(service, draft, less)
    digest = await simulate(service, draft)
    shown = await service.call(SCHOOL_OFFICER, "GET", f"{DRAFTS}/{draft}")
    errors = [found for found in shown["findings"] if found["severity"] == "error"]
    assert {found["rule"] for found in errors} == {"more_through_two_relationships"}
    assert "findings" in (await refused("conflict", approve(service, draft, digest))).detail
    await change(service, draft, document("2"), GOLDENS, revision=2)
    digest = await simulate(service, draft)
    shown = await service.call(SCHOOL_OFFICER, "GET", f"{DRAFTS}/{draft}")
    assert shown["failing_goldens"] == [
        {"place": 0, "says": GOLDENS[0]["says"], "expected": "full", "got": "summary"}
    ]
    assert "golden row" in (await refused("conflict", approve(service, draft, digest))).detail
    await change(service, draft, document("2"), goldens(), revision=3)
    digest = await simulate(service, draft)
    shown = await service.call(SCHOOL_OFFICER, "GET", f"{DRAFTS}/{draft}")
    assert shown["differences"]["goldens"] == {"added": [goldens()[0]], "removed": [GOLDENS[0]]}
    await approve(service, draft, digest)


async def test_golden_rows_are_kept_with_the_version_and_carried_into_its_drafts(
    service: ConsentService,
) -> None:
    assert (await service.call(SCHOOL_OFFICER, "GET", "/policies/1"))["goldens"] == GOLDENS
    draft, digest = await ready(service, document("2"))
    await publish(service, draft, digest)
    new = {"from_version": 2, "why": "Next"}
    following = (await service.call(SCHOOL_OFFICER, "POST", DRAFTS, new))["id"]
    shown = await service.call(SCHOOL_OFFICER, "GET", f"{DRAFTS}/{following}")
    assert shown["goldens"] == goldens()
    assert shown["failing_goldens"] == []


async def test_approval_and_publication_leave_receipts_that_name_what_they_rest_on(
    service: ConsentService,
) -> None:
    draft, digest = await ready(service, document("2"))
    await publish(service, draft, digest)
    left = [
        (row["chain"], row["user"], row["action"], row["deed"], row["policy_version"], row["facts_version"])
        for row in service.receipts()
    ]
    assert left == [
        ("agency:city-housing", "omar", "contribute", "approve_policy", 1, digest),
        ("agency:hill-school", "otto", "contribute", "publish_policy", 2, digest),
    ]
    assert service.faults() == []


async def test_what_there_is_not_is_not_found(service: ConsentService) -> None:
    nowhere = new_id()
    for number in ("0", "2", "999999", "1000000", "01", "x", "-1", "1.0", "%31%00"):
        for path in (
            f"/policies/{number}",
            f"/policies/{number}/matrix",
            f"/policies/1/differences/{number}",
        ):
            reply = await service.send("GET", path, caller=SCHOOL_OFFICER)
            assert reply.status == 404, path
    await refused("not-found", approve(service, nowhere, "0" * 64))
    await refused("not-found", publish(service, nowhere, "0" * 64))
    await refused("not-found", simulate(service, nowhere))
    await refused("invalid", service.call(SCHOOL_OFFICER, "POST", DRAFTS, {"from_version": 7, "why": "x"}))
    draft = await begin(service)
    await refused("invalid", simulate(service, draft, against=7))


# --- a draft thrown away


async def discard(service: ConsentService, draft: str, who: Caller = SCHOOL_OFFICER, **more: Any) -> Any:
    return await service.call(who, "DELETE", f"{DRAFTS}/{draft}", **more)


async def test_a_draft_that_nobody_approved_is_discarded_with_its_results(
    service: ConsentService,
) -> None:
    draft = await begin(service)
    await change(service, draft, document())
    await simulate(service, draft)
    kept = await begin(service)
    assert await discard(service, draft, key="k") == {"id": draft}
    assert await discard(service, draft, key="k") == {"id": draft}, "a replay"
    rows = service.rows()
    assert (rows["policy_drafts"], rows["policy_simulations"]) == (1, 0)
    assert [one["id"] for one in await service.call(SCHOOL_OFFICER, "GET", DRAFTS)] == [kept]
    for gone in (draft, new_id(), "not-an-id"):
        for method, path in (("DELETE", ""), ("GET", ""), ("POST", "/simulations")):
            problem = await service.problem(SCHOOL_OFFICER, method, f"{DRAFTS}/{gone}{path}", {})
            assert problem.kind == "not-found", (method, gone)


async def test_only_an_agency_that_wrote_any_of_a_draft_discards_it(service: ConsentService) -> None:
    draft = await begin(service)
    assert (await service.problem(HOUSING_OFFICER, "DELETE", f"{DRAFTS}/{draft}")).kind == "forbidden"
    await change(service, draft, document(), who=HOUSING_OFFICER)
    colleague = Caller("orla", "Orla Hill", "hill-school", "information_officer")
    assert await discard(service, draft, colleague) == {"id": draft}
    other = await begin(service)
    await change(service, other, document(), who=HOUSING_OFFICER)
    assert await discard(service, other, HOUSING_OFFICER) == {"id": other}


async def test_what_was_approved_or_published_is_not_discarded(service: ConsentService) -> None:
    draft, digest = await ready(service, document())
    before = service.rows()
    problem = await service.problem(SCHOOL_OFFICER, "DELETE", f"{DRAFTS}/{draft}")
    assert (problem.kind, "approved" in problem.detail) == ("conflict", True)
    await publish(service, draft, digest)
    problem = await service.problem(SCHOOL_OFFICER, "DELETE", f"{DRAFTS}/{draft}")
    assert (problem.kind, "published" in problem.detail) == ("conflict", True)
    rows = service.rows()
    assert {name for name in rows if rows[name] != before[name]} <= {"policies", "receipts", "chains"}


async def test_a_change_after_the_approval_lets_it_be_discarded(service: ConsentService) -> None:
    draft, _ = await ready(service, document())
    await change(service, draft, document("1"), goldens("1"), revision=2)
    assert await discard(service, draft) == {"id": draft}
    rows = service.rows()
    assert rows["policy_drafts"] == rows["policy_approvals"] == rows["policy_simulations"] == 0
    deeds = [receipt["deed"] for receipt in service.receipts()]
    assert "approve_policy" in deeds, "that somebody approved what it was before stays in the ledger"
