"""Tokens of the demo people from a running issuer. Apart from the stories, which the embedded mode tells
without a client over sockets."""

import httpx

from deploy.stories.client import TokenOf


def tokens_from_issuer(client: httpx.AsyncClient, issuer: str) -> TokenOf:
    """Tokens from a running development issuer."""

    async def token_of(user: str, person: str | None) -> str:
        params = {"person": person} if person else None
        response = await client.get(f"{issuer}/tokens/{user}", params=params)
        response.raise_for_status()
        token: str = response.json()["token"]
        return token

    return token_of
