"""Loaded before every other plugin of pytest: what nothing here asks for isn't compiled in each of its processes."""

import os

from surveybook import leave_out_unused

leave_out_unused()
# The workers of pytest share the cores already.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
