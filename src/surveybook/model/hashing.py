"""Old name of `surveybook.model.files`; imports of it are turned into that one at the end of this rebuilding."""

from surveybook.model.files import hash_bytes as hash_bytes
from surveybook.model.files import hash_file as hash_file
from surveybook.model.files import hash_object as hash_object
