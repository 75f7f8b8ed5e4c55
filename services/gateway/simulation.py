"""Bringing all cases to the consent service, page by page, for the simulation of a policy (design 3.6).

Nothing of them is shown: the answer holds what the consent service counted. So D does not apply to the whole,
but to each call that asks a service for a page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import orjson

from services.gateway.disclose import SHOWN_NO_AGENCY, part_unavailable
from services.gateway.guards import Acting
from services.gateway.labels import label, nothing
from services.gateway.upstreams import Upstreams, holding
from shared.disclosure import CaseAsk, SubjectAsk
from shared.records.policies import SimulationStep
from shared.upstream import Unreachable

CASES_AT_ONCE = 20
_LARGEST_PAGE = 300_000
"""Bytes sent to the consent service at once, so that a body with large cases is not refused."""

Json = dict[str, Any]


async def simulate(upstreams: Upstreams, acting: Acting, draft: str, wanted: SimulationStep) -> Json:
    """Go on with the simulation of a draft for some pages, and say how far it is.

    Where somebody else goes on with it at the same time, each page is counted once all the same.
    """
    path = f"/policies/drafts/{draft}/simulations"
    place = await upstreams.write("consent", "POST", path, acting, wanted.model_dump(mode="json"))
    pages = _Pages(upstreams, acting, f"{path}/{place['id']}")
    try:
        for _ in range(wanted.pages):
            if place["finished"]:
                break
            place = await pages.bring(place["after"])
        return await pages.card()
    except Unreachable:
        raise part_unavailable() from None


class _Pages:
    """One simulation, to which pages are brought. Each call to a service has D of its own, and no key."""

    def __init__(self, upstreams: Upstreams, acting: Acting, path: str) -> None:
        self._upstreams = upstreams
        self._acting = acting
        self._path = path

    def _anew(self) -> Acting:
        deadline = self._acting.deadline.anew()
        return replace(self._acting, deadline=deadline, idempotency_key=None, fingerprint=None)

    async def card(self) -> Json:
        """How far the simulation is, and its results."""
        return holding(await self._upstreams.read("consent", self._path, self._anew()), "state", "results")

    async def bring(self, after: str | None) -> Json:
        """Bring the cases that follow one, and give the place from where to go on."""
        asked = {"after": after, "limit": CASES_AT_ONCE}
        page = holding(await self._upstreams.ask("case", "/rosters", self._anew(), asked), "cases", "after")
        cases = await self._labelled(page["cases"])
        place: Json = {"after": after, "finished": False}
        for part, is_last in _parts(cases):
            following = page["after"] if is_last else part[-1]["ask"]["case"]
            content = {"after": place["after"], "next": following, "cases": part}
            path = f"{self._path}/pages"
            place = await self._upstreams.write("consent", "POST", path, self._anew(), content)
            if place["finished"] or place["after"] != following:
                break
        return place

    async def _labelled(self, rosters: Sequence[Json]) -> list[Json]:
        ids = [roster["case"]["id"] for roster in rosters]
        if not ids:
            return []
        labels = await self._upstreams.ask("assessment", "/cases/labels", self._anew(), {"cases": ids})
        holding(labels, *ids)
        return [_case(roster, labels[roster["case"]["id"]]) for roster in rosters]


def _case(roster: Json, of_assessments: Sequence[Any]) -> Json:
    ask = CaseAsk(
        case=roster["case"]["id"],
        relationship="none",
        subjects=tuple(SubjectAsk(**subject) for subject in roster["subjects"]),
        labels=label([*roster["entries"], *of_assessments], nothing).labels,
    )
    return {"ask": ask.model_dump(mode="json"), "readers": [_reader(one) for one in roster["readers"]]}


def _reader(reader: Json) -> Json:
    """As the decision would be asked: who may not be shown any agency is nobody there."""
    related = reader["by_subject"].items()
    return {**reader, "by_subject": {who: word for who, word in related if word not in SHOWN_NO_AGENCY}}


def _parts(cases: Sequence[Json]) -> Iterator[tuple[list[Json], bool]]:
    """The cases in parts of a bounded size, each with whether it is the last; one empty part of none."""
    part: list[Json] = []
    size = 0
    for case in cases:
        length = len(orjson.dumps(case))
        if part and size + length > _LARGEST_PAGE:
            yield part, False
            part, size = [], 0
        part.append(case)
        size += length
    yield part, True
