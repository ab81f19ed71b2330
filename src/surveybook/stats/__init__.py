"""
Statistical inference on published percentages: pure functions on numbers and on tables of estimates.

Shares run from 0 to 1, a base is an effective one (divided by its design effect), and NaN stands for what
wasn't published: it goes in and comes out. Nothing here reads files or imports heavy statistics when loaded.
"""

from surveybook.stats.comparisons import compare_populations, compare_ranks
from surveybook.stats.differences import (
    Difference,
    compare_choices,
    compare_exclusive,
    compare_independent,
    compare_statements,
    newcombe,
    score_statistic,
)
from surveybook.stats.intervals import add_intervals, effective_base, standard_error, wilson
from surveybook.stats.multiplicity import holm
from surveybook.stats.normal import critical_value, two_sided_p
from surveybook.stats.overlap import overlap_bounds, overlap_statistic, overlap_variance
from surveybook.stats.ranks import rank_sets
from surveybook.stats.rounding import half_unit, rounding_limits, survives_rounding
from surveybook.stats.samples import sample_needed, samples_needed
from surveybook.stats.sensitivity import (
    design_effect_at_which_lost,
    lost_after_holm,
    lost_against_fraction,
    lost_between_answers,
    lost_between_independent,
)
from surveybook.stats.sums import ChoicesCheck, choices_exceed

__all__ = [
    "ChoicesCheck",
    "Difference",
    "add_intervals",
    "choices_exceed",
    "compare_choices",
    "compare_exclusive",
    "compare_independent",
    "compare_populations",
    "compare_ranks",
    "compare_statements",
    "critical_value",
    "design_effect_at_which_lost",
    "effective_base",
    "half_unit",
    "holm",
    "lost_after_holm",
    "lost_against_fraction",
    "lost_between_answers",
    "lost_between_independent",
    "newcombe",
    "overlap_bounds",
    "overlap_statistic",
    "overlap_variance",
    "rank_sets",
    "rounding_limits",
    "sample_needed",
    "samples_needed",
    "score_statistic",
    "standard_error",
    "survives_rounding",
    "two_sided_p",
    "wilson",
]
