"""Assessments and their entries: drafted, signed, amended by a new version, never overwritten."""
