"""What the gateway sends along with an authority."""

from collections.abc import Collection

from services.consent.consents.schemas import OwnersFacts, ReaderFacts
from shared.disclosure import Wire
from shared.records.authorities import AuthorityEnding


class Holder(Wire):
    """What one agency holds in a case, as categories by subject, and who of it is on the team now."""

    owned: dict[str, tuple[str, ...]]
    team: tuple[str, ...] = ()


class Holders(Wire):
    """Who holds what in a case. ``people``: whom the case is about."""

    agencies: dict[str, Holder]
    people: tuple[str, ...]

    def of(self, subject: str, categories: Collection[str]) -> OwnersFacts:
        """Those of them that hold anything of these categories about somebody."""
        concerned = {
            agency: holder.team
            for agency, holder in self.agencies.items()
            if not set(holder.owned.get(subject, ())).isdisjoint(categories)
        }
        return OwnersFacts(agencies=concerned, people=self.people)


class AuthorityEndingToRecord(Wire):
    """``holders``: left out where it is not known who holds what."""

    ending: AuthorityEnding
    reader: ReaderFacts
    holders: Holders | None = None
