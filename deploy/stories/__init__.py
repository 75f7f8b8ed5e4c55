"""Acceptance stories, played through the public API: by ``make demo``, by the seed and by the journeys."""
