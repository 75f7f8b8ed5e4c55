"""N1 by reason: whatever it is that hides something, that it is there makes no difference (design 3.2, 3.5).

For every reason of the verdict two worlds are prepared alike, until it blocks. What it then hides is written
in one of them, the information officer of its owner is asked whether that was the reason, and everybody sends
the same to both. ``test_worlds_apart.py`` leaves it to chance which reasons hide what happens; this does not.

Three changes that make this fail: leaving bars out of a decision; counting entries in ``not_available``; a
permission that ended still giving what it gave.
"""

import random
from collections import Counter
from pathlib import Path

import pytest

from shared.vocabulary import Blocker
from tests.gateway.companies import AT_THE_FRONT, Reader
from tests.gateway.conftest import TemplateOf
from tests.gateway.operations import OPERATIONS
from tests.gateway.reasons import REASONS, Reason, Scene
from tests.gateway.test_worlds_apart import fresh_pair, sequence
from tests.support.gateway import PEOPLE

pytestmark = pytest.mark.anyio

LENGTHS = (4, 12, 30)
"""Of the sequences for each reason."""


async def reasons_told(scene: Scene, reason: Reason, entry: str) -> list[str]:
    """Why the reader does not see it, as the information officer of its owner is told."""
    about = {"user": reason.reader, "agency": PEOPLE[reason.reader].agency, **(reason.about or {})}
    asked = {"case": scene.house.case, "entry": entry, "about": about}
    answer = await scene.officer.post("/v1/explanations", asked)
    cells = [cell for person in answer["explanations"] for cell in person["cells"]]
    assert [cell["level"] for cell in cells] == ["none"] * len(cells), (reason, cells)
    return [blocker for cell in cells for blocker in cell["blockers"]]


@pytest.mark.property
async def test_n1_for_every_reason_what_it_hides_makes_no_difference(
    household_template: TemplateOf, tmp_path: Path, request: pytest.FixtureRequest, seed: int
) -> None:
    rng, template = random.Random(seed), await household_template("sqlite")
    reached: Counter[Blocker] = Counter()
    statuses: Counter[int] = Counter()
    pairs = 0
    async with fresh_pair(template, "sqlite", request, tmp_path, rng) as pair:
        scenes = [Scene(world, pair.house) for world in pair.worlds]
        for reason in REASONS:
            for scene in scenes:
                await reason.prepare(scene)
            entry = await reason.hide(scenes[1])
            told = await reasons_told(scenes[1], reason, entry)
            assert reason.blockers <= set(told), (reason, told)
            reached.update(Blocker(word) for word in told)
            pair.worlds[0].clock.now = pair.worlds[1].clock.now
            pair.requests.hidden.append(entry)
            blocked = [Reader(reason.reader), Reader(reason.reader, headers=reason.headers or {})]
            for length in LENGTHS:
                for operation in chosen(rng, length):
                    reader = rng.choice(blocked if rng.random() < 0.5 else AT_THE_FRONT)
                    answer = await pair.send(reader, pair.requests.draw(operation))
                    statuses[answer.status_code] += 1
            pairs += 1
    print(f"N1 by reason, seed {seed}: {pairs} pairs, {dict(reached)}, {dict(statuses)}")
    assert pairs == len(REASONS) == 15
    assert set(reached) == set(Blocker)
    assert statuses.total() == pairs * sum(LENGTHS)
    assert statuses[200] > statuses.total() / 5
    assert statuses[404] > statuses.total() / 20


def chosen(rng: random.Random, length: int) -> list[tuple[str, str]]:
    """Reads of the case first, since they meet what is hidden; then whatever may be sent."""
    reads, others = [one for one in OPERATIONS if one[0] == "GET"], iter(sequence(rng, length))
    return [rng.choice(reads) if place % 3 else next(others) for place in range(length)]
