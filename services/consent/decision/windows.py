"""When a fact counts (design 3.2): half-open, what opens counts late, what shuts counts early.

``at`` is the moment of the decision and ``margin`` is D, the time an answer may still be on its way, both in
microseconds. Whatever holds here therefore holds for as long as the answer can be travelling.
"""

from services.consent.decision.facts import Permission, Window


def grants(window: Window, at: int, margin: int) -> bool:
    """Whether something that opens is in force now and still will be D from now."""
    return window.start <= at and (window.end is None or at + margin < window.end)


def stops(window: Window, at: int, margin: int) -> bool:
    """Whether something that shuts is in force now, or starts within D."""
    return window.start <= at + margin and (window.end is None or at < window.end)


def has_ended(window: Window, at: int, margin: int) -> bool:
    """Whether a window that did start is over, or will be within D."""
    return window.start <= at and window.end is not None and window.end <= at + margin


def is_withdrawn(permission: Permission, at: int, margin: int) -> bool:
    """Whether a *given* answer has been taken back, or will be within D."""
    return permission.withdrawn_at is not None and permission.withdrawn_at <= at + margin


def still_refuses(permission: Permission, at: int, margin: int) -> bool:
    """Whether a *refused* answer counts: in force as a stop, and not taken back before now."""
    return stops(permission.window, at, margin) and (
        permission.withdrawn_at is None or at < permission.withdrawn_at
    )
