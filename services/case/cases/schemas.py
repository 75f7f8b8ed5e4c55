"""Bodies between the gateway and this service that no client sends."""

from typing import Annotated, Literal

from pydantic import Field

from shared.records.base import Day, Id, Moment, Record

Filter = Literal["mine", "team", "no_lead", "review_overdue"]


class CaseloadPlace(Record):
    """The last case of a page: where the next one goes on. Cases without a review come last."""

    review_on: Day | None
    id: Id


class RostersAsk(Record):
    """A page of all cases, for the simulation of a policy."""

    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)]


class BundlesAsk(Record):
    """Which cases, by their ids."""

    cases: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)]


class CaseloadAsk(Record):
    """A page of the caller's cases. ``also``: cases that they have to do with for a reason that is not
    recorded here."""

    filter: Filter = "mine"
    after: CaseloadPlace | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    also: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()


class ClosedPlace(Record):
    """The last case of a page of closed ones: where the next one goes on."""

    closed_at: Moment
    id: Id


class ClosedAsk(Record):
    """A page of the caller's closed cases."""

    after: ClosedPlace | None = None
    limit: Annotated[int, Field(ge=1, le=100)]
