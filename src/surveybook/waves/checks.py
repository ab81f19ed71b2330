"""What the files of a wave have to say: ``wave.yml`` by itself, and the rules that its tables keep among each other.

``wave.yml`` tells who was asked, when and how, and the 11 items that ought to be disclosed. What a column of a table
may hold by itself is in its schema (`surveybook.model.tables`).
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field, StrictBool, StrictFloat, StrictInt, field_validator, model_validator

from surveybook.model import paths
from surveybook.model.codebook import WaveFolder
from surveybook.model.files import read_beside
from surveybook.model.problems import NeededWords, Settings, Words, read_settings
from surveybook.model.survey import find_ends
from surveybook.model.tables import check_table, find_schema, is_date
from surveybook.model.wording import YEAR, sentence
from surveybook.stats.completeness import place_answers
from surveybook.stats.shares import check_sum, half_unit

ITEMS: list[dict[str, Any]] = read_beside(__file__, "disclosure.yml")
DISCLOSURE_ITEMS: list[str] = [item["title"] for item in ITEMS]
STATED, NOT_DISCLOSED = "stated", "not disclosed"
# What a wave says of disclosure before anybody has described it.
UNTOLD = "Not stated by whoever described this wave."
UNDISCLOSED = {
    "standard": "AAPOR Transparency Initiative",
    "items": [
        {"item": number, "title": title, "status": NOT_DISCLOSED, "text": UNTOLD}
        for number, title in enumerate(DISCLOSURE_ITEMS, start=1)
    ],
}
NOT_KNOWN = "not known"
UNKNOWN = f', or "{NOT_KNOWN}"'
# More than there are, so that a slip such as a telephone number is no size.
MOST_PEOPLE = 10**10
# A design effect that no survey has, and decimals that no source prints.
LARGEST_EFFECT, MOST_DECIMALS = 1e6, 9
Date = Annotated[Words, Field(description='a date such as "2026-04" or "2026-04-17", in quotation marks, or null')]
# What is wrong in which rows: the column to look at, the rows, what was found there and what was expected, where both
# may name columns of the row in braces.
Rule = tuple[str, pd.Series, str, str]
ROUNDING = 1e-9
RELEASE_AGAIN = "release the wave again"
# A codebook's list that is longer isn't told whole.
LONGEST_LIST = 9
# The columns whose values are names of the codebook, with its file of them.
HOMES = {"population": "populations", "question_id": "questions", "item_id": "items", "verbal": "words"}
# What names a figure, and what names a question that was put to somebody.
FIGURE, PUT = ["population", "domain", "item_id", "response"], ["population", "question_id"]


def state_disclosed(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return a wave's metadata in which items that nobody described are stated by what is told of its populations."""
    items = []
    for entry in metadata["disclosure"]["items"]:
        known = dict.fromkeys(
            words.format(block[name])
            for name, words in ITEMS[entry["item"] - 1].get("told_by", {}).items()
            for block in metadata["populations"].values()
            if block.get(name) not in (None, "", NOT_KNOWN) and entry["text"] == UNTOLD
        )
        items.append(entry | {"status": STATED, "text": sentence("; ".join(known))} if known else entry)
    return {**metadata, "disclosure": metadata["disclosure"] | {"items": items}}


