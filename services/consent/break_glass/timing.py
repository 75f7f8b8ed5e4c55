"""How long broken glass stays open, and when somebody else must have looked at it (design 3.2). Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.working_days import end_of_working_day

OPEN_FOR = timedelta(minutes=60)
OPEN_AT_MOST = timedelta(hours=12)
REVIEWED_WITHIN_DAYS = 3


@dataclass(frozen=True, slots=True)
class Opened:
    """When it ends, until when it can be renewed, and when its review is due."""

    valid_until: datetime
    no_later_than: datetime
    review_due: datetime


def opened_at(at: datetime, hours_running_until: datetime | None) -> Opened:
    """Broken at ``at``. Twelve hours count from the first time for the same case: ``hours_running_until`` is
    when those of an earlier one are over, if there was one."""
    no_later_than = at + OPEN_AT_MOST
    if hours_running_until is not None and at < hours_running_until:
        no_later_than = hours_running_until
    return Opened(
        valid_until=min(at + OPEN_FOR, no_later_than),
        no_later_than=no_later_than,
        review_due=end_of_working_day(at, REVIEWED_WITHIN_DAYS),
    )


def renewed_at(at: datetime, no_later_than: datetime) -> datetime:
    """When it ends if it is renewed now."""
    return min(at + OPEN_FOR, no_later_than)
