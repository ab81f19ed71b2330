"""Reading a crosstab as agencies print it: two rows of heads, questions above their answers, shares below counts.

Whatever it looked like, a column has one head afterwards, and each row its question and its answer.
"""

import re

import pandas as pd

from surveybook.respondents.codes import plain_text
from surveybook.respondents.files import Respondents, number_repeated

# What columns are called that have no head, by their place, and what stands behind heads that several have.
MADE_UP = re.compile(r"^column \d+$| \(\d+\)$")
# A share or a number of people, with what is a note on it; and what rows of shares hold alone, and rows of numbers.
FIGURE = re.compile(r"[<>≤≥~(]*\s?\.?\d[\d.,\s]*\)?\s?%?\s?([*^†‡]|[\[(]\w{1,3}[\])])?")
SHARE, COUNT = re.compile(r"\D*|.*\d\s?%\D*|[01]?(\.\d+)?"), re.compile(r"\D*|[\d,\s]+")
# What tells a crosstab from people's numbers: a share by its sign, and a row of bases.
OF_SHARES = re.compile(r"\d\s?%$|^(?:(?:un)?weighted\b|base\b|total$)", re.IGNORECASE)


def unfold_crosstab(source: Respondents) -> tuple[pd.DataFrame, list[str]]:
    """Return a table under two rows of heads with one head a column, and what was read into it; others as they are.

    Parameters
    ----------
    source : Respondents
        The file; the first row of heads, and a title, may stand above its header, the second may be its first row.

    Returns
    -------
    pandas.DataFrame
        The table as text by its rows in the file: ``question`` and ``response``, where these columns had no names, and
        a column for each group, "Age: 18-34".
    list of str
        What was read into the heads, as sentences.
    """
    frame = plain = source.frame.set_axis(source.first_row + pd.RangeIndex(len(source.frame), name="row"))
    lower = [MADE_UP.sub("", name) for name in frame.columns]
    upper = next(([*row, *[""] * len(lower)][: len(lower)] for row in source.above if any(row[2:]) and not row[0]), [])
    if not upper:
        upper, lower, frame = lower, [*map(str, frame.iloc[0])], frame.iloc[1:]
    if any(map(FIGURE.fullmatch, lower)) or not any(lower) or (all(upper[1:]) and len({*upper}) == len(upper)):
        return plain, []
    frame = frame.astype(str).map(plain_text)
    # Texts stand before the first column in which most cells that hold anything hold figures.
    width = int(frame.apply(lambda cells: cells[cells != ""].str.fullmatch(FIGURE).mean() > 0.5).to_numpy().argmax())
    heads = [*zip(upper, lower, strict=True)][width:]
    if width not in (1, 2) or len(heads) < 2 or ("", "") in heads or not frame.stack().str.contains(OF_SHARES).any():
        return plain, []
    names, group = [], ""
    for over, under in heads:
        group = over or (group if under else "")
        names.append(f"{group}: {under}" if group and under else over or under)
    doubts = [f"two rows of heads were read as one, as in “{names[-1]}”; one without a second is of everybody"]
    names[0] = "Total" if heads[1][0] not in ("", heads[0][0]) else names[0]
    texts = lower[:2] if width > 1 and all(lower[:2]) else ["question", "response"][-width:]
    frame = frame.set_axis([*texts, *number_repeated(names)], axis=1)
    return (frame if width > 1 else place_questions(frame, source)), doubts


def place_questions(frame: pd.DataFrame, source: Respondents) -> pd.DataFrame:
    """Return a table with the question of each row, which stands in a row above its answers or over the table.

    Of an answer whose shares stand in a row below its numbers of people the latter are left out; so are rows that only
    tell which shares differ.
    """
    has_figures = frame.drop(columns="response").apply(lambda column: column.str.fullmatch(FIGURE)).any(axis=1)
    frame = frame[has_figures | (frame["response"] != "")]
    cells, is_below = frame.drop(columns="response"), frame["response"] == ""
    is_above = is_below.shift(-1, fill_value=False)
    if all(cells[own].stack().str.fullmatch(sign).all() for sign, own in [(SHARE, is_below), (COUNT, is_above)]):
        frame = frame.assign(response=frame["response"].mask(is_below, frame["response"].shift()))[~is_above]
    is_heading = (cells.loc[frame.index] == "").all(axis=1)
    titles = [next(filter(None, row)) for row in source.above if any(row[:2]) and not any(row[2:])]
    asked = [*(title for title in titles if title.endswith("?")), *titles, ""]
    question = frame["response"].where(is_heading).ffill().fillna(asked[0])
    return frame.assign(question=question)[~is_heading]
