"""The chain of receipts by itself: any change to it is found (A2, pure)."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from services.consent.ledger.chain import START, LedgerKey, Link, find_fault, link
from tests.consent.service import KEYS, LEDGER_KEY

CHAINS_TRIED = 60
OLD_KEY = LedgerKey("ledger-0", b"the key of last year, still known to those who verify")
BOTH_KEYS = {**KEYS, OLD_KEY.key_id: OLD_KEY}


def a_chain(chain: str, length: int, key: LedgerKey = LEDGER_KEY, start: Sequence[Link] = ()) -> list[Link]:
    links = list(start)
    for seq in range(len(links) + 1, length + 1):
        previous = links[-1].link if links else START
        content = {"id": f"{chain}-{seq}", "cases": [{"cells": [{"level": "full"}]}], "reason": None}
        links.append(Link(seq, previous, link(key, chain, seq, previous, content), key.key_id, content))
    return links


def is_found(links: Sequence[Link], length: int, head: str, chain: str = "case:1") -> bool:
    return find_fault(BOTH_KEYS, chain, links, length, head) is not None


def test_an_untouched_chain_is_whole_whatever_its_length() -> None:
    for length in range(12):
        links = a_chain("case:1", length)
        assert find_fault(KEYS, "case:1", links, length, links[-1].link if links else START) is None


def test_a_chain_stays_whole_when_the_key_changes_and_both_are_known() -> None:
    links = a_chain("case:1", 6, start=a_chain("case:1", 3, OLD_KEY))
    assert [stored.key_id for stored in links] == ["ledger-0"] * 3 + ["ledger-1"] * 3
    assert find_fault(BOTH_KEYS, "case:1", links, 6, links[-1].link) is None
    fault = find_fault(KEYS, "case:1", links, 6, links[-1].link)
    assert fault is not None
    assert (fault.seq, fault.what) == (1, "a receipt names a key that nobody has")


def test_the_order_of_the_keys_of_a_receipt_means_nothing_and_each_part_of_a_link_does() -> None:
    whole = link(LEDGER_KEY, "case:1", 1, START, {"a": 1, "b": 2})
    assert link(LEDGER_KEY, "case:1", 1, START, {"b": 2, "a": 1}) == whole
    others = [
        link(OLD_KEY, "case:1", 1, START, {"a": 1, "b": 2}),
        link(LEDGER_KEY, "case:2", 1, START, {"a": 1, "b": 2}),
        link(LEDGER_KEY, "case:1", 2, START, {"a": 1, "b": 2}),
        link(LEDGER_KEY, "case:1", 1, whole, {"a": 1, "b": 2}),
        link(LEDGER_KEY, "case:1", 1, START, {"a": 1, "b": "2"}),
        link(LEDGER_KEY, "case:1", 1, START, {"a": 1}),
    ]
    assert len({whole, *others}) == 7
    assert all(len(made) == 64 for made in others)


def test_every_way_of_touching_a_chain_is_found(seed: int) -> None:
    rng = random.Random(seed)
    found = tried = 0
    for _ in range(CHAINS_TRIED):
        length = rng.randint(3, 9)
        links = a_chain("case:1", length)
        head = links[-1].link
        at = rng.randrange(length)
        other = (at + rng.randint(1, length - 1)) % length
        stored, changes = links[at], list[list[Link]]()
        edits: list[dict[str, Any]] = [
            {"content": {**stored.content, "reason": "another"}},
            {"content": {name: value for name, value in stored.content.items() if name != "reason"}},
            {"previous": stored.link},
            {"link": links[other].link},
            {"link": "é" * 64},
            {"link": ""},
            {"key_id": "ledger-0"},
            {"key_id": "nobody's"},
            {"seq": links[other].seq},
            {"seq": length + 5},
        ]
        for edit in edits:
            changes.append([replace(old, **edit) if old is stored else old for old in links])
        swapped = list(links)
        swapped[at], swapped[other] = swapped[other], swapped[at]
        changes += [
            [old for old in links if old is not stored],
            swapped,
            [*links[:at], stored, *links[at:]],
            [*links[:at], a_chain("case:2", length)[at], *links[at + 1 :]],
            links[:at],
            a_chain("case:2", length),
            a_chain("case:1", length, LedgerKey("ledger-1", b"a forger's own key of the same name")),
            [*links, *a_chain("case:1", length + 1, OLD_KEY, links)[-1:]],
        ]
        tried += len(changes)
        found += sum(is_found(changed, length, head) for changed in changes)
    assert (found, tried) == (CHAINS_TRIED * 18, CHAINS_TRIED * 18)


def test_a_chain_cut_off_with_its_row_rewritten_is_found_by_a_checkpoint_held_elsewhere() -> None:
    """Who can write the whole database can forget its end; what was noted elsewhere cannot be forgotten."""
    links = a_chain("case:1", 7)
    held_length, held_head = 5, links[4].link
    cut = links[:3]
    assert find_fault(KEYS, "case:1", cut, 3, cut[-1].link) is None
    fault = find_fault(KEYS, "case:1", cut, held_length, held_head)
    assert fault is not None
    assert (fault.seq, fault.what) == (4, "the chain was cut off or lengthened")
    # Up to the checkpoint, the chain that has grown since is the one that was held.
    assert find_fault(KEYS, "case:1", links[:held_length], held_length, held_head) is None


@pytest.mark.parametrize("seq", [1, 4, 7])
def test_a_fault_names_the_chain_and_the_first_place_where_it_shows(seq: int) -> None:
    links = a_chain("case:1", 7)
    links[seq - 1] = replace(links[seq - 1], content={"id": "forged"})
    fault = find_fault(KEYS, "case:1", links, 7, links[-1].link)
    assert fault is not None
    assert (fault.chain, fault.seq, fault.what) == ("case:1", seq, "a receipt was changed")
