"""How a measure is taken: a baseline, reviews, and a close after which there is nothing more."""

from datetime import date

from services.case.lifecycles import Lifecycle
from shared.problems import invalid
from shared.records.outcomes import Measured, OutcomeMeasureFields, Stage

MEASURE = Lifecycle(
    name="An outcome's measure",
    initial="baseline",
    transitions={
        ("baseline", "review"): "review",
        ("review", "review"): "review",
        ("baseline", "close"): "close",
        ("review", "close"): "close",
    },
    refusals={"close": "This measure was closed. Begin another one."},
)


def check_value(measure: OutcomeMeasureFields, taken: Measured, today: date, path: str = "") -> None:
    """A 422 for a value that is not on the scale, of a day to come or before the last one."""
    if not measure.scale.lowest <= taken.value <= measure.scale.highest:
        raise invalid(f"{path}value", "This is not on the scale of the measure.")
    if taken.measured_on > today:
        raise invalid(f"{path}measured_on", "This day has not come yet.")
    if any(taken.measured_on < earlier.measured_on for earlier in measure.values):
        raise invalid(f"{path}measured_on", "This is before the last value; choose its day or a later one.")


def taken(measure: OutcomeMeasureFields, value: Measured, today: date) -> OutcomeMeasureFields:
    """The measure with one more value."""
    stage = Stage(MEASURE.after(measure.stage, value.stage))
    check_value(measure, value, today)
    return measure.model_copy(update={"stage": stage, "values": (*measure.values, value)})
