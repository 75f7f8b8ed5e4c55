"""Bodies between the gateway and this service about worklists."""

from typing import Annotated, Literal

from pydantic import Field

from shared.records.base import Day, Id, Record, UserId

Limit = Annotated[int, Field(ge=1, le=100)]


class PromisePlace(Record):
    """The last promise of a page: where the next one goes on."""

    due_on: Day | None
    id: Id


class PromisesAsk(Record):
    """What an agency owes, or one user of it; ``overdue``: only what should have been done before today."""

    whose: Literal["mine", "agency"] = "agency"
    overdue: bool = False
    after: PromisePlace | None = None
    limit: Limit = 50


class GapsAsk(Record):
    """What falls vacant with a user of the caller's agency, case by case."""

    user: UserId
    after: Id | None = None
    limit: Limit = 50
