"""Draw the respondents of the made-up wave `example-synthetic` from the 2004 figures.

Nobody answered any of this: 1,000 people of the public and 500 frontline staff are drawn at random so that their
answers have about the shares of 2004, save for the changes listed in `CHANGES`. Run it from the project's folder:

    .venv/bin/python examples/make_synthetic.py
    .venv/bin/surveybook wave check example-synthetic --release

It writes two SPSS files into data/waves/example-synthetic, which git ignores like all respondents' answers.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from surveybook.model import paths

WAVE = "example-synthetic"
SEED = 20260401
SIZES = {"public": 1000, "frontline": 500}

# What differs from 2004, in per cent of those who answered: the changes that an edition should find.
CHANGES = {
    ("public", "more_online"): 61,
    ("public", "trust_face_to_face"): 58,
    ("public", "internet_easier"): 77,
    ("public", "services_improved"): 36,
    ("public", "it_new_ways"): 24,
    ("frontline", "value_for_money"): 43,
    ("frontline", "management_listens"): 41,
    ("frontline", "effective_it_use"): 19,
}
# 2004 gave these in words alone, or not at all; a number has to be made up for each.
MADE_UP = {
    ("public", "out_of_hours_access"): 78,
    ("frontline", "services_improved"): 52,
    ("frontline", "speak_highly"): 65,
    ("frontline", "technology_views_heard"): 33,
    ("frontline", "informed_efficiency"): 34,
    ("frontline", "informed_reform"): 33,
    ("frontline", "consult_on_ict"): 33,
    ("frontline", "ict_helps_change"): 55,
    ("frontline", "staff_it_skills"): 22,
    ("frontline", "it_makes_work_easier"): 60,
    ("frontline", "it_frustrates"): 57,
}
# Managers answered these differently from other staff.
MANAGERS = {"services_improved": 44, "ict_helps_change": 45, "it_makes_work_easier": 48, "it_frustrates": 46}
ONLY_MANAGERS = ("consult_on_ict", "staff_it_skills")
DROPPED = ("web_tax_return",)
# 2004 let people choose two; this question lets them choose three.
THREE_CHOICES = "customer_focus_indicators"
# How each list of options stands in the file: a 0/1 column an option, choice columns, or one delimited column.
LAYOUT = {
    "quality_indicators": "columns",
    "customer_focus_indicators": "choices",
    "efficiency_indicators": "delimited",
    "quality_enablers": "columns",
}
CHANNELS = {"one_stop_shop": 1, "website": 2, "telephone": 3}
SCALE = {1: "Strongly agree", 2: "Agree", 3: "Neither", 4: "Disagree", 5: "Strongly disagree", 8: "Don't know"}
NO_ANSWER = 99


def shares_of_2004() -> dict[tuple[str, str, str], float]:
    """Return the published percentages of whole populations by population, item and response."""
    table = pd.read_csv(paths.waves() / "2004/estimates.csv", dtype=str, keep_default_na=False)
    table = table[(table["domain"] == "") & (table["status"] == "number")]
    keys = zip(table["population"], table["item_id"], table["response"], strict=True)
    return dict(zip(keys, table["percent"].astype(float), strict=True))


def pick(random: np.random.Generator, shares: Sequence[float], choices: int, people: int) -> np.ndarray:
    """Return who picks what: exactly as many picks each as there are choices, in the long run with these shares.

    Systematic sampling with unequal probabilities, the options in a new order for everybody (Madow 1949). What the
    shares leave of the choices goes to a last column: something else.
    """
    whole = np.minimum(np.asarray(shares, dtype=float), 0.97)
    rest = choices - whole.sum()
    # Shares of "something else" above 1 would be several other things.
    others = max(1, int(np.ceil(rest)))
    probabilities = np.append(whole, [rest / others] * others)
    picked = np.zeros((people, len(probabilities)), dtype=bool)
    for person in range(people):
        order = random.permutation(len(probabilities))
        ends = np.cumsum(probabilities[order]) + 1e-9
        marks = random.uniform() + np.arange(choices)
        picked[person, order[np.searchsorted(ends, marks).clip(max=len(order) - 1)]] = True
    return picked[:, : len(whole)]


def scale_answers(random: np.random.Generator, agree: np.ndarray, disagree: np.ndarray) -> np.ndarray:
    """Return a code from 1 to 8 for each person, with their own chance of agreeing and disagreeing; few skip it."""
    draw, strong, skipped = (random.uniform(size=len(agree)) for _ in range(3))
    left = 1 - agree - disagree
    codes = np.where(draw < agree, np.where(strong < 0.4, 1, 2), 0)
    codes = np.where((codes == 0) & (draw < agree + disagree), np.where(strong < 0.4, 5, 4), codes)
    codes = np.where((codes == 0) & (draw < agree + disagree + left * 0.6), 3, codes)
    codes = np.where(codes == 0, 8, codes).astype(float)
    codes[skipped < 0.02] = NO_ANSWER
    return codes


def people(random: np.random.Generator, population: str) -> pd.DataFrame:
    """Return who the respondents are: id, stratum, weight, and what splits them into groups."""
    size = SIZES[population]
    frame = pd.DataFrame({"respondent": np.arange(1, size + 1) + 10_000})
    strata = 6 if population == "public" else 4
    frame["stratum"] = np.sort(random.integers(1, strata + 1, size)).astype(float)
    factor = np.linspace(0.7, 1.3, strata)[frame["stratum"].astype(int) - 1]
    weight = factor * np.clip(random.lognormal(0, 0.3, size), 0.4, 2.5)
    frame["weight"] = np.round(weight / weight.mean(), 4)
    if population == "public":
        frame["sex"] = random.choice([1, 2], size, p=[0.48, 0.52]).astype(float)
        frame["age"] = random.integers(16, 90, size).astype(float)
        retired = (frame["age"] >= 60) & (random.uniform(size=size) < 0.8)
        frame["working"] = np.where(retired, 3, random.choice([1, 2], size, p=[0.75, 0.25])).astype(float)
        frame["grade"] = random.choice([1, 2, 3, 4], size, p=[0.25, 0.28, 0.2, 0.27]).astype(float)
    else:
        frame["role"] = random.choice([1, 2], size, p=[0.28, 0.72]).astype(float)
    return frame


@dataclass
class Sheet:
    """One population's file while it is being filled: a column after the other, with labels."""

    population: str
    random: np.random.Generator
    published: dict[tuple[str, str, str], float]
    frame: pd.DataFrame
    columns: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=lambda: {"weight": "Weight", "stratum": "Stratum"})
    values: dict[str, dict[int, str]] = field(
        default_factory=lambda: {
            "sex": {1: "Male", 2: "Female"},
            "role": {1: "Manager", 2: "Other staff"},
            "working": {1: "Working", 2: "Not working", 3: "Retired"},
            "grade": {1: "AB", 2: "C1", 3: "C2", 4: "DE"},
        }
    )

    def add(self, name: str, codes: Any, label: str, values: dict[int, str] | None = None) -> None:
        """Add a column."""
        self.columns[name], self.labels[name] = codes, label
        if values:
            self.values[name] = values

    def write(self, path: Path) -> None:
        """Write the SPSS file."""
        whole = pd.concat([self.frame, pd.DataFrame(self.columns)], axis=1)
        values = {name: texts for name, texts in self.values.items() if name in whole}
        pyreadstat.write_sav(
            whole,
            path,
            column_labels=[self.labels.get(name, name) for name in whole],
            variable_value_labels=values,
            missing_ranges={name: [NO_ANSWER] for name, texts in values.items() if NO_ANSWER in texts},
            file_label="Synthetic: nobody answered this",
        )
        sys.stdout.write(f"{path.name}: {len(whole)} made-up respondents, {whole.shape[1]} columns\n")


