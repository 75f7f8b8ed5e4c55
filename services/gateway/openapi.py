"""The OpenAPI document: what FastAPI derives, with the token, headers and problems of every operation."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.gateway.schemas.views import ProblemDocument
from shared.vocabulary import Purpose, Role

_PROBLEMS = {
    "400": "The request cannot be read.",
    "401": "No token, or one that is not good.",
    "403": "The caller may know that it exists, but not do this.",
    "404": "Hidden, absent, or a malformed id: the same answer.",
    "409": "It does not fit what is recorded already.",
    "412": "It has changed since it was read (If-Match).",
    "413": "Too much at once.",
    "415": "Not JSON.",
    "422": "Something needs correcting; the fields are named.",
    "428": "If-Match is missing.",
    "429": "The caller asked too often; go on after Retry-After.",
    "503": "It cannot be answered right now; try again after Retry-After.",
}
_ONLY_WRITES = {"400", "409", "413", "415"}
_ONLY_CHANGES = {"412", "428"}
_HEADERS = (
    (
        "Acting-Agency",
        "The agency for which the caller acts, if they have several roles.",
        {"type": "string"},
    ),
    (
        "Acting-Role",
        "The role in which the caller acts.",
        {"type": "string", "enum": [r.value for r in Role]},
    ),
    (
        "Purpose",
        "What the request is for; by default the role's ordinary purpose.",
        {"type": "string", "enum": [purpose.value for purpose in Purpose]},
    ),
    ("Purpose-Reason", "Why, where the purpose is not the role's ordinary one.", {"type": "string"}),
)
_IDEMPOTENCY = (
    "Idempotency-Key",
    "Makes a write happen once, however often it is sent.",
    {"type": "string", "maxLength": 200},
)


def describe(app: FastAPI) -> None:
    """Make ``app.openapi()`` give the whole document; it is made once, when first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    components = document.setdefault("components", {})
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    components.setdefault("schemas", {})["ProblemDocument"] = ProblemDocument.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    components["schemas"].update(components["schemas"]["ProblemDocument"].pop("$defs", {}))
    document["security"] = [{"bearer": []}]
    for operations in document["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation)
    return document


def _complete(method: str, operation: dict[str, Any]) -> None:
    writes = method != "get"
    headers = [*_HEADERS, _IDEMPOTENCY] if writes else _HEADERS
    operation.setdefault("parameters", []).extend(
        {"name": name, "in": "header", "required": False, "description": text, "schema": schema}
        for name, text, schema in headers
    )
    for status, text in _PROBLEMS.items():
        if status in _ONLY_WRITES and not writes:
            continue
        if status in _ONLY_CHANGES and method not in ("patch", "put"):
            continue
        operation["responses"][status] = {
            "description": text,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
            },
        }
