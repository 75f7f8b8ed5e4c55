"""Which tests one worker runs one after the other: those of a file, and files that share what takes long to
make. So what is made once for a file is made once, and its tests meet it in the order in which they stand."""

from collections.abc import Mapping
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

_DEMO = "the demo partnership with a page of every kind"
_TOGETHER: Mapping[str, str] = {
    "tests/journeys/": "suites in every way to run",
    "tests/practitioner/test_every_page.py": _DEMO,
    "tests/practitioner/test_nothing_typed_is_lost.py": _DEMO,
    "tests/practitioner/test_u1_": _DEMO,
}
"""By how the path begins: what those files share."""


def shared_by(nodeid: str) -> str:
    """What the test has in common with those that the same worker runs: its file, if nothing else."""
    return next((what for start, what in _TOGETHER.items() if nodeid.startswith(start)), _file_of(nodeid))


def takes_long(nodeid: str) -> bool:
    """Whether to begin with it, so that at the end nobody waits for a worker that is alone with it."""
    return shared_by(nodeid) != _file_of(nodeid)


def _file_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


class SharingOut(LoadScopeScheduling):  # type: ignore[misc] # the library is not typed
    """Deals out such groups in the order in which they were collected, whatever ``--dist`` says."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return shared_by(nodeid)