def listed(sheet: Sheet, question: str, options: pd.DataFrame) -> None:
    """Add a question with several choices from a list."""
    choices = 3 if question == THREE_CHOICES else 2
    keys = [(sheet.population, item) for item in options["item_id"]]
    shares = [CHANGES.get(key, sheet.published.get((*key, "chosen"), 10.0)) / 100 for key in keys]
    if choices == 3:
        # With one more choice each option is named more often: that is why 2004 is no yardstick for it.
        shares = [share * 1.45 for share in shares]
    picked = pick(sheet.random, shares, choices, len(sheet.frame))
    names = list(options["label"])
    if LAYOUT[question] == "columns":
        for number, name in enumerate(names, start=1):
            sheet.add(f"{question}_{number}", picked[:, number - 1].astype(float), name, {0: "No", 1: "Yes"})
        sheet.add(f"{question}_other", (picked.sum(axis=1) < choices).astype(float), "Something else")
        return
    listing = [list(sheet.random.permutation(np.flatnonzero(row) + 1)) for row in picked]
    if LAYOUT[question] == "delimited":
        label = "; ".join(f"{number} {name}" for number, name in enumerate(names, start=1))[:250]
        sheet.add(question, [";".join(str(code) for code in codes) or "97" for codes in listing], label)
        return
    for place in range(choices):
        nothing = 97.0 if place == 0 else np.nan
        codes = [float(codes[place]) if place < len(codes) else nothing for codes in listing]
        labels = {**dict(enumerate(names, start=1)), 97: "Something else"}
        sheet.add(f"{question}_choice{place + 1}", codes, f"Choice {place + 1}", labels)


