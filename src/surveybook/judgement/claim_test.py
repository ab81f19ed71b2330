"""What every test of a claim is: its fields, what it rests on, how it is judged, and what comes out of it.

A test is written as a mapping of plain values with a ``kind``. Each kind is a class, and the types of its fields say
what each may hold. Nothing in a test is evaluated, and a field that isn't known is a problem with a place.
"""

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, ValidationInfo

from surveybook.model.codebook import Codebook
from surveybook.model.problems import Settings
from surveybook.model.survey import KEY
from surveybook.model.wording import per_cent

if TYPE_CHECKING:
    from surveybook.judgement.evidence import Evidence

CONTRADICTED = "contradicted"
NOT_CHECKABLE = "not checkable"
WITHIN_ERROR = "within sampling error"
BY_ROUNDING = "supported by rounding"
SUPPORTED = "supported"
WORST_FIRST = (CONTRADICTED, NOT_CHECKABLE, WITHIN_ERROR, BY_ROUNDING, SUPPORTED)
VERDICTS = (SUPPORTED, BY_ROUNDING, WITHIN_ERROR, CONTRADICTED, NOT_CHECKABLE)
HOLDS = (SUPPORTED, BY_ROUNDING)
# A verdict has room beside it for one figure, or for two that are held against each other.
MOST_MEASURED = 2


@dataclass(frozen=True)
class Judgement:
    """The outcome of a test.

    Attributes
    ----------
    verdict : str
        One of `VERDICTS`.
    secure : bool or None
        Whether what the verdict says holds statistically: the interval of the difference excludes 0, or the
        interval of the share lies wholly on the side that the verdict puts it. Never for a verdict within
        sampling error; None where no sampling is involved or no interval is known.
    survives_rounding : bool or None
        Whether the verdict would be the same, or hold equally, for all shares that print as these do.
    reason : str
        One sentence with the figures and the statistic.
    figures : tuple of str
        Ids of the figures that were used.
    """

    verdict: str
    secure: bool | None = None
    survives_rounding: bool | None = None
    reason: str = ""
    figures: tuple[str, ...] = ()


def describe_share(figure: Any) -> str:
    """Return a figure's number as printed."""
    return per_cent(figure.share, 0 if isnan(figure.decimals) else int(figure.decimals))


def check_key(key: str, info: ValidationInfo) -> str:
    """Return the key of a figure; an error where the codebook, the context, has nothing that it names."""
    match = KEY.fullmatch(key)
    codebook: Any = info.context
    if not match:
        raise ValueError(
            f"'{key}' doesn't name a figure; write population.item.response, such as residents.parks.chosen"
        )
    check_population(match["population"], info)
    if match["item"] not in codebook.items.index:
        raise ValueError(f"the item '{match['item']}' isn't known; see data/codebook/items.csv")
    known = codebook.kind_of(codebook.items.at[match["item"], "question_id"]).responses
    if match["response"] not in known:
        raise ValueError(f"'{match['item']}' has no response '{match['response']}'; expected one of {', '.join(known)}")
    return key


def check_population(name: str, info: ValidationInfo) -> str:
    """Return the name of a population; an error where the codebook has none of that name."""
    codebook: Any = info.context
    if name not in codebook.populations.index:
        raise ValueError(f"the population '{name}' isn't known; see data/codebook/populations.csv")
    return name


Key = Annotated[str, AfterValidator(check_key)]
Population = Annotated[str, AfterValidator(check_population)]
Text = Annotated[str, Field(min_length=1, description="text, in quotation marks where it looks like a number")]


class ClaimTest(Settings):
    """A kind of test.

    Each kind says in `judge` what a wave has to say, and in ``keys`` and the ``name_…`` methods which figures and
    questions it is about.
    """

    kind: str
    # The fields that hold keys of figures: of two, the verdict turns on their distance, the first less the second.
    keys: ClassVar[tuple[str, ...]] = ()
    # A test of the report's own text: no wave changes what comes of it.
    is_textual: ClassVar[bool] = False
    # A test that the first of two figures is the higher, or of several pairs, of which those in the wrong order matter.
    is_order: ClassVar[bool] = False

    def judge(self, evidence: "Evidence") -> Judgement:
        """Return what a wave has to say."""
        raise NotImplementedError

    def tell_measured(self, evidence: "Evidence") -> str:
        """Return what the wave has in a few words, to stand beside a verdict: '17%'; nothing where that takes more."""
        found = [
            evidence.figures[key] for key in self.name_figures(evidence.survey.codebook) if key in evidence.figures
        ]
        told = [describe_share(figure) for figure in found if figure.printed is not None]
        return " and ".join(told) if len(told) <= MOST_MEASURED else ""

    def list_parts(self) -> "tuple[ClaimTest, ...]":
        """Return the single tests that this one is made of: itself, or the parts of a compound."""
        return (self,)

    def name_figures(self, codebook: Codebook) -> list[str]:
        """Return the keys of the figures that the test names."""
        return [getattr(self, field) for field in self.keys]

    def name_questions(self, codebook: Codebook) -> list[tuple[str, str]]:
        """Return the populations and questions that the test needs, each pair once; none for a test of texts."""
        matches = [KEY.fullmatch(key) for key in self.name_figures(codebook)]
        found = [(m["population"], str(codebook.items.at[m["item"], "question_id"])) for m in matches if m]
        return list(dict.fromkeys(found))

    def name_quantities(self, ordering: "Evidence") -> list[tuple[str, ...]]:
        """Return what the verdict turns on: a share by its key, or two by theirs, the one claimed to be higher first.

        Ranks have them by the order of one wave.
        """
        return [tuple(getattr(self, field) for field in self.keys)] if self.keys else []
