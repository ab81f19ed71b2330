"""The rules that a wave's tables have to keep among each other; each adds its problems to a list.

What a column may hold by itself is in its schema (`surveybook.model.tables`).
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model import paths
from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem
from surveybook.model.tables import check_table, find_schema
from surveybook.stats.intervals import check_sum, half_unit

ROUNDING = 1e-9
RELEASE_AGAIN = "release the wave again"
# A codebook's list that is longer isn't told whole.
LONGEST_LIST = 9


def check_known(
    table: pd.DataFrame, file: str, column: str, known: Collection[str], home: str, problems: list[Problem]
) -> None:
    """Add a problem for each value of a column that a file of the codebook doesn't have."""
    what = column.removesuffix("_id")
    expected = f"expected one of {', '.join(known)}, " if len(known) <= LONGEST_LIST else "correct it, "
    for row, value in table.loc[~table[column].isin(known) & (table[column] != ""), column].items():
        found = f"the {what} '{value}' isn't in the codebook"
        problems.append(Problem(file, found, f"{expected}or add it to codebook/{home}", row, column))


def check_asked(asked: pd.DataFrame, file: str, codebook: Codebook, problems: list[Problem]) -> None:
    """Add a problem for each row of ``asked.csv`` that the codebook doesn't know, or that says too little."""
    check_known(asked, file, "population", codebook.populations.index, "populations.csv", problems)
    check_known(asked, file, "question_id", codebook.questions.index, "questions.csv", problems)
    was_asked = asked["source"] != "not_asked"
    several = asked["question_id"].map({name: codebook.kind_of(name).is_several for name in codebook.questions.index})
    needed = {
        "wording": (was_asked, "write what was asked"),
        "max_choices": (
            was_asked & several.eq(True),
            "write how many answers people could choose, unlimited (as many as they liked) or unknown",
        ),
        "note": (asked["same_as"] != "", "say why the question is the same as that of another wave all the same"),
    }
    problems += [
        Problem(file, f"the {column.replace('_', ' ')} is missing", expected, row, column)
        for column, (rows, expected) in needed.items()
        for row in asked.index[rows & (asked[column] == "")]
    ]


def check_estimates(figures: pd.DataFrame, path: Path, codebook: Codebook, problems: list[Problem]) -> pd.DataFrame:
    """Return ``estimates.csv``, given as text, with its numbers as numbers, after every check of it by itself."""
    file = paths.shown(path)
    estimates = check_table(figures, find_schema(path), file, problems)
    check_known(estimates, file, "population", codebook.populations.index, "populations.csv", problems)
    check_known(estimates, file, "item_id", codebook.items.index, "items.csv", problems)
    check_known(estimates, file, "verbal", codebook.words.index, "words.csv", problems)
    answers = {item: codebook.kind_of(question).responses for item, question in codebook.items["question_id"].items()}
    for row, item, response in zip(estimates.index, estimates["item_id"], estimates["response"], strict=True):
        if response not in answers.get(item, (response,)):
            found = f"the response '{response}' isn't one of this item's"
            expected = ", ".join(answers[item]) or "none: numbers stand in numbers.csv"
            problems.append(Problem(file, found, f"expected one of {expected}", row, "response"))
    check_status(figures, file, problems)
    check_limits(estimates, file, problems)
    return estimates.assign(decimals=find_decimals(figures, estimates, file, problems))


