"""N1 for a meeting that its readers see, and at which somebody of the family is of whom they may not know.

Both worlds begin as copies of the household, in both CAMHS knows of an aunt, and both live through the same
meeting; in the second CAMHS invites her, she has something to say, and she is there.

Three changes that make this fail: the room asking what everybody may hear who is invited, and not only those
whom the chair may name; attendance that says who was there without asking whom its reader may name; a refusal
that speaks of her invitation.
"""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.clock import rfc3339
from tests.gateway.areas.meetings import decision, meeting
from tests.gateway.companies import Reader
from tests.gateway.conftest import STORES, TemplateOf
from tests.gateway.hidden_casework import a_relative, clocks_run
from tests.gateway.household import words
from tests.gateway.operations import reads
from tests.gateway.test_one_refusal import ABSENT
from tests.gateway.test_worlds_apart import Names, Pair, as_compared, fresh_pair

pytestmark = pytest.mark.anyio

CHAIR = Reader("nadia.bell")
READERS = (
    CHAIR,
    *map(Reader, ("sam.okafor", "hana.novak", "ben.carver", "kit.vane", "grace.obi", "gus.hale")),
)
"""The chair and her manager, the lead, members, a manager of one of them, and one who is on no team."""
OFTEN = ("/notices", "/timeline")
Json = dict[str, Any]


class Both:
    """The two worlds, to which the same is sent, with what the ids of each are called."""

    def __init__(self, pair: Pair, names: tuple[Names, Names]) -> None:
        self.pair, self.names, self.compared = pair, names, 0
        self.known: tuple[dict[str, str], dict[str, str]] = ({}, {})

    async def send(self, reader: Reader, method: str, path: str, body: Json | None = None) -> str:
        """An answer that is the same in both worlds; ``{name}`` stands for what has that name in each."""
        answers = []
        for world, known, names in zip(self.pair.worlds, self.known, self.names, strict=True):
            session = reader.session(world, self.pair.house)
            answer = await session.send(method, _filled(path, known), _filled(body, known))
            answers.append((as_compared(answer, names), answer))
        (first, one), (second, other) = answers
        assert first == second, (reader, method, path, one.text[:3_000], other.text[:3_000])
        self.compared += 1
        if one.is_success and "id" in one.json():
            self.known[0]["made"], self.known[1]["made"] = one.json()["id"], other.json()["id"]
        return one.text

    async def make(self, name: str, path: str, body: Json) -> None:
        await self.send(CHAIR, "POST", path, body)
        for known in self.known:
            known[name] = known["made"]

    async def read_all(self) -> None:
        """Whatever there is to read of the case, and all of the meeting, by everybody."""
        for world in self.pair.worlds:
            await clocks_run(world)
        of_house = reads(replace(self.pair.house, meeting="{meeting}"))
        paths = [path for path in of_house if not path.endswith("/print")]
        assert [path for path in paths if path.endswith("/meetings/{meeting}/room")]
        for reader in READERS:
            often = [
                path for path in paths if "/meetings" in path or path.endswith(("/notices", "/timeline"))
            ]
            for path in paths if reader == CHAIR else [*often, f"/v1/cases/{self.pair.house.case}"]:
                await self.send(reader, "GET", path)

    def in_step(self) -> None:
        self.pair.worlds[0].clock.now = self.pair.worlds[1].clock.now


def _filled(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(part, known) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, known) for part in value]
    if isinstance(value, str):
        for name, id_ in known.items():
            value = value.replace(f"{{{name}}}", id_)
    return value


@pytest.mark.parametrize("store", STORES)
async def test_n1_a_relative_of_whom_they_may_not_know_makes_no_difference_at_a_meeting_that_they_see(
    store: str, household_template: TemplateOf, tmp_path: Path, request: pytest.FixtureRequest, seed: int
) -> None:
    template = await household_template(store)
    rng = random.Random(seed)
    async with fresh_pair(template, store, request, tmp_path, rng) as pair:
        both, house = Both(pair, (Names(template.house), Names(template.house))), template.house
        for world, known in zip(pair.worlds, both.known, strict=True):
            known["aunt"] = await a_relative(world, house)
        both.in_step()
        begins = rfc3339(pair.worlds[0].clock.now + timedelta(hours=2))
        at = f"/v1/cases/{house.case}/meetings"
        agenda = [{"topic": words("apart"), "papers": [house.need], "confidential": True}]
        await both.make("meeting", at, meeting(starts_at=begins, agenda=agenda))
        one = f"{at}/{{meeting}}"
        await both.make("hers", f"{one}/family-invitations", {"person": house.mother})
        hidden = pair.worlds[1].as_("asif.khan")
        path = _filled(one, both.known[1])
        invited = await hidden.post(f"{path}/family-invitations", {"person": both.known[1]["aunt"]})
        word = {"comes": True, "to_be_said": words("to be said")}
        await hidden.post(f"{path}/family-invitations/{invited['id']}/word", word)
        both.known[0]["invitation"], both.known[1]["invitation"] = ABSENT, invited["id"]
        both.in_step()
        await both.read_all()
        for person in ("{aunt}", ABSENT):
            await both.send(CHAIR, "POST", f"{one}/family-invitations", {"person": person})
        of_hers = f"{one}/family-invitations/{{invitation}}/word"
        await both.send(CHAIR, "POST", of_hers, {"comes": False, "to_be_said": words("guessed")})
        for present in (["{invitation}"], ["{hers}", "{invitation}"], ["{hers}"]):
            await both.send(CHAIR, "POST", f"{one}/attendance", {"present": present})
        for number, world in enumerate(pair.worlds):
            there = ["{hers}", "{invitation}"][: number + 1]
            camhs, body = world.as_("asif.khan"), {"present": _filled(there, both.known[number])}
            await camhs.post(_filled(f"{one}/attendance", both.known[number]), body)
        both.in_step()
        await both.read_all()
        await both.send(CHAIR, "POST", f"{one}/attendance", {"present": ["{hers}"]})
        seen = await hidden.get(path)
        assert {card["id"]: card["state"] for card in seen["family"]}[invited["id"]] == "present"
        both.in_step()
        await both.send(CHAIR, "POST", f"{one}/decisions", decision())
        await both.send(CHAIR, "POST", f"{one}/closing")
        await both.read_all()
        print(f"N1, a hidden relative, on {store}: {both.compared} answers")
        assert both.compared > 200
