"""Who may answer for whom is recorded by whoever saw the document, listed, and ended."""

from typing import Any

import pytest

from clients.practitioner.pages.authorities import authority_of
from clients.practitioner.presenters.authorities import authorities_of, responsibilities_of
from clients.practitioner.visit import Form
from shared.vocabulary import AuthorityKind, Category
from tests.practitioner.browser import Desk

pytestmark = pytest.mark.anyio
HOSTILE = '"><script>alert(1)</script>\u202e' + "x" * 200
Json = dict[str, Any]


def at(desk: Desk, end: str = "") -> str:
    return f"/cases/{desk.home.house.case}/authorities{end}"


async def test_a_power_of_attorney_is_recorded_once_shown_and_ended(desk: Desk) -> None:
    house, world = desk.home.house, desk.home.world
    browser = await desk.signed_in("nadia.bell")
    listed = await browser.get(f"/cases/{house.case}/permissions")
    page = await browser.get(listed.links["Who may answer for whom"])
    assert (page.address, page.heading) == (at(desk), "Who may answer for whom")
    assert "(mother)" in page.text, "whose parental responsibility is recorded"
    new = page.links["Record a document that you have seen"]
    page = await browser.get(new)
    wrong = await browser.send(page, new, document="Lasting power " + HOSTILE, kind="power_of_attorney")
    assert wrong.status == 422
    assert len(wrong.mistakes) >= 3
    assert wrong.filled_in(new)["document"] == "Lasting power " + HOSTILE
    typed: dict[str, str | list[str]] = {
        "kind": "power_of_attorney", "subject": house.mother, "holder": house.child,
        "document": "Lasting power " + HOSTILE, "covers": ["money_work", "housing"],
        "verified_by": "Nadia Bell, who saw it", "valid_until__day": "1", "valid_until__month": "6",
        "valid_until__year": "2032",
    }  # fmt: skip
    backwards: dict[str, str | list[str]] = {
        "valid_from__day": "2", "valid_from__month": "6", "valid_from__year": "2032",
    }  # fmt: skip
    wrong = await browser.send(wrong, new, **{**typed, **backwards})
    assert (wrong.status, len(wrong.mistakes)) == (422, 1)
    typed |= dict.fromkeys(backwards, "")
    await browser.send(wrong, new, **typed)
    done = await browser.send(wrong, new, **typed)
    assert (done.status, done.address) == (200, at(desk))
    assert "<script>alert" not in done.html
    assert done.text.count("Power of attorney:") == 1, "a double submit records one"
    assert "Money and work" in done.text
    recorded = (await world.as_("nadia.bell").get(f"/v1/cases/{house.case}/authorities"))["authorities"]
    assert [one["covers"] for one in recorded] == [["housing", "money_work"]]
    ending = at(desk, f"/{recorded[0]['id']}/ending")
    assert ending in done.links.values()
    page = await browser.send(await browser.get(ending), ending, reason="")
    assert (page.status, page.mistakes) == (422, ["Fill this in."])
    over = await browser.send(page, ending, reason="Revoked")
    assert (over.status, over.address, "Ended" in over.text) == (200, at(desk), True)
    assert ending not in over.links.values()
    assert (await browser.get(ending)).status == 404


async def test_the_end_of_an_order_is_offered_where_it_is_not_refused_and_asks_by_what_it_ended(
    desk: Desk,
) -> None:
    """What the mother agreed to about learning names the school, about mental health it does not."""
    house, world = desk.home.house, desk.home.world
    school = world.as_("nadia.bell")
    order = {
        "kind": "court_order", "effect": "takes_away", "subject": house.child, "holder": house.mother,
        "document": "Order 3", "covers": ["learning"], "verified_by": "Nadia Bell",
    }  # fmt: skip
    path = f"/v1/cases/{house.case}/authorities"
    own = (await school.post(path, order))["id"]
    other = (await school.post(path, order | {"covers": ["mental_health"]}))["id"]
    browser = await desk.signed_in("nadia.bell")
    page = await browser.get(at(desk))
    assert at(desk, f"/{own}/ending") not in page.links.values()
    assert (await browser.get(at(desk, f"/{own}/ending"))).status == 404
    ending = at(desk, f"/{other}/ending")
    assert ending in page.links.values()
    page = await browser.send(await browser.get(ending), ending, reason="Discharged")
    assert (page.status, len(page.mistakes)) == (422, 1)
    assert "By which order or letter" in page.text
    over = await browser.send(page, ending, reason="Discharged", reference="Order 4, on file")
    assert (over.status, over.address) == (200, at(desk))
    assert ending not in over.links.values()


