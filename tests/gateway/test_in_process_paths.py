"""The two transports name a path alike: what is escaped on a socket is escaped in process too."""

from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from shared.upstream import InProcess

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "user", ["joan.reed", "https://id.example.org/u/7?x=1#y", "50%25", "a+b@example.org"]
)
async def test_a_user_whose_name_must_be_escaped_arrives_whole(user: str) -> None:
    async def tell(request: Request) -> JSONResponse:
        return JSONResponse(request.path_params["user"])

    app = Starlette(routes=[Route("/users/{user:path}/departure", tell, methods=["POST"])])
    reply = await InProcess(app).send("POST", f"/users/{quote(user, safe='')}/departure", {}, b"")
    assert (reply.status, reply.json()) == (200, user)
