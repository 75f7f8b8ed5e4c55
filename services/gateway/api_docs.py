"""The API documentation in a browser; scripts and styles come from a package, nothing from elsewhere."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI, Response
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.staticfiles import StaticFiles

_ASSETS = "/docs/assets"


def add_api_docs(app: FastAPI) -> None:
    """Serve ``/docs``, which shows ``/openapi.json``."""
    app.mount(_ASSETS, StaticFiles(directory=_assets_folder()), name="docs-assets")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=f"{app.title} API",
            swagger_js_url=f"{_ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{_ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{_ASSETS}/favicon.png",
        )


def _assets_folder() -> Path:
    # Of the package only its static files are used, not its code.
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise RuntimeError("fastapi-offline, which carries the documentation's scripts, is not installed")
    return Path(spec.origin).parent / "static"
