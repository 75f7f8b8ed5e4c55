"""Settings of the practitioners' app."""

from dataclasses import dataclass

from shared.settings import Environment


@dataclass(frozen=True, slots=True)
class MadeUpUser:
    """Somebody whom a newcomer may choose to be. ``begin_here``: for those to begin with, what is to be seen
    as them, in a sentence."""

    user: str
    name: str
    job_title: str
    agency: str
    begin_here: str = ""


@dataclass(frozen=True, slots=True)
class PractitionerSettings:
    """``public_url`` is where browsers find the app; ``session_key`` (32 bytes) seals what sessions keep.

    ``people`` are for the page that lets a newcomer choose whom to be. Only the development issuer knows
    them; without any, signing in goes straight to the issuer.
    """

    database_url: str
    public_url: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    session_key: bytes
    idle_minutes: float = 15.0
    people: tuple[MadeUpUser, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8080

    @property
    def secure(self) -> bool:
        """Whether cookies travel encrypted; on loopback browsers keep them to the machine."""
        return self.public_url.startswith("https://")


def from_environment(environment: Environment | None = None) -> tuple[PractitionerSettings, str]:
    """The settings, and the URL of the gateway."""
    environment = environment or Environment()
    settings = PractitionerSettings(
        database_url=environment.text("DATABASE_URL"),
        public_url=environment.text("PUBLIC_URL").rstrip("/"),
        oidc_issuer=environment.text("OIDC_ISSUER"),
        oidc_client_id=environment.text("OIDC_CLIENT_ID"),
        oidc_client_secret=environment.file("OIDC_CLIENT_SECRET_FILE").decode().strip(),
        session_key=environment.file("SESSION_KEY_FILE"),
        idle_minutes=environment.number("IDLE_MINUTES", 15.0),
        host=environment.text("HOST", "127.0.0.1"),
        port=environment.whole_number("PORT", 8080),
    )
    return settings, environment.text("GATEWAY_URL")
