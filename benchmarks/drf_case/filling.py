"""Put one case into an empty database: its team, its entries, and who may do what with which of them."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from guardian.shortcuts import assign_perm

from benchmarks.drf_case.models import Agency, Case, Entry, Membership


def fill(case: dict[str, Any]) -> None:
    """``case``: what ``rows_of`` of ``benchmarks/drf.py`` gives."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    groups = {code: Group.objects.create(name=code) for code in case["agencies"]}
    for code, agency in case["agencies"].items():
        Agency.objects.create(code=code, group=groups[code], **agency)
    kept = Case.objects.create(**case["case"])
    for row in case["team"]:
        user = User.objects.create(username=row["user"])
        user.groups.add(groups[row["agency"]])
        Membership.objects.create(case=kept, **_by_id(row, "user", "agency"))
        for deed in ("view_case", *case["may"][user.username]):
            assign_perm(deed, user, kept)
    kept.lead, kept.lead_since = kept.team.get(user=case["lead"]["user"]), case["lead"]["since"]
    kept.save()
    for row in case["entries"]:
        levels = case["levels"][row["id"]]
        entry = Entry.objects.create(case=kept, **_by_id(row, "owner"))
        for agency, level in levels.items():
            assign_perm(level, groups[agency], entry)


def _by_id(row: dict[str, Any], *keys: str) -> dict[str, Any]:
    """A row whose columns of these names hold the keys of other rows."""
    return {f"{name}_id" if name in keys else name: value for name, value in row.items()}
