"""The rules that a wave's tables have to keep among each other; each adds its problems to a list.

What a column may hold by itself is in its schema (`surveybook.model.tables`).
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model import paths
from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem
from surveybook.model.tables import check_table, find_schema
from surveybook.stats.intervals import check_sum, half_unit

# What is wrong in which rows: the column to look at, the rows, what was found there and what was expected, where both
# may name columns of the row in braces.
Rule = tuple[str, pd.Series, str, str]
ROUNDING = 1e-9
RELEASE_AGAIN = "release the wave again"
# A codebook's list that is longer isn't told whole.
LONGEST_LIST = 9
# The columns whose values are names of the codebook, with its file of them.
HOMES = {"population": "populations", "question_id": "questions", "item_id": "items", "verbal": "words"}
# What names a figure.
FIGURE = ["population", "domain", "item_id", "response"]


def refuse_rows(table: pd.DataFrame, file: str, rules: Iterable[Rule], problems: list[Problem]) -> None:
    """Add a problem for each row of a table that breaks a rule."""
    for column, rows, found, expected in rules:
        for row, values in table[rows.to_numpy(dtype=bool)].iterrows():
            problems.append(Problem(file, found.format(**values), expected.format(**values), row, column))


def check_known(table: pd.DataFrame, file: str, codebook: Codebook, problems: list[Problem]) -> None:
    """Add a problem for each value that should be a name of the codebook, and isn't."""
    for column, home in HOMES.items():
        if column in table:
            known = getattr(codebook, home).index
            listed = f"expected one of {', '.join(known)}, " if len(known) <= LONGEST_LIST else "correct it, "
            unknown = ~table[column].isin(known) & (table[column] != "")
            found = f"the {column.removesuffix('_id')} '{{{column}}}' isn't in the codebook"
            rule = (column, unknown, found, f"{listed}or add it to codebook/{home}.csv")
            refuse_rows(table, file, [rule], problems)


def check_asked(asked: pd.DataFrame, file: str, codebook: Codebook, problems: list[Problem]) -> None:
    """Add a problem for each row of ``asked.csv`` that the codebook doesn't know, or that says too little."""
    check_known(asked, file, codebook, problems)
    was_asked = asked["source"] != "not_asked"
    several = asked["question_id"].map({name: codebook.kind_of(name).is_several for name in codebook.questions.index})
    choices = "write how many answers people could choose, unlimited (as many as they liked) or unknown"
    why = "say why the question is the same as that of another wave all the same"
    empty = asked == ""
    rules = (
        ("wording", was_asked & empty["wording"], "the wording is missing", "write what was asked"),
        ("max_choices", was_asked & several.eq(True) & empty["max_choices"], "the max choices is missing", choices),
        ("note", ~empty["same_as"] & empty["note"], "the note is missing", why),
    )
    refuse_rows(asked, file, rules, problems)


