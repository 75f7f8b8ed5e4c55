"""Young Citizens' pool through the public API, on both stores, in one process and in several."""

import pytest

from deploy.stories import young_citizens
from deploy.stories.client import Api
from tests.journeys.views import content, headlines, of_kind, to_ask

pytestmark = pytest.mark.anyio

HELP = "His mother has asked for help with the three of them"
LATE = "Brought home late twice this term"
AWAY = "Away from school one day in three"


async def test_young_citizens_pool(api: Api) -> None:
    story = await young_citizens.tell(api)
    await reasons_are_pooled_and_the_familys_key_alone_opens_no_contact(api, story)
    await a_withdrawal_shuts_the_pool_on_the_next_call(api, story)


async def reasons_are_pooled_and_the_familys_key_alone_opens_no_contact(
    api: Api, story: young_citizens.Pool
) -> None:
    before = await young_citizens.read_as_each(api, story.case)
    assert headlines(before["social services"]) == {HELP: "full", LATE: "summary", AWAY: "summary"}
    assert headlines(before["police"]) == {HELP: "summary", LATE: "full", AWAY: "summary"}
    assert headlines(before["education welfare"]) == {HELP: "summary", LATE: "summary", AWAY: "full"}
    for view in before.values():
        reasons = [e for e in of_kind(view, "need") if e["level"] == "summary"]
        assert {name for entry in reasons for name in entry["fields"]} == {"element", "headline"}

    def contacts(who: str) -> list[str]:
        return [entry["level"] for entry in of_kind(before[who], "contact")]

    assert contacts("social services") == ["full"], "how to reach the family is social services' own"
    assert contacts("police") == contacts("education welfare") == []

    await young_citizens.family_turns_its_key(api, story)
    turned = await young_citizens.read_as_each(api, story.case)
    for who, view in turned.items():
        assert content(view) == content(before[who]), f"one key changes nothing for {who}"


async def a_withdrawal_shuts_the_pool_on_the_next_call(api: Api, story: young_citizens.Pool) -> None:
    answer = await young_citizens.family_takes_back(api, story, story.reasons_permission)
    assert answer["enforced_at"].endswith("Z")
    after = await young_citizens.read_as_each(api, story.case)
    assert headlines(after["social services"]) == {HELP: "full"}
    assert headlines(after["police"]) == {LATE: "full"}
    assert headlines(after["education welfare"]) == {AWAY: "full"}
    assert to_ask(after["police"]) == {young_citizens.SOCIAL_CARE, young_citizens.EDUCATION_WELFARE}
    for view in after.values():
        assert view["header"]["lead_professional"]["user"] == "moira.flynn", "help goes on"
