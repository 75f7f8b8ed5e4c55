"""As whom each page of the app is looked at in Chromium, by its route; and which are not, and why."""

from collections.abc import Mapping, Sequence

from tests.practitioner.shapes import (
    ASKED,
    ASKED_TO_SHARE,
    CASE,
    CHARITY,
    CHECKS,
    CHILDRENS_WORKER,
    COORDINATOR,
    HOUSING,
    LEAD,
    MANAGER,
    PARTNERSHIP,
    SAFEGUARDING_LEAD,
    SCHOOL,
    SCRUTINEER,
    SOCIAL_WORKER,
    VOLUNTEER,
)

_ASSESSMENT, _MEETING = f"{CASE}/assessments/{{assessment}}", f"{CASE}/meetings/{{meeting}}"
_NEW, _OFFICE = f"{CASE}/permissions/new", "/office/cases/{case}"

PAGES: Mapping[str, Sequence[str]] = {
    LEAD: (
        "/", CASE, f"{CASE}/actions/{{action}}/decline", f"{CASE}/actions/{{action}}/part",
        f"{CASE}/actions/{{action}}/status", f"{CASE}/assessments", f"{CASE}/assessments/new",
        f"{CASE}/contacts", f"{CASE}/contacts/new", f"{CASE}/exclusions/new", f"{CASE}/family-code",
        f"{CASE}/goals/{{goal}}/status", f"{CASE}/life-events/new", f"{CASE}/meetings",
        f"{CASE}/meetings/new", _MEETING, f"{_MEETING}/agenda/new", f"{_MEETING}/attendance",
        f"{_MEETING}/family/new",
        f"{_MEETING}/cancellation", f"{_MEETING}/decisions/new", f"{_MEETING}/invitations/new",
        f"{_MEETING}/pledges/new", f"{_MEETING}/pledges/{{pledge_id}}/standing", f"{CASE}/permissions",
        _NEW, f"{_NEW}/who", f"{_NEW}/what", f"{_NEW}/whom", f"{_NEW}/check",
        f"{CASE}/permissions/{{consent}}/receipt", f"{CASE}/plan", f"{CASE}/plan/actions/new",
        f"{CASE}/plan/goals/new", f"{CASE}/referrals", f"{CASE}/referrals/new", f"{CASE}/taking-part",
        f"{CASE}/team", f"{CASE}/team/left", f"{CASE}/team/new", f"{CASE}/team/{{member}}/deputy",
        f"{CASE}/team/{{member}}/ending", f"{CASE}/timeline", f"{CASE}/who-has-looked", f"{CASE}/seen-by",
        f"{CASE}/seen-by/view",
        "/concerns/new", "/concerns/sent", "/concerns/yours", f"{CASE}/risk", f"{CASE}/risk/{{question}}",
        f"{CASE}/alerts",
        "/emergency", "/people/find", "/people/new",
        "/people/{person}/case", "/to-do", f"{CASE}/authorities", f"{CASE}/authorities/new",
        f"{CASE}/authorities/{{authority}}/ending", f"{CASE}/conflicts", f"{CASE}/conflicts/{{conflict}}",
        f"{CASE}/permissions/{{consent}}/left", f"{CASE}/team/deputies", "/messages",
        f"{CASE}/actions/{{action}}/needs", f"{CASE}/meetings/pledges", f"{_MEETING}/room",
        f"{_MEETING}/chair",
        f"{CASE}/plan/carried-over/{{assessment}}", f"{CASE}/family", f"{CASE}/family/new",
        f"{CASE}/family/{{person}}/relation", f"{CASE}/reviews", f"{CASE}/reviews/new", f"{CASE}/flags",
        f"{CASE}/flags/visits/new", f"{CASE}/flags/worries/new", f"{CASE}/flags/{{flag}}/ending",
        f"{CASE}/sharing-requests", f"{CASE}/sharing-requests/new", f"{CASE}/actions/{{action}}/person",
        f"{CASE}/nominations/{{nomination}}", f"{CASE}/compact", f"{CASE}/compact/new",
        f"{CASE}/compact/{{compact}}/signature", f"{CASE}/compact/commitments/{{commitment}}/standing",
        f"{CASE}/costs", f"{CASE}/costs/new", f"{CASE}/budget",
        f"{CASE}/budget/allocations/{{allocation}}/purchases/new",
        f"{CASE}/budget/purchases/{{purchase}}/spending", f"{CASE}/budget/purchases/{{purchase}}/release",
        f"{CASE}/closure", f"{CASE}/reopening", "/closed-cases",
    ),
    CHILDRENS_WORKER: (f"{CASE}/sharing-requests/{{request}}/family",),
    SCHOOL: (
        "/", CASE, f"{_ASSESSMENT}/new-version", f"{CASE}/exclusions",
        f"{CASE}/nominations/{{nomination}}/objection",
        f"{CASE}/permissions/{{consent}}/withdrawal",
    ),
    VOLUNTEER: ("/", CASE),
    CHARITY: (f"{CASE}/permissions/{{consent}}/withdrawn",),
    HOUSING: (f"{CASE}/nominations/{{nomination}}/refusal", "/messages/{message}"),
    SOCIAL_WORKER: (
        _ASSESSMENT, f"{_ASSESSMENT}/about/{{section}}", f"{_ASSESSMENT}/about/{{section}}/{{kind}}",
        f"{_ASSESSMENT}/check", f"{_ASSESSMENT}/entries/{{entry}}", f"{_ASSESSMENT}/signature",
        f"{_ASSESSMENT}/print",
        f"{CASE}/team/{{member}}/lead", f"{CASE}/exclusions/{{exclusion}}/lifting",
    ),
    ASKED: (
        "/referrals", "/referrals/{referral}/acceptance", "/referrals/{referral}/refusal",
        "/referrals/{referral}/take-up",
    ),
    MANAGER: (
        "/", CASE, f"{CASE}/contacts", f"{CASE}/contacts/reopening", "/reports", "/reports/{report}",
        "/sharing-requests", "/team-cases",
        "/vacancies", "/leavers", "/leavers/person", "/budget-streams", "/budget-streams/new",
        f"{CASE}/budget", f"{CASE}/budget/allocations/new",
        f"{CASE}/budget/allocations/{{allocation}}/return",
        f"{CASE}/budget/purchases/{{purchase}}/signature", f"{CASE}/budget/purchases/{{purchase}}/refusal",
    ),
    ASKED_TO_SHARE: ("/sharing-requests/{request}",),
    COORDINATOR: (
        "/acting", "/acting/purpose", "/", f"{CASE}/emergency", "/vacancies", "/team-cases/{case}/lead",
    ),
    SCRUTINEER: ("/reports", "/reports/{report}"),
    SAFEGUARDING_LEAD: (
        "/office", f"{_OFFICE}/overrides/new", "/concerns/received", "/concerns/received/{concern}",
    ),
    CHECKS: (
        f"{_OFFICE}/break-glass", f"{_OFFICE}/break-glass/{{broken}}", f"{_OFFICE}/overrides",
        f"{_OFFICE}/overrides/{{override}}", "/ledger/receipts/{receipt}/hold",
        "/ledger/held-back/{hold}",
    ),
    PARTNERSHIP: (
        "/office", "/agencies", "/agencies/new", "/agreements", "/agreements/new",
        "/agreements/{agreement}", f"{_OFFICE}/bars", f"{_OFFICE}/bars/new", f"{_OFFICE}/bars/{{bar}}",
        f"{_OFFICE}/who-can-see", f"{_OFFICE}/what-if", f"{_OFFICE}/why", f"{CASE}/who-has-looked",
        "/ledger", "/ledger/cases/{case}", "/ledger/people/{person}", "/ledger/receipts/{receipt}",
        "/ledger/verification", "/ledger/checkpoint", "/ledger/held-back", "/rules",
        "/rules/versions/{version}", "/rules/versions/{version}/differences/{other}",
        "/rules/versions/{version}/draft", "/rules/versions/{version}/restoration",
        "/rules/drafts/{draft}", "/rules/drafts/{draft}/purposes/{purpose}",
        "/rules/drafts/{draft}/roles/{role}",
    ),
}  # fmt: skip
FORMS: Mapping[str, tuple[str, str]] = {
    "asking": (LEAD, f"{CASE}/taking-part"),
    "authorities": (LEAD, f"{CASE}/authorities/new"),
    "assessments": (SOCIAL_WORKER, f"{_ASSESSMENT}/about/{{section}}/{{kind}}"),
    "budget": (LEAD, f"{CASE}/budget/allocations/{{allocation}}/purchases/new"),
    "closing": (LEAD, f"{CASE}/closure"),
    "compact": (LEAD, f"{CASE}/compact/{{compact}}/signature"),
    "concern": (LEAD, "/concerns/new"),
    "conflicts": (LEAD, f"{CASE}/conflicts/{{conflict}}"),
    "contacts": (LEAD, f"{CASE}/contacts/new"),
    "costs": (LEAD, f"{CASE}/costs/new"),
    "emergency": (LEAD, "/emergency"),
    "flags": (LEAD, f"{CASE}/flags/worries/new"),
    "family_codes": (LEAD, f"{CASE}/family-code"),
    "leavers": (MANAGER, "/leavers"),
    "messages": (HOUSING, "/messages/{message}"),
    "meetings": (LEAD, f"{_MEETING}/decisions/new"),
    "office": (PARTNERSHIP, "/office"),
    "overrides": (PARTNERSHIP, f"{_OFFICE}/bars/new"),
    "partnership": (PARTNERSHIP, "/agreements/new"),
    "people": (LEAD, "/people/new"),
    "permissions": (LEAD, f"{CASE}/exclusions/new"),
    "plan": (LEAD, f"{CASE}/plan/actions/new"),
    "referrals": (LEAD, f"{CASE}/referrals/new"),
    "relatives": (LEAD, f"{CASE}/family/new"),
    "risk": (LEAD, f"{CASE}/risk/{{question}}"),
    "reviews": (LEAD, f"{CASE}/reviews/new"),
    "rules": (PARTNERSHIP, "/rules/versions/{version}/draft"),
    "sharing_requests": (ASKED_TO_SHARE, "/sharing-requests/{request}"),
    "team": (LEAD, f"{CASE}/team/new"),
    "team_cases": (COORDINATOR, "/team-cases/{case}/lead"),
    "to_do": (LEAD, f"{CASE}/actions/{{action}}/decline"),
    "who_can_see": (PARTNERSHIP, f"{_OFFICE}/what-if"),
}
"""A form of each area that has one; sent empty, each names what is missing."""
FORMS_NOT_TRIED: Mapping[str, str] = {
    "sign_in": "signs out, and has no field",
    "acting": "is sent with its first choice made, and tried by itself",
    "drafts": "keeps what another form has",
    "family": "is tried where a code is handed over",
    "find": "finds nobody by nothing, which is no mistake",
    "ledger": "goes through with nothing filled in",
}
FAMILY_PAGES = frozenset(
    {
        f"{CASE}/family-code/given",
        "/family",
        "/family/code/{code}",
        "/family/sheet",
        "/family/sheet/{case}",
        "/family/sheet/{case}/permissions/{consent}/withdrawal",
        "/family/sheet/{case}/meetings/{meeting}/word",
    }
)
"""What comes of handing a code over, in the order of a conversation."""

OF_NOBODY: Mapping[str, tuple[int, str]] = {
    "/": (200, "One team around a child or a family"),
    "/nothing-of-ours": (404, "Page not found"),
}
"""What is shown to somebody who is not signed in, with its heading."""
NOT_LOOKED_AT: Mapping[str, str] = {
    "/sign-in": "sends on to the issuer",
    "/sign-in/return": "sends on to where somebody was",
    "/static/{name}": "are files",
    "/reports/{report}/download": "is a file",
    "/team-cases/download": "is a file",
    "/to-do/download": "is a file",
    "/vacancies/download": "is a file",
    "/healthz": "is for machines",
    "/readyz": "is for machines",
    "/metrics": "is for machines",
}
