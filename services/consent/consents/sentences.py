"""What is said to people about their answers (design 1, sentences on screen). Pure."""

from collections.abc import Iterable

_KEPT = (
    "they may keep what they already recorded; what they saw because of it is listed below; your help goes "
    "on."
)


def withdrawn(at: str, services: Iterable[str], things: Iterable[str]) -> str:
    """What a family is told once a permission is taken back."""
    return (
        f"Done at {at}: {', '.join(services)} no longer see {', '.join(things)} here because of your "
        f"permission; {_KEPT}"
    )


def withdrawn_beside_another(at: str, services: Iterable[str], things: Iterable[str]) -> str:
    """The same while another permission lets some of these services see some of these things."""
    return (
        f"Done at {at}: this permission no longer counts, but another one stands, and with it "
        f"{', '.join(services)} can still see {', '.join(things)} here until that is taken back too; {_KEPT}"
    )