def channel(sheet: Sheet, question: str, options: pd.DataFrame) -> None:
    """Add the way of access that people prefer: men lean to the website, the old to the telephone."""
    frame = sheet.frame
    chances = np.tile([0.34, 0.33, 0.33], (len(frame), 1))
    chances += np.where(frame["sex"].eq(1).to_numpy()[:, None], [0, -0.09, 0.09], [0, 0.08, -0.08])
    chances += np.where(frame["age"].ge(55).to_numpy()[:, None], [0, 0.08, -0.08], [0, -0.05, 0.05])
    draw = sheet.random.uniform(size=len(frame))[:, None]
    codes = (1 + (draw > np.cumsum(chances, axis=1)[:, :2]).sum(axis=1)).astype(float)
    sheet.add(question, codes, "Preferred way of access", dict(enumerate(options["short_label"], start=1)))


def attributes(sheet: Sheet, question: str, options: pd.DataFrame) -> None:
    """Add a column for each attribute with the way of access that does it best."""
    texts = {1: "One-stop shop", 2: "Website", 3: "Telephone", 8: "Don't know"}
    for number, (item, label) in enumerate(zip(options["item_id"], options["label"], strict=True), start=1):
        printed = {way: sheet.published.get((sheet.population, item, way)) for way in CHANNELS}
        known = {way: percent / 100 for way, percent in printed.items() if percent is not None}
        left = 1 - sum(known.values()) - 0.06
        others = [way for way in CHANNELS if way not in known]
        shares = known | {way: left * part for way, part in zip(others, (0.6, 0.4), strict=False)}
        codes = [*(CHANNELS[way] for way in shares), 8]
        chances = [*shares.values(), 1 - sum(shares.values())]
        drawn = sheet.random.choice(codes, len(sheet.frame), p=chances).astype(float)
        sheet.add(f"best_{number}", drawn, f"Best at: {label}", texts)


def statement(sheet: Sheet, question: str, options: pd.DataFrame) -> None:
    """Add a statement that people agree or disagree with on five points."""
    item = options["item_id"].iloc[0]
    key = (sheet.population, item)
    agree = CHANGES.get(key, sheet.published.get((*key, "agree"), MADE_UP.get(key, 50))) / 100
    disagree = sheet.published.get((*key, "disagree"), 100 * (1 - agree) * 0.6) / 100
    chance = np.full(len(sheet.frame), agree)
    if sheet.population == "frontline" and item in MANAGERS:
        manager = sheet.frame["role"].eq(1).to_numpy()
        chance[manager] = MANAGERS[item] / 100
        chance[~manager] = (agree - manager.mean() * MANAGERS[item] / 100) / (1 - manager.mean())
    disagreeing = np.full(len(sheet.frame), min(disagree, 1 - chance.max()))
    if item == "staff_it_skills":
        disagreeing[:] = 0.1
    codes = scale_answers(sheet.random, chance, disagreeing)
    if item == "staff_it_skills":
        # Most managers of 2004 didn't know.
        codes[np.isin(codes, (3, 8))] = 8
    if item in ONLY_MANAGERS:
        codes[sheet.frame["role"].eq(2)] = np.nan
    sheet.add(question, codes, str(options["label"].iloc[0]), {**SCALE, NO_ANSWER: "No answer"})


MAKERS = {"multiple": listed, "single": channel, "channel": attributes, "scale": statement}


def main(folder: Path | None = None) -> None:
    """Write both files into a folder, that of the made-up wave by default."""
    folder = folder or paths.waves() / WAVE
    random = np.random.default_rng(SEED)
    published = shares_of_2004()
    items = pd.read_csv(paths.data() / "codebook" / "items.csv", dtype=str, keep_default_na=False)
    kinds = pd.read_csv(paths.data() / "codebook" / "questions.csv", index_col="question_id", dtype=str)["kind"]
    asked = pd.read_csv(paths.waves() / "2004/asked.csv", dtype=str, keep_default_na=False)
    folder.mkdir(parents=True, exist_ok=True)
    for population in SIZES:
        sheet = Sheet(population, random, published, people(random, population))
        for question in asked.loc[asked["population"] == population, "question_id"]:
            if question not in DROPPED:
                MAKERS[kinds[question]](sheet, question, items[items["question_id"] == question])
        sheet.write(folder / f"responses_{population}.sav")


if __name__ == "__main__":
    main()
