"""Settings of the ways to run."""

from dataclasses import dataclass
from pathlib import Path

from shared.settings import Environment

DATA_SERVICES = ("case", "assessment", "consent")


@dataclass(frozen=True, slots=True)
class EmbeddedSettings:
    """``folder`` keeps keys and, unless told otherwise, one SQLite file per service."""

    folder: Path
    host: str
    port: int
    deadline_seconds: float
    seed: bool
    database_urls: dict[str, str]

    @property
    def pages_database_url(self) -> str:
        """Where the practitioners' pages keep sessions and what was typed."""
        return f"sqlite:///{self.folder / 'practitioner'}.sqlite3"


def embedded_settings(port: int | None = None, environment: Environment | None = None) -> EmbeddedSettings:
    environment = environment or Environment()
    folder = Path(environment.text("FOLDER", "var")).resolve()
    return EmbeddedSettings(
        folder=folder,
        host=environment.text("HOST", "127.0.0.1"),
        port=port or environment.whole_number("PORT", 8000),
        deadline_seconds=environment.number("DEADLINE_SECONDS", 1.0),
        seed=environment.text("SEED_DEMO", "yes") == "yes",
        database_urls={
            service: environment.text(
                f"{service.upper()}_DATABASE_URL", f"sqlite:///{folder / service}.sqlite3"
            )
            for service in DATA_SERVICES
        },
    )


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    host: str
    port: int
    key_file: Path


def identity_settings(environment: Environment | None = None) -> IdentitySettings:
    environment = environment or Environment()
    return IdentitySettings(
        host=environment.text("HOST", "127.0.0.1"),
        port=environment.whole_number("PORT", 8180),
        key_file=Path(environment.text("ISSUER_KEY_FILE", "var/keys/issuer.json")),
    )
