"""Respondent-level answers: from a private file to figures that may be shown."""
