"""Hundreds of services on a form: a short list of them and a search by name, without scripts. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from clients.practitioner.visit import Form


@dataclass(frozen=True, slots=True)
class Service:
    code: str
    name: str
    chosen: bool


SHOWN_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Services:
    """The services to tick: those chosen or on the team first, then those that a search finds. ``more``: how
    many others there are."""

    first: Sequence[Service]
    found: Sequence[Service]
    more: int


def services_of(
    names: Mapping[str, str], team: Sequence[str], chosen: Sequence[str], search: str
) -> Services:
    """Hundreds of services as a short list: nobody scrolls through them with a family beside them."""
    first = [code for code in names if code in chosen or code in team]
    others = [code for code in names if code not in first and code != "family"]
    fitting = [code for code in others if _fits(names[code], search)]
    shown = fitting[:SHOWN_AT_ONCE]

    def as_services(codes: Sequence[str]) -> list[Service]:
        found = [Service(code, names[code], code in chosen) for code in codes]
        return sorted(found, key=lambda service: service.name.lower())

    return Services(as_services(first), as_services(shown), len(fitting) - len(shown))


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """One service to choose: each with its code. ``search``: the name of the field in which a part of a name
    is looked for, empty where all of them are few enough; ``more``: how many others fit as well."""

    options: Sequence[tuple[str, str]]
    search: str = ""
    more: int = 0


def choice_of(
    names: Mapping[str, str],
    form: Form,
    field: str,
    *,
    first: Collection[str] = (),
    without: Collection[str | None] = ("family",),
) -> ServiceChoice:
    """The services from which ``field`` of a form is chosen, by name: all where they are few, otherwise the
    one that is chosen, those that come ``first``, and those that fit what was looked for."""
    offered = sorted(
        ((code, name) for code, name in names.items() if code not in without),
        key=lambda pair: pair[1].casefold(),
    )
    if len(offered) <= SHOWN_AT_ONCE:
        return ServiceChoice(offered)
    search = f"find_{field}"
    ahead = {form[field], *first}
    near = [pair for pair in offered if pair[0] in ahead]
    fitting = [pair for pair in offered if pair[0] not in ahead and _fits(pair[1], form[search])]
    shown = fitting[:SHOWN_AT_ONCE]
    return ServiceChoice([*near, *shown], search, len(fitting) - len(shown))


def _fits(name: str, search: str) -> bool:
    """Whether every word that was looked for stands in a name."""
    return all(word in name.casefold() for word in search.casefold().split())


def on_team(view: Mapping[str, object]) -> list[str]:
    """The services that work on a case, from its composed view."""
    header = view["header"]
    assert isinstance(header, Mapping)
    return list(dict.fromkeys(member["agency"] for member in header["team"]))
