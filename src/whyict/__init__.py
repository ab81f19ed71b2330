"""What this report alone needs of code: the rest is the engine's, `surveybook`, or data."""
