"""Problems: what can go wrong, said once, and how it leaves as ``application/problem+json`` (RFC 9457).

Operations raise a ``Problem``; ``shared.web`` turns it into a response. A problem's detail is one plain
sentence that says what to do next, and never repeats a value that its reader may not see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One row of the table: the stable name, the HTTP status and the title."""

    name: str
    status: int
    title: str


_KINDS = (
    ProblemKind("malformed", 400, "The request cannot be read"),
    ProblemKind("unauthenticated", 401, "Sign in first"),
    ProblemKind("forbidden", 403, "You may not do this"),
    ProblemKind("not-found", 404, "Nothing found"),
    ProblemKind("method-not-allowed", 405, "This cannot be done here"),
    ProblemKind("not-acceptable", 406, "This form of answer is not given here"),
    ProblemKind("conflict", 409, "This does not fit what is already recorded"),
    ProblemKind("stale", 412, "This has changed since you read it"),
    ProblemKind("too-large", 413, "Too much at once"),
    ProblemKind("unsupported-media-type", 415, "Send JSON"),
    ProblemKind("invalid", 422, "Something in the request needs correcting"),
    ProblemKind("precondition-required", 428, "Say which version you are changing"),
    ProblemKind("too-many-requests", 429, "Too many requests"),
    ProblemKind("internal", 500, "Something went wrong on our side"),
    ProblemKind("decision-unavailable", 503, "What you may see cannot be decided right now"),
    ProblemKind("unavailable", 503, "A part of the service cannot be reached right now"),
    ProblemKind("too-slow", 503, "The answer took too long and was not given"),
)
KINDS: Mapping[str, ProblemKind] = {kind.name: kind for kind in _KINDS}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field: where (a dotted path) and what to do, without the value."""

    field: str
    message: str


class WrongField(ValueError):
    """What a record says when two of its fields do not fit together: which of them is to be corrected (a
    dotted path in that record), and how."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def field_of(mistake: Mapping[str, Any]) -> tuple[int | str, ...]:
    """Where one of pydantic's errors lies: at the field that a record names, if it names one."""
    wrong = mistake.get("ctx", {}).get("error")
    return (*mistake["loc"], *(wrong.field.split(".") if isinstance(wrong, WrongField) else ()))


@dataclass(eq=False)
class Problem(Exception):
    """Something that the caller is told.

    ``kind`` is a name in ``KINDS``; ``detail`` one plain sentence; ``errors`` the fields concerned.
    """

    kind: str
    detail: str
    errors: Sequence[FieldError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return KINDS[self.kind].status

    def within(self, field_path: str) -> "Problem":
        """The same problem of a part of a larger body: the fields stand under its path."""
        placed = [FieldError(f"{field_path}.{error.field}", error.message) for error in self.errors]
        return Problem(self.kind, self.detail, placed, self.headers)


def problem_document(problem: Problem, notice: str | None = None) -> dict[str, Any]:
    """The RFC 9457 document of a problem; ``notice`` is the sentence that the gateway adds to some."""
    kind = KINDS[problem.kind]
    document: dict[str, Any] = {
        "type": f"urn:teamaround:problem:{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
    }
    if problem.errors:
        document["errors"] = [{"field": e.field, "message": e.message} for e in problem.errors]
    if notice is not None:
        document["notice"] = notice
    return document


def invalid(field_path: str, message: str) -> Problem:
    """A 422 about one field."""
    return Problem(
        "invalid", "Correct the field named below and send it again.", [FieldError(field_path, message)]
    )


def conflict(detail: str) -> Problem:
    return Problem("conflict", detail)


def stale() -> Problem:
    return Problem("stale", "This has changed since you read it. Read it again and repeat your change.")


def forbidden(detail: str) -> Problem:
    return Problem("forbidden", detail)


def not_found() -> Problem:
    """The one refusal: the same for hidden, absent and malformed (design 3.5)."""
    return Problem(
        "not-found", "There is nothing here that you may see. Check the link, or ask the lead professional."
    )
