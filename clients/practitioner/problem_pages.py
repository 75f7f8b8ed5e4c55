"""What is read where a page cannot be shown or a form cannot be taken: whatever was typed is there."""

from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from clients.practitioner.gateway_client import Refused, SignInAgain, Unavailable
from clients.practitioner.pages import family
from clients.practitioner.visit import (
    ANSWERED,
    NOT_ANSWERED,
    REFUSED,
    SENT,
    AnotherPlace,
    ChooseRole,
    Form,
    GoToSignIn,
    NotFromOurPage,
    Visit,
    address_of,
    html,
    keep,
    kept_form,
    page_of,
    parts_of,
    sent_form,
    session_of,
)
from shared.problems import Problem

_IS_NO_MORE = frozenset({404, 405})
_LIST = list[tuple[str, str]]


def add_problem_pages(app: FastAPI) -> None:
    app.add_exception_handler(GoToSignIn, _to_sign_in)
    app.add_exception_handler(SignInAgain, _again)
    app.add_exception_handler(ChooseRole, _to_choose)
    app.add_exception_handler(AnotherPlace, _elsewhere)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(NotFromOurPage, _forged)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _absent)
    app.add_exception_handler(RequestValidationError, _absent)


async def _to_sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, GoToSignIn)
    if family.begins_at_door(error.back_to, session_of(request).user):
        return RedirectResponse(family.DOOR, 303)
    return RedirectResponse(f"/sign-in?to={quote(error.back_to, safe='')}", 303)


async def _again(request: Request, _: Exception) -> Response:
    if family.begins_at_door(request.url.path, session_of(request).user):
        return RedirectResponse(family.DOOR, 303)
    if SENT in request.scope:
        await keep(request, request.scope[SENT])
    return RedirectResponse(f"/sign-in?to={quote(page_of(request), safe='')}", 303)


async def _to_choose(_: Request, error: Exception) -> Response:
    assert isinstance(error, ChooseRole)
    return RedirectResponse(f"/acting?to={quote(error.back_to, safe='')}", 303)


async def _elsewhere(request: Request, _: Exception) -> Response:
    typed = request.scope[SENT].typed
    return html(request, "problems/another_place.html", 409, address=page_of(request), typed=typed)


async def _forged(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotFromOurPage)
    typed = [] if session_of(request).token is None else error.typed
    return html(request, "problems/not_from_our_page.html", 403, typed=typed)


async def _unavailable(request: Request, _: Exception) -> Response:
    """A form to which no answer came: whether it was taken nobody knows."""
    form: Form | None = request.scope.get(SENT)
    kept = form is not None and await keep(request, form, NOT_ANSWERED)
    typed = await _typed(request)
    sent = form is not None
    back = page_of(request) if sent else address_of(request)
    return html(request, "problems/unavailable.html", 503, kept=kept, sent=sent, back=back, typed=typed)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return await _cannot_be(request, error.status, error.problem["detail"], error.problem.get("notice", ""))


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return await _cannot_be(request, error.status, error.detail)


async def _absent(request: Request, error: Exception) -> Response:
    """An address that is none of ours, or takes no form: what a form brought has not been read yet."""
    if request.method == "POST" and SENT not in request.scope:
        try:
            await sent_form(request)
        except GoToSignIn as away:
            return await _to_sign_in(request, away)
        except AnotherPlace as other:
            return await _elsewhere(request, other)
        except NotFromOurPage as forged:
            return await _forged(request, forged)
        except Problem as too_much:
            return await _problem(request, too_much)
    status = error.status_code if isinstance(error, HTTPException) else 404
    return await _cannot_be(request, status, _NOTHING_HERE)


_NOTHING_HERE = "It does not exist, or it is not for you to see. If you typed the address, check it."


async def _cannot_be(request: Request, status: int, detail: str, notice: str = "") -> Response:
    """A refusal, with what was typed: into the form that came, or before into the page that is asked for.

    What a form is sent to that is not there says the same whether it is hidden from whoever sent it, is over,
    or never was.
    """
    form: Form | None = request.scope.get(SENT)
    typed = await _typed(request)
    if form is not None and form.typed:
        await keep(request, form, REFUSED)
    return html(
        request,
        "problems/refused.html",
        status,
        detail=detail,
        notice=notice,
        is_no_more=status in _IS_NO_MORE and form is not None,
        is_no_page=status in _IS_NO_MORE and form is None,
        sent=form is not None,
        typed=typed,
    )


async def _typed(request: Request) -> _LIST:
    """What was typed into the form that came, or is kept of a page that cannot be shown (any more), or was
    answered on the pages before it."""
    form: Form = request.scope.get(SENT, _NOTHING)
    session = session_of(request)
    if form.typed or session.token is None or session.user is None:
        return form.typed
    found = await kept_form(Visit(request, parts_of(request), session)) if request.method == "GET" else None
    return found[0].typed if found else request.scope.get(ANSWERED, _NOTHING).typed


_NOTHING = Form(())
