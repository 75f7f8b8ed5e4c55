"""Settings of the gateway."""

from dataclasses import dataclass
from typing import Any

import orjson

from shared.settings import Environment, SettingError

PORT = 8000
REQUESTS_PER_MINUTE = 1_200
CURSOR_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """``private_key`` is the JWK with which the gateway signs for the data services; ``cursor_key`` seals
    cursors; ``deadline_seconds`` is D; ``emergency_telephone`` stands in every notice;
    ``requests_per_minute`` is what one user of one agency may ask of one process, 0 for any number."""

    oidc_issuer: str
    oidc_audience: str
    private_key: dict[str, Any]
    cursor_key: bytes
    deadline_seconds: float = 1.0
    emergency_telephone: str = "999"
    requests_per_minute: int = 0
    host: str = "127.0.0.1"
    port: int = PORT
    metrics_token: str = ""


@dataclass(frozen=True, slots=True)
class UpstreamUrls:
    case: str
    assessment: str
    consent: str


def from_environment(environment: Environment | None = None) -> tuple[GatewaySettings, UpstreamUrls]:
    environment = environment or Environment()
    cursor_key = environment.file("CURSOR_KEY_FILE")
    if len(cursor_key) != CURSOR_KEY_BYTES:
        raise SettingError(f"The cursor key must have {CURSOR_KEY_BYTES} bytes.")
    settings = GatewaySettings(
        oidc_issuer=environment.text("OIDC_ISSUER"),
        oidc_audience=environment.text("OIDC_AUDIENCE"),
        private_key=orjson.loads(environment.file("GATEWAY_PRIVATE_KEY_FILE")),
        cursor_key=cursor_key,
        deadline_seconds=environment.number("DEADLINE_SECONDS", 1.0),
        emergency_telephone=environment.text("EMERGENCY_TELEPHONE", "999"),
        requests_per_minute=environment.whole_number("REQUESTS_PER_MINUTE", REQUESTS_PER_MINUTE),
        host=environment.text("HOST", "127.0.0.1"),
        port=environment.whole_number("PORT", PORT),
        metrics_token=environment.text("METRICS_TOKEN", ""),
    )
    urls = UpstreamUrls(
        case=environment.text("CASE_URL"),
        assessment=environment.text("ASSESSMENT_URL"),
        consent=environment.text("CONSENT_URL"),
    )
    return settings, urls
