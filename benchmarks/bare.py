"""The yardstick of ``composed_view_vs_bare`` (design 5.5): a bare endpoint without any of our protection.

It verifies one token, reads the same entries through the ORM in one query, and returns the same bytes
with the same serialiser, undecided and unrecorded. Its store is SQLite with the same settings.
"""

import hashlib
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.clock import rfc3339
from shared.database import ReadSession, SqliteStore, UtcDateTime, new_metadata
from shared.identity import FixedKeys, TokenVerifier, bearer_token
from shared.service import serve


class Base(DeclarativeBase):
    metadata = new_metadata()


class ShownEntry(Base):
    """A row with the columns that the suite's own entries have, and the level at which it is shown."""

    __tablename__ = "entries"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36), index=True)
    part_of: Mapped[str | None] = mapped_column(String(36))
    area: Mapped[str] = mapped_column(String(16))
    place: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    level: Mapped[str] = mapped_column(String(16))
    owner: Mapped[str] = mapped_column(String(64))
    accountable: Mapped[str | None] = mapped_column(String(64))
    categories: Mapped[list[str]] = mapped_column(JSON)
    subjects: Mapped[list[str]] = mapped_column(JSON)
    unanswered: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    author: Mapped[str | None] = mapped_column(String(300))
    author_user: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)


def as_json(entry: ShownEntry) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": entry.id,
        "kind": entry.kind,
        "level": entry.level,
        "owner": entry.owner,
        "categories": entry.categories,
        "subjects": entry.subjects,
        "recorded_at": rfc3339(entry.recorded_at),
        "fields": entry.fields,
    }
    if entry.part_of is not None:
        shown["part_of"] = entry.part_of
    if entry.level == "full":
        shown["author"] = entry.author
        shown["etag"] = etag({"id": entry.id, "version": entry.version})
    return shown


def etag(entry: dict[str, Any]) -> str:
    """The same work as ``services.gateway.projection.etag``."""
    digest = hashlib.blake2b(f"{entry['id']}|{entry['version']}".encode(), digest_size=12)
    return f'"{digest.hexdigest()}"'


def entries_of(session: ReadSession, case: str) -> list[ShownEntry]:
    statement = select(ShownEntry).where(ShownEntry.case_id == case).order_by(ShownEntry.place)
    return list(session.execute(statement).scalars())


def create_app(settings: dict[str, Any]) -> FastAPI:
    app = FastAPI()
    store = SqliteStore(settings["database_url"])
    verifier = TokenVerifier(
        issuer=settings["issuer"], audience=settings["audience"], keys=FixedKeys(settings["keys"])
    )
    rest = settings["rest"]

    @app.get("/cases/{case}")
    async def read_case(case: str, request: Request) -> Response:
        await verifier.verify(bearer_token(request.headers.get("authorization")))
        entries = await store.read(entries_of, case)
        areas: dict[str, list[Any]] = {area: [] for area in rest["areas"]}
        for entry in entries:
            areas[entry.area].append(as_json(entry))
        content = {"id": case, "header": rest["header"], "areas": areas, **rest["footer"]}
        return Response(orjson.dumps(content), media_type="application/json")

    return app


if __name__ == "__main__":
    settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    app = create_app(settings)
    serve(app, "127.0.0.1", settings["port"])
