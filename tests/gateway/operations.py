"""Every operation of the public API, with a body that it would accept: the list that the tests hold it to.

What came first stands here; each later area adds a module to ``tests/gateway/areas``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from fastapi import FastAPI

from tests.gateway import areas
from tests.gateway.household import CAMHS, HOUSING, SCHOOL, UNTIL, YOT, House
from tests.support.gateway import As, World

Json = dict[str, Any]
CASE = "/v1/cases/{case}"
PERSON = "/v1/people/{person}"

AREAS: tuple[ModuleType, ...] = tuple(
    import_module(f"{areas.__name__}.{module.name}") for module in iter_modules(areas.__path__)
)

OPERATIONS: tuple[tuple[str, str], ...] = (
    ("GET", "/v1/me"),
    ("POST", "/v1/people"),
    ("POST", "/v1/people/search"),
    ("GET", PERSON),
    ("POST", f"{PERSON}/details"),
    ("PATCH", f"{PERSON}/details/{{entry}}"),
    ("GET", f"{PERSON}/involvements"),
    ("GET", f"{PERSON}/relationships"),
    ("POST", f"{PERSON}/relationships"),
    ("GET", f"{PERSON}/disclosures"),
    ("GET", "/v1/cases"),
    ("POST", "/v1/cases"),
    ("GET", CASE),
    ("GET", f"{CASE}/timeline"),
    ("POST", f"{CASE}/subjects"),
    ("POST", f"{CASE}/closure"),
    ("POST", f"{CASE}/reopening"),
    ("POST", f"{CASE}/reviews"),
    ("GET", f"{CASE}/lead-professional"),
    ("POST", f"{CASE}/lead-professional/handovers"),
    ("POST", f"{CASE}/lead-professional/nominations"),
    ("POST", f"{CASE}/lead-professional/nominations/{{nomination}}/acceptance"),
    ("POST", f"{CASE}/lead-professional/nominations/{{nomination}}/refusal"),
    ("POST", f"{CASE}/lead-professional/nominations/{{nomination}}/withdrawal"),
    ("GET", f"{CASE}/team"),
    ("POST", f"{CASE}/team"),
    ("DELETE", f"{CASE}/team/{{member}}"),
    ("GET", f"{CASE}/actions"),
    ("POST", f"{CASE}/actions"),
    ("PATCH", f"{CASE}/actions/{{action}}"),
    ("GET", "/v1/instruments"),
    ("GET", "/v1/instruments/{code}/{version}"),
    ("GET", f"{CASE}/assessments"),
    ("POST", f"{CASE}/assessments"),
    ("GET", f"{CASE}/assessments/{{assessment}}"),
    ("GET", f"{CASE}/assessments/{{assessment}}/print"),
    ("POST", f"{CASE}/assessments/{{assessment}}/entries"),
    ("PATCH", f"{CASE}/assessments/{{assessment}}/entries/{{entry}}"),
    ("POST", f"{CASE}/assessments/{{assessment}}/signature"),
    ("GET", f"{CASE}/consents"),
    ("POST", f"{CASE}/consents"),
    ("POST", f"{CASE}/consents/{{consent}}/withdrawal"),
    ("GET", f"{CASE}/exclusions"),
    ("POST", f"{CASE}/exclusions"),
    ("POST", f"{CASE}/exclusions/{{exclusion}}/lifting"),
    ("GET", f"{CASE}/disclosures"),
    ("GET", "/v1/agencies"),
    ("POST", "/v1/agencies"),
    ("GET", "/v1/agreements"),
    ("POST", "/v1/agreements"),
    ("POST", "/v1/agreements/{agreement}/ending"),
    ("POST", "/v1/users/{user}/suspension"),
    ("POST", "/v1/users/{user}/departure"),
    *(operation for area in AREAS for operation in area.OPERATIONS),
)

FOR_EVERYBODY: frozenset[tuple[str, str]] = frozenset(
    {
        ("GET", "/v1/me"),
        ("GET", "/v1/instruments"),
        ("GET", "/v1/instruments/{code}/{version}"),
        ("GET", "/v1/agencies"),
        ("DELETE", f"{CASE}/team/{{member}}"),
    }
).union(*(area.FOR_EVERYBODY for area in AREAS))
"""What every role may try."""

FOR_INFORMATION_OFFICERS: frozenset[tuple[str, str]] = frozenset(
    {
        ("POST", "/v1/agencies"),
        ("GET", "/v1/agreements"),
        ("POST", "/v1/agreements"),
        ("POST", "/v1/agreements/{agreement}/ending"),
        ("POST", "/v1/users/{user}/suspension"),
        ("POST", "/v1/users/{user}/departure"),
    }
).union(*(area.FOR_INFORMATION_OFFICERS for area in AREAS))
"""What an information officer may try besides the reads that every case has."""

WITHOUT_A_BODY: frozenset[tuple[str, str]] = frozenset(
    {
        ("POST", "/v1/cases/{case}/lead-professional/nominations/{nomination}/acceptance"),
        ("POST", "/v1/cases/{case}/lead-professional/nominations/{nomination}/withdrawal"),
        ("POST", "/v1/agreements/{agreement}/ending"),
    }
).union(*(area.WITHOUT_A_BODY for area in AREAS))
"""Writes that take no body."""


REFUSED_BY_ROLE: frozenset[tuple[str, str]] = frozenset().union(
    *(getattr(area, "REFUSED_BY_ROLE", frozenset()) for area in AREAS)
)
"""What a team manager is refused by the guard, alike for every id."""

OPENS_WHAT_IS_HIDDEN: frozenset[tuple[str, str]] = frozenset().union(
    *(getattr(area, "OPENS_WHAT_IS_HIDDEN", frozenset()) for area in AREAS)
)
"""What finds a case that is hidden from its caller, on purpose."""

ON_BEHALF: frozenset[tuple[str, str]] = frozenset(
    {
        ("POST", f"{PERSON}/details"),
        ("PATCH", f"{PERSON}/details/{{entry}}"),
        ("POST", f"{CASE}/reviews"),
        ("POST", f"{CASE}/actions"),
        ("PATCH", f"{CASE}/actions/{{action}}"),
        ("POST", f"{CASE}/assessments"),
        ("POST", f"{CASE}/assessments/{{assessment}}/entries"),
        ("PATCH", f"{CASE}/assessments/{{assessment}}/entries/{{entry}}"),
    }
).union(*(getattr(area, "ON_BEHALF", frozenset()) for area in AREAS))
"""The writes that an agency's system does for a user whom it names: what they recorded where they work."""

