"""The case service: somebody is always in charge, and what was agreed gets done."""