class PopulationBlock(Settings):
    """One population: who was asked, when and how. Pages can't do without the first four."""

    fieldwork: Annotated[NeededWords, Field(description=f"when, as people read it{UNKNOWN}")]
    conducted_by: Annotated[NeededWords, Field(description=f"who asked{UNKNOWN}")]
    mode: Annotated[NeededWords, Field(description=f"how people were asked, such as online{UNKNOWN}")]
    universe: Annotated[NeededWords, Field(description=f"whom the sample stands for{UNKNOWN}")]
    label: Words = ""
    fieldwork_start: Date = ""
    fieldwork_end: Date = ""
    sponsor: Words = ""
    frame: Words = ""
    sampling: Words = ""
    response_rate: Words = ""
    weighting: Words = ""
    note: Words = ""
    sample_size: Annotated[
        StrictInt | None, Field(ge=1, le=MOST_PEOPLE, description="a whole number of people without signs, or null")
    ] = None
    base_status: Annotated[
        Literal["stated", "assumed", "unknown"], Field(description="one of stated, assumed, unknown")
    ] = "stated"
    design_effect: Annotated[
        StrictInt | StrictFloat | None, Field(gt=0, lt=LARGEST_EFFECT, description="a number such as 1.3, or null")
    ] = None
    census: Annotated[StrictBool, Field(description="true where everybody was asked, false otherwise")] = False
    probability: Annotated[
        StrictBool | None, Field(description="true, or false where nobody drew people at random")
    ] = None
    same_people_as: Words = ""

    @field_validator("fieldwork_start", "fieldwork_end")
    @classmethod
    def check_date(cls, date: str) -> str:
        """Return a date that is one, or nothing."""
        whole = f"{date}-01-01"[:10]
        if date and not (is_date(whole) and whole.startswith(date)):
            raise ValueError("should be a date")
        return date

    @model_validator(mode="after")
    def check_dates(self) -> "PopulationBlock":
        """Return the block if its fieldwork ends after its start, and in a year that people read."""
        start, end = self.fieldwork_start, self.fieldwork_end
        if start and end and end < start[: len(end)]:
            raise ValueError("the fieldwork ends before it starts; correct fieldwork_start or fieldwork_end")
        read, dates = YEAR.findall(self.fieldwork), {date[:4] for date in (start, end) if date}
        if read and dates and dates.isdisjoint(read):
            raise ValueError(f"fieldwork is of {' and '.join(read)}, and its dates of {max(dates)}; correct one")
        return self


class Topic(Settings):
    """What the source keeps to itself, on one topic."""

    topic: NeededWords
    text: NeededWords


class DisclosureItem(Settings):
    """One of the items of the AAPOR Transparency Initiative."""

    item: Annotated[
        StrictInt, Field(ge=1, le=len(DISCLOSURE_ITEMS), description=f"the item's number, 1 to {len(DISCLOSURE_ITEMS)}")
    ]
    title: Words = ""
    status: Annotated[Literal["stated", "not disclosed"], Field(description=f"one of '{STATED}', '{NOT_DISCLOSED}'")]
    text: Annotated[NeededWords, Field(description="what is known, or that the source says nothing of it")]


class Disclosure(Settings):
    """What the source discloses of how the wave was made: a wave that lacks an item isn't published."""

    standard: Words = ""
    source: Words = ""
    items: list[DisclosureItem]

    @model_validator(mode="after")
    def check_items(self) -> "Disclosure":
        """Return the block if each item stands in it once."""
        there = [one.item for one in self.items]
        faults = [
            f"{number} ({title}: {'it stands twice' if there.count(number) else 'it is missing'})"
            for number, title in enumerate(DISCLOSURE_ITEMS, start=1)
            if there.count(number) != 1
        ]
        if faults:
            raise ValueError(f"of the {len(DISCLOSURE_ITEMS)} disclosure items: {', '.join(faults)}; each stands once")
        return self


class WaveFile(Settings):
    """A ``wave.yml``; `responses` is a block of its own, see `surveybook.respondents`."""

    id: NeededWords
    title: NeededWords
    populations: Annotated[
        dict[str, PopulationBlock], Field(min_length=1, description="a block for each population that was asked")
    ]
    disclosure: Disclosure
    label: Words = ""
    synthetic: Annotated[StrictBool, Field(description="true for made-up data, false otherwise")] = False
    published: Words = ""
    source: Words = ""
    publisher: Words = ""
    sponsor: Words = ""
    licence: Words = ""
    licence_note: Words = ""
    baseline: Words = ""
    not_disclosed: list[Topic] | None = None
    responses: Any = None


