"""What a newer version of an assessment says about an entry holds for every older one that is still read."""

from typing import Any

import pytest

from services.assessment.assessments.copies import Copy, later_labels, origins
from shared.ids import new_id
from tests.assessment.service import CLINIC, NEED, RunningService
from tests.assessment.test_life import ACTION, by_kind, rows

anyio = pytest.mark.anyio


def a_copy(id: str, of: str, *categories: str, unanswered: bool = False) -> Copy:
    return Copy(id, of, categories, ("james",), unanswered)


def test_a_label_reaches_back_to_every_earlier_version() -> None:
    copies = [
        a_copy("b", "a", "wellbeing", unanswered=True),
        a_copy("c", "b", "offending"),
        a_copy("y", "x", "housing"),
    ]
    for told in (copies, copies[::-1]):
        later = later_labels(told)
        assert later.keys() == {"a", "b", "x"}
        assert (later["a"].categories, later["a"].unanswered) == ({"wellbeing", "offending"}, True)
        assert (later["b"].categories, later["b"].unanswered) == ({"offending"}, False)
        assert (later["x"].categories, later["x"].unanswered) == ({"housing"}, False)


def test_the_origin_of_a_copy_is_the_first_of_its_line() -> None:
    assert origins({"c": "b", "b": "a", "y": "x"}) == {"c": "a", "b": "a", "y": "x"}
    assert origins({}) == {}


async def label(service: RunningService, assessment: str, entry: str) -> tuple[list[str], list[str], bool]:
    """The label of an entry, the same wherever it is read."""
    found = await service.entry(assessment, entry)
    everything = (await service.read(query="?superseded=true"))["entries"]
    assert found in everything
    current = [one for one in (await service.read())["entries"] if one["id"] == entry]
    assert current in ([], [found])
    labels = (await service.call("POST", "/cases/labels", {"cases": [service.case]}))[service.case]
    named = ("id", "owner", "accountable", "categories", "subjects", "unanswered", "draft", "locates")
    expected = [{name: found[name] for name in named}] if current else []
    assert [one for one in labels if one["id"] == entry] == expected
    return found["categories"], found["subjects"], found["unanswered"]


async def with_needs(service: RunningService) -> tuple[str, str, str]:
    """A signed assessment with a need of the school's and one of the clinic's."""
    first = await service.finished()
    ours = await service.add(first, **NEED, sensitive_content=["mental_health"])
    theirs = await service.add(first, caller=CLINIC, **NEED, sensitive_content=[])
    await service.sign(first)
    return first, ours, theirs


def copies_of(service: RunningService) -> dict[str, str]:
    return {row["copied_from"]: row["id"] for row in rows(service, "entries") if row["copied_from"]}


@anyio
async def test_what_is_relabelled_in_a_new_version_is_so_in_the_old_one(service: RunningService) -> None:
    first, ours, theirs = await with_needs(service)
    before = [row for row in rows(service, "entries") if row["assessment_id"] == first]
    second = await service.amend(first)
    copies, sister = copies_of(service), new_id()
    person = [service.person]
    assert await label(service, first, ours) == (["wellbeing", "mental_health"], person, False)

    await service.correct(second, copies[ours], 1, sensitive_content=["domestic_abuse"])
    grown = ["wellbeing", "mental_health", "domestic_abuse"]
    assert await label(service, second, copies[ours]) == (["wellbeing", "domestic_abuse"], person, False)
    assert await label(service, first, ours) == (grown, person, False)
    await service.correct(second, copies[theirs], 1, CLINIC, sensitive_content=None)
    assert await label(service, first, theirs) == (["wellbeing"], person, True)
    await service.correct(second, copies[theirs], 2, CLINIC, subjects=[sister], sensitive_content=[])
    assert await label(service, first, theirs) == (["wellbeing"], [service.person, sister], False)

    await service.sign(second)
    assert await label(service, first, ours) == (grown, person, False)
    third = await service.amend(second)
    last = copies_of(service)[copies[ours]]
    await service.correct(third, last, 1, sensitive_content=["offending"])
    for state in ("draft", "signed"):
        everything = ["wellbeing", "mental_health", "offending", "domestic_abuse"]
        assert await label(service, first, ours) == (everything, person, False), state
        both = ["wellbeing", "offending", "domestic_abuse"]
        assert await label(service, second, copies[ours]) == (both, person, False)
        assert await label(service, third, last) == (["wellbeing", "offending"], person, False)
        if state == "draft":
            await service.sign(third)
    assert [row for row in rows(service, "entries") if row["assessment_id"] == first] == before


@anyio
async def test_what_turns_out_to_be_about_the_home_locates_in_the_old_version_too(
    service: RunningService,
) -> None:
    first, ours, _ = await with_needs(service)
    second = await service.amend(first)
    assert (await service.entry(first, ours))["locates"] is False
    changed = ["housing"]
    await service.correct(second, copies_of(service)[ours], 1, additional_categories=changed)
    assert (await service.entry(first, ours))["locates"] is True
    await label(service, first, ours)


@anyio
async def test_the_details_of_an_assessment_are_relabelled_like_an_entry(service: RunningService) -> None:
    first = await service.signed()
    second = await service.amend(first)
    await service.correct(second, second, 1, sensitive_content=["domestic_abuse"])
    assert (await label(service, first, first))[0] == ["plan", "domestic_abuse"]


@anyio
async def test_another_case_is_as_it_was(service: RunningService) -> None:
    first, ours, _ = await with_needs(service)
    case, service.case = service.case, new_id()
    await service.signed()
    read = await service.read()
    service.case, other = case, service.case
    second = await service.amend(first)
    await service.correct(second, copies_of(service)[ours], 1, sensitive_content=["domestic_abuse"])
    labels = await service.call("POST", "/cases/labels", {"cases": [case, other]})
    assert [one["categories"] for one in labels[other]] == [one["categories"] for one in read["entries"]]


@anyio
async def test_a_copied_action_says_where_it_came_from_at_first(service: RunningService) -> None:
    first = await service.finished()
    action = await service.add(first, **ACTION)
    await service.sign(first)
    second = await service.amend(first)
    added = await service.add(second, **{**ACTION, "action": "Ring his mother"})
    await service.sign(second)
    third = await service.amend(second)

    def told(read: Any) -> set[str | None]:
        actions = by_kind(read)["agreed_action"]
        assert all(("origin" in entry) == (entry["id"] not in (action, added)) for entry in actions)
        return {entry.get("origin") for entry in actions}

    assert told(await service.read(first)) == {None}
    assert told(await service.read(second)) == {action, None}
    assert told(await service.read(third)) == {action, added}
    assert told(await service.read()) == {action, added, None}
    assert told(await service.read(query="?superseded=true")) == {action, added, None}
    await service.sign(third)
    assert told(await service.read()) == {action, added}
    others = [entry for entry in (await service.read())["entries"] if entry["kind"] != "agreed_action"]
    assert others
    assert not any("origin" in entry for entry in others)
