"""Which columns of a file are a part of the design and which are groups, by their names, labels and values."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from surveybook.respondents.codes import REFUSED, UNSURE, code_text
from surveybook.respondents.files import Respondents

DESIGN = {
    "id": r"((resp(ondent|onse)?|record)([_ ]?(id|no|number))?|case_?(id|no)?|serial\w*|uniqid|_?id|_?uuid)",
    "weight": r"(wt|weight|wgt|pw|pweight|finalwt|wtssall?)\w*",
    "strata": r"((v|samp|sample|design)?_?strat(um|a|id)?(_?(id|no|var|code|\d+))?|stype|region_?str)",
    "cluster": r"((v|samp|sample)?_?(psu|cluster)(_?(id|no|var|code|\d+))?|dnum|segment(_?(id|no))?)",
}
# What a label says of a column whose name says nothing: V200010b is the "Full sample post-election weight".
DESIGN_LABELS = {
    "weight": r"\bweight(ing|s)?\b",
    "strata": r"\b(stratum|strata)\b",
    "cluster": r"\b(variance unit|cluster)\b|\b(psu|primary sampling unit) (id|number|no|code)\b",
}
# What is weighed there is somebody's body, or somebody's answer.
BODY = re.compile(r"\b(kg|kilo\w*|pounds?|lbs?|stones?|birth ?weight|height|body|lose|gain)\b", re.IGNORECASE)
# Of several weights the first words are of one that the whole is estimated with, the others of one step to it.
WHOLE = re.compile(r"post|final|full|anal|combin|calibrat|target|total|wtss(all|ps)?\b", re.IGNORECASE)
STEP = re.compile(r"design|dweight|base|population size|\bpweight|house|longitud|panel|non.?resp", re.IGNORECASE)
# A column of weights has more values than this; one with fewer says how somebody was weighed.
FEWEST_WEIGHTS = 10
# The mean of weights that make a sample stand for itself differs by so little from 1.
NEAR_ONE = 0.01
DOMAINS = {
    "sex": r"(sex|gender|gndr)\w*",
    "age": r"age\w*",
    "region": r"(region|gor|province|country)\w*",
    "social_grade": r"(social_?|seg)?(grade|class)\w*|seg",
    "working_status": r"(work(ing)?|employ(ment)?|job)_?(status|stat)?",
    "role": r"(job_?)?(role|title|position)",
}
DOMAIN_LABELS = {
    "sex": r"\b(gender|sex)\b",
    "age": r"\b(how old|age)\b",
    "region": r"\b(region|province|county|district)\b.*\b(live|resid)|^\W*region\W*$",
}
# A label of a group is as short as this, or it asks what people think of such groups.
MOST_WORDS = 8
# What the groups of sex are called by, whoever asks.
SEXES = re.compile(r"\b(fe)?male|\b(wo)?m[ae]n\b|\bgirl|\bboy|^[mf]$", re.IGNORECASE)
NO_AGE = re.compile(r"finish|left|when|first|child|partner|recod|group", re.IGNORECASE)
MOST_GROUPS = 12
AGES: dict[str, tuple[int, int | None]] = {"16-34": (16, 34), "35-54": (35, 54), "55+": (55, None)}
YOUNGEST, OLDEST = 5, 120


@dataclass
class Roles:
    """Which columns are a part of the design, and which of what was found there isn't certain.

    Attributes
    ----------
    design : dict of str
        The columns of the design by what they are.
    spare : dict of str
        Columns that are no part of it and no question either, each with the reason.
    doubts : list of str
        What whoever knows the survey has to decide, as sentences.
    """

    design: dict[str, str] = field(default_factory=dict)
    spare: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)


def find_roles(source: Respondents) -> Roles:
    """Return the columns of the design by their names or labels; what may be one and isn't named as such is a doubt."""
    # Designs stand at the end of many files, so that all columns are looked at.
    every, found = list(source.frame.columns), Roles()
    for key, pattern in DESIGN.items():
        named = [column for column in every if re.fullmatch(pattern, column, re.IGNORECASE)]
        if key == "id":
            named = [column for column in (*named, *every[:1]) if is_identifier(source.frame[column])]
        if key in DESIGN_LABELS and (key == "weight" or not named):
            said = re.compile(DESIGN_LABELS[key], re.IGNORECASE)
            told = (column for column in every if said.search(source.labels.get(column, "") or column))
            named += [column for column in told if column not in named]
        if key == "weight":
            named = [column for column in named if is_weight(source, column, named=re.fullmatch(pattern, column, re.I))]
            choose_weight(source, named, found)
        elif named:
            found.design[key] = named[0]
    return found


