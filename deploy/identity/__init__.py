"""The development issuer of tokens. In production any OpenID Connect issuer stands in its place."""
