"""The yardstick of ``composed_view_vs_bare`` (design 5.5): a bare endpoint without any of our protection.

It verifies one token, reads the same entries through the ORM in one query, and returns the same bytes
with the same serialiser, undecided and unrecorded. Its store is SQLite with the same settings.
"""

import json
import sys
from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.database import ReadSession, SqliteStore, new_metadata
from shared.identity import FixedKeys, TokenVerifier, bearer_token
from shared.service import serve


class Base(DeclarativeBase):
    metadata = new_metadata()


class ShownEntry(Base):
    __tablename__ = "entries"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36), index=True)
    area: Mapped[str] = mapped_column(String(16))
    place: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    level: Mapped[str] = mapped_column(String(16))
    owner: Mapped[str] = mapped_column(String(64))
    categories: Mapped[list[str]] = mapped_column(JSON)
    subjects: Mapped[list[str]] = mapped_column(JSON)
    recorded_at: Mapped[str] = mapped_column(String(32))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    part_of: Mapped[str | None] = mapped_column(String(36))
    author: Mapped[str | None] = mapped_column(String(300))
    etag: Mapped[str | None] = mapped_column(String(64))


def as_json(entry: ShownEntry) -> dict[str, Any]:
    shown = {
        "id": entry.id,
        "kind": entry.kind,
        "level": entry.level,
        "owner": entry.owner,
        "categories": entry.categories,
        "subjects": entry.subjects,
        "recorded_at": entry.recorded_at,
        "fields": entry.fields,
    }
    optional = {"part_of": entry.part_of, "author": entry.author, "etag": entry.etag}
    return shown | {name: value for name, value in optional.items() if value is not None}


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
        areas: dict[str, list[Any]] = {"person": [], "case": [], "assessment": [], "plan": []}
        for entry in entries:
            areas[entry.area].append(as_json(entry))
        content = {"id": case, "header": rest["header"], "areas": areas, **rest["footer"]}
        return Response(orjson.dumps(content), media_type="application/json")

    return app


if __name__ == "__main__":
    settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    app = create_app(settings)
    serve(app, "127.0.0.1", settings["port"])
