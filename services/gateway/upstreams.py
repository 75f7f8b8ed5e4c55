"""The three data services as the gateway's routes see them: by name, with the caller's token and deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.gateway.guards import Acting
from shared.clock import Deadline
from shared.idempotency import FINGERPRINT_HEADER, KEY_HEADER, REPLAY_ONLY_HEADER
from shared.identity import InternalTokens
from shared.problems import Problem
from shared.upstream import Unreachable, Upstream

Service = Literal["case", "assessment", "consent"]
_PATIENCE_BEYOND_DEADLINE_SECONDS = 5.0


def holding(content: Any, *names: str) -> dict[str, Any]:
    """The content if it is an object that holds these; ``Unreachable`` otherwise: half an answer is none."""
    if not isinstance(content, dict) or not content.keys() >= set(names):
        raise Unreachable
    return content


def _once(acting: Acting) -> dict[str, str]:
    """The headers by which a service knows a request again."""
    if acting.idempotency_key is None or acting.fingerprint is None:
        return {}
    return {KEY_HEADER: acting.idempotency_key, FINGERPRINT_HEADER: acting.fingerprint}


@dataclass(frozen=True, slots=True)
class Upstreams:
    """``services`` by name; ``tokens`` mints what they accept."""

    services: Mapping[str, Upstream]
    tokens: InternalTokens

    async def read(
        self, service: Service, path: str, acting: Acting, patience: Deadline | None = None
    ) -> Any:
        """GET, inside the request's deadline or a shorter ``patience``; raises ``Unreachable``."""
        return await self._call(service, "GET", path, acting, patience=patience)

    async def ask(self, service: Service, path: str, acting: Acting, content: Any) -> Any:
        """POST that asks rather than stores, inside the request's deadline; raises ``Unreachable``."""
        return await self._call(service, "POST", path, acting, content)

    async def work(self, service: Service, path: str, acting: Acting, content: Any = None) -> Any:
        """POST that discloses nothing of a case and so may take longer than D; raises ``Unreachable``."""
        patience = Deadline(acting.deadline.seconds + _PATIENCE_BEYOND_DEADLINE_SECONDS)
        return await self._call(service, "POST", path, acting, content, patience=patience)

    async def write(
        self,
        service: Service,
        method: str,
        path: str,
        acting: Acting,
        content: Any = None,
        *,
        replay_only: bool = False,
    ) -> Any:
        """A write. It may take D longer than a read, because taking access away waits D inside.

        With ``replay_only`` the service writes nothing: it gives the outcome that it knows, or a 412.
        """
        headers = _once(acting)
        if replay_only:
            headers[REPLAY_ONLY_HEADER] = "yes"
        patience = Deadline(2 * acting.deadline.seconds + _PATIENCE_BEYOND_DEADLINE_SECONDS)
        try:
            outcome = await self._call(service, method, path, acting, content, headers, patience)
        except Unreachable:
            raise Problem(
                "unavailable",
                "It is not known whether this was saved. Send it again with the same Idempotency-Key.",
            ) from None
        acting.attempt.is_done = True
        return outcome

    async def _call(
        self,
        service: Service,
        method: str,
        path: str,
        acting: Acting,
        content: Any = None,
        headers: Mapping[str, str] | None = None,
        patience: Deadline | None = None,
    ) -> Any:
        return await self.services[service].call(
            method,
            path,
            token=self.tokens.mint(acting.caller, service),
            request_id=acting.request_id,
            deadline=acting.deadline,
            content=content,
            headers=headers,
            patience=patience,
        )

    async def close(self) -> None:
        for upstream in self.services.values():
            await upstream.close()
