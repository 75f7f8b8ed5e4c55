"""The public keys of an OpenID Connect issuer, by discovery (OpenID Connect Discovery 1.0) and JWKS."""

import asyncio
from typing import Any

import httpx

from shared.clock import Monotonic, monotonic
from shared.identity import NotGood, VerificationKey, verification_key
from shared.problems import Problem

_TIMEOUT_SECONDS = 5.0
_LEAST_SECONDS_BETWEEN_FETCHES = 10.0
_LIFETIME_SECONDS = 3_600.0


class DiscoveredKeys:
    """Fetches the issuer's keys when one is needed that is not known, and afresh every hour.

    A token with an invented key id makes no more than one fetch in ten seconds.
    """

    def __init__(
        self,
        issuer: str,
        *,
        clock: Monotonic = monotonic,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._issuer = issuer.rstrip("/")
        self._clock = clock
        self._client = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, transport=transport, trust_env=False)
        self._keys: dict[str, VerificationKey] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._fetching = asyncio.Lock()

    async def find(self, key_id: str) -> VerificationKey | None:
        """The key of that id, or None; a 503 problem when the issuer was never reached."""
        if key_id not in self._keys or self._are_old():
            async with self._fetching:
                if (key_id not in self._keys or self._are_old()) and self._may_try():
                    await self._fetch()
        if self._fetched_at is None:
            raise Problem("unavailable", "Signing in cannot be checked right now. Try again shortly.")
        return self._keys.get(key_id)

    def _are_old(self) -> bool:
        return self._fetched_at is None or self._clock() - self._fetched_at > _LIFETIME_SECONDS

    def _may_try(self) -> bool:
        return self._tried_at is None or self._clock() - self._tried_at > _LEAST_SECONDS_BETWEEN_FETCHES

    async def _fetch(self) -> None:
        self._tried_at = self._clock()
        try:
            configuration = await self._get(f"{self._issuer}/.well-known/openid-configuration")
            if str(configuration["issuer"]).rstrip("/") != self._issuer:
                return
            jwk_set = await self._get(configuration["jwks_uri"])
            entries = list(jwk_set["keys"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return
        self._keys = {key.key_id: key for key in map(_usable, entries) if key is not None}
        self._fetched_at = self._clock()

    async def _get(self, url: str) -> Any:
        response = await self._client.get(url)
        response.raise_for_status()
        return response.json()

    async def close(self) -> None:
        await self._client.aclose()


def _usable(entry: Any) -> VerificationKey | None:
    """The key of an entry, or None: an issuer may publish keys of kinds that we do not accept."""
    try:
        return verification_key(entry)
    except (NotGood, AttributeError, TypeError):
        return None