USERS: Mapping[tuple[str, str], str] = {
    operation: user for area in AREAS for operation, user in getattr(area, "USERS", {}).items()
}
"""Who comes past the guard of an operation, where a practitioner does not."""


def operations_of(app: FastAPI) -> list[tuple[str, str]]:
    """The operations that the gateway really has, by its own document."""
    return [(method.upper(), path) for path, methods in app.openapi()["paths"].items() for method in methods]


def ids_of(house: House) -> dict[str, str]:
    """What stands for each parameter of a path."""
    first = {
        "case": house.case, "person": house.child, "entry": house.school_contact,
        "assessment": house.assessment, "action": house.action, "member": house.housing_member,
        "nomination": house.nomination, "consent": house.everyday_permission,
        "exclusion": house.exclusion, "agreement": house.case, "code": "caf", "version": "1",
        "user": "nobody.here",
    }  # fmt: skip
    return _with_areas(first, [area.ids(house) for area in AREAS])


def _with_areas(first: dict[Any, Any], more: list[Mapping[Any, Any]]) -> dict[Any, Any]:
    for added in more:
        assert not first.keys() & added.keys(), "two areas name the same thing"
        first.update(added)
    return first


def share(house: House, **changes: Any) -> Json:
    """A permission to share, for the mother to give."""
    return {
        "kind": "share", "subject": house.child, "giver": house.mother, "capacity": "parent",
        "answer": "given",
        "statement": {"reasons_explained_and_understood": True, "agrees": True},
        "evidence": {"form": "written", "reference": "a form"}, "wording_version": "2026-1",
        "recipients": [YOT], "categories": ["learning"], "level": "full", "purposes": ["support"],
        "valid_until": UNTIL,
        **changes,
    }  # fmt: skip


def exclusion(house: House, **changes: Any) -> Json:
    """An exclusion, for the mother to ask for."""
    return {
        "subject": house.child, "giver": house.mother, "capacity": "parent", "agencies": [CAMHS],
        "categories": ["community"],
        **changes,
    }  # fmt: skip


