"""The rules that a wave's tables have to keep among each other; each adds its problems to a list.

What a column may hold by itself is in its schema (`surveybook.model.tables`).
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.model import paths
from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem
from surveybook.model.tables import check_table, find_schema
from surveybook.stats import choices_exceed

# What a wave that was estimated from respondents knows besides; shares and limits run from 0 to 1.
RELEASED = ["standard_error", "low", "high", "weighted_base", "degrees_of_freedom", "method"]
ROUNDING = 1e-9


def check_known(
    table: pd.DataFrame, file: str, column: str, known: Iterable[str], home: str, problems: list[Problem]
) -> None:
    """Add a problem for each value of a column that a file of the codebook doesn't have."""
    listed = list(known)
    what = column.removesuffix("_id")
    for row, value in table.loc[~table[column].isin(listed) & (table[column] != ""), column].items():
        expected = f"expected one of {', '.join(listed)}, " if len(listed) < 10 else "correct it, "
        found = f"the {what} '{value}' isn't in the codebook"
        problems.append(Problem(file, found, f"{expected}or add it to codebook/{home}", row, column))


def check_asked(asked: pd.DataFrame, file: str, codebook: Codebook, problems: list[Problem]) -> pd.DataFrame:
    """Return ``asked.csv``, which its schema has passed; its problems are added to the list."""
    check_known(asked, file, "population", codebook.populations.index, "populations.csv", problems)
    check_known(asked, file, "question_id", codebook.questions.index, "questions.csv", problems)
    for row, question in asked[asked["source"] != "not_asked"].iterrows():
        if not question["version"]:
            expected = "write what the earlier wave has if nothing changed, or a name of its own"
            problems.append(Problem(file, "the version is missing", expected, row, "version"))
        if not question["wording"]:
            problems.append(Problem(file, "the wording is missing", "write what was asked", row, "wording"))
    return asked


def check_estimates(figures: pd.DataFrame, path: Path, codebook: Codebook, problems: list[Problem]) -> pd.DataFrame:
    """Return figures as text with their numbers as numbers, after every check of them by themselves."""
    file = paths.shown(path)
    estimates = check_table(figures, find_schema(path), file, problems)
    check_known(estimates, file, "population", codebook.populations.index, "populations.csv", problems)
    check_known(estimates, file, "item_id", codebook.items.index, "items.csv", problems)
    check_answers(estimates, file, codebook, problems)
    check_unique_ids(estimates, file, problems)
    check_status(estimates, file, problems)
    # Stratification and clusters that were measured may well give less than 1; nothing printed does.
    for row in estimates.index[(estimates["deff"] < 1) & estimates["standard_error"].isna()]:
        found = f"a design effect of {estimates.loc[row, 'deff']:g}"
        problems.append(Problem(file, found, "expected 1 or more", row, "deff"))
    check_limits(estimates, file, problems)
    return estimates.assign(decimals=check_decimals(figures, estimates, file, problems))