def check_estimates(figures: pd.DataFrame, path: Path, codebook: Codebook, problems: list[Problem]) -> pd.DataFrame:
    """Return ``estimates.csv``, given as text, with its numbers as numbers, after every check of it by itself.

    Decimals that nobody states are those of the percentage as it is written. One that has more than are stated, and a
    wave of shares from 0 to 1, become problems: comparisons would allow for rounding that wasn't done, and figures
    would be a hundred times too small.
    """
    file = paths.shown(path)
    estimates = check_table(figures, find_schema(path), file, problems)
    check_known(estimates, file, codebook, problems)
    answers = {item: codebook.kind_of(question).responses for item, question in codebook.items["question_id"].items()}
    listed = {item: ", ".join(own) or "none: numbers stand in numbers.csv" for item, own in answers.items()}
    pairs = zip(estimates["item_id"], estimates["response"], strict=True)
    unlike = pd.Series([response not in answers.get(item, (response,)) for item, response in pairs], dtype=bool)
    status, percent, verbal = figures["status"], figures["percent"] != "", figures["verbal"] != ""
    share, low, high = estimates["percent"] / 100, estimates["low"], estimates["high"]
    estimated = estimates["standard_error"].notna()
    published = ~estimated & estimates["percent"].notna()
    written = figures["percent"].str.replace(r"^[^.]*\.?", "", regex=True).str.len()
    rules = (
        ("response", unlike, "the response '{response}' isn't one of this item's", "expected one of {answers}"),
        ("percent", (status == "number") & ~percent, "the percentage is missing", "a number has one"),
        ("verbal", (status == "words") & (percent | ~verbal), "a figure in words needs words and no percentage",
         "words stay words: fill verbal, empty percent"),
        ("percent", (status == "unpublished") & (percent | verbal), "an unpublished figure has a value",
         "change the status or empty percent and verbal"),
        ("base_status", (figures["base_status"] == "unknown") != (figures["base"] == ""),
         "the base is '{base}' and its status '{base_status}'", "a base is unknown exactly when none stands here"),
        ("low", (low > share + ROUNDING) | (high < share - ROUNDING), "the limits don't lie around the share",
         RELEASE_AGAIN),
        ("low", estimated & (low.isna() | high.isna() | share.isna()),
         "a standard error stands without share and limits", RELEASE_AGAIN),
        # Stratification and clusters that were measured may well give less than 1; nothing printed does.
        ("deff", (estimates["deff"] < 1) & ~estimated, "a design effect of {deff}", "expected 1 or more"),
        ("deff", (estimates["deff"] == 0) & estimated, "a design effect of {deff}", RELEASE_AGAIN),
        ("decimals", published & (written > estimates["decimals"]),
         "{percent} has more decimals than the {decimals} said", "write how many the source prints"),
    )  # fmt: skip
    refuse_rows(figures.assign(answers=figures["item_id"].map(listed)), file, rules, problems)
    largest = estimates.loc[published, "percent"].max()
    if 0 < largest <= 1:
        found, first = f"no percentage is above {largest:g}", estimates.index[published][0]
        problems.append(Problem(file, found, "write per cent: 48, not 0.48", first, "percent"))
    return estimates.assign(decimals=estimates["decimals"].fillna(written.where(published)))


def check_numbers(numbers: pd.DataFrame, path: Path, codebook: Codebook, problems: list[Problem]) -> pd.DataFrame:
    """Return ``numbers.csv``, given as text, as numbers, after checking each row by itself."""
    file = paths.shown(path)
    checked = check_table(numbers, find_schema(path), file, problems)
    check_known(checked, file, codebook, problems)
    kinds = {item: codebook.kind_of(question) for item, question in codebook.items["question_id"].items()}
    is_number = checked["item_id"].map(lambda item: item not in kinds or kinds[item].is_number)
    value, shares = checked["value"], checked["statistic"] == "share"
    rules = (
        ("item_id", ~is_number.astype(bool), "this item isn't answered with a number",
         "name its question's kind number in codebook/questions.csv, or take the row out"),
        ("value", (checked["status"] == "number") & value.isna(), "the value is missing", "a number has one"),
        ("value", (checked["status"] != "number") & value.notna(), "an unpublished figure has a value", "empty it"),
        ("value", shares & ((value < 0) | (value > 1)), "the share isn't one", "write it from 0 to 1"),
        ("lowest", checked["lowest"] > checked["highest"], "the class ends before it begins", "exchange its ends"),
        ("low", (checked["low"] > value + ROUNDING) | (checked["high"] < value - ROUNDING),
         "the limits don't lie around the value", RELEASE_AGAIN),
        ("unit", shares.eq(False) & (checked["unit"] != checked.groupby("item_id")["unit"].transform("first")),
         "the item has another unit in a row above", "write one unit for each item"),
    )  # fmt: skip
    refuse_rows(checked, file, rules, problems)
    return checked


