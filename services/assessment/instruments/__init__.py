"""Versioned instruments: what an assessment asks about. Data, loaded once and never changed."""
