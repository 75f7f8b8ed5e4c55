"""``python -m tests.gateway.emitted_records ours|plain``: a collector of its own, an app, one refused body.

A process of its own, because a collector is set once in the life of a process.
"""

import asyncio
import sys
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from opentelemetry._logs import Logger, LoggerProvider, set_logger_provider

from shared.upstream import InProcess
from shared.web import StrictRoute, add_routes, create_web_app

heard: list[Any] = []


class Collector(LoggerProvider):
    def get_logger(self, *_: Any, **__: Any) -> Logger:
        return Ear("ear")


class Ear(Logger):
    def enabled(self, *_: Any, **__: Any) -> bool:
        return True

    def emit(self, *arguments: Any, **named: Any) -> None:
        heard.append((arguments, named))


async def ready() -> None:
    pass


async def identify(_: Request) -> str:
    return "somebody"


@asynccontextmanager
async def lifespan(_: FastAPI) -> Any:
    yield


async def write(number: dict[str, int]) -> None:
    pass


def ours() -> FastAPI:
    app = create_web_app(title="t", description="d", lifespan=lifespan, ready=ready, identify=identify)
    router = APIRouter(route_class=StrictRoute)
    router.post("/numbers")(write)
    add_routes(app, (router,))
    return app


def plain() -> FastAPI:
    app = FastAPI()
    app.post("/numbers")(write)
    return app


async def send(app: FastAPI) -> None:
    headers = {"content-type": "application/json"}
    answer = await InProcess(app).send("POST", "/numbers", headers, b'{"a": "12 Hidden Lane"}')
    assert answer.status == 422, answer.status


if __name__ == "__main__":
    set_logger_provider(Collector())
    asyncio.run(send({"ours": ours, "plain": plain}[sys.argv[1]]()))
    print(len(heard))