class Checks(WaveFolder):
    """The checks of one wave's files, each called by its name."""

    def check_metadata(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return ``wave.yml`` with a block for each population: an empty one where something else stands.

        A problem is added for each thing that it lacks, and for each that isn't what it should be.
        """
        read_settings(WaveFile, content, self.name("wave.yml"), self.problems)
        if "id" in content and str(content["id"]) != self.path.name:
            expected = f"expected '{self.path.name}', the folder's name, in quotes"
            self.refuse("wave.yml", f"the id is '{content['id']}'", expected, column="id")
        self.check_baseline(str(content.get("baseline") or ""))
        blocks, known = content.get("populations"), self.codebook.populations.index
        blocks = blocks if isinstance(blocks, Mapping) else {}
        for population in blocks:
            if str(population) not in known:
                found = f"'{population}' isn't in the codebook"
                expected = f"expected one of {', '.join(known)}, or a row in codebook/populations.csv"
                self.refuse("wave.yml", found, expected, column=f"populations.{population}")
        told = {str(name): block if isinstance(block, Mapping) else {} for name, block in blocks.items()}
        return {**content, "populations": told}

    def check_baseline(self, named: str) -> None:
        """Add a problem for each name among the baselines of ``wave.yml`` that is of no other wave of the report."""
        there = [wave for wave in paths.list_waves() if wave != self.path.name]
        for wave in filter(None, map(str.strip, named.split(","))):
            if wave not in there:
                expected = f"expected one of {', '.join(there)}, or null" if there else "there is no other: write null"
                self.refuse("wave.yml", f"no other wave is called '{wave}'", expected, column="baseline")

    def check_asked_populations(self, content: Mapping[str, Any], asked: pd.DataFrame) -> None:
        """Add a problem for each population that ``wave.yml`` tells of and nobody asked, and the reverse."""
        told, file = content["populations"], self.name("asked.csv")
        if not told or asked.empty:
            return
        put = set(asked.loc[asked["source"] != "not_asked", "population"])
        if not put:
            expected = "write published or responses where you asked"
            self.refuse("asked.csv", "every question is not_asked", expected, column="source")
            return
        for population in sorted(put.difference(told)):
            found = f"{file} asks {population} questions, and no block tells of it"
            self.refuse("wave.yml", found, "add the block", column="populations")
        for population in [name for name in told if name not in put]:
            found = f"{population} has a block, and {file} asks it nothing"
            self.refuse("wave.yml", found, "fill its rows there, or take the block out", column="populations")

    def refuse_rows(self, table: pd.DataFrame, file: str, *rules: Rule) -> None:
        """Add a problem for each row of a table that breaks a rule."""
        for column, rows, found, expected in rules:
            is_broken = rows.to_numpy(dtype=bool)
            # A table of strings takes long to take apart, and is nearly always in order.
            for row, values in table[is_broken].iterrows() if is_broken.any() else ():
                self.refuse(file, found.format(**values), expected.format(**values), row, column)

    def check_known(self, table: pd.DataFrame, file: str) -> None:
        """Add a problem for each value that should be a name of the codebook, and isn't."""
        for column in [name for name in HOMES if name in table]:
            known = getattr(self.codebook, HOMES[column]).index
            listed = f"expected one of {', '.join(known)}, " if len(known) <= LONGEST_LIST else "correct it, "
            unknown = ~table[column].isin(known) & (table[column] != "")
            found = f"the {column.removesuffix('_id')} '{{{column}}}' isn't in the codebook"
            expected = f"{listed}or add it to codebook/{HOMES[column]}.csv"
            self.refuse_rows(table, file, (column, unknown, found, expected))

    def read_numbers(self, table: pd.DataFrame, file: str) -> pd.DataFrame:
        """Return a table of text with its numbers as numbers, after checking each value by itself."""
        checked = check_table(table, find_schema(self.path / file), self.name(file), self.problems)
        self.check_known(checked, file)
        return checked

    def check_asked(self, asked: pd.DataFrame) -> None:
        """Add a problem for each row of ``asked.csv`` that the codebook doesn't know, or that says too little."""
        self.check_known(asked, "asked.csv")
        was_asked, empty = asked["source"] != "not_asked", asked == ""
        several = asked["question_id"].map({name: kind.is_several for name, kind in self.codebook.kinds.items()})
        choices = "write how many answers people could choose, unlimited (as many as they liked) or unknown"
        why = "say why the question is the same as that of another wave all the same"
        self.refuse_rows(
            asked,
            "asked.csv",
            ("wording", was_asked & empty["wording"], "the wording is missing", "write what was asked"),
            ("max_choices", was_asked & several.eq(True) & empty["max_choices"], "the max choices is missing", choices),
            ("note", ~empty["same_as"] & empty["note"], "the note is missing", why),
        )

    def check_estimates(self, figures: pd.DataFrame) -> pd.DataFrame:
        """Return ``estimates.csv``, given as text, with its numbers as numbers, after every check of it by itself.

        Decimals that nobody states are those of the percentage as it is written. One that has more than are stated, and
        a wave of shares from 0 to 1, become problems: comparisons would allow for rounding that wasn't done, and
        figures would be a hundred times too small.
        """
        estimates = self.read_numbers(figures, "estimates.csv")
        answers = {item: kind.responses for item, kind in self.codebook.kinds_of_items.items()}
        listed = {item: ", ".join(own) or "none: numbers stand in numbers.csv" for item, own in answers.items()}
        pairs = zip(estimates["item_id"], estimates["response"], strict=True)
        unlike = pd.Series([response not in answers.get(item, (response,)) for item, response in pairs], dtype=bool)
        status, percent, verbal = figures["status"], figures["percent"] != "", figures["verbal"] != ""
        share, low, high = estimates["percent"] / 100, estimates["low"], estimates["high"]
        estimated = estimates["standard_error"].notna()
        published = ~estimated & estimates["percent"].notna()
        written = figures["percent"].str.replace(r"^[^.]*\.?", "", regex=True).str.len()
        self.refuse_rows(
            figures.assign(answers=figures["item_id"].map(listed)),
            "estimates.csv",
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
            ("deff", estimates["deff"] >= LARGEST_EFFECT, "a design effect of {deff}", "look for a typing error"),
            ("decimals", estimates["decimals"] > MOST_DECIMALS, "no source prints that many decimals",
             f"write how many it prints, at most {MOST_DECIMALS}"),
            ("decimals", published & (written > estimates["decimals"]),
             "{percent} has more decimals than the {decimals} said", "write how many the source prints"),
        )  # fmt: skip
        largest = estimates.loc[published, "percent"].max()
        if 0 < largest <= 1:
            found, first = f"no percentage is above {largest:g}", estimates.index[published][0]
            self.refuse("estimates.csv", found, "write per cent: 48, not 0.48", first, "percent")
        return estimates.assign(decimals=estimates["decimals"].fillna(written.where(published)))

    def check_numbers(self, numbers: pd.DataFrame) -> pd.DataFrame:
        """Return ``numbers.csv``, given as text, as numbers, after checking each row by itself."""
        checked = self.read_numbers(numbers, "numbers.csv")
        others = [item for item, kind in self.codebook.kinds_of_items.items() if not kind.is_number]
        value, shares = checked["value"], checked["statistic"] == "share"
        self.refuse_rows(
            checked,
            "numbers.csv",
            ("item_id", checked["item_id"].isin(others), "this item isn't answered with a number",
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
        return checked

    def check_questions(self, tables: Mapping[str, pd.DataFrame], asked: pd.DataFrame) -> None:
        """Add a problem where the figures of a wave, by file, and its ``asked.csv`` disagree about what was asked."""
        put = pd.MultiIndex.from_frame(asked.loc[asked["source"] != "not_asked", PUT])
        given = set[tuple[str, str]]()
        found = f"{{population}} wasn't asked '{{question_id}}' by {self.name('asked.csv')}"
        for file, table in tables.items():
            told = table.assign(question_id=table["item_id"].map(self.codebook.items["question_id"]))
            places = pd.MultiIndex.from_frame(told[PUT])
            given |= set(places)
            unasked = pd.Series(~places.isin(put) & told["question_id"].notna())
            expected = "add the question there, or take the figure out"
            self.refuse_rows(told, file, ("item_id", unasked, found, expected))
        numbers = [name for name, kind in self.codebook.kinds.items() if kind.is_number]
        files = np.where(asked["question_id"].isin(numbers), self.name("numbers.csv"), self.name("estimates.csv"))
        without = ~pd.MultiIndex.from_frame(asked[PUT]).isin(given)
        found = "no figure of '{question_id}' for {population} is in {file}"
        rules = [
            ("source", without & (asked["source"] == source), found, expected)
            for source, expected in (("published", "add them, or write not_asked"), ("responses", RELEASE_AGAIN))
        ]
        self.refuse_rows(asked.assign(file=files), "asked.csv", *rules)

    def check_sample_sizes(self, tables: Mapping[str, pd.DataFrame], metadata: Mapping[str, Any]) -> None:
        """Add a problem for each figure, by file, with more answers than its population has respondents."""
        told = {name: block.get("sample_size") for name, block in metadata["populations"].items()}
        # What stands there instead of a number is a problem of wave.yml.
        numbers = {name: size for name, size in told.items() if isinstance(size, int)}
        found = "a base of {base:g}, and wave.yml gives {population} a sample_size of {size:g}"
        for file, table in tables.items():
            sizes = table["population"].map(numbers).astype(float)
            rule = ("base", table["base"] > sizes, found, "correct one of them")
            self.refuse_rows(table.assign(size=sizes), file, rule)

    def check_sums(self, estimates: pd.DataFrame, asked: pd.DataFrame) -> None:
        """Add a problem for each question whose choices can't add up, and a warning for doubtful sums.

        `estimates` needs ``question_id``, ``is_list`` and ``is_several``. Where people could choose several items, the
        shares of all add up to at most the choices allowed; the answers to one statement, to one choice.
        """
        file = self.name("estimates.csv")
        allowed = asked.drop_duplicates(PUT).set_index(PUT)["max_choices"]
        # What was counted from respondents can't be mistyped, and may exceed the choices where that was declared.
        numbers = estimates[estimates["percent"].notna() & estimates["standard_error"].isna()]
        together = numbers["item_id"].where(numbers["is_list"].ne(True), "")
        wholes = numbers.groupby(["population", "domain", "question_id", together], sort=False)
        for (population, domain, question, item), rows in wholes:
            choices = allowed.get((population, question)) if rows["is_several"].iloc[0] else 1
            if choices is None or not np.isfinite(choices):
                continue
            verdict = check_sum(rows["percent"].to_numpy(), rows["decimals"].fillna(0).to_numpy(), int(choices))
            what = f"{' '.join(filter(None, (population, domain)))}, {item or question}"
            found = f"the percentages of {what} add up to {rows['percent'].sum():g}"
            if verdict == "impossible":
                fits = f"at most {100 * choices:g} fits {choices:g} choice{'s' if choices > 1 else ''} each"
                self.refuse("estimates.csv", found, f"{fits}; look for a typing error", rows.index[0], "percent")
            elif verdict == "doubtful":
                doubt = f"{found}, which only rounding can explain with {choices:g} choices each"
                self.warnings.append(f"{file}: {doubt}")

    def check_nets(self, estimates: pd.DataFrame) -> None:
        """Add a problem for each net that isn't what it is made of, and a warning where none speaks for an item.

        Parameters
        ----------
        estimates : pandas.DataFrame
            With ``question_id``, ``percent``, ``share``, ``decimals`` and ``standard_error``, which published figures
            don't have.
        """
        silent, file = dict[str, None](), self.name("estimates.csv")
        percent = estimates["percent"].to_numpy(dtype=float)
        half = 100 * half_unit(estimates["decimals"].where(estimates["standard_error"].isna()))
        for kind, (question, *who), places in place_answers(estimates, self.codebook):
            if kind.headline and kind.headline not in places:
                silent[f"{file}: no figure of {question} is of “{kind.headline}”, which speaks for its items"] = None
            for net, parts in kind.nets.items():
                there = [places[part] for part in parts if part in places]
                if net not in places or not there:
                    continue
                total, allowed = percent[there].sum(), half[[places[net], *there]].sum() + ROUNDING
                over = total - percent[places[net]]
                if over > allowed or (len(there) == len(parts) and -over > allowed):
                    found = f"{net} of {' '.join(filter(None, who))} is {percent[places[net]]:g}"
                    found += f", and what it is made of adds up to {total:g}"
                    row = estimates.index[places[net]]
                    self.refuse("estimates.csv", found, "look for a typing error", row, "percent")
        self.warnings.extend(silent)

    def check_mentions(self, told: pd.DataFrame, figures: Collection[str]) -> pd.DataFrame:
        """Return ``mentions.csv``, given as text, with its numbers; each row has to repeat a figure and say as what."""
        mentions = self.read_numbers(told, "mentions.csv")
        said = mentions["percent"].notna() | (mentions["verbal"] != "")
        unknown = ~mentions["figure_id"].isin(figures)
        self.refuse_rows(
            mentions,
            "mentions.csv",
            ("figure_id", unknown, "the figure '{figure_id}' isn't in estimates.csv", "correct it"),
            ("verbal", ~said, "neither a percentage nor words stand here", "fill one of them"),
        )
        return mentions

    def check_covariances(
        self, covariances: pd.DataFrame, figures: pd.DataFrame, numbers: pd.DataFrame
    ) -> pd.DataFrame:
        """Return ``covariances.csv``, given as text, as numbers, checked to be of two figures or means each."""
        checked = self.read_numbers(covariances, "covariances.csv")
        means = numbers[numbers["statistic"] == "mean"].rename(columns={"statistic": "response"})
        own = pd.concat([table[[*FIGURE, "standard_error", "status"]] for table in (figures, means)])
        own = own[own["standard_error"].notna() & (own["status"] == "number")]
        errors = own.drop_duplicates(FIGURE).set_index(FIGURE)["standard_error"]
        ends = [end.assign(population=checked["population"])[FIGURE] for end in find_ends(checked)]
        both = [errors.reindex(pd.MultiIndex.from_frame(end)).to_numpy() for end in ends]
        largest = pd.Series(both[0] * both[1], checked.index)
        question = checked["item_a"].map(self.codebook.items["question_id"])
        # One figure that was changed or is gone is a part of many pairs: what is wrong with all of them is one line.
        rules: tuple[tuple[str, pd.Series, str], ...] = (
            ("item_a", largest.isna(), "a figure of this pair isn't among the estimates"),
            ("covariance", checked["covariance"].abs() > largest * (1 + 1e-6) + 1e-12,
             "the covariance is larger than the two standard errors allow"),
            ("question_id", question.notna() & (question != checked["question_id"]),
             "this is no question of the first item"),
        )  # fmt: skip
        for column, wrong, found in rules:
            more = f" (and so in {int(wrong.sum()) - 1:,} more rows)" if wrong.sum() > 1 else ""
            first = wrong & ~wrong.cumsum().gt(1)
            self.refuse_rows(checked, "covariances.csv", (column, first, f"{found}{more}", RELEASE_AGAIN))
        return checked.reset_index(drop=True)