def check_unique_ids(estimates: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """Add a problem for each figure whose id stood in an earlier row."""
    for row in estimates.index[estimates.duplicated("figure_id")]:
        figure = estimates.loc[row, "figure_id"]
        found = f"{figure} stands in row {(estimates['figure_id'] == figure).idxmax()} already"
        problems.append(Problem(file, found, "keep one of the rows", row, "figure_id"))


def check_decimals(figures: pd.DataFrame, estimates: pd.DataFrame, file: str, problems: list[Problem]) -> pd.Series:
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


def check_limits(estimates: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """Add a problem for each share from respondents whose limits are missing or don't lie around it."""
    share, low, high = estimates["percent"] / 100, estimates["low"], estimates["high"]
    for row in estimates.index[(low > share + ROUNDING) | (high < share - ROUNDING)]:
        problems.append(Problem(file, "the limits don't lie around the share", "release the wave again", row, "low"))
    for row in estimates.index[estimates["standard_error"].notna() & (low.isna() | high.isna() | share.isna())]:
        found = "a standard error stands without share and limits"
        problems.append(Problem(file, found, "release the wave again", row, "low"))


def check_answers(estimates: pd.DataFrame, file: str, codebook: Codebook, problems: list[Problem]) -> None:
    """Add a problem for each response that the kind of question doesn't have."""
    kinds = {question: codebook.kind_of(question) for question in codebook.questions.index}
    answers = {item: kinds[question].responses for item, question in codebook.items["question_id"].items()}
    for row, item, response in zip(estimates.index, estimates["item_id"], estimates["response"], strict=True):
        known = answers.get(item, ())
        if item in answers and response not in known:
            found = f"the response '{response}' isn't one of this item's"
            problems.append(Problem(file, found, f"expected one of {', '.join(known)}", row, "response"))


def check_status(estimates: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """Add a problem for each figure whose status and contents disagree."""
    for row, figure in estimates.to_dict("index").items():
        percent, verbal = pd.notna(figure["percent"]), figure["verbal"]
        match figure["status"]:
            case "number" if not percent:
                problems.append(Problem(file, "the percentage is missing", "a number has one", row, "percent"))
            case "words" if percent or not verbal:
                problems.append(
                    Problem(
                        file,
                        "a figure in words needs words and no percentage",
                        "words stay words: fill verbal, empty percent",
                        row,
                        "verbal",
                    )
                )
            case "unpublished" if percent or verbal:
                problems.append(
                    Problem(
                        file,
                        "an unpublished figure has a value",
                        "change the status or empty percent and verbal",
                        row,
                        "percent",
                    )
                )
        if (figure["base_status"] == "unknown") != pd.isna(figure["base"]):
            base = "" if pd.isna(figure["base"]) else f"{figure['base']:g}"
            found = f"the base is '{base}' and its status '{figure['base_status']}'"
            expected = "a base is unknown exactly when none stands here"
            problems.append(Problem(file, found, expected, row, "base_status"))


def check_questions(
    estimates: pd.DataFrame,
    asked: pd.DataFrame,
    file: str,
    asked_file: str,
    codebook: Codebook,
    problems: list[Problem],
) -> None:
    """Add a problem where figures and ``asked.csv`` disagree about what was asked."""
    sources = {(row.population, row.question_id): row.source for row in asked.itertuples()}
    questions = estimates["item_id"].map(codebook.items["question_id"])
    found = set(zip(estimates["population"], questions, strict=True))
    for row, population, question in zip(estimates.index, estimates["population"], questions, strict=True):
        if isinstance(question, str) and sources.get((population, question), "not_asked") == "not_asked":
            problems.append(
                Problem(
                    file,
                    f"{population} wasn't asked '{question}' by {asked_file}",
                    "add the question there, or take the figure out",
                    row,
                    "item_id",
                )
            )
    for row, population, question, source in asked[["population", "question_id", "source"]].itertuples():
        if source in ("published", "responses") and (population, question) not in found:
            problems.append(
                Problem(
                    asked_file,
                    f"no figure of '{question}' for {population} is in {file}",
                    "add them, or write not_asked" if source == "published" else "release the wave again",
                    row,
                    "source",
                )
            )


def check_bases(estimates: pd.DataFrame, metadata: Mapping[str, Any], file: str, problems: list[Problem]) -> None:
    """Add a problem for each figure with more answers than its population has respondents."""
    populations = metadata.get("populations")
    for population, entries in populations.items() if isinstance(populations, dict) else ():
        size = entries.get("sample_size") if isinstance(entries, dict) else None
        if not isinstance(size, (int, float)) or isinstance(size, bool):
            continue
        own = estimates[estimates["population"] == population]
        for row, base in own.loc[own["base"] > size, "base"].items():
            found = f"a base of {base:g}, and wave.yml gives {population} a sample_size of {size:g}"
            problems.append(Problem(file, found, "correct one of them", row, "base"))


def check_sums(estimates: pd.DataFrame, asked: pd.DataFrame, file: str, problems: list[Problem]) -> list[str]:
    """Add a problem for each question whose choices can't add up; return warnings for doubtful sums.

    `estimates` needs ``question_id``, ``is_list`` and ``is_several``. Where people could choose several items, the
    shares of all add up to at most the choices allowed; the answers to one statement, to one choice.
    """
    warnings = []
    allowed = asked.set_index(["population", "question_id"])["max_choices"]
    # What was counted from respondents can't be mistyped, and may exceed the choices where that was declared.
    numbers = estimates[estimates["percent"].notna() & estimates["standard_error"].isna()]
    together = numbers["item_id"].where(~numbers["is_list"], "")
    for (population, domain, question, item), rows in numbers.groupby(
        ["population", "domain", "question_id", together], sort=False
    ):
        choices = allowed.get((population, question)) if rows["is_several"].iloc[0] else 1
        if choices is None or pd.isna(choices):
            continue
        verdict = choices_exceed(rows["percent"].to_numpy(), rows["decimals"].fillna(0).to_numpy(), int(choices))
        what = f"{' '.join(filter(None, (population, domain)))}, {item or question}"
        if verdict.impossible:
            found = f"the percentages of {what} add up to {rows['percent'].sum():g}"
            problems.append(
                Problem(
                    file,
                    found,
                    f"at most {100 * choices:g} fits {choices:g} choice"
                    f"{'s' if choices > 1 else ''} each; look for a typing error",
                    rows.index[0],
                    "percent",
                )
            )
        elif verdict.doubtful:
            warnings.append(
                f"{file}: the percentages of {what} add up to {rows['percent'].sum():g}, "
                f"which only rounding can explain with {choices:g} choices each"
            )
    return warnings


def check_mentions(
    mentions: pd.DataFrame, figures: Collection[str], file: str, problems: list[Problem]
) -> pd.DataFrame:
    """Return ``mentions.csv``, which its schema has passed; its problems are added to the list."""
    for row, figure in mentions["figure_id"].items():
        if figure not in figures:
            problems.append(
                Problem(file, f"the figure '{figure}' isn't in estimates.csv", "correct it", row, "figure_id")
            )
    for row in mentions.index[mentions["percent"].isna() & (mentions["verbal"] == "")]:
        problems.append(Problem(file, "neither a percentage nor words stand here", "fill one of them", row, "verbal"))
    return mentions
