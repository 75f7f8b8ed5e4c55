"""PURE. Stored rows as the raw assessments and entries that the gateway reads and projects.

What the rows hold as JSON text goes into the answer as it is (``orjson.Fragment``), without being parsed.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypedDict

import orjson

from services.assessment.assessments.copies import LaterLabel
from services.assessment.entry_kinds import tells_where
from services.assessment.instruments.library import Library
from shared.disclosure import Entry
from shared.vocabulary import Category

_HOUSING = f'"{Category.HOUSING}"'
_unparsed: Callable[[str], Any] = orjson.Fragment


class RawAssessment(TypedDict):
    """An assessment beside its entries; ``version`` is the instrument's."""

    id: str
    person: str
    state: str
    instrument: str
    version: str
    owner: str
    amends: str | None


class RawAssessments(TypedDict):
    assessments: list[RawAssessment]
    entries: list[Entry]


class RawLabel(TypedDict):
    """What the decision needs to know of an entry, without its content."""

    id: str
    owner: str
    accountable: str | None
    categories: list[str]
    subjects: list[str]
    unanswered: bool
    draft: bool
    locates: bool


def raw_assessments(
    assessments: Iterable[Any],
    rows: Iterable[Any],
    library: Library,
    later: Mapping[str, LaterLabel],
    origins: Mapping[str, str],
) -> RawAssessments:
    """Assessments with their entries; ``later`` and ``origins`` by entry, where there are versions."""
    by_id = {assessment.id: assessment for assessment in assessments}
    entries = [_raw_entry(row, by_id[row[1]], library) for row in rows]
    _grow(entries, later)
    if origins:
        for entry in entries:
            if entry["id"] in origins:
                entry["origin"] = origins[entry["id"]]
    return {
        "assessments": [_raw_assessment(assessment) for assessment in by_id.values()],
        "entries": entries,
    }


def _grow(labels: Iterable[Any], later: Mapping[str, LaterLabel]) -> None:
    """Add to each label what later copies of its entry bear; without such it stays as it is stored."""
    if not later:
        return
    for label in labels:
        more = later.get(label["id"])
        if more is None:
            continue
        categories, subjects = _parsed(label["categories"]), _parsed(label["subjects"])
        if not more.categories.issubset(categories):
            bears = more.categories.union(categories)
            label["categories"] = [category.value for category in Category if category in bears]
        if not more.subjects.keys() <= set(subjects):
            label["subjects"] = list(dict.fromkeys((*subjects, *more.subjects)))
        label["unanswered"] |= more.unanswered
        label["locates"] |= Category.HOUSING in more.categories


def _parsed(fragment: Any) -> list[str]:
    parsed: list[str] = orjson.loads(orjson.dumps(fragment))
    return parsed


def _raw_assessment(assessment: Any) -> RawAssessment:
    return {
        "id": assessment.id,
        "person": assessment.person_id,
        "state": assessment.state,
        "instrument": assessment.instrument,
        "version": assessment.instrument_version,
        "owner": assessment.owner,
        "amends": assessment.amends,
    }


def _raw_entry(row: Any, assessment: Any, library: Library) -> Entry:
    # Unpacked by position: the row of 60 entries is the hot path, and names cost a look-up each.
    (
        id_, part_of, kind, owner, accountable, categories, subjects, unanswered,
        recorded_at, author, version, fields,
    ) = row  # fmt: skip
    if kind == "assessment":
        fields = _envelope_fields(orjson.loads(fields), assessment, library)
    else:
        fields = _unparsed(fields)
    return {
        "id": id_,
        "area": "assessment",
        "kind": kind,
        "owner": owner,
        "accountable": accountable,
        "categories": _unparsed(categories),
        "subjects": _unparsed(subjects),
        "unanswered": unanswered,
        "draft": assessment.state == "draft",
        "locates": _locates(kind, categories),
        "recorded_at": recorded_at,
        "author": author,
        "version": version,
        "fields": fields,
        "part_of": part_of,
    }


def _locates(kind: str, categories: str) -> bool:
    """Whether an entry tells where its subjects are: by its kind, or as one about housing. ``categories`` is
    JSON text, which holds the word if and only if it is one of them."""
    return _HOUSING in categories or tells_where(kind)


def _envelope_fields(written: Mapping[str, Any], assessment: Any, library: Library) -> dict[str, Any]:
    """What the author wrote on the envelope, with where the assessment stands now."""
    instrument = library.get(assessment.instrument, assessment.instrument_version)
    now = {
        "instrument": instrument.code,
        "instrument_version": instrument.version,
        "instrument_title": instrument.title,
        "state": assessment.state,
        "review_on": assessment.review_on and assessment.review_on.isoformat(),
        "signed_on": assessment.signed_at and assessment.signed_at.date().isoformat(),
        **(assessment.signature or {}),
    }
    return {**written, **{name: value for name, value in now.items() if value is not None}}


def raw_labels(
    cases: Iterable[str], rows: Iterable[Any], later: Mapping[str, LaterLabel]
) -> dict[str, list[RawLabel]]:
    """The labels of each case asked for, an empty list where there is nothing."""
    labels: dict[str, list[RawLabel]] = {case: [] for case in cases}
    for id_, case, kind, owner, accountable, categories, subjects, unanswered, state, _ in rows:
        labels[case].append(
            {
                "id": id_,
                "owner": owner,
                "accountable": accountable,
                "categories": _unparsed(categories),
                "subjects": _unparsed(subjects),
                "unanswered": unanswered,
                "draft": state == "draft",
                "locates": _locates(kind, categories),
            }
        )
    for found in labels.values():
        _grow(found, later)
    return labels
