"""The compact as its readers see it: what the family and the services promise each other, who signed, and how
it stands; the same words for both sides. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clients.practitioner.presenters.permissions import people_of
from clients.practitioner.presenters.services import Services
from clients.practitioner.words import in_words
from shared.vocabulary import Deed

Json = Mapping[str, Any]
HIDDEN = "Details not shown"
_STANDS: Mapping[str, tuple[str, str]] = {
    "open": ("Promised", "blue"),
    "late": ("Late", "red"),
    "kept": ("Kept", "green"),
    "missed": ("Not kept", "red"),
    "ended": ("Ended", "grey"),
}
"""How a promise stands, whoever made it: the word, and the colour behind it."""
_CAN_BE_SAID: Mapping[str, Sequence[tuple[str, str]]] = {
    "promised": (("kept", "It was kept"), ("missed", "It was not kept")),
    "kept": (("missed", "It was not kept after all"),),
    "missed": (("kept", "It was kept after all"),),
}
"""What may be said of a promise, by how it stands; of one that ended nothing."""


@dataclass(frozen=True, slots=True)
class Promise:
    """``can_be_said``: what became of it, as this reader may say it; nothing where they may not.
    ``says``: whose word it is that it was kept or not."""

    id: str
    who: str
    what: str
    in_full: bool
    by_when: str | None
    stands: str
    colour: str
    what_happened: str | None
    says: str | None
    asked: int
    can_be_said: Sequence[tuple[str, str]]
    may_ask_for_news: bool
    party: str
    categories: Sequence[str]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """``through``: the service that wrote it down for somebody, where they did not sign themselves."""

    who: str
    signed_on: str
    through: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """``in_full``: what it is about is shown."""

    id: str
    preamble: str
    in_full: bool
    made_on: str
    review_on: str | None
    promises: Sequence[Promise]
    signatures: Sequence[Signature]


@dataclass(frozen=True, slots=True)
class CompactPage:
    """``current`` is in force; ``others`` are promises of versions that are not shown. ``may_sign``: for whom
    this reader may put a signature under it, as (party, words)."""

    current: Version | None
    earlier: Sequence[Version]
    others: Sequence[Promise]
    may_make: bool
    may_sign: Sequence[tuple[str, str]]

    @property
    def still(self) -> Sequence[Promise]:
        """What goes on from versions before, because whoever made the next one did not see it."""
        return [one for version in self.earlier for one in version.promises if one.is_open]

    @property
    def in_force(self) -> Sequence[Promise]:
        return [*(self.current.promises if self.current else ()), *self.still]

    def promise(self, id: str) -> Promise | None:
        """One that is in force."""
        return next((one for one in self.in_force if one.id == id), None)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the agency for which they act, and their own record if they are of the family."""

    agency: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """How it reads to one reader, and what they may do to what is in force of an open case."""

    people: Mapping[str, str]
    names: Mapping[str, str]
    reader: Reader
    may: frozenset[str]

    def who(self, party: Json | None) -> str:
        if party is None:
            return "Somebody who is not shown"
        if party.get("person") is not None:
            return self.people.get(party["person"], "Somebody of the family")
        return self.service(party["agency"])

    def service(self, agency: str) -> str:
        return self.names.get(agency) or in_words(agency)

    def promise(self, entry: Json, standing: Json | None, is_in_force: bool) -> Promise:
        fields = entry["fields"]
        said = standing["standing"] if standing else _said_of(fields["status"])
        words, colour = _STANDS.get(said, (in_words(said), "grey"))
        party = fields.get("promised_by")
        says = is_in_force and Deed.SAY_WHAT_BECAME in self.may
        own = party is not None and party.get("agency") == self.reader.agency
        return Promise(
            id=entry["id"],
            who=self.who(party),
            what=fields.get("promise") or HIDDEN,
            in_full="promise" in fields,
            by_when=fields.get("by_when"),
            stands=words,
            colour=colour,
            what_happened=fields.get("what_happened") or fields.get("ended_because"),
            says=self.who(fields["said_by"]) if "said_by" in fields else None,
            asked=standing["asked"] if standing else 0,
            can_be_said=_CAN_BE_SAID.get(fields["status"], ()) if says else (),
            may_ask_for_news=is_in_force
            and Deed.CONTRIBUTE in self.may
            and not own
            and fields["status"] == "promised",
            party=party_of(party),
            is_open=fields["status"] == "promised",
            categories=[one for one in entry["categories"] if one != "plan"],
        )

    def version(self, one: Json, is_in_force: bool) -> Version:
        compact = one["compact"]
        return Version(
            id=compact["id"],
            preamble=compact["fields"].get("preamble") or HIDDEN,
            in_full="preamble" in compact["fields"],
            made_on=compact["recorded_at"],
            review_on=compact["fields"].get("review_on"),
            promises=[
                self.promise(each["commitment"], each, is_in_force or _goes_on(each))
                for each in one["commitments"]
            ],
            signatures=[self.signature(each) for each in one["signatures"]],
        )

    def signature(self, entry: Json) -> Signature:
        fields = entry["fields"]
        return Signature(
            who=self.who(fields.get("signed_by")),
            signed_on=fields["signed_on"],
            through=self.service(entry["owner"]) if fields.get("own_hand") is False else None,
            note=fields.get("note"),
        )

    def signers(self, current: Json | None) -> list[tuple[str, str]]:
        """For whom they may sign what is in force: for nobody twice."""
        if current is None or Deed.SIGN_COMPACT not in self.may:
            return []
        signed = {party_of(one["fields"].get("signed_by")) for one in current["signatures"]}
        if self.reader.person is not None:
            offered = [(f"person:{self.reader.person}", "I sign it myself")]
        else:
            own = self.reader.agency or ""
            offered = [(f"agency:{own}", f"{self.service(own)}, for which you work")]
            offered += [(f"person:{one}", name) for one, name in self.people.items()]
        return [pair for pair in offered if pair[0] not in signed]


