"""What the gateway sends along with an override: for what purpose it asks, and what other services hold."""

from typing import Self

from pydantic import model_validator

from shared.disclosure import DecisionAsk, Wire
from shared.records.overrides import NewOverride, OverrideEnding, TellingReview


class Asked(Wire):
    """For what the caller acts; it stands on the receipt of what was done."""

    purpose: str
    reason: str | None


class Listing(Wire):
    """A list that is asked for: the decision about its case, and by subject what the caller's agency owns."""

    ask: DecisionAsk
    owned: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _is_about_one_case(self) -> Self:
        if len(self.ask.cases) != 1:
            raise ValueError("Ask about one case.")
        return self


class OverrideToRecord(Wire):
    override: NewOverride
    subjects: tuple[str, ...]


class ConfirmationToRecord(Wire):
    asked: Asked


class EndingToRecord(Wire):
    ending: OverrideEnding
    asked: Asked


class TellingToRecord(Wire):
    review: TellingReview
    asked: Asked
