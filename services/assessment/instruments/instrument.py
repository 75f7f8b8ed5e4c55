"""PURE. What an instrument says: its domains and elements, its parts with their categories, its conclusions.

An instrument's version is immutable: a change of its facts is a new version beside the old, since signed
assessments keep the version they were made under.
"""

from collections.abc import Iterator
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.assessment.entry_kinds import ENTRY_KINDS
from shared.vocabulary import SENSITIVE, Category

_KINDS_UNDER_ELEMENTS = {"strength", "need"}


class Fact(BaseModel):
    """Something an instrument says: nothing unforeseen, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Element(Fact):
    """One thing to look at. ``ask_sensitive``: its entries need the answer to the sensitive question."""

    code: str
    number: str
    group: str
    title: str
    categories: tuple[Category, ...] = Field(min_length=1)
    ask_sensitive: bool
    help: str = Field(min_length=1)


class Domain(Fact):
    code: str
    number: str
    title: str
    elements: tuple[Element, ...] = Field(min_length=1)


class Group(Fact):
    code: str
    title: str


class Part(Fact):
    """A part of the form beside the elements, by the kind of its entries."""

    kind: str
    title: str
    categories: tuple[Category, ...] = Field(min_length=1)
    ask_sensitive: bool
    help: str


class ConclusionChoice(Fact):
    """A conclusion, the categories it adds, and what it demands before it is recorded and signed."""

    code: str
    title: str
    additional_categories: tuple[Category, ...]
    needs_referral: bool
    needs_review: bool
    help: str


class Question(Fact):
    code: str
    text: str


class ChecklistForm(Fact):
    """The pre-assessment checklist."""

    title: str
    help: str
    questions: tuple[Question, ...] = Field(min_length=1)
    answers: tuple[str, ...]
    for_each_no_or_not_sure: tuple[str, ...]
    agreement_to_assess: tuple[str, ...]


class SensitiveChoice(Fact):
    category: Category
    title: str


class SensitiveQuestion(Fact):
    """Asked once when an entry is saved: the answer adds categories."""

    text: str
    help: str
    choices: tuple[SensitiveChoice, ...] = Field(min_length=1)


class PermissionStatement(Fact):
    """What the form's permission statement holds; permissions themselves are the consent service's."""

    two_separate_answers: tuple[str, str]
    signed_as: tuple[str, ...]
    names: tuple[str, ...]
    exception: str


class Instrument(Fact):
    """One version of one instrument."""

    code: str
    version: str
    title: str
    ages: str
    checklist: ChecklistForm
    identifying_details: dict[Category, tuple[str, ...]]
    service_kinds: tuple[str, ...]
    domains: tuple[Domain, ...] = Field(min_length=1)
    groups: tuple[Group, ...]
    whose_views: tuple[str, ...]
    parts: tuple[Part, ...]
    sensitive_question: SensitiveQuestion
    conclusions: tuple[ConclusionChoice, ...] = Field(min_length=1)
    voices: tuple[str, ...]
    permission_statement: PermissionStatement

    def elements(self) -> Iterator[Element]:
        for domain in self.domains:
            yield from domain.elements

    @cached_property
    def element_by_code(self) -> dict[str, Element]:
        return {element.code: element for element in self.elements()}

    @cached_property
    def part_by_kind(self) -> dict[str, Part]:
        return {part.kind: part for part in self.parts}

    @cached_property
    def conclusion_by_code(self) -> dict[str, ConclusionChoice]:
        return {conclusion.code: conclusion for conclusion in self.conclusions}

    @model_validator(mode="after")
    def _holds_together(self) -> "Instrument":
        _refuse_repeats("domain", [domain.code for domain in self.domains])
        _refuse_repeats("element", [element.code for element in self.elements()])
        _refuse_repeats("element number", [element.number for element in self.elements()])
        _refuse_repeats("conclusion", [conclusion.code for conclusion in self.conclusions])
        _refuse_repeats("question", [question.code for question in self.checklist.questions])
        _refuse_repeats("part", [part.kind for part in self.parts])
        for domain in self.domains:
            self._check_domain(domain)
        if self.part_by_kind.keys() != ENTRY_KINDS.keys() - _KINDS_UNDER_ELEMENTS:
            raise ValueError("the parts are not the kinds of entry beside strengths and needs")
        if not {choice.category for choice in self.sensitive_question.choices} <= SENSITIVE:
            raise ValueError("the sensitive question asks about a category that is not sensitive")
        return self

    def _check_domain(self, domain: Domain) -> None:
        groups = {group.code for group in self.groups}
        for position, element in enumerate(domain.elements, start=1):
            if element.number != f"{domain.number}.{position}":
                raise ValueError(f"{element.code} is not number {domain.number}.{position}")
            if element.group not in groups:
                raise ValueError(f"{element.code} is in no known group")


def _refuse_repeats(what: str, values: list[str]) -> None:
    if len(set(values)) != len(values):
        raise ValueError(f"two of one {what}")
