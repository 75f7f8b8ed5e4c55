"""Tokens that must open nothing: one good token, spoilt in every way that we know of (design 5.2, K1)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jose import jwk

from shared.identity import new_signing_key, public_part

Json = dict[str, Any]
_MISSING = object()
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def signed_bytes(header: bytes, payload: bytes, key: Mapping[str, Any]) -> str:
    """A compact JWS over exactly these bytes."""
    message = f"{encoded(header)}.{encoded(payload)}"
    signature: bytes = jwk.construct(dict(key), "ES256").sign(message.encode())
    return f"{message}.{encoded(signature)}"


def signed(header: Json, claims: Any, key: Mapping[str, Any]) -> str:
    return signed_bytes(json.dumps(header).encode(), json.dumps(claims).encode(), key)


class Hostile:
    """Spoils tokens of one issuer (``key``) for one door; ``claims`` are a good token's, ``now`` its time."""

    def __init__(self, key: Mapping[str, Any], claims: Json, now: int) -> None:
        self.key = key
        self.claims = claims
        self.now = now
        self.header = {"typ": "JWT", "alg": "ES256", "kid": key["kid"]}
        self.stranger = {**new_signing_key("stranger")}

    @property
    def good(self) -> str:
        return signed(self.header, self.claims, self.key)

    def tokens(self, required: Mapping[str, tuple[Any, ...]]) -> list[tuple[str, str]]:
        """Every spoilt token with what is wrong with it. ``required`` are the door's own claims with values
        that they may not have; each of them is left out too."""
        families = (
            self._without_a_signature(), self._confused_algorithms(), self._foreign_keys(),
            self._headers_that_bring_a_key(), self._issuer_and_audience(), self._times(),
            self._claims(required), self._not_a_claims_set(), self._spelling(), self._segments(),
            self._flipped(), self._signatures(),
        )  # fmt: skip
        return [token for family in families for token in family]

    def _with(self, **claims: Any) -> str:
        kept = {**self.claims, **claims}
        return signed(self.header, {n: v for n, v in kept.items() if v is not _MISSING}, self.key)

    def _headed(self, **header: Any) -> str:
        kept = {**self.header, **header}
        return signed({n: v for n, v in kept.items() if v is not _MISSING}, self.claims, self.key)

    def _without_a_signature(self) -> Iterator[tuple[str, str]]:
        payload = encoded(json.dumps(self.claims).encode())
        algorithms: tuple[Any, ...] = ("none", "None", "NONE", "nOnE", "", "null", None, 0, [], {})
        for algorithm in algorithms:
            header = encoded(json.dumps({**self.header, "alg": algorithm}).encode())
            yield f"alg {algorithm!r}, no signature", f"{header}.{payload}."
            yield f"alg {algorithm!r}, some signature", f"{header}.{payload}.{encoded(b'x' * 64)}"
            yield f"alg {algorithm!r}, good signature", self._headed(alg=algorithm)
        header, payload, _ = self.good.split(".")
        yield "no signature at all", f"{header}.{payload}"
        yield "an empty signature", f"{header}.{payload}."

    def _confused_algorithms(self) -> Iterator[tuple[str, str]]:
        public: Any = jwk.construct(public_part(self.key), "ES256")
        prepared = public.prepared_key
        secrets = {
            "pem": prepared.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            "pem without its end": prepared.public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            ).strip(),
            "der": prepared.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            "point": prepared.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
            "jwk": json.dumps(public_part(self.key)).encode(),
            "x": str(self.key["x"]).encode(),
            "kid": str(self.key["kid"]).encode(),
            "nothing": b"",
        }
        payload = encoded(json.dumps(self.claims).encode())
        for name, digest in (("HS256", "sha256"), ("HS384", "sha384"), ("HS512", "sha512")):
            for what, secret in secrets.items():
                for alg in (name, "ES256"):
                    message = f"{encoded(json.dumps({**self.header, 'alg': alg}).encode())}.{payload}"
                    mac = hmac.new(secret, message.encode(), getattr(hashlib, digest)).digest()
                    yield (
                        f"{name} with the public key as {what}, said to be {alg}",
                        f"{message}.{encoded(mac)}",
                    )
        for other in (
            "RS256", "RS384", "RS512", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "es256", "ES256 ",
            "HS256", "A256GCM", "dir", "RSA-OAEP", "ES256\x00", ["ES256"], {"alg": "ES256"}, True, _MISSING,
        ):  # fmt: skip
            yield f"said to be {other!r}", self._headed(alg=other)

    def _foreign_keys(self) -> Iterator[tuple[str, str]]:
        for kid in (self.key["kid"], "stranger", "", "0", "../keys/1", "' OR 1=1 --", "k" * 3_000):
            yield (
                f"a stranger's, as {kid[:20]!r}",
                signed({**self.header, "kid": kid}, self.claims, self.stranger),
            )
        for kid in (
            _MISSING, None, 0, 1, True, [], {}, [self.key["kid"]], "", "unknown", "gateway-2", "issuer-2",
            str(self.key["kid"]).upper(), f"{self.key['kid']} ", f" {self.key['kid']}",
            f"{self.key['kid']}\x00", f"{self.key['kid']}/", "*", "%", "null",
        ):  # fmt: skip
            yield f"kid {kid!r}", self._headed(kid=kid)

    def _headers_that_bring_a_key(self) -> Iterator[tuple[str, str]]:
        own, other = public_part(self.key), public_part(self.stranger)
        brought: dict[str, tuple[Any, ...]] = {
            "jwk": (own, other, None, {}, "x"),
            "jku": ("https://stranger.example/jwks", "file:///etc/passwd", "", None),
            "x5u": ("https://stranger.example/cert", "", None),
            "x5c": (["MIIB"], [], None, "MIIB"),
            "crit": (["exp"], ["b64"], [], None, "exp"),
            "zip": ("DEF", "", None),
            "b64": (False, True, None),
        }
        for name, values in brought.items():
            for value in values:
                header = {**self.header, name: value}
                yield f"{name}={str(value)[:30]}, our signature", signed(header, self.claims, self.key)
                yield f"{name}={str(value)[:30]}, a stranger's", signed(header, self.claims, self.stranger)

    def _issuer_and_audience(self) -> Iterator[tuple[str, str]]:
        for claim in ("iss", "aud"):
            good = str(self.claims[claim])
            for value in (
                _MISSING, None, "", " ", 0, 1, True, [], {}, [None], [""], ["other"], {good: good},
                good.upper() if good != good.upper() else good.lower(), f"{good} ", f" {good}", f"{good}/",
                f"{good}\x00", good[:-1], good[1:], f"{good}.example", "*", "other", "null",
                "https://stranger.example",
            ):  # fmt: skip
                yield f"{claim} {value!r}", self._with(**{claim: value})

    def _times(self) -> Iterator[tuple[str, str]]:
        odd: tuple[Any, ...] = (
            "soon",
            "",
            str(self.now + 600),
            None,
            True,
            False,
            [],
            {},
            [self.now],
            1e300,
            10**13,
        )
        for value in (
            _MISSING, self.now, self.now - 1, self.now - 0.001, self.now - 86_400, 0, -1, -(10**13),
            -1e300, float("nan"), float("inf"), float("-inf"), *odd,
        ):  # fmt: skip
            yield f"exp {value!r}", self._with(exp=value)
        for claim in ("iat", "nbf"):
            for value in (
                self.now + 6, self.now + 60, self.now + 86_400, 10**11, float("inf"), float("nan"),
                *(bad for bad in odd if bad is not None),
            ):  # fmt: skip
                yield f"{claim} {value!r}", self._with(**{claim: value})

    def _claims(self, required: Mapping[str, tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
        for value in (_MISSING, None, "", 0, 1, True, [], {}, ["someone"]):
            yield f"sub {value!r}", self._with(sub=value)
        for claim, values in required.items():
            for value in values:
                yield f"{claim} {str(value)[:60]!r}", self._with(**{claim: value})
        for claim in required:
            if claim != "person":
                yield f"without {claim}", self._with(**{claim: _MISSING})

    def _not_a_claims_set(self) -> Iterator[tuple[str, str]]:
        header = json.dumps(self.header).encode()
        good = json.dumps(self.claims).encode()
        for payload in (
            b"[]", b"null", b"1", b'"x"', b"{", b"{}", b"true", b"", b"x", b"\xff\xfe", b"[" * 5_000,
            b'{"a":' * 1_000 + b"1" + b"}" * 1_000, good + b"x", good[:-1], b"[" + good + b"]", good * 2,
        ):  # fmt: skip
            yield f"payload {payload[:12]!r}", signed_bytes(header, payload, self.key)
        for bad in (
            b"[]", b"null", b"1", b'"x"', b"{", b"{}", b"", b"x", b"\xff\xfe", b"[" * 5_000, header[:-1],
            b"[" + header + b"]", header * 2,
        ):  # fmt: skip
            yield f"header {bad[:12]!r}", signed_bytes(bad, good, self.key)

    def _spelling(self) -> Iterator[tuple[str, str]]:
        """Other spellings of the same bytes, and letters that a lenient reader would skip."""
        segments = self.good.split(".")
        for number, segment in enumerate(segments):

            def spelt(text: str, number: int = number) -> str:
                return ".".join([*segments[:number], text, *segments[number + 1 :]])

            for padding in ("=", "==", "===", "====", "%3D"):
                yield f"padding {padding} on segment {number}", spelt(segment + padding)
            for place in range(0, len(segment), max(1, len(segment) // 8)):
                for letter in ("!", " ", "\t", "=", "+", "/", "~", "\u00e9", "%", ",", "*", ":"):
                    yield (
                        f"{letter!r} at {place} of segment {number}",
                        spelt(segment[:place] + letter + segment[place:]),
                    )
            for twin in self._twins(segment):
                yield f"trailing bits of segment {number}", spelt(twin)
            swapped = segment.replace("-", "+").replace("_", "/")
            if swapped != segment:
                yield f"the other alphabet in segment {number}", spelt(swapped)

    @staticmethod
    def _twins(segment: str) -> Iterator[str]:
        """The segment with other trailing bits: the same bytes to a lenient reader."""
        spare = {2: 16, 3: 4}.get(len(segment) % 4, 1)
        last = ALPHABET.index(segment[-1])
        for bits in range(1, spare):
            yield segment[:-1] + ALPHABET[last ^ bits]

    def _segments(self) -> Iterator[tuple[str, str]]:
        good = self.good
        header, payload, signature = good.split(".")
        other = self._with(sub="somebody.else").split(".")
        for text in (
            f"{good}.{signature}", f"{header}.{good}", f"{header}.{header}.{payload}.{signature}",
            f"{header}.{payload}.{payload}.{signature}", f"{good}.{good}", f"{header}.{payload}", header,
            "..", ".", "...", f".{payload}.{signature}", f"{header}..{signature}", f"{good}.", f".{good}",
            f"{header}.{header}.{signature}", f"{payload}.{payload}.{signature}",
            f"{signature}.{payload}.{header}", f"{header}.{other[1]}.{signature}",
            f"{header}.{payload}.{other[2]}", f"{header}.{signature}.{payload}", f"{good},{good}",
            f"{good} {good}", f"Bearer {good}", f'"{good}"', good.upper(), good.swapcase(), good[::-1],
            good + "A" * 8_192, "A" * 100_000, f"{'A' * 60_000}.{payload}.{signature}", "null", "undefined",
            f"{header}.{payload}.{signature * 2}",
        ):  # fmt: skip
            yield f"segments {text[:8]}… of {len(text)}", text
        yield "eight kilobytes of claims", self._with(name="x" * 8_192)

    def _flipped(self) -> Iterator[tuple[str, str]]:
        """One bit changed, somewhere in what was signed or in the signature."""
        segments = self.good.split(".")
        for number, every in ((0, 4), (1, 4), (2, 1)):
            raw = decoded(segments[number])
            for place in range(0, len(raw), every):
                flipped = encoded(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
                yield (
                    f"bit of byte {place} of segment {number}",
                    ".".join([*segments[:number], flipped, *segments[number + 1 :]]),
                )

    def _signatures(self) -> Iterator[tuple[str, str]]:
        header, payload, signature = self.good.split(".")
        raw = decoded(signature)
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
        for what, forged in (
            ("nothing but zeros", bytes(64)), ("nothing but ones", b"\xff" * 64),
            ("one and one", (1).to_bytes(32, "big") * 2), ("the order", order.to_bytes(32, "big") * 2),
            ("r and zero", raw[:32] + bytes(32)), ("zero and s", bytes(32) + raw[32:]),
            ("swapped", raw[32:] + raw[:32]), ("as DER", encode_dss_signature(r, s)), ("short", raw[:-1]),
            ("long", raw + b"\x00"), ("led by a zero", b"\x00" + raw), ("half", raw[:32]), ("twice", raw * 2),
        ):  # fmt: skip
            yield f"signature {what}", f"{header}.{payload}.{encoded(forged)}"
