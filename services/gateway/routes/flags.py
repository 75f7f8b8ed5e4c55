"""Flags, staff-safety notes and levels of need."""

from fastapi import APIRouter, Response

from services.gateway.deeds import about_entry, deed
from services.gateway.disclose import release
from services.gateway.family_facts import check_subjects
from services.gateway.flagging import also_flagging
from services.gateway.guards import MayDoCasework, MayReadEntries, MayWriteEntries
from services.gateway.labels import of_area, of_kind
from services.gateway.paging import AskedPage
from services.gateway.parts import Parts, created
from services.gateway.schemas.views import Done, EntriesView
from services.gateway.schemas.work import FlagsView
from shared.ids import id_or_nowhere
from shared.records.flags import FlagEnding, NewFlag
from shared.records.need_levels import NewNeedLevel
from shared.vocabulary import Area, Deed, LedgerAction
from shared.web import StrictRoute, json_response

router = APIRouter(route_class=StrictRoute, prefix="/v1/cases/{case}", tags=["flags"])
_KINDS = ("concern_flag", "staff_safety_note")


@router.get("/flags", response_model=FlagsView)
async def read_flags(case: str, acting: MayReadEntries, parts: Parts, asked: AskedPage) -> Response:
    """The flags that the caller may see, and, for an agency that has one itself, who else has."""
    page = asked.of(parts, acting, f"cases/{case}/flags")
    seen = await parts.disclosure.see_case(
        case, acting, shows=of_area(Area.FLAGS), place_free="staff", portion=page.portion
    )
    view = page.entries(seen, area=Area.FLAGS)
    others = also_flagging(seen, acting.caller.agency)
    return release(acting, {**view, "also_flagging": others})


@router.post("/flags", status_code=201, response_model=Done)
async def raise_flag(case: str, acting: MayWriteEntries, parts: Parts, new: NewFlag) -> Response:
    """Say that one's agency is worried and whom to ring, or what somebody who visits must do."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    check_subjects(seen, new.subjects, "subjects")
    path = f"/cases/{seen.bundle['case']['id']}/flags"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/flags")


@router.post("/flags/{flag}/ending", response_model=Done)
async def end_flag(case: str, flag: str, acting: MayDoCasework, parts: Parts, ending: FlagEnding) -> Response:
    """End a flag of one's own agency, with the reason."""
    flag = id_or_nowhere(flag)
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=about_entry(Deed.END_FLAG, flag)
    )
    seen.named(flag, *_KINDS)
    path = f"/cases/{seen.bundle['case']['id']}/flags/{flag}/ending"
    return json_response(
        await parts.upstreams.write("case", "POST", path, acting, ending.model_dump(mode="json"))
    )


@router.get("/need-levels", response_model=EntriesView)
async def read_need_levels(case: str, acting: MayReadEntries, parts: Parts, asked: AskedPage) -> Response:
    """The levels of need over time, oldest first."""
    page = asked.of(parts, acting, f"cases/{case}/need-levels")
    seen = await parts.disclosure.see_case(
        case, acting, shows=of_kind("need_level"), place_free="staff", portion=page.portion
    )
    view = page.entries(seen, area=Area.CASE, kinds=("need_level",))
    return release(acting, view)


@router.post("/need-levels", status_code=201, response_model=Done)
async def record_need_level(case: str, acting: MayWriteEntries, parts: Parts, new: NewNeedLevel) -> Response:
    """Say how much help somebody needs from today on; the next review comes no later than that allows."""
    seen = await parts.disclosure.see_case(
        case, acting, action=LedgerAction.CONTRIBUTE, deed=deed(Deed.CONTRIBUTE)
    )
    check_subjects(seen, new.subjects, "subjects")
    path = f"/cases/{seen.bundle['case']['id']}/need-levels"
    outcome = await parts.upstreams.write("case", "POST", path, acting, new.model_dump(mode="json"))
    return created(outcome, f"/v1/cases/{case}/need-levels")