def is_identifier(series: pd.Series) -> bool:
    """Return whether each respondent has a value of their own that is no time and no number with decimals."""
    if pd.api.types.is_datetime64_any_dtype(series) or not series.is_unique or series.isna().any():
        return False
    return not any(re.search(r"\d:\d\d|@|\d[.,]\d", code_text(value)) for value in series.head(20))


def read_plain_numbers(series: pd.Series) -> np.ndarray:
    """Return a column as numbers, whose decimals may have a comma; empty where any value is none."""
    if pd.api.types.is_bool_dtype(series) or pd.api.types.is_datetime64_any_dtype(series):
        return np.array([])
    if not pd.api.types.is_numeric_dtype(series):
        sample = [text for text in map(code_text, series.head(20)) if text]
        if not all(re.fullmatch(r"[-+]?\d*[.,]?\d+", text) for text in sample):
            return np.array([])
        series = pd.to_numeric(series.astype(str).str.replace(",", ".").replace("", np.nan), errors="coerce")
    return series.to_numpy(dtype=float, na_value=np.nan)


def is_weight(source: Respondents, column: str, *, named: object) -> bool:
    """Return whether a column that is called a weight can be one: numbers of 0 and more that aren't all the same."""
    if BODY.search(f"{column} {source.labels.get(column, '')}".replace("_", " ")):
        return False
    numbers = read_plain_numbers(source.frame[column])
    told = numbers[~np.isnan(numbers)]
    return bool(len(told) and told.min() >= 0 and len(np.unique(told)) > (1 if named else FEWEST_WEIGHTS))


def choose_weight(source: Respondents, named: list[str], found: Roles) -> None:
    """Add the weight to the design: the one column, or of several the one that reads like that of the whole sample."""
    if not named:
        for column in filter(lambda name: looks_weighed(source, name), source.frame.columns):
            found.spare[column] = "numbers of a mean of 1: it may be a weight"
            found.doubts.append(f"Is {column} the weight? Its mean is 1, and nothing names it; write weight: {column}")
        if not found.doubts:
            found.doubts.append("No column is called a weight: shares are unweighted until wave.yml names one")
        return
    texts = {column: f"{column.replace('_', ' ')} {source.labels.get(column, '')}" for column in named}
    chosen = max(named, key=lambda name: bool(WHOLE.search(texts[name])) - bool(STEP.search(texts[name])))
    found.design["weight"] = chosen
    others = [column for column in named if column != chosen]
    if others:
        label = source.labels.get(chosen, "")
        found.spare |= dict.fromkeys(others, f"another weight than {chosen}")
        found.doubts.append(
            f"Which weight is that of the whole sample? {chosen}{f' ({label})' if label else ''} is taken,"
            f" {', '.join(others)} not"
        )


def looks_weighed(source: Respondents, column: str) -> bool:
    """Return whether a column without labels holds decimals above 0 with a mean of 1, as weights of a sample do."""
    if column in source.value_labels or column in source.labels:
        return False
    numbers = read_plain_numbers(source.frame[column])
    if not len(numbers) or np.isnan(numbers).any() or numbers.min() <= 0 or (numbers == np.round(numbers)).all():
        return False
    return bool(abs(numbers.mean() - 1) < NEAR_ONE and len(np.unique(numbers)) > FEWEST_WEIGHTS)