def check_questions(
    tables: Mapping[str, pd.DataFrame], asked: pd.DataFrame, folder: Path, codebook: Codebook, problems: list[Problem]
) -> None:
    """Add a problem where the figures of a wave, by file, and its ``asked.csv`` disagree about what was asked."""
    asked_file, keys = paths.shown(folder / "asked.csv"), ["population", "question_id"]
    put = pd.MultiIndex.from_frame(asked.loc[asked["source"] != "not_asked", keys])
    given = set[tuple[str, str]]()
    for name, table in tables.items():
        told = table.assign(question_id=table["item_id"].map(codebook.items["question_id"]))
        places = pd.MultiIndex.from_frame(told[keys])
        given |= set(places)
        rule = ("item_id", pd.Series(~places.isin(put)) & told["question_id"].notna().to_numpy(),
                f"{{population}} wasn't asked '{{question_id}}' by {asked_file}",
                "add the question there, or take the figure out")  # fmt: skip
        refuse_rows(told, paths.shown(folder / name), [rule], problems)
    files = {True: paths.shown(folder / "numbers.csv"), False: paths.shown(folder / "estimates.csv")}
    is_number = [name in codebook.kinds and codebook.kinds[name].is_number for name in asked["question_id"]]
    without = pd.Series([key not in given for key in asked[keys].itertuples(index=False, name=None)])
    found = "no figure of '{question_id}' for {population} is in {file}"
    rules = [
        ("source", without & (asked["source"] == source).to_numpy(), found, expected)
        for source, expected in (("published", "add them, or write not_asked"), ("responses", RELEASE_AGAIN))
    ]
    refuse_rows(asked.assign(file=pd.Series(is_number, asked.index).map(files)), asked_file, rules, problems)


def check_sample_sizes(
    estimates: pd.DataFrame, metadata: Mapping[str, Any], file: str, problems: list[Problem]
) -> None:
    """Add a problem for each figure with more answers than its population has respondents."""
    told = {name: block.get("sample_size") for name, block in metadata["populations"].items()}
    # What stands there instead of a number is a problem of wave.yml.
    sizes = (
        estimates["population"].map({name: size for name, size in told.items() if isinstance(size, int)}).astype(float)
    )
    found = "a base of {base:g}, and wave.yml gives {population} a sample_size of {size:g}"
    rule = ("base", estimates["base"] > sizes, found, "correct one of them")
    refuse_rows(estimates.assign(size=sizes), file, [rule], problems)


def check_sums(estimates: pd.DataFrame, asked: pd.DataFrame, file: str, problems: list[Problem]) -> list[str]:
    """Add a problem for each question whose choices can't add up; return warnings for doubtful sums.

    `estimates` needs ``question_id``, ``is_list`` and ``is_several``. Where people could choose several items, the
    shares of all add up to at most the choices allowed; the answers to one statement, to one choice.
    """
    warnings = []
    allowed = asked.drop_duplicates(["population", "question_id"]).set_index(["population", "question_id"])[
        "max_choices"
    ]
    # What was counted from respondents can't be mistyped, and may exceed the choices where that was declared.
    numbers = estimates[estimates["percent"].notna() & estimates["standard_error"].isna()]
    together = numbers["item_id"].where(numbers["is_list"].ne(True), "")
    for (population, domain, question, item), rows in numbers.groupby(
        ["population", "domain", "question_id", together], sort=False
    ):
        choices = allowed.get((population, question)) if rows["is_several"].iloc[0] else 1
        if choices is None or not np.isfinite(choices):
            continue
        verdict = check_sum(rows["percent"].to_numpy(), rows["decimals"].fillna(0).to_numpy(), int(choices))
        what = f"{' '.join(filter(None, (population, domain)))}, {item or question}"
        found = f"the percentages of {what} add up to {rows['percent'].sum():g}"
        if verdict == "impossible":
            fits = f"at most {100 * choices:g} fits {choices:g} choice{'s' if choices > 1 else ''} each"
            problems.append(Problem(file, found, f"{fits}; look for a typing error", rows.index[0], "percent"))
        elif verdict == "doubtful":
            warnings.append(f"{file}: {found}, which only rounding can explain with {choices:g} choices each")
    return warnings


