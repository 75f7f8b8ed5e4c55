"""An assessment on paper: what the view shows, no more, and nothing in it runs."""

from typing import Any

import pytest

from services.gateway.printing import STYLE, printed_assessment
from shared.disclosure import AgencyCard
from tests.gateway.conftest import HouseWorld
from tests.gateway.household import House

pytestmark = pytest.mark.anyio

HOSTILE = '<script>alert("x")</script>{{ 7 * 7 }}&amp;</style>'
INSTRUMENT = {
    "title": "A form",
    "domains": [{"title": "First domain", "elements": [{"code": "health", "title": "General health"}]}],
    "parts": [{"kind": "goal", "title": "What we want to change"}],
}


def path_of(house: House) -> str:
    return f"/v1/cases/{house.case}/assessments/{house.assessment}"


async def test_the_page_shows_the_entries_of_the_view_and_is_recorded_as_a_print(home: HouseWorld) -> None:
    world, house = home.world, home.house
    counts, whom = set(), {"name", "birth"}
    for user in ("nadia.bell", "sam.okafor", "hana.novak", "ruth.amadi"):
        session = world.as_(user)
        view = await session.get(path_of(house))
        page = await session.send("GET", f"{path_of(house)}/print")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert [receipt["action"] for receipt in await world.receipts_now(user)] == ["print"]
        about = (await session.get(f"/v1/cases/{house.case}"))["areas"]["person"]
        told = [*view["entries"], *(entry for entry in about if entry["kind"] in whom)]
        assert page.text.count("<article ") == len(told) > len(view["entries"]) > 0
        for entry in told:
            assert f'data-entry="{entry["id"]}" data-level="{entry["level"]}"' in page.text
        counts.add(len(view["entries"]))
    assert len(counts) > 1, "everybody saw the same: this shows nothing"


async def test_who_may_not_see_the_assessment_cannot_print_it(home: HouseWorld) -> None:
    world, house = home.world, home.house
    asked = f"/v1/cases/{house.case}/assessments"
    hidden = await world.as_("max.holt").send("GET", f"{asked}/{house.assessment}/print")
    absent = await world.as_("nadia.bell").send("GET", f"{asked}/{house.case}/print")
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert absent.status_code == 404


async def test_a_browser_is_told_to_run_and_to_load_nothing(sqlite_home: HouseWorld) -> None:
    page = await sqlite_home.world.as_("nadia.bell").send("GET", f"{path_of(sqlite_home.house)}/print")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert STYLE in page.text
    assert "<script" not in page.text


def printed(entry: dict[str, Any], instrument: dict[str, Any] | None = INSTRUMENT) -> str:
    shown = {
        "id": "e", "level": "full", "owner": "school", "recorded_at": "2031-03-03T09:00:00.000000Z", **entry,
    }  # fmt: skip
    view = {
        "entries": [shown], "not_available": [{"ask": HOSTILE}], "notice": HOSTILE,
        "decision": {"receipt": "r"},
    }  # fmt: skip
    person = {"name": HOSTILE, "date_of_birth": None}
    return printed_assessment(
        view, person, instrument, {"school": AgencyCard(name=HOSTILE, telephone=None)}, HOSTILE
    )


@pytest.mark.parametrize("instrument", [INSTRUMENT, None])
@pytest.mark.parametrize("kind", ["goal", "need", "something_new"])
def test_whatever_is_written_is_printed_as_words(kind: str, instrument: dict[str, Any] | None) -> None:
    """Fails when a page is put together without escaping, wherever people's words stand."""
    fields = {"element": "health", "text": HOSTILE, "answers": [{"question": HOSTILE, "answer": True}]}
    page = printed({"kind": kind, "fields": fields}, instrument)
    assert page.count("&lt;script&gt;") == 7
    assert "<script" not in page
    assert "49" not in page
    assert page.count("</style>") == 1


def test_an_entry_of_a_kind_that_the_form_does_not_name_is_printed_too() -> None:
    page = printed({"kind": "something_new", "fields": {"text": "Here"}})
    assert "Something new" in page
    assert page.count("<article ") == 1
    assert "General health: need" in printed({"kind": "need", "fields": {"element": "health"}})
    assert "First domain" in printed({"kind": "need", "fields": {"element": "health"}})
    assert "What we want to change" in printed({"kind": "goal", "fields": {"text": "Here"}})
