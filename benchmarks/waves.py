"""Synthetic waves by the dozen: nobody answered any of them. Run as ``python benchmarks/waves.py FOLDER COUNT``.

Each is the 2004 wave with every published percentage drawn anew, from a binomial distribution around a slow random
walk, and says in its label and in its data that it is made up. The same seed gives the same waves.
"""

import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 20050301
REGIONS = ("north", "south", "east", "west")
FIRST_YEAR = 2006
BASES = {"public": 1000, "frontline": 500}
NOT_COPIED = ("mentions.csv", "transcription.csv", "responses_*")
STEP = 0.6  # points that the true share moves from one month to the next, on average


def names(count: int) -> list[str]:
    """Return the ids of monthly waves by region, such as ``synthetic-2006-01-north``."""
    months = [(FIRST_YEAR + place // 12, place % 12 + 1) for place in range(-(-count // len(REGIONS)))]
    return [f"synthetic-{year}-{month:02d}-{region}" for year, month in months for region in REGIONS][:count]


def redrawn(figures: pd.DataFrame, truth: pd.Series, random: np.random.Generator) -> pd.DataFrame:
    """Return figures with every printed percentage drawn anew around its true share."""
    numbers = figures["status"] == "number"
    bases = figures.loc[numbers, "population"].map(BASES).to_numpy()
    drawn = random.binomial(bases, truth[numbers].to_numpy() / 100) / bases * 100
    changed = figures.copy()
    changed.loc[numbers, "percent"] = [f"{value:.0f}" for value in drawn]
    return changed


def kept_sums(figures: pd.DataFrame, questions: pd.Series) -> pd.DataFrame:
    """Return figures in which the percentages of a question come to no more than was possible in 2004."""
    changed = figures.copy()
    numbers = figures["status"] == "number"
    percent = pd.to_numeric(figures["percent"].where(numbers), errors="coerce")
    single = figures["response"] != "chosen"
    # Answers to one item share 100 per cent; items of a question, what so many choices allow.
    group = [figures["population"], figures["domain"], questions.where(~single, figures["item_id"])]
    limit = figures["item_id"].map(lambda _: 100.0).where(single, 200.0 - 2)
    total = percent.groupby(group).transform("sum")
    fitted = np.floor(percent * (limit / total).clip(upper=1))
    changed.loc[numbers, "percent"] = fitted[numbers].map("{:.0f}".format)
    return changed


def make_waves(data: Path, count: int, seed: int = SEED) -> list[str]:
    """Write synthetic waves into a data folder, and return their ids."""
    random = np.random.default_rng(seed)
    source = data / "waves/2004"
    original = pd.read_csv(source / "estimates.csv", dtype=str, keep_default_na=False)
    items = pd.read_csv(data / "codebook/items.csv", dtype=str, keep_default_na=False)
    questions = original["item_id"].map(items.set_index("item_id")["question_id"])
    start = pd.to_numeric(original["percent"], errors="coerce")
    truth = {region: start.copy() for region in REGIONS}
    metadata = (source / "wave.yml").read_text(encoding="utf-8")
    for name in names(count):
        region = name.rpartition("-")[2]
        truth[region] = (truth[region] + random.normal(0, STEP, len(start))).clip(3, 97)
        folder = data / "waves" / name
        shutil.copytree(
            source, folder, ignore=shutil.ignore_patterns("mentions.csv", "transcription.csv", "responses_*")
        )
        kept_sums(redrawn(original, truth[region], random), questions).to_csv(folder / "estimates.csv", index=False)
        (folder / "wave.yml").write_text(renamed(metadata, name), encoding="utf-8")
    return names(count)


def renamed(metadata: str, name: str) -> str:
    """Return the metadata of 2004 as those of a synthetic wave."""
    month = "-".join(name.split("-")[1:3])
    text = metadata.replace('id: "2004"', f'id: "{name}"').replace('label: "2004"', f'label: "Synthetic {name[10:]}"')
    text = text.replace("synthetic: false", "synthetic: true")
    text = re.sub(r"(?m)^    fieldwork: .*$", f"    fieldwork: {month} (made up)", text)
    return re.sub(r'fieldwork_(start|end): "[^"]*"', rf'fieldwork_\1: "{month}"', text)


if __name__ == "__main__":
    made = make_waves(Path(sys.argv[1]), int(sys.argv[2]))
    print(f"Made {len(made)} synthetic waves, {made[0]} to {made[-1]}.")
