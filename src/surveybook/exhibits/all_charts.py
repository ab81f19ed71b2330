"""The charts that chapters call, whichever module of this room draws them: `charts` to them."""

from surveybook import offer_functions

PARTS = ("charts", "number_charts", "wave_charts")
find_homes, __getattr__ = offer_functions(__name__, [f"surveybook.exhibits.{part}" for part in PARTS])
