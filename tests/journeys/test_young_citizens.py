"""Young Citizens' pool through the public API, on both stores, in one process and in several."""

from typing import Any

import pytest

from deploy.stories import young_citizens
from deploy.stories.client import Api
from tests.journeys.views import content, headlines, of_kind, to_ask

pytestmark = pytest.mark.anyio

HELP = "His mother has asked for help with the three of them"
LATE = "Brought home late twice this term"
AWAY = "Away from school one day in three"
POLICE, WELFARE, SOCIAL_SERVICES = "police", "education welfare", "social services"


async def test_young_citizens_pool(api: Api) -> None:
    story = await young_citizens.tell(api)
    await reasons_are_pooled_and_contact_is_social_services_own(api, story)
    await the_familys_key_alone_opens_no_contact(api, story)
    request, permission = await both_keys_open_it_to_who_asked(api, story)
    await the_owner_takes_its_key_back_and_turns_it_again(api, story, request)
    await the_family_takes_its_key_back(api, story, request, permission)
    await the_owners_key_alone_opens_no_contact(api, story)
    await a_withdrawal_shuts_the_pool_on_the_next_call(api, story)


def contacts(views: dict[str, Any]) -> dict[str, list[str]]:
    """At which level each service sees how to reach the family."""
    return {who: [entry["level"] for entry in of_kind(view, "contact")] for who, view in views.items()}


SHUT: dict[str, list[str]] = {SOCIAL_SERVICES: ["full"], POLICE: [], WELFARE: []}
OPEN_TO_THE_POLICE = {**SHUT, POLICE: ["full"]}


async def reasons_are_pooled_and_contact_is_social_services_own(api: Api, story: young_citizens.Pool) -> None:
    views = await young_citizens.read_as_each(api, story.case)
    assert headlines(views[SOCIAL_SERVICES]) == {HELP: "full", LATE: "summary", AWAY: "summary"}
    assert headlines(views[POLICE]) == {HELP: "summary", LATE: "full", AWAY: "summary"}
    assert headlines(views[WELFARE]) == {HELP: "summary", LATE: "summary", AWAY: "full"}
    for view in views.values():
        reasons = [e for e in of_kind(view, "need") if e["level"] == "summary"]
        assert {name for entry in reasons for name in entry["fields"]} == {"element", "headline"}
    assert contacts(views) == SHUT, "how to reach the family is social services' own"


async def the_familys_key_alone_opens_no_contact(api: Api, story: young_citizens.Pool) -> None:
    """Education welfare asks; the mother agrees, and the owner says no. Nobody can tell that from silence."""
    before = await young_citizens.read_as_each(api, story.case)
    request = await young_citizens.ask_for_contact(api, story, "ivor.pryce")
    unanswered = await young_citizens.ask_for_contact(api, story, "ivor.pryce")
    asked = await young_citizens.read_as_each(api, story.case)
    for who, view in asked.items():
        assert content(view) == content(before[who]), f"asking changes nothing for {who}"
    await young_citizens.family_turns_its_key(api, story, request)
    await young_citizens.owner_turns_its_key(api, story, request, "refused")
    turned = await young_citizens.read_as_each(api, story.case)
    for who, view in turned.items():
        assert content(view) == content(before[who]), f"one key changes nothing for {who}"
    told = [await young_citizens.state_told_to(api, story, "ivor.pryce", r) for r in (request, unanswered)]
    assert told == ["waiting", "waiting"]
    consents = (await (await api.sign_in("ivor.pryce")).get(f"/v1/cases/{story.case}/consents"))["consents"]
    assert "contact" not in {category for consent in consents for category in consent.get("categories", ())}


async def both_keys_open_it_to_who_asked(api: Api, story: young_citizens.Pool) -> tuple[str, str]:
    request = await young_citizens.ask_for_contact(api, story, "pc.dunn")
    permission = await young_citizens.family_turns_its_key(api, story, request)
    assert contacts(await young_citizens.read_as_each(api, story.case)) == SHUT
    await young_citizens.owner_turns_its_key(api, story, request)
    assert contacts(await young_citizens.read_as_each(api, story.case)) == OPEN_TO_THE_POLICE
    assert await young_citizens.state_told_to(api, story, "pc.dunn", request) == "granted"
    return request, permission


async def the_owner_takes_its_key_back_and_turns_it_again(
    api: Api, story: young_citizens.Pool, request: str
) -> None:
    answer = await young_citizens.owner_turns_its_key(api, story, request, "refused")
    assert answer["enforced_at"].endswith("Z")
    assert contacts(await young_citizens.read_as_each(api, story.case)) == SHUT
    assert await young_citizens.state_told_to(api, story, "pc.dunn", request) == "ended"
    await young_citizens.owner_turns_its_key(api, story, request)
    assert contacts(await young_citizens.read_as_each(api, story.case)) == OPEN_TO_THE_POLICE


async def the_family_takes_its_key_back(
    api: Api, story: young_citizens.Pool, request: str, permission: str
) -> None:
    answer = await young_citizens.family_takes_back(api, story, permission)
    assert answer["enforced_at"].endswith("Z")
    assert contacts(await young_citizens.read_as_each(api, story.case)) == SHUT
    assert await young_citizens.state_told_to(api, story, "pc.dunn", request) == "ended"


async def the_owners_key_alone_opens_no_contact(api: Api, story: young_citizens.Pool) -> None:
    request = await young_citizens.ask_for_contact(api, story, "pc.dunn")
    await young_citizens.owner_turns_its_key(api, story, request)
    assert contacts(await young_citizens.read_as_each(api, story.case)) == SHUT
    assert await young_citizens.state_told_to(api, story, "pc.dunn", request) == "waiting"


async def a_withdrawal_shuts_the_pool_on_the_next_call(api: Api, story: young_citizens.Pool) -> None:
    answer = await young_citizens.family_takes_back(api, story, story.reasons_permission)
    assert answer["enforced_at"].endswith("Z")
    after = await young_citizens.read_as_each(api, story.case)
    assert headlines(after[SOCIAL_SERVICES]) == {HELP: "full"}
    assert headlines(after[POLICE]) == {LATE: "full"}
    assert headlines(after[WELFARE]) == {AWAY: "full"}
    assert to_ask(after[POLICE]) == {young_citizens.SOCIAL_CARE, young_citizens.EDUCATION_WELFARE}
    for view in after.values():
        assert view["header"]["lead_professional"]["user"] == "moira.flynn", "help goes on"