def check_status(figures: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """Add a problem for each figure, given as text, whose status and contents disagree."""
    status, percent, verbal = figures["status"], figures["percent"] != "", figures["verbal"] != ""
    wrong: list[tuple[str, pd.Series, str, str]] = [
        ("percent", (status == "number") & ~percent, "the percentage is missing", "a number has one"),
        (
            "verbal",
            (status == "words") & (percent | ~verbal),
            "a figure in words needs words and no percentage",
            "words stay words: fill verbal, empty percent",
        ),
        (
            "percent",
            (status == "unpublished") & (percent | verbal),
            "an unpublished figure has a value",
            "change the status or empty percent and verbal",
        ),
    ]
    problems += [
        Problem(file, found, expected, row, column)
        for column, rows, found, expected in wrong
        for row in figures.index[rows]
    ]
    unlike = figures[(figures["base_status"] == "unknown") != (figures["base"] == "")]
    for row, base, base_status in unlike[["base", "base_status"]].itertuples():
        found = f"the base is '{base}' and its status '{base_status}'"
        problems.append(Problem(file, found, "a base is unknown exactly when none stands here", row, "base_status"))


def check_limits(estimates: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """Add a problem for each share whose limits are missing or don't lie around it, or whose design can't be."""
    share, low, high = estimates["percent"] / 100, estimates["low"], estimates["high"]
    estimated = estimates["standard_error"].notna()
    for row in estimates.index[(low > share + ROUNDING) | (high < share - ROUNDING)]:
        problems.append(Problem(file, "the limits don't lie around the share", RELEASE_AGAIN, row, "low"))
    for row in estimates.index[estimated & (low.isna() | high.isna() | share.isna())]:
        problems.append(Problem(file, "a standard error stands without share and limits", RELEASE_AGAIN, row, "low"))
    # Stratification and clusters that were measured may well give less than 1; nothing printed does.
    for row, effect in estimates.loc[(estimates["deff"] < 1) & ~estimated, "deff"].items():
        problems.append(Problem(file, f"a design effect of {effect:g}", "expected 1 or more", row, "deff"))


def find_decimals(figures: pd.DataFrame, estimates: pd.DataFrame, file: str, problems: list[Problem]) -> pd.Series:
    """Return with how many decimals each percentage is printed, read from it where nothing is said.

    One that has more than are said, and a wave of shares from 0 to 1, become problems: comparisons would allow for
    rounding that wasn't done, and figures would be a hundred times too small.
    """
    published = estimates["standard_error"].isna() & estimates["percent"].notna()
    written = figures["percent"].str.replace(r"^[^.]*\.?", "", regex=True).str.len()
    for row in figures.index[published & (written > estimates["decimals"])]:
        found = f"{figures.loc[row, 'percent']} has more decimals than the {estimates.loc[row, 'decimals']:g} said"
        problems.append(Problem(file, found, "write how many the source prints", row, "decimals"))
    shares = estimates.loc[published, "percent"]
    if 0 < shares.max() <= 1:
        found = f"no percentage is above {shares.max():g}"
        problems.append(Problem(file, found, "write per cent: 48, not 0.48", shares.index[0], "percent"))
    return estimates["decimals"].fillna(written.where(published))


def check_questions(
    tables: Mapping[str, pd.DataFrame], asked: pd.DataFrame, folder: Path, codebook: Codebook, problems: list[Problem]
) -> None:
    """Add a problem where the figures of a wave, by file, and its ``asked.csv`` disagree about what was asked."""
    asked_file, given = paths.shown(folder / "asked.csv"), set[tuple[str, str]]()
    sources = {(row.population, row.question_id): row.source for row in asked.itertuples()}
    for name, table in tables.items():
        questions = table["item_id"].map(codebook.items["question_id"])
        for row, population, question in zip(table.index, table["population"], questions, strict=True):
            given.add((population, question))
            if isinstance(question, str) and sources.get((population, question), "not_asked") == "not_asked":
                found, expected = f"{population} wasn't asked '{question}' by {asked_file}", "add the question there"
                told = Problem(paths.shown(folder / name), found, f"{expected}, or take the figure out", row, "item_id")
                problems.append(told)
    todo = {"published": "add them, or write not_asked", "responses": RELEASE_AGAIN}
    for row, population, question, source in asked[["population", "question_id", "source"]].itertuples():
        if source in todo and (population, question) not in given:
            is_number = question in codebook.kinds and codebook.kinds[question].is_number
            file = paths.shown(folder / ("numbers.csv" if is_number else "estimates.csv"))
            found = f"no figure of '{question}' for {population} is in {file}"
            problems.append(Problem(asked_file, found, todo[source], row, "source"))


def check_sample_sizes(
    estimates: pd.DataFrame, metadata: Mapping[str, Any], file: str, problems: list[Problem]
) -> None:
    """Add a problem for each figure with more answers than its population has respondents."""
    blocks = metadata.get("populations")
    for population, block in blocks.items() if isinstance(blocks, dict) else ():
        size = block.get("sample_size") if isinstance(block, dict) else None
        if not isinstance(size, int):
            continue  # what stands there instead is a problem of wave.yml
        for row, base in estimates.loc[
            (estimates["population"] == population) & (estimates["base"] > size), "base"
        ].items():
            found = f"a base of {base:g}, and wave.yml gives {population} a sample_size of {size:g}"
            problems.append(Problem(file, found, "correct one of them", row, "base"))


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
    check_known(mentions, file, "verbal", codebook.words.index, "words.csv", problems)
    for row, figure in mentions.loc[~mentions["figure_id"].isin(figures), "figure_id"].items():
        found = f"the figure '{figure}' isn't in estimates.csv"
        problems.append(Problem(file, found, "correct it", row, "figure_id"))
    for row in mentions.index[mentions["percent"].isna() & (mentions["verbal"] == "")]:
        problems.append(Problem(file, "neither a percentage nor words stand here", "fill one of them", row, "verbal"))


def check_covariances(
    covariances: pd.DataFrame, figures: pd.DataFrame, path: Path, codebook: Codebook, problems: list[Problem]
) -> pd.DataFrame:
    """Return ``covariances.csv``, given as text, as numbers, after checking that each is of two figures of the wave."""
    file = paths.shown(path)
    checked = check_table(covariances, find_schema(path), file, problems)
    own = figures[figures["standard_error"].notna() & (figures["status"] == "number")]
    errors = own.drop_duplicates(["population", "domain", "item_id", "response"]).set_index(
        ["population", "domain", "item_id", "response"]
    )["standard_error"]
    ends = checked.assign(
        domain_a=checked["domain"], domain_b=checked["domain_b"].where(checked["domain_b"] != "", checked["domain"])
    )
    first, second = (
        errors.reindex(
            pd.MultiIndex.from_frame(
                ends[["population", *(f"{name}_{one}" for name in ("domain", "item", "response"))]]
            )
        )
        for one in "ab"
    )
    largest = pd.Series(first.to_numpy() * second.to_numpy(), index=checked.index)
    question = checked["item_a"].map(codebook.items["question_id"])
    faults = {
        "item_a": (largest.isna(), "a figure of this pair isn't among the estimates"),
        "covariance": (
            checked["covariance"].abs() > largest * (1 + 1e-6) + 1e-12,
            "the covariance is larger than the two standard errors allow",
        ),
        "question_id": (
            question.notna() & (question != checked["question_id"]),
            "this is no question of the first item",
        ),
    }
    problems += [
        Problem(file, found, RELEASE_AGAIN, row, column)
        for column, (rows, found) in faults.items()
        for row in checked.index[rows]
    ]
    return checked.reset_index(drop=True)
