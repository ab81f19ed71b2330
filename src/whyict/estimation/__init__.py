"""
Design-based estimation from respondents: weighted shares with standard errors, and differences between them.

Respondents are reduced in one pass to sums by stratum, cluster and domain (`reduction`); everything else is
worked out from that small table. It knows no files of the project and no charts.

Results agree with R's package survey to 1e-8 (tests/reference). It differs from it on purpose in four things:

- Items of a question keep a base each. R's ``svymean`` of several columns drops whoever misses one of them.
- The design effect compares with sampling with replacement (R's ``deff = "replace"``), also for replicate weights.
- A share of 0 or 1 gets Korn and Graubard's interval at Kish's effective base. R gives none.
- The rule for strata with one cluster has no default other than to refuse, and applies to strata of the sample,
  not to those with one cluster in a domain (R's ``survey.adjust.domain.lonely = FALSE``).

Samples of several stages count by their first, as R does without population sizes of the others.
"""

from whyict.estimation.association import Association, association
from whyict.estimation.design import Design, Domain, Indicator, Replicates
from whyict.estimation.differences import (
    EstimatedDifference,
    compare_surveys,
    compare_within,
    difference_of,
    refuse_overlap,
)
from whyict.estimation.estimates import COVARIANCES, ESTIMATES, Estimation, estimate
from whyict.estimation.ranks import rank_estimates

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
    "rank_estimates",
    "refuse_overlap",
]
