"""Estimates as tables that a page, a screen reader and a spreadsheet can all read."""

from surveybook.exhibits.tables.change import for_later, not_comparable
from surveybook.exhibits.tables.citing import how_to_cite
from surveybook.exhibits.tables.codebook import questions_of, words_for_shares
from surveybook.exhibits.tables.context import NO_SURVEY, of_survey
from surveybook.exhibits.tables.figures import base_text, bound, figure_rows, figure_table, value
from surveybook.exhibits.tables.listing import all_figures, contradictions, corrections
from surveybook.exhibits.tables.methods import design_effects, samples_needed
from surveybook.exhibits.tables.record import MIME, Table
from surveybook.exhibits.tables.survey import disclosure, survey_facts, typology, undisclosed

__all__ = [
    "MIME",
    "NO_SURVEY",
    "Table",
    "all_figures",
    "base_text",
    "bound",
    "contradictions",
    "corrections",
    "design_effects",
    "disclosure",
    "figure_rows",
    "figure_table",
    "for_later",
    "how_to_cite",
    "not_comparable",
    "of_survey",
    "questions_of",
    "samples_needed",
    "survey_facts",
    "typology",
    "undisclosed",
    "value",
    "words_for_shares",
]
