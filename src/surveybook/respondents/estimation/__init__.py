"""
Design-based estimation from respondents: weighted shares with standard errors, and differences between them.

Respondents are reduced in one pass to sums by stratum, cluster and domain (`reduction`); everything else is
worked out from that small table. It knows no files of the project and no charts.

Results agree with R's package survey to 1e-8 (tests/reference). It differs from it on purpose in these things:

- Items of a question keep a base each. R's ``svymean`` of several columns drops whoever misses one of them.
- Degrees of freedom are those of the people who are in the base of a share: clusters with any of them, less
  strata with any. R's ``svyciprop`` and ``svychisq`` with answers missing count the clusters of everybody; for a
  ``subset`` of those who answered they agree.
- People of weight 0 count for no base; R's ``svyciprop(method = "beta")`` counts them.
- The design effect compares with sampling with replacement (R's ``deff = "replace"``), also for replicate weights.
- Logit limits come from the share and its standard error (R's ``method = "xlogit"``), so that whoever has a
  released table can work them out again. For replicate weights R's ``"logit"`` fits a model in each replicate.
- A share of 0 or 1 gets Korn and Graubard's interval at Kish's effective base. R gives none. Where nobody was
  left out of the strata that a share is of, its limits are the share, as for any share whose variance is 0.
- Whether answers are spread as expected is tested with the variances of shares and F. R's ``svygofchisq`` counts
  the number of people as estimated too, and takes a weighted sum of chi-squared variables.
- The rule for strata with one cluster has no default other than to refuse, and applies to strata of the sample,
  not to those with one cluster in a domain (R's ``survey.adjust.domain.lonely = FALSE``).
- JKn weights need their rscales, and those of kind "other" their scale. R guesses the first for factors, and
  takes 1 for the second.

Samples of several stages count by their first, as R does without population sizes of the others.
"""

from surveybook.respondents.estimation.association import Association, association, goodness_of_fit
from surveybook.respondents.estimation.design import Design, Domain, Indicator, Replicates
from surveybook.respondents.estimation.differences import (
    EstimatedDifference,
    compare_surveys,
    compare_within,
    difference_of,
    refuse_overlap,
)
from surveybook.respondents.estimation.estimates import COVARIANCES, ESTIMATES, Estimation, estimate
from surveybook.respondents.estimation.ranks import rank_estimates

__all__ = [
    "COVARIANCES",
    "ESTIMATES",
    "Association",
    "Design",
    "Domain",
    "EstimatedDifference",
    "Estimation",
    "Indicator",
    "Replicates",
    "association",
    "compare_surveys",
    "compare_within",
    "difference_of",
    "estimate",
    "goodness_of_fit",
    "rank_estimates",
    "refuse_overlap",
]
