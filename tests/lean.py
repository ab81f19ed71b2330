"""Loaded before every other plugin of pytest: what nothing here asks for isn't compiled in each of its processes."""

from surveybook import leave_out_unused

leave_out_unused()