def bodies(house: House) -> dict[tuple[str, str], Json]:
    """A body for each operation that takes one."""
    relationship = {
        "from_person": house.mother, "to_person": house.child, "relation": "mother",
        "parental_responsibility": True, "parental_responsibility_source": "birth", "lives_with": True,
    }  # fmt: skip
    name = {"kind": "name", "fields": {"given_names": "Robin"}}
    action = {
        "desired_outcome": "Better days", "action": "Talk", "by_when": "2031-06-01", "accountable": SCHOOL,
    }  # fmt: skip
    member = {
        "user": "someone.new", "name": "Someone New", "agency": SCHOOL, "role": "practitioner",
        "job_title": "Teacher",
    }  # fmt: skip
    agreement = {
        "owner": SCHOOL, "recipient": HOUSING, "purpose": "support", "title": "School and housing",
        "valid_from": "2031-01-01T00:00:00Z", "valid_until": "2032-01-01T00:00:00Z",
        "rows": [
            {
                "category": "learning", "base": "summary", "mode": "objectable", "cap": "full",
                "basis": "public task", "condition": "none", "power": "section 10",
            }
        ],
    }  # fmt: skip
    evidence = {"form": "verbal"}
    first = {
        ("POST", "/v1/people"): {"details": [name]},
        ("POST", "/v1/people/search"): {"name": "Robin Vale", "date_of_birth": "2015-02-03"},
        ("POST", f"{PERSON}/details"): {"details": [name]},
        ("PATCH", f"{PERSON}/details/{{entry}}"): {"fields": {"telephone": "01632 960777"}},
        ("POST", f"{PERSON}/relationships"): relationship,
        ("POST", "/v1/cases"): {
            "person": house.child, "reason": "More help", "opener": {"job_title": "Teacher"},
        },
        ("POST", f"{CASE}/subjects"): {"person": house.mother},
        ("POST", f"{CASE}/closure"): {"reason": "needs_met"},
        ("POST", f"{CASE}/reopening"): {"reason": "Needed again"},
        ("POST", f"{CASE}/reviews"): {"review_on": "2031-06-01"},
        ("POST", f"{CASE}/lead-professional/handovers"): {"member": house.housing_member},
        ("POST", f"{CASE}/lead-professional/nominations"): {"member": house.housing_member},
        ("POST", f"{CASE}/lead-professional/nominations/{{nomination}}/refusal"): {"reason": "No time"},
        ("POST", f"{CASE}/team"): member,
        ("DELETE", f"{CASE}/team/{{member}}"): {"reason": "Moved on"},
        ("POST", f"{CASE}/actions"): {"actions": [action]},
        ("PATCH", f"{CASE}/actions/{{action}}"): {"status": "in_progress"},
        ("POST", f"{CASE}/assessments"): {
            "instrument": "caf", "instrument_version": "1", "person": house.child,
            "started_on": "2031-03-01", "reason_for_assessment": "A fresh look",
        },
        ("POST", f"{CASE}/assessments/{{assessment}}/entries"): {"kind": "goal", "text": "Sleeps well"},
        ("PATCH", f"{CASE}/assessments/{{assessment}}/entries/{{entry}}"): {"text": "Sleeps better"},
        ("POST", f"{CASE}/assessments/{{assessment}}/signature"): {
            "child_or_young_person": "agreed", "parent_or_carer": "agreed",
        },
        ("POST", f"{CASE}/consents"): share(house),
        ("POST", f"{CASE}/consents/{{consent}}/withdrawal"): {"withdrawn_by": house.mother},
        ("POST", f"{CASE}/exclusions"): exclusion(house),
        ("POST", f"{CASE}/exclusions/{{exclusion}}/lifting"): {
            "lifted_by": house.mother, "evidence": evidence,
        },
        ("POST", "/v1/agencies"): {"code": "new-agency", "name": "New agency", "kind": "health"},
        ("POST", "/v1/agreements"): agreement,
        ("POST", "/v1/users/{user}/suspension"): {"reason": "Left"},
        ("POST", "/v1/users/{user}/departure"): {"reason": "Left"},
    }  # fmt: skip
    return _with_areas(first, [area.bodies(house) for area in AREAS])


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation with its path filled in."""

    method: str
    template: str
    path: str
    body: Json | None


def operations(house: House, **other: str) -> list[Operation]:
    """Every operation of the list with the ids of the household, or others."""
    ids, sent = {**ids_of(house), **other}, bodies(house)
    return [
        Operation(method, template, template.format(**ids), sent.get((method, template)))
        for method, template in OPERATIONS
    ]


def reads(house: House, **other: str) -> list[str]:
    """The paths of every GET."""
    return [operation.path for operation in operations(house, **other) if operation.method == "GET"]


def readers(world: World, house: House) -> dict[str, As]:
    """Somebody of each role, and of several agencies."""
    users = (
        "nadia.bell", "sam.okafor", "hana.novak", "ben.carver", "asif.khan", "ruth.amadi", "grace.obi",
        "kit.vane", "joan.reed", "max.holt", "dev.patel", "paul.ensor", "tom.ashby", "job.officer",
        "rory.dale", "pam.orr", "reg.fenn", "school.system", "school.coord", "rita.shaw",
    )  # fmt: skip
    return {user: world.as_(user) for user in users} | {
        "karen.mercer": world.as_("karen.mercer", person=house.mother)
    }
