"""The rules that a wave's tables have to keep; each adds its problems to a list."""

import re
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem
from surveybook.stats import choices_exceed

ESTIMATES = [
    "figure_id",
    "population",
    "domain",
    "item_id",
    "response",
    "status",
    "percent",
    "decimals",
    "verbal",
    "base",
    "base_status",
    "deff",
    "locator",
    "note",
]
# What a wave that was estimated from respondents knows besides; shares and limits run from 0 to 1.
RELEASED = ["standard_error", "low", "high", "weighted_base", "degrees_of_freedom", "method"]
ASKED = [
    "population",
    "question_id",
    "version",
    "wording",
    "wording_source",
    "responses",
    "max_choices",
    "max_choices_source",
    "universe",
    "mode",
    "source",
    "note",
]
MENTIONS = ["figure_id", "locator", "percent", "verbal", "note"]
STATUSES = ("number", "words", "unpublished")
BASE_STATUSES = ("stated", "assumed", "unknown")
SOURCES = ("published", "responses", "not_asked")
DOMAIN = re.compile(r"[a-z_]+=[^=,;]+")
# Digits as spreadsheets write them: to Python others are digits too, and to pandas they aren't.
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
SIGNED = re.compile(r"-?[0-9]+(\.[0-9]+)?")
WHOLE = re.compile(r"[0-9]+")
ROUNDING = 1e-9


def check_values(
    table: pd.DataFrame, file: str, column: str, allowed: Collection[str], problems: list[Problem]
) -> None:
    """Add a problem for each value of a column that isn't one of those allowed."""
    for row, value in table[column].items():
        if value not in allowed:
            found = f"'{value}' isn't known" if value else "nothing stands here"
            problems.append(Problem(file, found, f"expected one of {', '.join(map(str, allowed))}", row, column))


def check_numbers(
    table: pd.DataFrame, file: str, column: str, pattern: re.Pattern[str], expected: str, problems: list[Problem]
) -> pd.Series:
    """Return a column as numbers, missing where it is empty; add a problem where a value isn't one."""
    for row, value in table[column].items():
        if value and not pattern.fullmatch(value):
            problems.append(
                Problem(file, f"'{value}' isn't {expected}", f"expected {expected}, or nothing", row, column)
            )
    good = table[column].where(table[column].map(lambda value: bool(pattern.fullmatch(value))))
    return pd.to_numeric(good)


def check_unique(table: pd.DataFrame, file: str, key: list[str], problems: list[Problem]) -> None:
    """Add a problem for each row whose key stood in an earlier one."""
    for row in table.index[table.duplicated(key)]:
        same = (table[key] == table.loc[row, key]).all(axis=1)
        found = f"{', '.join(filter(None, table.loc[row, key]))} stands in row {same.idxmax()} already"
        problems.append(Problem(file, found, "keep one of the rows", row, key[0]))


def check_asked(asked: pd.DataFrame, file: str, codebook: Codebook, problems: list[Problem]) -> pd.DataFrame:
    """Return ``asked.csv`` with numbers as numbers, its problems added to the list."""
    check_values(asked, file, "population", tuple(codebook.populations.index), problems)
    for row, question in asked["question_id"].items():
        if question not in codebook.questions.index:
            problems.append(
                Problem(
                    file,
                    f"the question '{question}' isn't in the codebook",
                    "correct it, or add it to codebook/questions.csv",
                    row,
                    "question_id",
                )
            )
    check_values(asked, file, "source", SOURCES, problems)
    check_unique(asked, file, ["population", "question_id"], problems)
    for row, version in asked["version"].items():
        if asked.loc[row, "source"] == "not_asked":
            continue
        if not version:
            expected = "write 2004 if nothing changed, or a name of its own"
            problems.append(Problem(file, "the version is missing", expected, row, "version"))
        if not asked.loc[row, "wording"]:
            problems.append(Problem(file, "the wording is missing", "write what was asked", row, "wording"))
    choices = check_numbers(asked, file, "max_choices", WHOLE, "a whole number", problems)
    for row in choices.index[choices == 0]:
        problems.append(Problem(file, "no choices are allowed", "expected 1 or more, or nothing", row, "max_choices"))
    return asked.assign(max_choices=choices)


