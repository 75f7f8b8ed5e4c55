"""Answers are what the document says: the checked client holds every one to its model (design 4).

Two changes that make this fail: leaving a field out of a model, an operation without a model.
"""

import orjson
import pytest

from tests.gateway.operations import OPERATIONS
from tests.support.gateway import ROUTES, WITHOUT_A_MODEL, check_against_model, route_of


def test_every_operation_but_instruments_and_prints_has_a_model() -> None:
    assert {route.path for route in ROUTES if route.response_model is None} == WITHOUT_A_MODEL
    assert len(WITHOUT_A_MODEL) == 3


def test_every_operation_is_found_by_its_path() -> None:
    found = {(route_of(method, path).path, method) for method, path in OPERATIONS}
    assert len(found) == len(OPERATIONS) == len(ROUTES)


NONE: dict[str, object] = {
    "agencies": [],
    "next": None,
    "cursor": None,
    "notice": "This may not be everything.",
}


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (201, NONE),
        (200, {}),
        (200, {**NONE, "more": 1}),
        (200, {**NONE, "agencies": [{"code": "x"}]}),
        (200, {**NONE, "agencies": {}}),
    ],
)
def test_what_does_not_fit_is_found(status: int, content: object) -> None:
    check_against_model("GET", "/v1/agencies", 200, orjson.dumps(NONE))
    with pytest.raises(AssertionError):
        check_against_model("GET", "/v1/agencies", status, orjson.dumps(content))
