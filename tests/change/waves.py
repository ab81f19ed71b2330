"""Later waves to compare with that of 2004, so that each rule of comparing can be met at its limits."""

from dataclasses import replace

from surveybook.model.survey import Survey
from tests.waves import rows_of, wave_with


def later(percents: dict[str, float] | None = None, name: str = "2026") -> Survey:
    """Return the wave of 2004 as a later published one, with some percentages changed."""
    return wave_with(percents or {}, name)


def estimated(survey: Survey, errors: dict[str, float], freedom: float = float("nan"), method: str = "logit, Taylor"):
    """Return a wave in which some figures are estimates from respondents with standard errors of their own."""
    estimates = survey.estimates.copy()
    for key, error in errors.items():
        rows = rows_of(estimates, key)
        estimates.loc[rows, ["standard_error", "degrees_of_freedom"]] = [error, freedom]
        estimates.loc[rows, "method"] = method
    return replace(survey, estimates=estimates)


def compared_with(survey: Survey, baseline: Survey) -> Survey:
    return replace(survey, baseline=baseline)
