"""How a sample was drawn, and what is to be estimated from it: plain records, checked when they are made."""

from __future__ import annotations

from dataclasses import dataclass

from surveybook.model.problems import SurveybookError

# How a stratum with a single cluster is treated, as R's option `survey.lonely.psu` names it.
LONELY = ("fail", "adjust", "certainty", "average")
# Kinds of replicate weights, as R's `svrepdesign` names them.
KINDS = ("BRR", "Fay", "JK1", "JK2", "JKn", "bootstrap", "ACS", "successive-difference", "other")
CHOSEN = "chosen"


@dataclass(frozen=True)
class Replicates:
    """
    Columns of replicate weights and how estimates from them become a variance.

    Attributes
    ----------
    columns : tuple of str
        One column a replicate.
    kind : str
        "BRR", "Fay", "JK1", "JK2", "JKn", "bootstrap", "ACS", "successive-difference" or "other", which gives
        `scale` where it isn't stated.
    scale : float, optional
        Factor of the sum of squares; 1/R for BRR, 1/(R (1 - rho)²) for Fay, (R - 1)/R for JK1, 1 for JK2 and
        JKn, 1/(R - 1) for the bootstrap, 4/R for ACS and successive differences.
    rscales : tuple of float, optional
        A factor for each replicate; 1 without it. JKn needs them: (n - 1)/n of the replicate's stratum.
    rho : float
        Fay's coefficient, from 0 to below 1.
    combined : bool
        True where the columns hold weights; False where they hold factors that multiply the weight.
    mse : bool
        True to measure from the estimate of the whole sample, False from the mean of the replicates.
    degrees_of_freedom : float, optional
        Those of the design; without it the rank of the replicate weights less one, which only data read part
        by part can tell.
    """

    columns: tuple[str, ...]
    kind: str = "other"
    scale: float | None = None
    rscales: tuple[float, ...] | None = None
    rho: float = 0.0
    combined: bool = True
    mse: bool = False
    degrees_of_freedom: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise SurveybookError(f"Replicate weights are {self.kind!r}; expected one of {', '.join(KINDS)}.")
        if len(self.columns) < 2:
            raise SurveybookError(f"There are {len(self.columns)} columns of replicate weights; expected two or more.")
        if not 0 <= self.rho < 1:
            raise SurveybookError(f"Fay's rho is {self.rho:g}; expected a number from 0 to below 1.")
        if self.kind == "JKn" and self.rscales is None:
            raise SurveybookError("JKn replicate weights need rscales, one factor a replicate, such as (n - 1)/n.")
        if self.kind == "other" and self.scale is None:
            raise SurveybookError("Replicate weights of kind 'other' need their scale.")
        if self.rscales is not None and len(self.rscales) != len(self.columns):
            raise SurveybookError(f"There are {len(self.rscales)} rscales for {len(self.columns)} replicate weights.")

    @property
    def factor(self) -> float:
        """The factor of the sum of squares."""
        if self.scale is not None:
            return float(self.scale)
        count = len(self.columns)
        return {
            "BRR": 1 / count,
            "Fay": 1 / (count * (1 - self.rho) ** 2),
            "JK1": (count - 1) / count,
            "JK2": 1.0,
            "JKn": 1.0,
            "bootstrap": 1 / (count - 1),
            "ACS": 4 / count,
            "successive-difference": 4 / count,
        }[self.kind]


@dataclass(frozen=True)
class Design:
    """
    How a sample was drawn: the columns that tell, and the rules that go with them.

    Attributes
    ----------
    weight : str, optional
        Column of weights; every row counts 1 without it.
    strata : str, optional
        Column of strata.
    cluster : str, optional
        Column of first-stage clusters, numbered within their strata or throughout; each row is one without it.
    fpc : str, optional
        Column for the finite population correction, the same all over a stratum: clusters (or people, where
        there are no clusters) in the population, or the fraction sampled where all are 1 or less.
    lonely : str
        What to do about a stratum with one cluster: "fail" refuses; "adjust" measures it from the mean of the
        whole sample; "certainty" takes it as known; "average" gives it the mean variance of the others.
    replicates : Replicates, optional
        Replicate weights, which then stand in for strata and clusters.
    census : bool
        True where everybody was asked and answered, so that there is no sampling error.
    probability : bool
        False where people chose themselves or were chosen by quota: intervals then rest on a model.
    """

    weight: str | None = None
    strata: str | None = None
    cluster: str | None = None
    fpc: str | None = None
    lonely: str = "fail"
    replicates: Replicates | None = None
    census: bool = False
    probability: bool = True

    def __post_init__(self) -> None:
        if self.lonely not in LONELY:
            raise SurveybookError(
                f"A stratum with one cluster is to {self.lonely!r}; expected one of {', '.join(LONELY)}."
            )
        if self.replicates is not None and self.fpc is not None:
            raise SurveybookError("A design has either replicate weights or a finite population correction, not both.")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the design needs."""
        named = [self.weight, self.strata, self.cluster, self.fpc]
        return tuple(name for name in named if name is not None) + (self.replicates.columns if self.replicates else ())

    @property
    def method(self) -> str:
        """How standard errors are estimated, in words."""
        if self.census:
            return "census: no sampling error"
        how = f"replicate weights, {self.replicates.kind}" if self.replicates else "Taylor"
        return how if self.probability else f"{how}; not a probability sample: as if it were random"


@dataclass(frozen=True)
class Indicator:
    """
    A column that says whether a respondent gave an answer.

    Attributes
    ----------
    column : str
        1 where they did, 0 where they didn't, missing where they aren't in the base of the share.
    item_id, response, question_id : str
        The figure that the column's weighted mean is. Differences are estimated between the figures of one
        question.
    """

    column: str
    item_id: str
    response: str = CHOSEN
    question_id: str = ""


@dataclass(frozen=True)
class Domain:
    """
    Part of a population: the rows that have a value in a column.

    Attributes
    ----------
    column : str
        The column.
    value : object
        The value, compared as it stands there.
    name : str
        How estimates name it, such as "sex=male".
    """

    column: str
    value: object
    name: str
