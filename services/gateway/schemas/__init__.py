"""The shapes of the public API's answers, one file per area."""
