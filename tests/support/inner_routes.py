"""The operations that a data service really has, for the tests that try every one of them."""

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Route


def inner_operations(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of every operation: those of its document, and its hot routes, which stand in none."""
    documented = [
        (method.upper(), path) for path, methods in app.openapi()["paths"].items() for method in methods
    ]
    hot = [
        (method, route.path)
        for route in app.router.routes
        if isinstance(route, Route) and not isinstance(route, APIRoute)
        for method in route.methods or ()
    ]
    assert hot, "a service without a hot route: has the way they are added changed?"
    return [*hot, *documented]
