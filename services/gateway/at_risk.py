"""Somebody at risk is not lost (design 1): what an assessment concludes is followed up in the case."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.gateway.changes import must_be_open
from services.gateway.disclose import Seen, part_unavailable
from services.gateway.guards import Acting
from services.gateway.parts import GatewayParts
from services.gateway.upstreams import holding
from shared.problems import invalid
from shared.records.reviews import CANNOT_ACT
from shared.upstream import Unreachable

_OWNER, _DAY = "follow_up_owner", "follow_up_on"


async def check_follow_up(parts: GatewayParts, acting: Acting, seen: Seen, said: Mapping[str, Any]) -> None:
    """A 422 unless whoever is named is on the team now and can act, and a 409 in a case that is closed."""
    if said.get(_OWNER) is None:
        return
    must_be_open(seen)
    known = await _who_may_own(parts, acting, seen)
    _check_owner(seen, known, said[_OWNER])


async def check_signed(parts: GatewayParts, acting: Acting, seen: Seen, assessment: str) -> None:
    """The same of what an assessment concludes that is to be signed, where nobody sees to it yet."""
    owner = next((said[_OWNER] for said in _concluded(seen, assessment)), None)
    if owner is None or seen.bundle["case"]["state"] != "open":
        return
    known = await _who_may_own(parts, acting, seen)
    if not known["owned"]:
        _check_owner(seen, known, owner)


async def _who_may_own(parts: GatewayParts, acting: Acting, seen: Seen) -> dict[str, Any]:
    try:
        path = f"/cases/{seen.bundle['case']['id']}/reviews/owners"
        return holding(await parts.upstreams.read("case", path, acting), "members", "owned")
    except Unreachable:
        raise part_unavailable() from None


def _check_owner(seen: Seen, known: Mapping[str, Any], owner: str) -> None:
    if not any(seat["id"] == owner and seat["until"] is None for seat in seen.bundle["team"]):
        raise invalid(_OWNER, "Name somebody who is on the team now, by the id on the roster.")
    if owner not in known["members"]:
        raise invalid(_OWNER, CANNOT_ACT)


async def follow_up(
    parts: GatewayParts, acting: Acting, seen: Seen, said: Mapping[str, Any], *, unless_owned: bool = False
) -> None:
    """Give the case the owner and the day that a conclusion names: state, and no word of it.

    The conclusion is saved by then, in the other service. A request that fails here is sent again with its
    key and followed up then; and signing follows up what was not.
    """
    if said.get(_OWNER) is None or said.get(_DAY) is None:
        return
    content = {"owner": said[_OWNER], "review_on": said[_DAY], "unless_owned": unless_owned}
    afresh = replace(acting, deadline=acting.deadline.anew())
    path = f"/cases/{seen.bundle['case']['id']}/reviews/follow-up"
    await parts.upstreams.write("case", "POST", path, afresh, content)


async def follow_up_signed(parts: GatewayParts, acting: Acting, seen: Seen, assessment: str) -> None:
    """The same for what an assessment concludes that was signed just now, where nobody sees to it yet."""
    if seen.bundle["case"]["state"] != "open":
        return
    for said in _concluded(seen, assessment):
        await follow_up(parts, acting, seen, said, unless_owned=True)


def _concluded(seen: Seen, assessment: str) -> list[Mapping[str, Any]]:
    """What an assessment concludes that somebody is to look after."""
    return [
        entry["fields"]
        for entry in seen.entries
        if entry["kind"] == "conclusion"
        and entry.get("part_of") == assessment
        and entry["fields"].get(_OWNER) is not None
        and entry["fields"].get(_DAY) is not None
    ]
