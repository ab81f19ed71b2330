"""Figures in words, and as the tidy records that charts draw: dots in rows, pairs, the parts of bars, and remainders.

A remainder is what the shown answers leave to 100 per cent, where they exclude each other. It is no published figure:
it has no interval, is tested against nothing, and is counted nowhere as one.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from surveybook.change.changes import changes_of, explain_change
from surveybook.exhibits import palette
from surveybook.exhibits.forms import Record, map_series
from surveybook.exhibits.invariants import NOT_PRINTED
from surveybook.model.kinds import OTHER, Kind
from surveybook.model.survey import Survey, find_figure, key_of, label_of, list_records, work_out_once
from surveybook.model.wording import (
    band,
    has_interval,
    in_sentence,
    number,
    per_cent,
    round_number,
    sentence,
    share_text,
    shown_decimals,
    span,
    with_interval,
)
from surveybook.respondents.disclosure import LOCATOR
from surveybook.respondents.mapping import list_uncounted
from surveybook.stats.completeness import drop_nets, find_remainder
from surveybook.stats.shares import half_unit
from surveybook.words.naming import name_domain, people
from surveybook.words.shares import Gap, further_up

# What shares are shown times.
PER_CENT = 100.0
UP, DOWN = "▲", "▼"
SHOWN = {"share": "Share (%)", "low": "Interval from", "high": "to", "base": "Base", "locator": "Where from"}
REMAINING = "which is what is left to 100"
# A shade of each answer that takes a side, of those between and beside the sides, and of what is left.
DARKEST, LIGHTEST, BETWEEN = 0.92, 0.35, 0.5
UNDECIDED = ("neither", "neutral", "dont_know", "no_answer", "not_sure", "unsure")
SIDES = ("for", "between", "left", "against")
REST = "The rest"
LETTER = 0.026  # the width of one letter in a bar, as a part of it on a phone
LONGEST_ANSWER = 34
# Answers such as "Less than 1 year", "1 to 3 years" and "10 or more" have an order of their own, from so many on.
AMOUNT = re.compile(
    r"(?:(?P<below>less than|fewer than|under|below|up to|<|≤)|(?P<above>more than|over|above|>))?\s*[$£€]?\s*"
    r"(?P<amount>\d[\d,]*(?:\.\d+)?)",
    re.IGNORECASE,
)
OF_NONE = re.compile(r"(?:none|no|never|zero)\b", re.IGNORECASE)
LEAST_AMOUNTS = 3

# A remainder's status; how it is called; the note of a chart that has one beside what has none.
LEFT = "left"
MANY, ANY = "Other answers", "Other answers or none"
UNKNOWN = "What is left to 100 isn’t known where an answer is given in words."


def format_bound(share: float) -> str:
    """Return a bound of an interval (0-1) in per cent with one decimal; nothing where there is none."""
    return "" if pd.isna(share) else number(100 * share, 1)


def format_share(figure: Any) -> str:
    """Return a share in per cent as printed; words where the source has only words, and why where it has none.

    Numbers that people gave stand in their unit; see `list_numbers`.
    """
    value = figure.get("factor", PER_CENT) * figure["share"]
    return share_text(figure) if pd.isna(value) else number(value, figure["decimals"])


def write_share(figure: pd.Series) -> str:
    """Return a share (0-1) as it stands beside its mark, in per cent: '68', '68.3', '<1'."""
    return per_cent(figure["share"], shown_decimals(figure), "<").removesuffix("%")


def name_class(lowest: float, highest: float) -> str:
    """Return a class of numbers that people gave as a label: '7', '1,000 to 1,999', 'up to 20', '60 and over'."""
    low, high = (None if pd.isna(end) else f"{end:,.10g}".replace("-", "−") for end in (lowest, highest))
    if low is None or high is None:
        return f"up to {high}" if low is None else f"{low} and over"
    return low if low == high else f"{low} to {high}"


def list_numbers(survey: Survey) -> pd.DataFrame:
    """Return the numbers that people gave with the columns of figures, which tables and downloads treat alike.

    ``response`` is "mean", "median", or what a class of numbers is called, ``share`` the value in its unit or, of a
    class, from 0 to 1, ``factor`` what it is shown times, and ``key`` what names it beside its item. The index goes on
    where that of the estimates ends.
    """
    rows, first = survey.numbers, len(survey.estimates)
    is_share = (rows["statistic"] == "share").to_numpy(dtype=bool)
    classes = list(map(name_class, rows["lowest"], rows["highest"]))
    # A class goes by its ends, each having a share.
    lowest, highest = (["" if pd.isna(end) else f"{end:g}" for end in rows[name]] for name in ("lowest", "highest"))
    ends = [f".{low}-{high}" for low, high in zip(lowest, highest, strict=True)]
    keys = rows["item_id"] + "." + rows["statistic"] + np.where(is_share, ends, "")
    return rows.assign(
        response=np.where(is_share, classes, rows["statistic"]),
        share=rows["value"].astype(float),
        factor=np.where(is_share, PER_CENT, 1.0),
        decimals=1,
        key=keys,
        figure_id=rows["population"] + "[" + rows["domain"] + "]." + keys,
        base_status="stated",
        verbal="",
        locator="",
    ).set_axis(range(first, first + len(rows)), axis=0)


def order_figures(survey: Survey, *by: str, with_numbers: bool = False) -> pd.DataFrame:
    """Return all figures of a wave as files have them, in the order of the codebook's questions, then by some columns.

    Parameters
    ----------
    survey : Survey
        The wave.
    *by : str
        Columns; by "response" is by the place that it has among the answers of its kind.
    with_numbers : bool
        Whether the numbers that people gave follow; see `list_numbers`.

    Returns
    -------
    pandas.DataFrame
        The estimates with ``key`` and ``factor``, as numbers have them; the columns of `word_figures`, each after
        ``said_``; and in per cent, rounded, the share as ``percent``, with ``percent_low`` and ``percent_high`` where
        its interval has a width.
    """
    places = survey.estimates["question_id"].map(list(survey.codebook.questions.index).index)
    given = survey.estimates[["question_id", "response"]].itertuples(index=False)
    listed = {question: (*kind.responses,) for question, kind in survey.codebook.kinds.items()}
    answers = [(*listed[question], response).index(response) for question, response in given]
    figures = survey.estimates.assign(place=places, turn=answers, factor=PER_CENT)
    figures = figures.sort_values(["place", *("turn" if of == "response" else of for of in by)], kind="stable")
    figures = figures.assign(key=figures["item_id"] + "." + figures["response"]).join(word_estimates(survey))
    if with_numbers and len(survey.numbers):
        numbers = list_numbers(survey)
        figures = pd.concat([figures, numbers.join(_word_and_round(survey, numbers))])
    return figures


@work_out_once
def word_estimates(survey: Survey) -> pd.DataFrame:
    """Return all figures of a wave in words and per cent, which several of the files that readers take away want."""
    return _word_and_round(survey, survey.estimates)


def _word_and_round(survey: Survey, figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures in words and, rounded, in per cent: the columns that `order_figures` adds."""
    shown = figures["share"].where(figures["status"] == "number")
    limits = {f"percent_{end}": round_percents(figures[end].where(has_interval(figures)), 1) for end in ("low", "high")}
    return word_figures(survey, figures).add_prefix("said_").assign(percent=round_percents(shown, 2), **limits)


