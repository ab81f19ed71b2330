"""How a sample was drawn, and what is to be estimated from it."""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, model_validator

from surveybook.model.problems import Settings, SurveybookError
from surveybook.respondents.codes import Name, Names
from surveybook.stats.comparison import CENSUS

# What an indicator counts that has no response of its own: who chose an item, and what number people gave.
CHOSEN, NUMBER = "chosen", "number"


class Replicates(Settings):
    """
    Columns of replicate weights and how estimates from them become a variance.

    Attributes
    ----------
    columns : tuple of str
        One column a replicate.
    kind : str
        As R's `svrepdesign` names it; "other" needs its `scale`.
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
        Those of the design; without it the rank of the replicate weights less one.
    """

    columns: Annotated[Names, Field(min_length=1)]
    kind: Literal["BRR", "Fay", "JK1", "JK2", "JKn", "bootstrap", "ACS", "successive-difference", "other"]
    scale: float | None = None
    rscales: tuple[float, ...] | None = None
    rho: Annotated[float, Field(ge=0, lt=1)] = 0.0
    combined: StrictBool = True
    mse: StrictBool = False
    degrees_of_freedom: float | None = None

    @property
    def factor(self) -> float:
        """The factor of the sum of squares."""
        if self.scale is not None:
            return self.scale
        count = len(self.columns)
        scales = {"BRR": 1 / count, "Fay": 1 / (count * (1 - self.rho) ** 2), "JK1": (count - 1) / count}
        scales |= {"bootstrap": 1 / (count - 1), "ACS": 4 / count, "successive-difference": 4 / count}
        return scales.get(self.kind, 1.0)

    def check(self) -> None:
        """
        Raise an error where replicate weights don't say how they add up.

        Raises
        ------
        SurveybookError
            Without two columns, the scale or the factors that the kind needs, or a factor for each column.
        """
        if len(self.columns) < 2:
            raise SurveybookError(f"There are {len(self.columns)} columns of replicate weights; expected two or more.")
        if self.kind == "JKn" and self.rscales is None:
            raise SurveybookError("JKn replicate weights need rscales, one factor a replicate, such as (n - 1)/n.")
        if self.kind == "other" and self.scale is None:
            raise SurveybookError("Replicate weights of kind 'other' need their scale.")
        if self.rscales is not None and len(self.rscales) != len(self.columns):
            raise SurveybookError(f"There are {len(self.rscales)} rscales for {len(self.columns)} replicate weights.")


class Design(Settings):
    """
    How a sample was drawn: the columns that tell, and the rules that go with them.

    Attributes
    ----------
    weight : str, optional
        Column of weights; every row counts 1 without it.
    no_weight : str
        What becomes of people whose cell is empty there: "error" refuses the file; "exclude" counts them as a weight of
        0 does, since the weight is of a sample that they aren't of.
    strata : str, optional
        Column of strata.
    cluster : str, optional
        Column of first-stage clusters, numbered within their strata or throughout; each row is one without it.
    fpc : str, optional
        Column for the finite population correction, the same all over a stratum: clusters (or people, where
        there are no clusters) in the population, or the fraction sampled where all are 1 or less.
    fpc_within : str, optional
        Column for the correction of the second stage, the same all over a cluster: people of the cluster in the
        population, or the fraction of them sampled where all are 1 or less. It stands beside `fpc`.
    lonely : str
        What to do about a stratum with one cluster, and with `fpc_within` a cluster with one person: "fail" refuses;
        "adjust" measures it from the mean of the whole sample; "certainty" takes it as known; "average" gives it the
        mean variance of the others.
    replicates : Replicates, optional
        Replicate weights, which then stand in for strata and clusters.
    census : bool
        True where everybody was asked and answered, so that there is no sampling error.
    probability : bool
        False where people chose themselves or were chosen by quota: intervals then rest on a model.
    """

    weight: Name | None = None
    no_weight: Literal["error", "exclude"] = "error"
    strata: Name | None = None
    cluster: Name | None = None
    fpc: Name | None = None
    fpc_within: Name | None = None
    lonely: Literal["fail", "adjust", "certainty", "average"] = "fail"
    replicates: Replicates | None = None
    census: StrictBool = False
    probability: StrictBool = True

    @model_validator(mode="after")
    def _check_one_way(self) -> Self:
        if self.replicates is not None and (self.strata or self.cluster or self.fpc):
            raise ValueError("replicate weights stand beside strata, cluster or fpc; keep one of the two")
        if self.fpc_within and not (self.cluster and self.fpc):
            raise ValueError("fpc_within stands without cluster or fpc; name the columns of the first stage too")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the design needs."""
        named = [self.weight, self.strata, self.cluster, self.fpc, self.fpc_within]
        return tuple(name for name in named if name is not None) + (self.replicates.columns if self.replicates else ())

    @property
    def is_linearised(self) -> bool:
        """Whether variances come from strata and clusters, and neither from replicate weights nor from nothing."""
        return self.replicates is None and not self.census

    @property
    def method(self) -> str:
        """How standard errors are estimated, in words."""
        if self.census:
            return CENSUS
        how = "Taylor of two stages" if self.fpc_within else "Taylor"
        how = f"replicate weights, {self.replicates.kind}" if self.replicates else how
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
        The figure that the column's weighted mean is. Covariances are estimated between the figures of one
        question; none of a figure without one.
    is_number : bool
        Whether the column holds any numbers, so that the figure is their mean and no share; all of a question's do, or
        none.
    """

    column: str
    item_id: str
    response: str = CHOSEN
    question_id: str = ""
    is_number: bool = False


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
