"""The sentence that stands on every view, 404 and 503 (design 1, "Sentences on screen")."""


def notice(telephone: str) -> str:
    return (
        "You may not be seeing everything other services hold; ask the lead professional for more, and if "
        f"someone may be in danger do not wait: ring {telephone}, day or night."
    )
