"""Take the topline of the Civil Service People Survey, 2013 to 2024, from what the Cabinet Office published.

The shares are those of "Table 2: Mean scores, all respondents" in the benchmark results of 2024, rounded from three
decimals to one. The words of each year are those of that year's own table of benchmarks or mean scores, as the
repository mattkerlogue/csps-data took them out of the published files; a year in which a question can't be found has
those of the next one. Response rates, fieldwork and modes are those of each year's technical guide. Contains public
sector information licensed under the Open Government Licence v3.0.

    python examples/civil_service_topline.py \
        Civil_Service_People_Survey_2024_Benchmark_Results.ods 04_01-raw_tbl_bm_data.parquet

The first file is at https://www.gov.uk/government/publications/civil-service-people-survey-2024-results, the other
in `proc/04-extract_data` of https://github.com/mattkerlogue/csps-data (CC BY 4.0).
"""

import difflib
import hashlib
import re
import sys
import zipfile
from collections.abc import Iterator
from itertools import dropwhile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pyarrow.parquet as pq

HASHES = (
    "74cde350fe2ea696e2533ce70a474c26621592d5a2d9e32a134b750a8d32f276",
    "f649b0a5a5686f53bc38f3297571595c5b166a7e8ed81ae54ecf8d4ee9c711a1",
)
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
VALUE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value"
PARAGRAPH = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
# Of whom a share is, where the label has a code of the questionnaire.
PARTS = {
    "ticked at least one C02 option": "gave at least one reason for leaving",
    "ticked at least one E02 option": "named at least one ground",
}
# What is a share has such a code; indices have others. The kinds of bullying and what followed are left out.
SHARES = re.compile(r"(B|C01|C02|D|E01|E02|E03_|W0|J04)")
# A text of an earlier year is of the same question from this likeness on.
ALIKE = 0.8
FACTS = pd.DataFrame(
    [
        ("2013", 270793, "59%", "2013-10-01", "2013-10-31", "ORC International"),
        ("2014", 274080, "60%", "2014-10-01", "2014-10-31", "ORC International"),
        ("2015", 279653, "65%", "2015-10-01", "2015-10-31", "ORC International"),
        ("2016", 279708, "65%", "2016-10-03", "2016-10-31", "ORC International"),
        ("2017", 294905, "67%", "2017-10-02", "2017-10-31", "ORC International"),
        ("2018", 302170, "66.4%", "2018-10-01", "2018-10-31", "ORC International"),
        ("2019", 308556, "67%", "2019-10-02", "2019-11-04", "Engine Transformation"),
        ("2020", 319935, "66%", "2020-10-01", "2020-11-03", "Qualtrics"),
        ("2021", 327388, "62%", "2021-09-28", "2021-11-03", "Qualtrics"),
        ("2022", 346957, "65%", "2022-09-22", "2022-10-31", "Qualtrics"),
        ("2023", 356715, "65%", "2023-09-19", "2023-10-23", "Qualtrics"),
        ("2024", 354962, "61%", "2024-09-10", "2024-10-08", "Qualtrics"),
    ],
    columns=["period", "sample_size", "response_rate", "fieldwork_start", "fieldwork_end", "conducted_by"],
)
# Sections that fill no chapter of their own go together.
TOGETHER = {
    "Organisational objectives and purpose": "My work",
    "My team": "My manager",
    "Taking action": "Leadership and managing change",
    "Future intentions": "Employee engagement",
    "Future intentions to leave": "Employee engagement",
    "Civil Service reform": "Organisational culture",
    "Civil Service Code": "Organisational culture",
    "Devolution": "Organisational culture",
    "Grounds of discrimination": "Discrimination",
    "Bullying and harassment": "Discrimination",
}
HEADINGS = {
    "My work": "My work and its purpose",
    "My manager": "My manager and my team",
    "Employee engagement": "Engagement and plans to stay",
    "Discrimination": "Discrimination, bullying and harassment",
}
OF_ALL = {
    "census": "true",
    "mode": "online, a few on paper",
    "sponsor": "Cabinet Office",
    "universe": "civil servants in the organisations that took part",
}


