"""What was sent to an agency, such as concerns and referrals: entries by themselves, of which its people find
those that they may see, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.disclose import Gathered, part_unavailable
from services.gateway.guards import Acting
from services.gateway.labels import Shows, everything, nothing
from services.gateway.paging import Pages, refilled
from services.gateway.parts import GatewayParts
from services.gateway.projection import Shown, project_entry
from services.gateway.upstreams import holding
from services.gateway.views import decision_card
from shared.disclosure import DeedAsk
from shared.problems import Problem
from shared.upstream import Unreachable
from shared.vocabulary import Deed, LedgerAction, Level

_READ_AHEAD = 100
_HELD = ("case", "at", "relationship", "relationships_by_subject", "subjects", "lead", "entries")


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Each line with its case, and what stands below all of them."""

    lines: Sequence[tuple[str | None, Shown]]
    footer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Inbox:
    """``name``: of paths and cursors. ``read``: the deed."""

    name: str
    read: Deed

    async def page(self, parts: GatewayParts, acting: Acting, limit: int, cursor: str | None) -> InboxPage:
        """A page of what the caller may see, with the decision behind it."""
        pages = Pages(parts, acting, self.name, limit)
        place = pages.place(cursor)
        asked = DeedAsk(deed=self.read)
        answer = await parts.disclosure.permit(acting, asked, LedgerAction.LIST)

        async def read(place: Any) -> tuple[list[Any], Any]:
            return await self._visible(parts, acting, place)

        page, after = await refilled(acting, limit, place, read, self._place)
        lines: list[tuple[str | None, Shown]] = []
        if page:
            # What was looked at to fill the page is decided once more: one receipt names what is shown.
            decided = await parts.disclosure.see_many(
                [gathered_alone(bundle, everything) for bundle in page], acting, LedgerAction.LIST
            )
            kept = [one for one in decided if one is not None]
            answer = kept[0].answer if kept else answer
            for one in kept:
                shown = project_entry(one.entries[0], one.levels[0])
                if shown is not None:
                    case = one.bundle["case"]
                    lines.append((case["id"] if case else None, shown))
        footer = {
            **pages.footer(after),
            "decision": decision_card(answer, acting.purpose),
        }
        return InboxPage(lines, footer)

    async def _visible(self, parts: GatewayParts, acting: Acting, place: Any) -> tuple[list[Any], Any]:
        """What comes next from ``place`` on that the caller may see, and where it ends."""
        asked = {"after": place, "limit": _READ_AHEAD}
        try:
            answer = await parts.upstreams.ask("case", f"/{self.name}/inbox", acting, asked)
            page = holding(answer, "bundles", "after")
            bundles = [holding(bundle, *_HELD) for bundle in page["bundles"]]
        except Unreachable:
            raise part_unavailable() from None
        if not bundles:
            return [], page["after"]
        gathered = [gathered_alone(bundle, nothing) for bundle in bundles]
        decided = await parts.disclosure.see_many(gathered, acting, LedgerAction.LIST)
        visible = [
            bundle
            for bundle, seen in zip(bundles, decided, strict=True)
            if seen is not None and seen.levels[0] >= Level.SUMMARY
        ]
        return visible, page["after"]

    def _place(self, bundle: Any) -> dict[str, Any]:
        return {"at": bundle["at"], "id": bundle["entries"][0]["id"]}

    async def find(self, parts: GatewayParts, acting: Acting, id: str) -> Gathered:
        """One of them by id, undecided; nothing where the caller's agency was not sent it."""
        try:
            answer = await parts.upstreams.read("case", f"/{self.name}/{id}", acting)
            return gathered_alone(holding(answer, *_HELD), nothing)
        except Unreachable:
            raise part_unavailable() from None
        except Problem as problem:
            if problem.kind != "not-found":
                raise
            return Gathered(None, ())


def gathered_alone(bundle: Any, shows: Shows) -> Gathered:
    return Gathered(bundle, bundle["entries"], shows=shows)
