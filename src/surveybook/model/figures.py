"""Old name of `surveybook.model.survey`; imports of it are turned into that one at the end of this rebuilding."""

from surveybook.model.survey import KEY as KEY
from surveybook.model.survey import answers_of as answers_of
from surveybook.model.survey import figures_of as figures_of
from surveybook.model.survey import find_figure as find_figure
from surveybook.model.survey import is_suppressed as is_suppressed
from surveybook.model.survey import items_of as items_of
from surveybook.model.survey import key_of as key_of
from surveybook.model.survey import populations_asked as populations_asked

LISTS = ("multiple", "single")
FIRST_RESPONSE = {"multiple": "chosen", "single": "chosen", "scale": "agree"}