def check_estimates(estimates: pd.DataFrame, file: str, codebook: Codebook, problems: list[Problem]) -> pd.DataFrame:
    """Return ``estimates.csv`` with numbers as numbers, its problems added to the list."""
    check_values(estimates, file, "population", tuple(codebook.populations.index), problems)
    for row, item in estimates["item_id"].items():
        if item not in codebook.items.index:
            problems.append(
                Problem(
                    file,
                    f"the item '{item}' isn't in the codebook",
                    "correct it, or add it to codebook/items.csv",
                    row,
                    "item_id",
                )
            )
    for row, domain in estimates["domain"].items():
        if domain and not DOMAIN.fullmatch(domain):
            problems.append(Problem(file, f"the domain is '{domain}'", "write it as role=manager", row, "domain"))
    check_answers(estimates, file, codebook, problems)
    check_values(estimates, file, "status", STATUSES, problems)
    check_values(estimates, file, "base_status", BASE_STATUSES, problems)
    check_unique(estimates, file, ["figure_id"], problems)
    check_unique(estimates, file, ["population", "domain", "item_id", "response"], problems)
    numbers = {
        "percent": check_numbers(estimates, file, "percent", NUMBER, "a number such as 68 or 68.5", problems),
        "decimals": check_numbers(estimates, file, "decimals", WHOLE, "a whole number", problems),
        "base": check_numbers(estimates, file, "base", WHOLE, "a whole number", problems),
        "deff": check_numbers(estimates, file, "deff", NUMBER, "a number such as 1.3", problems),
    }
    for row, percent in numbers["percent"].items():
        if percent > 100:
            problems.append(Problem(file, f"{percent:g} per cent", "expected 0 to 100", row, "percent"))
    for row in numbers["base"].index[numbers["base"] == 0]:
        problems.append(Problem(file, "a base of 0", "expected the number asked, or nothing", row, "base"))
    for row, deff in numbers["deff"].items():
        # Stratification and clusters that were measured may well give less than 1; nothing printed does.
        if deff < 1 and not estimates.loc[row, "standard_error"]:
            problems.append(Problem(file, f"a design effect of {deff:g}", "expected 1 or more", row, "deff"))
    check_status(estimates, file, problems)
    numbers["decimals"] = check_decimals(estimates, numbers, file, problems)
    return estimates.assign(**numbers, **check_released(estimates, numbers["percent"], file, problems))


def check_decimals(
    estimates: pd.DataFrame, numbers: Mapping[str, pd.Series], file: str, problems: list[Problem]
) -> pd.Series:
    """Return with how many decimals each percentage is printed, read from it where nothing is said.

    One that has more than are said, and a wave of shares from 0 to 1, become problems: comparisons would allow for
    rounding that wasn't done, and figures would be a hundred times too small.
    """
    published = (estimates["standard_error"] == "") & numbers["percent"].notna()
    written = estimates["percent"].str.replace(r"^[^.]*\.?", "", regex=True).str.len()
    for row in estimates.index[published & (written > numbers["decimals"])]:
        found = f"{estimates.loc[row, 'percent']} has more decimals than the {numbers['decimals'][row]:g} said"
        problems.append(Problem(file, found, "write how many the source prints", row, "decimals"))
    shares = numbers["percent"][published]
    if 0 < shares.max() <= 1:
        found = f"no percentage is above {shares.max():g}"
        problems.append(Problem(file, found, "write per cent: 48, not 0.48", shares.index[0], "percent"))
    return numbers["decimals"].fillna(written.where(published))


