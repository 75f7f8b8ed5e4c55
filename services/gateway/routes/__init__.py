"""The public API under ``/v1``: one module per area. Routes translate; nothing is decided here."""
