"""What a partnership sets for itself: days and numbers by which casework is watched. Pure."""

from typing import Annotated

from pydantic import Field

from shared.records.base import AgencyCode, Record

Days = Annotated[int, Field(ge=1, le=3660)]


class CaseworkRules(Record):
    """``signal_agencies`` agencies with a small concern each about one person within ``signal_window_days``
    bring that person to a panel. ``review_days``: the longest time until the next review, by need level.
    ``flag_warning_days``: how long before a flag expires whoever raised it is told.
    ``days_without_lead``: how long a case of several agencies may be without a lead before an alarm.
    ``review_escalation_days``: how many days after it was missed a review is told to the supervisor, to the
    agency's contact and to the partnership, whose co-ordinators act for ``partnership_agency``.
    ``overdue_days_until_managers``: how long a promise is late until the managers of its agency are told.
    """

    signal_agencies: Annotated[int, Field(ge=2, le=50)] = 3
    signal_window_days: Days = 90
    flag_warning_days: Days = 7
    days_without_lead: Days = 10
    review_days: tuple[Days, Days, Days, Days] = (180, 90, 42, 14)
    review_escalation_days: tuple[Days, Days, Days] = (3, 7, 14)
    partnership_agency: AgencyCode = "partnership-office"
    overdue_days_until_managers: Days = 7