def check_released(
    estimates: pd.DataFrame, percent: pd.Series, file: str, problems: list[Problem]
) -> dict[str, pd.Series]:
    """Return what was estimated from respondents as numbers; its limits have to lie around the share."""
    numbers = {
        column: check_numbers(estimates, file, column, NUMBER, "a number such as 0.0152", problems)
        for column in RELEASED[:-1]
    }
    share, low, high = percent / 100, numbers["low"], numbers["high"]
    for row in estimates.index[(low > share + ROUNDING) | (high < share - ROUNDING) | (high > 1)]:
        problems.append(Problem(file, "the limits don't lie around the share", "release the wave again", row, "low"))
    there = estimates["standard_error"] != ""
    for row in estimates.index[there & ((estimates["low"] == "") | (estimates["high"] == "") | percent.isna())]:
        problems.append(
            Problem(file, "a standard error stands without share and limits", "release the wave again", row, "low")
        )
    return numbers


def check_covariances(covariances: pd.DataFrame, file: str, problems: list[Problem]) -> pd.DataFrame:
    """Return ``covariances.csv`` with its covariances as numbers."""
    numbers = check_numbers(covariances, file, "covariance", SIGNED, "a number such as -0.00012", problems)
    for row in covariances.index[covariances["covariance"] == ""]:
        problems.append(Problem(file, "the covariance is missing", "release the wave again", row, "covariance"))
    return covariances.assign(covariance=numbers)


def check_answers(estimates: pd.DataFrame, file: str, codebook: Codebook, problems: list[Problem]) -> None:
    """Add a problem for each response that the kind of question doesn't have."""
    kinds = codebook.items["question_id"].map(codebook.questions["kind"]).to_dict()
    answers = codebook.responses.groupby("kind")["response"].agg(list).to_dict()
    for row, item, response in zip(estimates.index, estimates["item_id"], estimates["response"], strict=True):
        known = answers.get(kinds.get(item), [])
        if item in kinds and response not in known:
            found = f"the response '{response}' isn't one of this item's"
            problems.append(Problem(file, found, f"expected one of {', '.join(known)}", row, "response"))


def check_status(estimates: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """Add a problem for each figure whose status and contents disagree."""
    for row, figure in estimates.to_dict("index").items():
        percent, verbal, base = figure["percent"], figure["verbal"], figure["base"]
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
        if (figure["base_status"] == "unknown") != (not base):
            problems.append(
                Problem(
                    file,
                    f"the base is '{base}' and its status '{figure['base_status']}'",
                    "a base is unknown exactly when none stands here",
                    row,
                    "base_status",
                )
            )
        if not figure["locator"]:
            problems.append(Problem(file, "the locator is missing", "say where it is printed", row, "locator"))


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

    `estimates` needs ``question_id`` and ``kind``. Within a multiple-response question the shares of all
    items add up to at most the choices allowed; the answers to one statement, to one choice.
    """
    warnings = []
    allowed = asked.set_index(["population", "question_id"])["max_choices"]
    # What was counted from respondents can't be mistyped, and may exceed the choices where that was declared.
    numbers = estimates[estimates["percent"].notna() & estimates["standard_error"].isna()]
    together = numbers["item_id"].where(~numbers["kind"].isin(("multiple", "single")), "")
    for (population, domain, question, item), rows in numbers.groupby(
        ["population", "domain", "question_id", together], sort=False
    ):
        kind = rows["kind"].iloc[0]
        choices = allowed.get((population, question)) if kind == "multiple" else 1
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
    """Return ``mentions.csv`` with numbers as numbers, its problems added to the list."""
    for row, figure in mentions["figure_id"].items():
        if figure not in figures:
            problems.append(
                Problem(file, f"the figure '{figure}' isn't in estimates.csv", "correct it", row, "figure_id")
            )
    percent = check_numbers(mentions, file, "percent", NUMBER, "a number such as 68 or 68.5", problems)
    for row in mentions.index[(mentions["percent"] == "") & (mentions["verbal"] == "")]:
        problems.append(Problem(file, "neither a percentage nor words stand here", "fill one of them", row, "verbal"))
    return mentions.assign(percent=percent)
