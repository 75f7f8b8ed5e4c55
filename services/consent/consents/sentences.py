"""What is said to people about their answers (design 1, sentences on screen). Pure."""

from collections.abc import Iterable


def withdrawn(at: str, services: Iterable[str], things: Iterable[str]) -> str:
    """What a family is told once a permission is taken back."""
    return (
        f"Done at {at}: {', '.join(services)} no longer see {', '.join(things)} here because of your "
        "permission; they may keep what they already recorded; what they saw because of it is listed below; "
        "your help goes on."
    )
