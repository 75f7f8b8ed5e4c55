"""How a partnership names the officer who sees the whole ledger (design 3.4): by the life of its policy.

No policy names one to begin with. One agency's officer drafts, another's approves what came of trying it.
"""

from datetime import timedelta
from typing import Any

from deploy.stories.client import Session
from shared.clock import Clock, rfc3339, utc_now

AHEAD = timedelta(seconds=3)
"""How far ahead the new version is dated: more than the demo partnership's D."""


async def name_officer(
    author: Session,
    second: Session,
    officer: str,
    clock: Clock = utc_now,
    ahead: timedelta = AHEAD,
) -> int | None:
    """Publish the policy in force once more with this officer in it; gives the version, or None where the
    policy names them already."""
    versions = (await author.get("/v1/policies"))["policies"]
    in_force = next(one["version"] for one in versions if one["state"] == "in_force")
    shown = await author.get(f"/v1/policies/{in_force}")
    named: list[str] = shown["document"]["partnership_officers"]
    if officer in named:
        return None
    why = "Somebody answers for the whole ledger."
    draft = await author.post("/v1/policies/drafts", {"from_version": in_force, "why": why})
    path = f"/v1/policies/drafts/{draft['id']}"
    document = {**shown["document"], "partnership_officers": [*named, officer]}
    await author.put(path, {"why": why, "document": document, "goldens": shown["goldens"]}, draft["etag"])
    digest = (await _tried(author, path, in_force))["digest"]
    await second.post(f"{path}/approval", {"digest": digest})
    from_ = rfc3339(clock() + ahead)
    published = await author.post(f"{path}/publication", {"digest": digest, "published_from": from_})
    version: int = published["version"]
    return version


async def _tried(author: Session, path: str, against: int) -> Any:
    while True:
        simulation = await author.post(f"{path}/simulation", {"against": against})
        if simulation["state"] == "finished":
            return simulation