def find_groups(
    source: Respondents,
    labels: Mapping[str, Mapping[str, str]],
    texts: Mapping[str, str],
    counts: Mapping[str, Counter[str]],
) -> dict[str, dict[str, object]]:
    """Return groups that may get figures of their own, from columns that are named or labelled as such.

    Parameters
    ----------
    source : Respondents
        The file.
    labels : dict of dict
        The labels of each column's codes.
    texts : dict of str
        The label of each column, or its name.
    counts : dict of Counter
        How often each code stands in each column.
    """
    found: dict[str, dict[str, object]] = {}
    for variable, pattern in DOMAINS.items():
        named = [name for name in labels if re.fullmatch(pattern, name.split("/")[-1], re.IGNORECASE)]
        said = re.compile(DOMAIN_LABELS.get(variable, "$^"), re.IGNORECASE)
        named += [name for name, text in texts.items() if name not in named and said.search(text)]
        short = [name for name in named if len(texts[name].split()) <= MOST_WORDS and counts[name]]
        made = (make_groups(source, variable, name, labels[name], texts[name], counts[name]) for name in short)
        listed = list(filter(None, made))
        # Bands that the survey itself made come before ours.
        if listed:
            found[variable] = next((rules for rules in listed if "values" in rules), listed[0])
    return found


def make_groups(
    source: Respondents, variable: str, column: str, labels: Mapping[str, str], text: str, counts: Counter[str]
) -> dict[str, object]:
    """Return the groups of one column, empty where its values can't be groups of that variable."""
    told = {code: label for code, label in labels.items() if not (REFUSED.search(label) or UNSURE.search(label))}
    lost = [plain_code(code) for code in labels if code not in told and counts[code]]
    if variable == "sex" and sum(bool(SEXES.search(label)) for label in told.values()) < 2:
        return {}
    if variable == "age" and len(told) < len(set(counts) - set(labels)):
        return make_age_bands(source, column, text, lost)
    if variable == "age" and not all(re.search(r"\d", label) for label in told.values()):
        return {}
    groups = {plain_code(code): name_group(label) for code, label in told.items() if counts[code]}
    return {"column": column, "values": groups} if 1 < len(set(groups.values())) <= MOST_GROUPS else {}


def make_age_bands(source: Respondents, column: str, text: str, lost: list[int | str]) -> dict[str, object]:
    """Return bands of ages in years that have anybody in them; empty where the numbers aren't ages of respondents."""
    numbers = read_plain_numbers(source.frame[column].where(~source.frame[column].map(code_text).isin(map(str, lost))))
    for low, high in source.missing.get(column, ()):
        if isinstance(low, (int, float)):
            numbers = np.where((numbers >= low) & (numbers <= high), np.nan, numbers)
    ages = numbers[~np.isnan(numbers)]
    beyond = sorted({int(age) for age in ages if not 0 <= age <= OLDEST})
    ages = ages[(ages >= 0) & (ages <= OLDEST)]
    if len(np.unique(ages)) <= MOST_GROUPS or ages.min() < YOUNGEST or NO_AGE.search(text):
        return {}
    bands = {name: ends for name, ends in AGES.items() if ((ages >= ends[0]) & (ages <= (ends[1] or OLDEST))).any()}
    if ages.min() < AGES["16-34"][0]:
        bands = {"under 35": (int(ages.min()), 34), **{name: bands[name] for name in bands if name != "16-34"}}
    if len(bands) < 2:
        return {}
    missing = {"missing": [*lost, *beyond]} if lost or beyond else {}
    return {"column": column, "ranges": {name: list(ends) for name, ends in bands.items()}, **missing}


def plain_code(code: str) -> int | str:
    """Return a code as people write it: a number where it is one."""
    return int(code) if re.fullmatch(r"-?(0|[1-9]\d*)", code) else code


def name_group(label: str) -> str:
    """Return a label as the name of a group: without signs that a released file may not hold."""
    plain = re.sub(r"[^A-Za-z0-9£ .+–&()'-]", " ", label)
    text = re.sub(r"^[^A-Za-z0-9£]+", "", " ".join(plain.split()))[:40].strip()
    return text.lower() if re.fullmatch(r"[A-Z]?[a-z ]+", text) else text or "?"


def list_missing(design: Iterable[str]) -> list[str]:
    """Return the parts of a design that no column was found for."""
    return [key for key in DESIGN if key not in set(design)]
