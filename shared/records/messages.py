"""Answers of those who saw something because of a permission that has ended."""

from typing import Self

from pydantic import model_validator

from shared.problems import WrongField
from shared.records.base import Record, Text, YesNo


class MessageAnswer(Record):
    """What an agency keeps of what it saw, and why; it may keep what it has already recorded."""

    keeps: YesNo
    kept: Text | None = None
    why: Text | None = None

    @model_validator(mode="after")
    def _says_what_and_why(self) -> Self:
        if self.keeps and (self.kept is None or self.why is None):
            raise WrongField("kept" if self.kept is None else "why", "Say what is kept (kept) and why (why).")
        if not self.keeps and self.kept is not None:
            raise WrongField("kept", "Nothing is kept, so leave kept out.")
        return self
