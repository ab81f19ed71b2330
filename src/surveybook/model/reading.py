"""Old name of `surveybook.model.files`; imports of it are turned into that one at the end of this rebuilding."""

from surveybook.model.files import read_text as read_text
from surveybook.model.files import read_yaml as read_yaml
