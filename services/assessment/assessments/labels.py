"""PURE. The categories of an entry: what its kind or element bears, and what its author answered.

The rule of the form (``ask_sensitive``): saving an entry asks once whether it mentions mental health,
alcohol or drugs, sexual health, violence at home, offending or danger to a child. The answer adds
categories; unanswered, the entry stays with its owner agency. It is asked under the elements that the
instrument names, and for comments and the home situation, whose text may hold anything. For every other kind
an author may name sensitive content, and silence means that there is none.
"""

from dataclasses import dataclass

from services.assessment.instruments.instrument import Instrument
from shared.problems import FieldError
from shared.records.assessments import (
    AnyNewEntry,
    LabelledByContent,
    NewAssessmentDetails,
    NewConclusion,
    NewElementEntry,
)
from shared.vocabulary import SENSITIVE, Category

LABELLING_FIELDS = ("sensitive_content", "additional_categories", "removed_default_categories")
AnyEntry = AnyNewEntry | NewAssessmentDetails


@dataclass(frozen=True, slots=True)
class Label:
    """The categories of an entry in the vocabulary's order, and whether its question is unanswered."""

    categories: tuple[Category, ...]
    unanswered: bool


def label_of(instrument: Instrument, entry: AnyEntry) -> Label:
    """The label of an entry that has no ``label_errors``."""
    bears = set(default_categories(instrument, entry)) - set(_removed(entry))
    bears.update(_additional(entry))
    bears.update(Category(answer) for answer in entry.sensitive_content or ())
    categories = tuple(category for category in Category if category in bears)
    return Label(categories, _asks(instrument, entry) and entry.sensitive_content is None)


def default_categories(instrument: Instrument, entry: AnyEntry) -> tuple[Category, ...]:
    """What an entry bears before its author says anything about it."""
    if isinstance(entry, NewElementEntry):
        return instrument.element_by_code[entry.element].categories
    defaults = instrument.part_by_kind[entry.kind].categories
    if isinstance(entry, NewConclusion):
        return defaults + instrument.conclusion_by_code[entry.conclusion].additional_categories
    return defaults


def label_errors(instrument: Instrument, entry: AnyEntry) -> list[FieldError]:
    """What is wrong with what the author said about the entry; its element is known to the instrument."""
    errors = []
    if Category.EQUALITY in _additional(entry):
        errors.append(
            FieldError(
                "additional_categories",
                "Details of equality are never combined with others; record them with the person.",
            )
        )
    removed = set(_removed(entry))
    if removed - set(default_categories(instrument, entry)):
        errors.append(_removal("Only categories that this element bears by default can be removed."))
    if removed & SENSITIVE:
        errors.append(_removal("A sensitive category cannot be removed."))
    if removed & set(_additional(entry)):
        errors.append(_removal("The same category is added and removed; do one of them."))
    if not errors and not label_of(instrument, entry).categories:
        errors.append(_removal("Leave at least one category, or add the one that fits."))
    return errors


def _removal(message: str) -> FieldError:
    return FieldError("removed_default_categories", message)


def _asks(instrument: Instrument, entry: AnyEntry) -> bool:
    if isinstance(entry, NewElementEntry):
        return instrument.element_by_code[entry.element].ask_sensitive
    return instrument.part_by_kind[entry.kind].ask_sensitive


def _additional(entry: AnyEntry) -> tuple[Category, ...]:
    return entry.additional_categories if isinstance(entry, LabelledByContent) else ()


def _removed(entry: AnyEntry) -> tuple[Category, ...]:
    return entry.removed_default_categories if isinstance(entry, NewElementEntry) else ()
