"""Binding words to data in a chapter: what is glued here can be pasted into its prose."""

from IPython.display import display

from surveybook.model.wording import Phrase

# What MyST-NB reads glued values from; importing its own `glue` would load Sphinx into each chapter.
GLUED = "application/papermill.record/"


def glue(**phrases: Phrase) -> None:
    """Store phrases in the notebook under their names, for ``{glue:text}`` to paste.

    Parameters
    ----------
    **phrases : Phrase
        What to store. The figures behind each go with it, and its wave where that isn't the one that the chapter
        runs with: prose may then be checked for where it pastes which.
    """
    for name, words in phrases.items():
        rests = {"figures": list(words.figures), **({"waves": list(words.waves)} if any(words.waves) else {})}
        metadata = {"scrapbook": {"name": name, "mime_prefix": GLUED}, "surveybook": rests}
        display({f"{GLUED}text/plain": words.text}, raw=True, metadata=metadata)
