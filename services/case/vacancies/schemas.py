"""Bodies between the gateway and this service about cases without a lead."""

from typing import Annotated

from pydantic import Field

from shared.records.base import Id, Moment, Record


class VacancyPlace(Record):
    """The last case of a page: where the next one goes on."""

    since: Moment
    id: Id


class VacanciesAsk(Record):
    """A page of the open cases that nobody leads, whosever they are."""

    after: VacancyPlace | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
