"""What somebody may be offered in lists that say no more than what they have to do with a case: pure."""

WORKING = frozenset({"member", "lead"})