def round_percents(shares: pd.Series, decimals: int) -> pd.Series:
    """Return shares (0-1) in per cent, to the decimals that mean something."""
    return shares.map(lambda share: round_number(100 * share, decimals))


def list_rows(table: pd.DataFrame) -> list[list[Any]]:
    """Return the rows of a table, None where there is no number."""
    return table.astype(object).where(table.notna(), None).to_numpy().tolist()


def word_figures(survey: Survey, figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures as all tables and downloads word them, by the index of `figures`.

    Columns are ``label``, ``population`` (who it is about), ``part`` (of them), ``group`` (both), ``response`` (the
    answer's label), ``answer`` (the same; empty for having chosen an item, which says no more than the item), ``share``
    as it is printed, ``low`` and ``high`` in per cent, ``base`` with how it is known where that isn't stated:
    '500 (assumed)', ``locator``, empty for what was estimated from respondents and is printed nowhere, and
    ``figure_id``.
    """
    kinds = survey.codebook.kinds
    called = {population: sentence(people(survey, population)) for population in figures["population"].unique()}
    rows = []
    # Dictionaries, since a column of each row as a Series takes longer than all else.
    for figure in list_records(figures):
        who, part = called[figure["population"]], name_domain(figure["domain"])
        answer = kinds[figure["question_id"]].label_of(figure["response"])
        known = "" if figure["base_status"] == "stated" else f" ({figure['base_status']})"
        base = "unknown" if pd.isna(figure["base"]) else f"{number(figure['base'])}{known}"
        times = figure.get("factor", PER_CENT) / PER_CENT
        limits = [format_bound(times * figure[end]) if has_interval(figure) else "" for end in ("low", "high")]
        group, named = f"{who} ({part})" if part else who, "" if figure["response"] == "chosen" else answer
        words = [figure["label"], who, part, group, answer, named, format_share(figure), *limits]
        locator = "" if figure["locator"] == LOCATOR else figure["locator"]
        rows.append([*words, "" if figure["status"] == LEFT else base, locator, figure["figure_id"]])
    columns = ["label", "population", "part", "group", "response", "answer", *SHOWN, "figure_id"]
    return pd.DataFrame(rows, figures.index, columns, dtype=object)


def mark_change(change: Any) -> str:
    """Return the arrow of a change that sampling doesn't explain; nothing where it may."""
    return (UP if change["change"] > 0 else DOWN) if change["shown"] else ""


def number_labels(labels: Sequence[str], things: Sequence[Any]) -> list[str]:
    """Return labels of which each stands for one thing: where several things share one, the later are numbered."""
    places: dict[str, dict[Any, int]] = {}
    numbered = []
    for label, thing in zip(labels, things, strict=True):
        own = places.setdefault(label, {})
        place = own.setdefault(thing, len(own) + 1)
        numbered.append(label if place == 1 else f"{label} ({place})")
    return numbered


def read_amount(label: str) -> tuple[float, int] | None:
    """Return the amount that a label begins with, and where it stands beside others of that amount; None without one.

    'Less than 10' comes before '10 to 20', and that before 'over 10'; none at all is the least.
    """
    if OF_NONE.match(label):
        return 0.0, -2
    found = AMOUNT.match(label)
    if not found:
        return None
    return float(found["amount"].replace(",", "")), -1 if found["below"] else int(bool(found["above"]))


def sort_options(figures: pd.DataFrame, kind: Kind) -> pd.Series:
    """Return the items of figures, the largest share first; of one answer a person, by amounts where each is one."""
    ranked = figures.sort_values("share", ascending=False, kind="stable")
    amounts = {item: read_amount(str(label)) for item, label in zip(ranked["item_id"], ranked["label"], strict=True)}
    if kind.is_several or None in amounts.values() or len(amounts) < LEAST_AMOUNTS:
        return ranked["item_id"]
    return ranked["item_id"].sort_values(key=lambda items: items.map(amounts), kind="stable")


def sort_items(rows: pd.DataFrame, items: Iterable[str], answers: Sequence[str] = ()) -> pd.DataFrame:
    """Return rows item by item: some in the order given, others after them as they come; and answers in theirs."""
    places = {item: place for place, item in enumerate(dict.fromkeys([*items, *rows["item_id"]]))}
    rows = rows.assign(place=rows["item_id"].map(places), answer=rows["response"].map(answers.index) if answers else 0)
    return rows.sort_values(["place", "answer"], kind="stable").drop(columns=["place", "answer"])


def add_changes(survey: Survey, figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures with the ``change`` of each since the baseline; None without, and for remainders."""
    changes = changes_of(survey)
    rows = list_records(figures)
    found = [changes.find(key_of(row)) if changes and row["status"] != LEFT else None for row in rows]
    return figures.assign(change=pd.Series(found, figures.index, dtype=object))


def find_before(survey: Survey, change: Any) -> pd.Series | None:
    """Return the figure of the baseline that a change is from."""
    return find_figure(survey.baseline, key_of(change)) if survey.baseline else None


def place_figure(survey: Survey, figure: Any, called: str) -> Record:
    """Return where one figure stands on the axis of shares, its text, and its tip; nothing where it has no place."""
    if figure["status"] == "number":
        place: Record = {"share": round_number(figure["share"], 4), "text": f"{write_share(figure)}%"}
        if has_interval(figure):
            # Ends have a decimal fewer: that of a share near nought mustn't end below it.
            place["low"] = min(round_number(figure["low"], 3), place["share"])
            place["high"] = max(round_number(figure["high"], 3), place["share"])
        return place | {"tip": f"{called}: {with_interval(figure)}"}
    limits = band(survey.codebook, figure["verbal"]) if figure["status"] == "words" else None
    if not limits:
        return {}
    place = dict(zip(("from", "to"), (round_number(limit, 3) for limit in limits), strict=True))
    return place | {"text": f"“{figure['verbal']}”", "tip": f"{called}: {figure['verbal']} (no number was published)"}


def make_record(survey: Survey, figure: Any) -> Record:
    """Return one figure as rows of dots draw it; where it was compared with the baseline, with the earlier share."""
    series, status, change = figure["series"], figure["status"], figure["change"]
    record = {"label": figure["row"], "series": series, "status": status}
    if status == LEFT:
        share = f"{write_share(figure)}%"
        record |= {end: round_number(figure[end], 4) for end in ("start", "end")}
        record["tip"] = f"{series}: {in_sentence(figure['response'])}, {share}, {REMAINING}"
        return record | ({} if figure["start"] else {"text": f"{share}{figure['beside']}"})
    missing = "not published" if status != "words" else f"“{figure['verbal']}”, no number"
    record |= place_figure(survey, figure, series) or {"text": f"{series}: {missing}"}
    if change and survey.baseline:
        before = with_interval(find_before(survey, change))
        then = f"{label_of(survey.baseline)}: {before}. {explain_change(change)}"
        record["tip"] = f"{record.get('tip', record['text'])}. {then}"
    if "share" not in record:
        return record
    if change and pd.notna(change["baseline_share"]):
        is_exact, has_range = change["low"] == change["high"], change["low"] < change["high"]
        record["was"] = round_number(change["baseline_share"], 4)
        record["text"] = f"{record['text']} {mark_change(change)}".rstrip()
        # What isn't tested has the decimals of its shares.
        record["aside"] = number(100 * change["change"], 0 if has_range else 1 if is_exact else shown_decimals(figure))
        record |= {"range": span(change["low"], change["high"])} if has_range else {}
        record |= {"leader": series} if change["shown"] else {}
    record["tip"] += f"; {figure['rank']}" if figure.get("rank") else ""
    record["text"] += figure["beside"]
    return record


def join_pair(survey: Survey, records: Sequence[Record], pair: Gap) -> Record:
    """Return the record of a gap between the two figures of a row, whose own are told to which side their texts go."""
    first, second, gap = pair
    ends = sorted((record for record in records if "share" in record), key=lambda record: record["share"])
    # By how much the larger share leads: the limits turn round where that is the second's.
    limits = (gap.low, gap.high) if gap.difference >= 0 else (-gap.high, -gap.low)
    for record, side in zip(ends, ("right", "left"), strict=True):
        record["side"] = side
    near, far = ends
    return {
        "label": near["label"], "series": None, "status": "gap", "near": near["share"], "far": far["share"],
        "aside": number(100 * abs(gap.difference)),
        "range": span(*limits),
        "leader": far["series"] if gap.excludes_zero else None,
        "tip": sentence(further_up(survey, first, second, gap)),
    }  # fmt: skip


def fits_bar(kind: Kind) -> bool:
    """Return whether the answers of a kind can be the parts of a bar: they exclude each other, and have short names."""
    return not kind.is_list and not kind.is_number and max(map(len, kind.labels.values())) <= LONGEST_ANSWER


def add_answers(survey: Survey, figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures, each with the other answers of the same people to the same statement that have a number."""
    whole, same = [], ["population", "domain", "item_id"]
    known = survey.estimates[survey.estimates["status"] == "number"]
    for _, figure in figures.iterrows():
        kind, counted = survey.codebook.kind_of(figure["question_id"]), [figure["response"]]
        if fits_bar(kind) and figure["status"] == "number":
            for other in dict.fromkeys([*filter(None, [kind.opposite]), *kind.answers]):
                parts = {part for one in counted for part in kind.split_net(one)}
                counted += [] if parts & {*kind.split_net(other)} else [other]
        others = known[(known[same] == figure[same]).all(axis=1) & known["response"].isin(counted[1:])]
        whole += [figure.to_frame().T, others.sort_values("response", key=lambda keys: keys.map(counted.index))]
    return pd.concat(whole).infer_objects().astype(figures.dtypes.to_dict())


def find_side(kind: Kind, response: str) -> str:
    """Return what a part of a bar stands for: "for", "against", or "between" the sides and beside them."""
    if response.startswith(UNDECIDED) or response not in kind.labels:
        return "between"
    against = kind.split_net(kind.opposite) if kind.opposite else ()
    return "against" if {*kind.split_net(response)} <= {*against} else "for"


def pick_parts(survey: Survey, shown: pd.DataFrame) -> pd.DataFrame:
    """Return what bars are drawn from, each with its ``name`` and ``side``, row by row: those in favour first.

    Nets whose answers are there are left out; of a row without any number the first figure stands for it. The name
    tells who is in favour where there are several populations.
    """
    shown = shown.reset_index(drop=True)
    is_known = shown["share"].notna()
    known = drop_nets(shown[is_known], survey.codebook)
    bare = shown[~is_known.groupby(shown["row"]).transform("any")].drop_duplicates("row")
    several, rests = known["population"].nunique() > 1, shown.loc[shown["status"] == LEFT, "response"].unique()
    names, sides, places = list[str](), list[str](), list[int]()
    parts = pd.concat([known, bare])
    for row in list_records(parts):
        kind = survey.codebook.kind_of(row["question_id"])
        side = "left" if row["status"] == LEFT else find_side(kind, row["response"])
        name = (rests[0] if len(rests) == 1 else REST) if side == "left" else kind.label_of(row["response"])
        names.append(f"{name}: {people(survey, row['population'])}" if several and side == "for" else name)
        sides.append(side)
        places.append([*kind.in_order, row["response"]].index(row["response"]))
    lines = {row: line for line, row in enumerate(shown["row"].unique())}
    parts = parts.assign(name=names, side=sides, line=parts["row"].map(lines), turn=places)
    return parts.sort_values(["line", "turn"], kind="stable")


def shade_parts(survey: Survey, parts: pd.DataFrame) -> list[tuple[str, str, float]]:
    """Return name, colour and opacity of each answer in the order of the bars: one side in its population's colour.

    The other side has a colour that no population has. Several answers of one side fade towards the middle.
    """
    drawn = parts[parts["share"].notna()].drop_duplicates(["name", "side"])
    own = map_series(survey, survey.codebook.populations.index)
    against = palette.OTHER if palette.OPPOSED in {one.colour for one in own.values()} else palette.OPPOSED
    shades = list[tuple[str, str, float]]()
    for population, answers in drawn[drawn["side"] == "for"].groupby("population", sort=False)["name"]:
        shades += fade(list(answers), own[str(population)].colour)
    shades += [(name, palette.AXIS, BETWEEN) for name in drawn.loc[drawn["side"] == "between", "name"]]
    shades += [(name, palette.GRID, 1.0) for name in drawn.loc[drawn["side"] == "left", "name"]]
    return shades + fade(list(drawn.loc[drawn["side"] == "against", "name"])[::-1], against)[::-1]


def fade(names: list[str], colour: str) -> list[tuple[str, str, float]]:
    """Return answers in one colour, each lighter than the one before it."""
    step = (DARKEST - LIGHTEST) / max(1, len(names) - 1)
    return [(name, colour, round(DARKEST - step * place, 2)) for place, name in enumerate(names)]


def divide_bars(survey: Survey, parts: pd.DataFrame) -> list[Record]:
    """Return the parts of bars as records, row by row: those in favour first, those against last.

    The share at either end has its interval; inside the bar two ends would move. A bar of words is what they allow.
    """
    places = parts["side"].map(SIDES.index)
    parts = parts.assign(place=places).sort_values(["line", "place"], kind="stable")
    lines = parts.groupby("line")
    # Published whole per cents may add up to more than one.
    ends = (parts["share"] / lines["share"].transform("sum").clip(lower=1)).groupby(parts["line"]).cumsum()
    starts = ends.groupby(parts["line"]).shift(fill_value=0.0)
    is_first, is_last = ~parts.duplicated("line"), ~parts.duplicated("line", keep="last")
    parts = parts.assign(from_=starts, to=ends, is_first=is_first, is_last=is_last & (parts["side"] == "against"))
    return [_make_part(survey, part) for part in list_records(parts)]


def _make_part(survey: Survey, part: Any) -> Record:
    """Return one part of a bar as a record, or what stands in a row that has no number."""
    status, name = part["status"], part["name"]
    record = {"label": part["row"], "item": part["label"], "series": None, "status": status}
    if pd.isna(part["share"]):
        # The legend doesn't have the answer that a band is of.
        called = "" if part["side"] == "for" else f"{name}: "
        if status != "words":
            return record | {"text": "not published", "tip": "Not published"}
        if place := place_figure(survey, part, in_sentence(name)):
            return record | place | {"text": f"{called}{place['text']}"}
        text = f"{called}“{part['verbal']}”, no number"
        return record | {"status": "vague", "text": text, "tip": text}
    start, end, text = part["from_"], part["to"], f"{write_share(part)}%"
    record |= {"series": name, "status": "part", "from": round_number(start, 4), "to": round_number(min(1.0, end), 4)}
    if status == LEFT:
        place = {"start": record["from"], "end": record["to"], "tip": f"{part['response']}: {text}, {REMAINING}"}
    else:
        place = place_figure(survey, part, name)
    has_room = end - start >= LETTER * len(text)
    place |= {"middle": round_number((start + end) / 2, 4) if has_room else None, "text": text if has_room else None}
    if "low" in place and part["is_first"]:
        place |= {"edge": place["share"], "edge_low": place["low"], "edge_high": place["high"]}
    elif "low" in place and part["is_last"]:
        edges = (round_number(1 - end, 4) for end in (part["share"], place["high"], place["low"]))
        place |= dict(zip(("edge", "edge_low", "edge_high"), edges, strict=True))
    return {field: value for field, value in (record | place).items() if value is not None}


def add_remainders(survey: Survey, figures: pd.DataFrame, *, is_behind: bool = False) -> pd.DataFrame:
    """Return figures of a chart with what the shown answers of each population leave to 100 per cent after them.

    Parameters
    ----------
    survey : Survey
        The wave.
    figures : pandas.DataFrame
        Rows of its estimates in the order of a chart's table, with the ``row`` and ``series`` that each is drawn in.
    is_behind : bool
        Whether remainders stand in the rows of their figures whatever these are; otherwise where all share one.

    Returns
    -------
    pandas.DataFrame
        The figures, and a row for each remainder beyond rounding, after all answers to the same statement or of the
        same list. Its ``status`` is `LEFT`, its ``share`` (0-1) the remainder, ``response`` what it is called,
        ``label`` the statement, or else that again; ``start`` and ``end`` (0-1) are where it is drawn: behind the
        figures that share one row, or in a row of its own. Choices of which people may make several leave none, and
        beside words nobody knows how much is left.
    """
    kinds, of = survey.codebook.kinds, ["whole", "population", "domain"]
    wholes = [
        "" if (kind := kinds[question]).is_several else f"{question}.{'' if kind.is_list else item}"
        for question, item in zip(figures["question_id"], figures["item_id"], strict=True)
    ]
    figures, found = figures.assign(at=range(len(figures)), whole=wholes), []
    parted = figures[figures["whole"] != ""]
    known, in_words = (parted[parted["status"] == status] for status in ("number", "words"))
    lasts, counts = parted.groupby("whole")["at"].max(), parted.groupby("whole")["row"].nunique()
    parts, given = drop_nets(known, survey.codebook), known.groupby(of)
    sums = parts.assign(half=half_unit(parts["decimals"])).groupby(of, sort=False)[["share", "half"]].sum()
    lefts = find_remainder(sums["share"], sums["half"]).drop(pd.MultiIndex.from_frame(in_words[of]), errors="ignore")
    for place, left in lefts[lefts > 0].items():
        own, shares_row = given.get_group(place), is_behind or counts[place[0]] == 1
        kind, first = kinds[own["question_id"].iloc[0]], own.iloc[0].to_dict()
        answer = _name_remainder(survey, kind, own)
        row = f"{first['label']}: {in_sentence(answer)}" if len(counts) > 1 else answer
        row, start, end = (first["row"], 1 - left, 1.0) if shares_row else (row, 0.0, left)
        found.append(
            {
                **first,
                **dict.fromkeys(("low", "high", "base"), float("nan")),
                **{"status": LEFT, "share": left, "decimals": own["decimals"].min(), "locator": NOT_PRINTED},
                **{"row": row, "start": start, "end": end, "at": lasts[place[0]], "response": answer},
                "label": answer if kind.is_list and not shares_row else first["label"],
                "beside": f" {in_sentence(first['series'])}" if figures["series"].nunique() > 1 else "",
            }
        )
    shown = pd.concat([figures, pd.DataFrame(found)], ignore_index=True) if found else figures
    return shown.sort_values("at", kind="stable")


def _name_remainder(survey: Survey, kind: Kind, known: pd.DataFrame) -> str:
    """Return what people gave who gave none of some answers: the one that is missing, or no more than is known.

    Files of respondents say what else counts. Of published shares nobody knows: those who didn't answer may count.
    """
    population, question = known["population"].iloc[0], known["question_id"].iloc[0]
    labels = {answer: kind.labels[answer] for answer in kind.answers}
    if kind.is_list:
        labels = survey.codebook.items["label"][survey.codebook.items_by_question[question]].to_dict()
    recorded = survey.recording_of(population, question)
    answers = list(labels)
    if recorded:
        uncounted = list_uncounted(recorded)
        answers = [answer for answer in recorded["answers"] or recorded["columns"] if answer not in uncounted]
    given = {part for one in known["item_id" if kind.is_list else "response"] for part in kind.split_net(one)}
    missing = [answer for answer in answers if answer not in given]
    is_whole = bool(recorded) and recorded["base"] == "answered"
    if len(missing) != 1 or missing == [OTHER]:
        return MANY if is_whole else ANY
    name = sentence(labels.get(missing[0], kind.label_of(missing[0])))
    return name if is_whole else f"{name} or other"


def tell_remainders(survey: Survey, shown: pd.DataFrame) -> tuple[str, str]:
    """Return remainders in words, and what a chart says of the marks that stand for them; empty without any."""
    left, several = shown[shown["status"] == LEFT], shown.loc[shown["whole"] != "", "whole"].nunique() > 1
    if left.empty:
        return "", ""
    told = []
    for answer, own in left.groupby("response", sort=False):
        parts = []
        for _, row in own.iterrows():
            of = [in_sentence(row["short_label"])] if several else []
            of += [people(survey, row["population"], row["domain"])] if shown["population"].nunique() > 1 else []
            parts.append(per_cent(row["share"], shown_decimals(row)) + (f" ({', '.join(of)})" if of else ""))
        told.append(f"What is left to 100, {in_sentence(answer)}: {'; '.join(parts)}.")
    names = left["response"].unique()
    return " ".join(told), f"Grey: what is left to 100{f', {in_sentence(names[0])}' if len(names) == 1 else ''}."
