"""The shapes of explanations, who-can-see and what-if, made of what the consent service told. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.gateway.disclose import Gathered, Seen
from services.gateway.projection import Shown, not_available
from services.gateway.views import receipt_card
from services.gateway.wording import (
    AS_FAR_AS_TOLD,
    LABELLED_AS_NOW,
    NOT_BY_NAME,
    OWED_OFF_THE_TEAM,
    bundles_of,
    described,
    name_of,
    ways_to_ask,
    what_is_seen,
    why,
)
from shared.disclosure import AgencyCard
from shared.explanations import RequesterAnswer
from shared.vocabulary import Category, Level, Purpose

_PLACE = {category.value: place for place, category in enumerate(Category)}


def requester_view(
    gathered: Gathered,
    seen: Seen,
    answer: RequesterAnswer,
    *,
    entry: str | None,
    purpose: Purpose,
    is_family: bool,
    notice: str,
) -> Shown:
    """What the caller sees and why, and what can be asked for; made of what the view itself shows."""
    bundle = seen.bundle
    owners = [(one["owner"], level) for one, level in zip(seen.entries, seen.levels, strict=True)]
    holders = not_available(owners, answer.agencies)
    ways = ways_to_ask(
        bundle["lead"],
        holders,
        answer.other_purposes,
        case=bundle["case"]["id"],
        may_break_glass=answer.may_break_glass,
        is_family=is_family,
    )
    return {
        "case": bundle["case"]["id"],
        "entry": entry,
        "you_see": _you_see(gathered, seen, answer, entry, is_family),
        "ways_to_ask": ways,
        "not_available": holders,
        "unavailable": list(seen.unavailable),
        "notice": notice,
        "decision": receipt_card(answer.receipt, answer.policy_version, purpose),
    }


def _you_see(
    gathered: Gathered, seen: Seen, answer: RequesterAnswer, entry: str | None, is_family: bool
) -> list[Shown]:
    """By owner, level and grounds, the categories of what is shown."""
    grouped: dict[tuple[str, Level, tuple[str, ...]], set[str]] = {}
    places = gathered.labelled.place_of
    for one, level, place in zip(seen.entries, seen.levels, places, strict=True):
        if level >= Level.SUMMARY and entry in (None, one["id"]):
            grounds = () if is_family else answer.grounds[place]
            grouped.setdefault((one["owner"], level, grounds), set()).update(one["categories"])
    lines = []
    for (owner, level, grounds), found in sorted(grouped.items(), key=lambda line: line[0]):
        categories = sorted(found, key=lambda word: _PLACE.get(word, len(_PLACE)))
        name = name_of(owner, answer.agencies)
        lines.append(
            {
                "owner": owner,
                "level": level.word,
                "categories": categories,
                "bundles": bundles_of(categories),
                "grounds": list(grounds),
                "sentence": what_is_seen(name, categories, level, grounds),
            }
        )
    return lines


def officer_view(
    case: str, told: Mapping[str, Any], unavailable: Sequence[str], purpose: Purpose, notice: str
) -> Shown:
    """The derivations that an information officer may know, each with its sentences."""
    agencies = _agencies(told)
    return {
        "case": case,
        "explanations": [_with_sentences(one, agencies) for one in told["explanations"]],
        "unavailable": list(unavailable),
        "notice": notice,
        "decision": receipt_card(told["receipt"], told["policy_version"], purpose),
    }


def _with_sentences(one: Mapping[str, Any], agencies: Mapping[str, AgencyCard]) -> Shown:
    person = described(one, agencies)

    def said(cell: Mapping[str, Any], categories: Sequence[str] | None) -> list[str]:
        owner = name_of(cell["owner"], agencies) if cell["owner"] else "any other agency"
        return why(person, owner, {**cell, "categories": categories})

    return {
        **one,
        "cells": [{**cell, "sentences": said(cell, cell.get("categories"))} for cell in one["cells"]],
        "by_category": [{**cell, "sentences": said(cell, [cell["category"]])} for cell in one["by_category"]],
    }


def receipt_view(told: Mapping[str, Any], purpose: Purpose, notice: str) -> Shown:
    """What was decided then, as the receipt has it and as far as it can be worked out again."""
    return {
        "explained": told["explained"],
        "notice": notice,
        "decision": receipt_card(told["receipt"], told["policy_version"], purpose),
    }


def people_view(
    case: str, told: Mapping[str, Any], unavailable: Sequence[str], purpose: Purpose, notice: str
) -> Shown:
    """Who-can-see and what-if: a line for everybody."""
    return {
        "case": case,
        "people": told["people"],
        "unavailable": list(unavailable),
        "notice": notice,
        "decision": receipt_card(told["receipt"], told["policy_version"], purpose),
    }


def who_can_see_view(
    view: Shown, at: str, *, is_of_then: bool, is_officer: bool, is_owed_off_the_team: bool
) -> Shown:
    """The same of a moment, with what such a list cannot say: half an answer must not read as a whole one."""
    limits = [NOT_BY_NAME, OWED_OFF_THE_TEAM] if is_owed_off_the_team else [NOT_BY_NAME]
    if not is_officer:
        limits.append(AS_FAR_AS_TOLD)
    if is_of_then:
        limits.append(LABELLED_AS_NOW)
    return view | {"at": at, "limits": limits}


def _agencies(told: Mapping[str, Any]) -> dict[str, AgencyCard]:
    return {code: AgencyCard(**card) for code, card in told["agencies"].items()}


def label_of_entry(gathered: Gathered, entry: str) -> int | None:
    """The place of the label that an entry bears."""
    for one, place in zip(gathered.entries, gathered.labelled.place_of, strict=True):
        if one["id"] == entry:
            return place
    return None


def labels_present(gathered: Gathered, at: datetime | None) -> tuple[int, ...]:
    """The places of the labels that had an entry at a moment (None: now)."""
    places = {
        place
        for one, place in zip(gathered.entries, gathered.labelled.place_of, strict=True)
        if at is None or datetime.fromisoformat(one["recorded_at"]) <= at
    }
    return tuple(sorted(places))