def compact_page_of(view: Json, answer: Json, names: Mapping[str, str], reader: Reader) -> CompactPage:
    """The page from ``GET /v1/cases/{case}`` and ``GET …/compact``, for this reader."""
    is_open = view["header"]["state"] == "open"
    reading = _Reading(people_of(view), names, reader, frozenset(view["may"] if is_open else ()))
    in_force = next((one for one in answer["versions"] if one["in_force"]), None)
    return CompactPage(
        current=None if in_force is None else reading.version(in_force, is_in_force=True),
        earlier=[reading.version(one, is_in_force=False) for one in answer["versions"] if one != in_force],
        others=[
            reading.promise(one, None, is_in_force=False)
            for one in answer["others"]
            if one["kind"] == "commitment"
        ],
        may_make=Deed.CONTRIBUTE in reading.may,
        may_sign=reading.signers(in_force),
    )


def _goes_on(one: Json) -> bool:
    """An open promise holds, whichever version it is of."""
    return bool(one["commitment"]["fields"]["status"] == "promised")


def _said_of(status: str) -> str:
    return "open" if status == "promised" else status


def party_of(party: Json | None) -> str:
    """Somebody who promises or signs, as a choice in a form."""
    kind = next((one for one in ("person", "agency") if (party or {}).get(one) is not None), None)
    return "" if party is None or kind is None else f"{kind}:{party[kind]}"


def as_party(chosen: str) -> dict[str, str]:
    """The same in the API's words; nobody where nobody was chosen."""
    kind, _, who = chosen.partition(":")
    return {kind: who} if kind in ("agency", "person") and who else {}


def who_may_promise(view: Json, services: Services) -> list[tuple[str, str]]:
    """The family, then the services on the team and those that are chosen, then others, as choices in a
    form."""
    return [
        *((f"person:{one}", name) for one, name in people_of(view).items()),
        *((f"agency:{one.code}", one.name) for one in (*services.first, *services.found)),
    ]
