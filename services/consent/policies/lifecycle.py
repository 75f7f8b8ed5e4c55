"""Where a version or a draft stands in its life, and what may come next (design 3.6). Pure.

Any information officer drafts. A draft is approved by a second person: another user than every author, who
acts for another agency than theirs, or speaks for the partnership. Everybody's information is under these
rules, so no agency writes and approves them by itself.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from shared.problems import Problem, conflict, forbidden, invalid

RESULTS_LAST = timedelta(days=7)
"""For how long the results of a simulation may be approved and published on: facts go on changing."""


def state_of(version: Any, versions: Sequence[Any], at: datetime) -> str:
    """``in_force``, ``to_come``, ``superseded``, or ``overtaken`` by a newer version from no later date."""
    newer = [other for other in versions if other.version > version.version]
    if any(other.published_from <= version.published_from for other in newer):
        return "overtaken"
    if at < version.published_from:
        return "to_come"
    return "superseded" if any(other.published_from <= at for other in newer) else "in_force"


def replaced_from(versions: Sequence[Any], moment: datetime) -> int | None:
    """The version that a new one would replace at this moment."""
    before = [version.version for version in versions if version.published_from <= moment]
    return max(before, default=None)


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of canonical JSON: keys in order, no spaces, UTF-8."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def with_author(authors: Sequence[Mapping[str, str]], user: str, agency: str) -> list[dict[str, str]]:
    author = {"user": user, "agency": agency}
    known = [dict(known) for known in authors]
    return known if author in known else [*known, author]


def check_open(draft: Any) -> None:
    """A 409 once a draft was published."""
    if draft.published_version is not None:
        raise conflict("This draft was published. Begin a new one from the version that it became.")


def check_discard(draft: Any, agency: str, *, approved: bool) -> None:
    """A 403 unless somebody of this agency wrote any of a draft; a 409 once it was approved as it stands.

    What was approved is somebody else's word too: a change, or another simulation, ends it first.
    """
    if not any(author["agency"] == agency for author in draft.authors):
        raise forbidden("Only an agency that wrote any of this draft discards it; ask one of its authors.")
    if approved:
        raise conflict("This draft is approved. Change it or simulate it anew before you discard it.")


def check_second_person(draft: Any, user: str, agency: str, for_partnership: bool) -> None:
    """A 403 unless this is somebody else than every author, and of another agency than theirs.

    Who speaks for the partnership may be of the same one.
    """
    if any(author["user"] == user for author in draft.authors):
        raise forbidden("Somebody else must approve this: whoever wrote any of it may not.")
    if not for_partnership and any(author["agency"] == agency for author in draft.authors):
        raise forbidden("An information officer of another agency than its authors' must approve this.")


def check_digest(simulation: Any | None, digest: str) -> None:
    """A 409 unless the results of the draft as it now stands are those that are meant."""
    if simulation is None or simulation.digest is None:
        raise conflict("There are no results of this draft as it stands. Simulate it first.")
    if simulation.digest != digest:
        raise conflict("The draft or its results have changed since. Read the draft again.")


def check_fresh(simulation: Any, versions: Sequence[Any], at: datetime) -> None:
    """A 409 when the results no longer say what publishing would change."""
    if at - simulation.finished_at >= RESULTS_LAST:
        raise conflict(f"The results are older than {RESULTS_LAST.days} days. Simulate the draft again.")
    if max(version.version for version in versions) != simulation.newest:
        raise conflict("Another version was published since the simulation. Simulate the draft again.")


def check_date(simulation: Any, versions: Sequence[Any], moment: datetime, earliest: datetime) -> None:
    """The date must be D ahead at least, and the version that it replaces the one that was simulated."""
    if moment < earliest:
        raise invalid("published_from", "Choose a later moment: until then answers may be on their way.")
    if replaced_from(versions, moment) != simulation.against:
        raise conflict(
            "From this date it would replace another version than it was simulated against. Simulate it "
            "against that one, or choose another date."
        )


def blocked(findings: Sequence[Mapping[str, Any]], goldens: Sequence[Mapping[str, Any]]) -> Problem | None:
    """Why a draft cannot be approved as it stands."""
    if any(finding["severity"] == "error" for finding in findings):
        return conflict("The draft has errors; read its findings and put them right.")
    if any(row["expected"] != row["got"] for row in goldens):
        return conflict("A golden row fails; correct the draft, or the row if the rule is meant to change.")
    return None