def read_sheet(path: Path, name: str) -> Iterator[list[str]]:
    """Yield the rows of a sheet of an OpenDocument spreadsheet as text."""
    with zipfile.ZipFile(path) as packed:
        content = ElementTree.fromstring(packed.read("content.xml"))
    sheet = next(table for table in content.iter(f"{TABLE}table") if table.get(f"{TABLE}name") == name)
    for row in sheet.iter(f"{TABLE}table-row"):
        cells: list[str] = []
        for cell in row.findall(f"{TABLE}table-cell"):
            text = cell.get(VALUE) or "\n".join("".join(part.itertext()) for part in cell.findall(PARAGRAPH))
            cells += [text] * min(int(cell.get(f"{TABLE}number-columns-repeated", "1")), 40)
        yield cells


def split_label(label: str) -> dict[str, str]:
    """Return what a measure's label says: question, item, response, and whom it was asked of."""
    text = plain(label)
    ending = re.sub(r"\s+", " ", label.partition("(% selecting ")[2]).strip().removesuffix(")")
    answer, _, among = ending.partition(" of those who ")
    answer = answer.replace("' or '", " or ").replace("', '", ", ").replace("', where", ", where").strip("' ")
    if among:
        return {"question": text, "item": answer, "response": "", "asked_of": f"those who {PARTS.get(among, among)}"}
    answer = re.sub(r"(?<=, )[A-Z]|(?<= or )[A-Z]", lambda found: found[0].lower(), answer)
    is_statement = answer == "Strongly agree or agree"
    item = {"question": "", "item": text} if is_statement else {"question": text, "item": ""}
    return {**item, "response": answer, "asked_of": ""}


def plain(label: str) -> str:
    """Return a measure's words without its code and what was counted."""
    text = re.sub(r"^[A-Z]+\d+\w*[.:]?\s*(?=[A-Z\[])", "", label)
    return re.sub(r"\s+", " ", re.sub(r"\s*\(%.*$|(?<=\?):.*$", "", text, flags=re.DOTALL)).strip()


def find_words(text: str, year: int, words: pd.DataFrame) -> str:
    """Return how a question was worded in a year: as its own table has it, or else the table of a later year."""
    for own in (words[words["obj_year"] == later] for later in range(year, 2025)):
        there = [label for label in own["text"].unique() if len(label) > 12]
        found = difflib.get_close_matches(text, there, n=1, cutoff=ALIKE)
        if found:
            return str(found[0])
    return text


def main(benchmarks: Path, extracted: Path) -> None:
    """Write the topline beside this file."""
    for path, wanted in zip((benchmarks, extracted), HASHES, strict=True):
        if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            raise SystemExit(f"{path} isn't the file that this was written for; its SHA-256 should be {wanted}.")
    # Some labels of 2022 were not decoded; they are of questions that one year alone asked.
    table = pq.read_table(extracted, columns=["obj_year", "question_measure"])
    labels = [bytes(one.as_buffer()).decode("utf-8", "replace") for one in table["question_measure"]]
    words = pd.DataFrame({"obj_year": table["obj_year"].to_numpy(), "text": map(plain, labels)}).drop_duplicates()
    header, *measures = dropwhile(lambda row: row[0] != "Measure", read_sheet(benchmarks, "Table_2"))
    years = [str(year) for year in range(2013, 2025)]
    rows = []
    for measure in (dict(zip(header, row, strict=False)) for row in measures):
        if not SHARES.match(measure["Measure"]):
            continue
        parts = split_label(measure["Label"])
        code = re.sub(r"_(\d+|yes|no|pnts)$", "", measure["Measure"])
        for year in (year for year in years if measure[year] != "[z]"):
            own = dict(parts)
            asked = "item" if parts["question"] == "" else "question"
            own[asked] = find_words(parts[asked], int(year), words)
            own["question"] = own["question"] or measure["Section"]
            value = measure[year]
            percent = value if value.startswith("[") else f"{float(value):.1f}"
            section = TOGETHER.get(measure["Section"], measure["Section"])
            section = HEADINGS.get(section, section)
            rows.append({"period": year, "section": section, "code": code, **own, "percent": percent})
    table = pd.DataFrame(rows).merge(FACTS, on="period").assign(**OF_ALL)
    table.to_csv(Path(__file__).with_suffix(".csv"), index=False, lineterminator="\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
