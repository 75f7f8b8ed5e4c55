"""What is asked once a family no longer takes part."""

from shared.records.base import Record, Text, YesNo


class RiskAnswer(Record):
    """Whether anybody is at risk now, and what was considered. Leaving is never itself a concern."""

    somebody_at_risk: YesNo
    considered: Text
