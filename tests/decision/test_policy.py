"""The policy document: refused unless wholly understood, and the default one says what was designed."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from services.consent.decision.grid import BIT_OF, level_of
from services.consent.decision.policy import Standing, parse_policy
from services.consent.decision.policy_reading import compile_rows
from services.consent.matrix import MATRIX_FILE, main, render
from shared.vocabulary import AgencyKind, Category, Purpose, Relationship, Role
from tests.decision.worlds import DEFAULT_DOCUMENT, DEFAULT_POLICY

Document = dict[str, Any]


def changed(change: Callable[[Document], Any]) -> Document:
    document: Document = json.loads(json.dumps(DEFAULT_DOCUMENT))
    change(document)
    return document


REFUSALS: dict[str, tuple[Callable[[Document], Any], str]] = {
    "unknown key": (lambda d: d.update(extra=1), "document: unknown key 'extra'"),
    "missing key": (lambda d: d.pop("rows"), "document: 'rows' is missing"),
    "no version": (lambda d: d.update(version=""), "version: must be a text"),
    "unknown category": (
        lambda d: d["columns"][0]["categories"].append("star_sign"),
        "columns[0].categories[1]: unknown category 'star_sign'",
    ),
    "category twice": (
        lambda d: d["columns"][1]["categories"].append("identity"),
        "columns[1]: 'identity' already has a column",
    ),
    "category without column": (lambda d: d["columns"].pop(), "columns: no column holds staff_safety"),
    "column twice": (lambda d: d["columns"][1].update(letter="I"), "columns[1]: column 'I' stands twice"),
    "unknown role": (
        lambda d: d["ceilings"][2].update(role="wizard"),
        "ceilings[2].role: unknown role 'wizard'",
    ),
    "unknown relationship": (
        lambda d: d["ceilings"][2].update(relationships=["friend"]),
        "ceilings[2].relationships[0]: unknown relationship 'friend'",
    ),
    "unknown kind": (
        lambda d: d["ceilings"][2].update(kinds=["army"]),
        "ceilings[2].kinds[0]: unknown agencykind 'army'",
    ),
    "level 4": (
        lambda d: d["own_ceilings"][0].update(levels="4" + "3" * 15),
        "own_ceilings[0].levels column I: level '4' is not 0, 1, 2 or 3",
    ),
    "odd digit": (
        lambda d: d["own_ceilings"][0].update(levels="٣" + "3" * 15),
        "own_ceilings[0].levels column I: level '٣' is not",
    ),
    "missing digit": (
        lambda d: d["own_ceilings"][0].update(levels="333"),
        "own_ceilings[0].levels: has 3 digits for 16 columns",
    ),
    "digits as a number": (
        lambda d: d["own_ceilings"][0].update(levels=3333333333333333),
        "own_ceilings[0].levels: must be a text",
    ),
    "ceiling twice": (lambda d: d["ceilings"].append(d["ceilings"][0]), "was already given"),
    "relationship twice": (
        lambda d: d["own_ceilings"][0]["relationships"].append("lead"),
        "own_ceilings[0].relationships: names the same word twice",
    ),
    "missing column in general rows": (
        lambda d: d["rows"][0]["cells"].pop("H"),
        "rows[0].cells: 'H' is missing",
    ),
    "unknown column": (
        lambda d: d["rows"][1]["cells"].update(Z="0P0"),
        "rows[1].cells.Z: unknown column",
    ),
    "unknown mode": (
        lambda d: d["rows"][1]["cells"].update(H="0Q0"),
        "rows[1].cells.H: unknown mode 'Q'",
    ),
    "long cell": (lambda d: d["rows"][1]["cells"].update(H="0P03"), "rows[1].cells.H: '0P03' is not a base"),
    "level in a cell": (lambda d: d["rows"][1]["cells"].update(H="0P9"), "rows[1].cells.H: level '9'"),
    "base without permission": (
        lambda d: d["rows"][1]["cells"].update(H="1P3"),
        "rows[1].cells.H: '1P3': without permission nothing is given",
    ),
    "purpose without rows": (
        lambda d: d.update(rows=[row for row in d["rows"] if row["purpose"] != "panel"]),
        "rows: purpose 'panel' has no general rows",
    ),
    "unknown purpose": (
        lambda d: d["purposes_by_role"]["volunteer"].append("gossip"),
        "purposes_by_role.volunteer[1]: unknown purpose 'gossip'",
    ),
    "role without purposes": (
        lambda d: d["purposes_by_role"].pop("scrutineer"),
        "purposes_by_role: 'scrutineer' is missing",
    ),
    "unknown override": (
        lambda d: d["override_caps"][0].update(override="magic"),
        "override_caps[0].override: unknown overridekind 'magic'",
    ),
    "not a list": (lambda d: d.update(ceilings={}), "ceilings: must be a list"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_policy_that_is_not_wholly_understood_is_refused_with_its_path(name: str) -> None:
    change, message = REFUSALS[name]
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_policy(changed(change))


@pytest.mark.parametrize("document", [None, [], "policy", 3, {}])
def test_what_is_no_document_is_refused(document: Any) -> None:
    with pytest.raises(ValueError, match=r"^policy document:"):
        parse_policy(document)


def test_rows_of_an_agreement_may_name_single_categories() -> None:
    rows = compile_rows(BIT_OF, {"health": "2O3"})
    assert level_of(rows.base, BIT_OF["health"]) == 2
    assert rows.objectable == BIT_OF["health"]
    assert level_of(rows.cap, BIT_OF["plan"]) == 0
    with pytest.raises(ValueError, match=r"rows\.star_sign: unknown column"):
        compile_rows(BIT_OF, {"star_sign": "2O3"})


# --- the default policy, digit by digit (design/default-policy.md)


def standing(
    role: Role, relationship: Relationship, purpose: Purpose, kind: AgencyKind = AgencyKind.EDUCATION
) -> Standing:
    return DEFAULT_POLICY.standings[kind, role, relationship, purpose]


def digits(grid: int) -> str:
    return "".join(str(int(level_of(grid, mask))) for mask in DEFAULT_POLICY.columns.values())


def cells(found: Standing) -> str:
    rows = found.rows
    modes = (
        "M" if mask & rows.mandatory else "O" if mask & rows.objectable else "P"
        for mask in DEFAULT_POLICY.columns.values()
    )
    return " ".join(map("".join, zip(digits(rows.base), modes, digits(rows.cap), strict=True)))


def test_the_columns_stand_in_the_order_of_the_tables() -> None:
    assert "".join(DEFAULT_POLICY.columns) == "IACNPVUHMBXOSDEF"
    assert sum(DEFAULT_POLICY.columns.values()).bit_count() == len(Category)


@pytest.mark.parametrize(
    "role, relationship, levels",
    [
        (Role.PRACTITIONER, Relationship.NONE, "1001000000000000"),
        (Role.PRACTITIONER, Relationship.CONSIDERING, "2322222222211203"),
        (Role.PRACTITIONER, Relationship.MEMBER, "3333333333222203"),
        (Role.PRACTITIONER, Relationship.LEAD, "3333333333232323"),
        (Role.PRACTITIONER, Relationship.SUPERVISOR, "0000000000000000"),
        (Role.SAFEGUARDING_LEAD, Relationship.MEMBER, "3333333333223303"),
        (Role.TEAM_MANAGER, Relationship.SUPERVISOR, "3333322222122203"),
        (Role.COORDINATOR, Relationship.CONSIDERING, "3323322122112102"),
        (Role.VOLUNTEER, Relationship.MEMBER, "2300200000000002"),
        (Role.REFERRER, Relationship.CONSIDERING, "2001100000000000"),
    ],
)
def test_default_ceilings(role: Role, relationship: Relationship, levels: str) -> None:
    assert digits(standing(role, relationship, Purpose.SUPPORT).ceiling) == levels


def test_default_ceilings_of_roles_with_other_purposes() -> None:
    panel = standing(Role.PANEL_MEMBER, Relationship.CONSIDERING, Purpose.PANEL)
    assert digits(panel.ceiling) == "2202322121021102"
    records = standing(Role.RECORDS_OFFICER, Relationship.NONE, Purpose.SUBJECT_ACCESS)
    assert digits(records.ceiling) == "0001000000000000"


def test_nobody_acts_as_a_professional_from_the_family() -> None:
    for role in set(Role) - {Role.FAMILY_MEMBER}:
        for purpose in DEFAULT_POLICY.purposes[role]:
            for relationship in Relationship:
                assert standing(role, relationship, Purpose(purpose), AgencyKind.FAMILY).ceiling == 0


@pytest.mark.parametrize(
    "relationship, levels",
    [
        (Relationship.SUBJECT, "3333333333330030"),
        (Relationship.PARENT, "3333303332020030"),
        (Relationship.PARENT_ELSEWHERE, "3200202200000000"),
        (Relationship.CARER, "3332301200000000"),
        (Relationship.NONE, "0000000000000000"),
    ],
)
def test_default_family_ceilings(relationship: Relationship, levels: str) -> None:
    found = standing(Role.FAMILY_MEMBER, relationship, Purpose.SUPPORT, AgencyKind.FAMILY)
    assert digits(found.ceiling) == levels
    assert cells(found) == " ".join(["3O3"] * 16)
    elsewhere = standing(Role.FAMILY_MEMBER, relationship, Purpose.SUPPORT, AgencyKind.HEALTH)
    assert elsewhere.ceiling == 0


@pytest.mark.parametrize(
    "role, relationship, purpose, levels",
    [
        (Role.PRACTITIONER, Relationship.MEMBER, Purpose.SUPPORT, "3333333333332233"),
        (Role.SAFEGUARDING_LEAD, Relationship.NONE, Purpose.SAFEGUARDING, "3333333333333323"),
        (Role.TEAM_MANAGER, Relationship.SUPERVISOR, Purpose.SUPPORT, "3333333333333323"),
        (Role.COORDINATOR, Relationship.NONE, Purpose.PANEL, "2222222222122202"),
        (Role.INFORMATION_OFFICER, Relationship.NONE, Purpose.OVERSIGHT, "1111111111111111"),
        (Role.RECORDS_OFFICER, Relationship.CONSIDERING, Purpose.SUBJECT_ACCESS, "3333333333333333"),
        (Role.RECORDS_OFFICER, Relationship.NONE, Purpose.SUBJECT_ACCESS, "0001000000000000"),
        (Role.VOLUNTEER, Relationship.MEMBER, Purpose.SUPPORT, "2300200000000002"),
    ],
)
def test_default_own_ceilings(role: Role, relationship: Relationship, purpose: Purpose, levels: str) -> None:
    assert digits(standing(role, relationship, purpose).own) == levels


@pytest.mark.parametrize(
    "role, purpose, kind, expected",
    [
        (
            Role.PRACTITIONER,
            Purpose.SUPPORT,
            AgencyKind.EDUCATION,
            "3O3 3O3 2O3 2O3 3O3 0P3 1O3 1O3 1O3 0P3 0P2 0P2 1M2 0P3 0P2 3M3",
        ),
        (
            Role.PRACTITIONER,
            Purpose.SUPPORT,
            AgencyKind.POLICE,
            "3O3 3O3 2O3 2O3 3O3 0P3 1O3 0P0 1O3 0P0 0P0 0P2 1M2 0P3 0P2 3M3",
        ),
        (
            Role.SAFEGUARDING_LEAD,
            Purpose.SAFEGUARDING,
            AgencyKind.SOCIAL_CARE,
            "3M3 3M3 3M3 3M3 3M3 2M3 2M3 2M3 2M3 2M3 1M2 2M3 3M3 2M3 0P2 3M3",
        ),
        (
            Role.SAFEGUARDING_LEAD,
            Purpose.SAFEGUARDING,
            AgencyKind.VOLUNTARY,
            "3O3 3O3 2O3 2O3 3O3 0P3 1O3 1O3 1O3 0P3 0P2 0P2 1M2 0P3 0P2 3M3",
        ),
        (
            Role.PANEL_MEMBER,
            Purpose.PANEL,
            AgencyKind.HOUSING,
            "2O3 2O3 0P2 2O2 2O3 0P3 0P2 0P2 0P2 0P2 0P0 0P2 1M2 0P2 0P0 2M3",
        ),
        (
            Role.RECORDS_OFFICER,
            Purpose.SUBJECT_ACCESS,
            AgencyKind.HEALTH,
            " ".join(["0P0"] * 3 + ["1M1"] + ["0P0"] * 12),
        ),
        (Role.INFORMATION_OFFICER, Purpose.OVERSIGHT, AgencyKind.HEALTH, " ".join(["0P0"] * 16)),
        (Role.SCRUTINEER, Purpose.PLANNING, AgencyKind.HEALTH, " ".join(["0P0"] * 16)),
    ],
)
def test_default_rows(role: Role, purpose: Purpose, kind: AgencyKind, expected: str) -> None:
    assert cells(standing(role, Relationship.NONE, purpose, kind)) == expected


def test_default_override_caps() -> None:
    volunteer = standing(Role.VOLUNTEER, Relationship.NONE, Purpose.SUPPORT)
    assert digits(volunteer.statutory_cap) == "3333333333333313"
    assert digits(volunteer.break_glass_cap) == "0" * 16
    practitioner = standing(Role.PRACTITIONER, Relationship.NONE, Purpose.SUPPORT)
    assert digits(practitioner.break_glass_cap) == "3333222222122203"
    lead = standing(Role.SAFEGUARDING_LEAD, Relationship.NONE, Purpose.SUPPORT)
    assert digits(lead.break_glass_cap) == "3333333333233303"


def test_default_purposes_by_role_and_nobody_for_enforcement() -> None:
    purposes = DEFAULT_POLICY.purposes
    assert purposes[Role.PRACTITIONER] == (Purpose.SUPPORT,)
    assert purposes[Role.SAFEGUARDING_LEAD] == (Purpose.SUPPORT, Purpose.SAFEGUARDING)
    assert purposes[Role.AGENCY_SYSTEM] == ()
    assert not any(Purpose.ENFORCEMENT in several for several in purposes.values())


# --- the matrix


def test_the_disclosure_matrix_is_what_the_policy_says() -> None:
    assert MATRIX_FILE.read_text("utf-8") == render(DEFAULT_POLICY)
    assert main(["--check"]) == 0


def test_the_matrix_reads_as_the_tables_do() -> None:
    text = render(DEFAULT_POLICY)
    member = "3° 3° 2°→3 2°→3 3° 0→3 1°→3 1°→3 1°→3 0→3 0→2 0→2 1→2 0→2 · 3".replace(" ", " | ")
    assert f"| member | {member} |" in text
    assert "## agency_system" not in text