def check_nets(estimates: pd.DataFrame, codebook: Codebook, file: str, problems: list[Problem]) -> list[str]:
    """Add a problem for each net that isn't what it is made of; return warnings where one that speaks for items lacks.

    Parameters
    ----------
    estimates : pandas.DataFrame
        With ``question_id``, ``percent``, ``decimals`` and ``standard_error``, which published figures don't have.
    codebook, file, problems
        What nets are made of; what to call the file; where problems go.
    """
    warnings = dict[str, None]()
    kinds = {name: own for name in estimates["question_id"].dropna().unique() if (own := codebook.kind_of(name)).nets}
    own = estimates[estimates["question_id"].isin(list(kinds)) & estimates["percent"].notna()]
    half = 100 * half_unit(own["decimals"].where(own["standard_error"].isna()))
    wholes: dict[tuple[str, ...], dict[str, int]] = {}
    columns = (own[name] for name in ("question_id", "population", "domain", "item_id", "response"))
    for place, (*whole, response) in enumerate(zip(*columns, strict=True)):
        wholes.setdefault(tuple(whole), {})[response] = place
    percent = own["percent"].to_numpy(dtype=float)
    for (question, *who), places in wholes.items():
        kind = kinds[question]
        if kind.headline not in places:
            warnings[f"{file}: no figure of {question} is of “{kind.headline}”, which speaks for its items"] = None
        for net, parts in kind.nets.items():
            there = [places[part] for part in parts if part in places]
            if net not in places or not there:
                continue
            total, allowed = percent[there].sum(), half[[places[net], *there]].sum() + ROUNDING
            over = total - percent[places[net]]
            if over > allowed or (len(there) == len(parts) and -over > allowed):
                found = f"{net} of {' '.join(filter(None, who))} is {percent[places[net]]:g}"
                found += f", and what it is made of adds up to {total:g}"
                row = own.index[places[net]]
                problems.append(Problem(file, found, "look for a typing error", row, "percent"))
    return list(warnings)


def check_mentions(
    mentions: pd.DataFrame, figures: Collection[str], file: str, codebook: Codebook, problems: list[Problem]
) -> None:
    """Add a problem for each row of ``mentions.csv`` that repeats no figure, or doesn't say as what."""
    check_known(mentions, file, codebook, problems)
    said = mentions["percent"].notna() | (mentions["verbal"] != "")
    unknown = ~mentions["figure_id"].isin(figures)
    rules = (
        ("figure_id", unknown, "the figure '{figure_id}' isn't in estimates.csv", "correct it"),
        ("verbal", ~said, "neither a percentage nor words stand here", "fill one of them"),
    )
    refuse_rows(mentions, file, rules, problems)


def check_covariances(
    covariances: pd.DataFrame, figures: pd.DataFrame, path: Path, codebook: Codebook, problems: list[Problem]
) -> pd.DataFrame:
    """Return ``covariances.csv``, given as text, as numbers, after checking that each is of two figures of the wave."""
    file = paths.shown(path)
    checked = check_table(covariances, find_schema(path), file, problems)
    own = figures[figures["standard_error"].notna() & (figures["status"] == "number")]
    errors = own.drop_duplicates(FIGURE).set_index(FIGURE)["standard_error"]
    beside = checked["domain_b"].where(checked["domain_b"] != "", checked["domain"])
    ends = [
        pd.MultiIndex.from_arrays([checked["population"], domain, checked[f"item_{end}"], checked[f"response_{end}"]])
        for end, domain in (("a", checked["domain"]), ("b", beside))
    ]
    largest = pd.Series(np.prod([errors.reindex(end).to_numpy() for end in ends], axis=0), checked.index)
    question = checked["item_a"].map(codebook.items["question_id"])
    rules = (
        ("item_a", largest.isna(), "a figure of this pair isn't among the estimates", RELEASE_AGAIN),
        ("covariance", checked["covariance"].abs() > largest * (1 + 1e-6) + 1e-12,
         "the covariance is larger than the two standard errors allow", RELEASE_AGAIN),
        ("question_id", question.notna() & (question != checked["question_id"]),
         "this is no question of the first item", RELEASE_AGAIN),
    )  # fmt: skip
    refuse_rows(checked, file, rules, problems)
    return checked.reset_index(drop=True)