async def test_whoever_only_reads_records_and_ends_nothing(desk: Desk) -> None:
    reader = await desk.signed_in("ben.carver")
    page = await reader.get(at(desk))
    assert (page.status, "Record a document that you have seen" in page.links) == (200, False)
    assert (await reader.get(at(desk, "/new"))).status == 404
    stranger = await desk.signed_in("max.holt")
    for end in ("", "/new", "/20000000-0000-4000-8000-000000000000/ending"):
        assert (await stranger.get(at(desk, end))).status == 404


ROW: Json = {
    "id": "a", "kind": "court_order", "effect": "takes_away", "subject": "kit", "holder": "mum",
    "holder_agency": None, "document": "Order 7", "covers": sorted(Category), "verified_by": "N",
    "recorded_by_agency": "a-school", "may": ["ending"],
    "valid_from": "2031-03-01T00:00:00.000000Z", "valid_until": None, "ended_at": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "In force"),
        ({"valid_from": "2031-03-03T09:00:00.000001Z"}, "Not begun"),
        ({"valid_until": "2031-03-03T09:00:00.000000Z"}, "Over"),
        ({"ended_at": "2031-03-02T00:00:00.000000Z", "may": []}, "Ended"),
    ],
)
def test_an_authority_is_shown_as_what_it_is_now(changes: Json, state: str) -> None:
    rows = {"authorities": [ROW | changes]}
    [one] = authorities_of(rows, {"mum": "Ann"}, {}, "2031-03-03T09:00:00.000000Z")
    assert (one.state, one.holder, one.about) == (state, "Ann", "Somebody whose name is not shown")
    assert one.kind == "An order of a court that takes their say away"
    assert one.covers == ["Everything"]
    assert one.may_end == (changes.get("ended_at") is None)


def test_who_is_shown_to_have_responsibility_is_as_far_as_the_view_shows_it() -> None:
    def related(**fields: Any) -> Json:
        return {"kind": "relationship", "subjects": ["kit"], "fields": fields}

    rows = [
        related(from_person="mum", to_person="kit", relation="mother", parental_responsibility=True),
        related(from_person="gran", to_person="kit", relation="grandmother", parental_responsibility=False),
        related(relation="father"),
        {"kind": "name", "subjects": ["kit"], "fields": {"given_names": "Kit"}},
    ]
    shown = responsibilities_of({"areas": {"person": rows}}, {"mum": "Ann", "kit": "Kit"})
    assert [(one.adult, one.child, one.relation) for one in shown] == [("Ann", "Kit", "mother")]


def test_the_form_says_each_kind_in_the_apis_words() -> None:
    typed = (("subject", "kit"), ("holder", "mum"), ("holder_agency", "a-council"), ("covers", "everything"))
    council = authority_of(Form((*typed, ("kind", "local_authority"))))
    assert (council["holder_agency"], "holder" in council) == ("a-council", False)
    assert council["covers"] == list(Category)
    order = authority_of(Form((*typed, ("kind", "court_order_takes_away"))))
    assert (order["kind"], order["effect"], order["holder"]) == ("court_order", "takes_away", "mum")
    for kind in AuthorityKind:
        assert authority_of(Form((*typed, ("kind", kind.value))))["kind"] == kind
