"""Old name of `surveybook.model.wording`; imports of it are turned into that one at the end of this rebuilding."""

from surveybook.model.wording import GLUED as GLUED
from surveybook.model.wording import glue as glue
