"""What stacked bars are made of: which answers make one up, in which order, in which colours."""

from typing import Any

import pandas as pd

from surveybook.exhibits import palette
from surveybook.exhibits.drawing import list_series
from surveybook.exhibits.remainders import LEFT
from surveybook.model.kinds import Kind
from surveybook.model.survey import Survey
from surveybook.model.wording import (
    band,
    has_interval,
    in_sentence,
    number,
    round_number,
    shown_decimals,
    with_interval,
)
from surveybook.stats.completeness import drop_nets
from surveybook.words.naming import people

# A shade of each answer that takes a side, of those between and beside the sides, and of what is left.
DARKEST, LIGHTEST, BETWEEN = 0.92, 0.35, 0.5
UNDECIDED = ("neither", "neutral", "dont_know", "no_answer", "not_sure", "unsure")
REST = "The rest"
LETTER = 0.026  # the width of one letter in a bar, as a part of it on a phone
LONGEST_ANSWER = 34


def fits_bar(kind: Kind) -> bool:
    """Return whether the answers of a kind can be the parts of a bar: they exclude each other, and have short names."""
    return not kind.is_list and not kind.is_number and max(map(len, kind.labels.values())) <= LONGEST_ANSWER


def add_answers(survey: Survey, figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures, each with the other answers of the same people to the same statement that have a number."""
    whole = []
    for _, figure in figures.iterrows():
        kind, counted = survey.codebook.kind_of(figure["question_id"]), [figure["response"]]
        if fits_bar(kind) and figure["status"] == "number":
            for other in dict.fromkeys([*filter(None, [kind.opposite]), *kind.answers]):
                parts = {part for one in counted for part in kind.split_net(one)}
                counted += [] if parts & {*kind.split_net(other)} else [other]
        same = survey.estimates
        for column in ("population", "domain", "item_id"):
            same = same[same[column] == figure[column]]
        others = same[same["response"].isin(counted[1:]) & (same["status"] == "number")]
        whole += [figure.to_frame().T, others.sort_values("response", key=lambda keys: keys.map(counted.index))]
    return pd.concat(whole).infer_objects().astype(figures.dtypes.to_dict())


def find_side(kind: Kind, response: str) -> str:
    """Return what a part of a bar stands for: "for", "against", or "between" the sides and beside them."""
    if response.startswith(UNDECIDED) or response not in kind.labels:
        return "between"
    against = kind.split_net(kind.opposite) if kind.opposite else ()
    return "against" if {*kind.split_net(response)} <= {*against} else "for"


def pick_parts(survey: Survey, shown: pd.DataFrame) -> pd.DataFrame:
    """Return what bars are drawn from, each with its ``name`` and ``side``: no nets whose answers are there.

    The name tells who is in favour where there are several populations.
    """
    shown = shown.reset_index(drop=True)
    known = drop_nets(shown[shown["share"].notna()], survey.codebook)
    shown = pd.concat([known, shown[shown["share"].isna()]]).sort_index()
    several, rests = known["population"].nunique() > 1, shown.loc[shown["status"] == LEFT, "response"].unique()
    names, sides = list[str](), list[str]()
    for _, row in shown.iterrows():
        kind = survey.codebook.kind_of(row["question_id"])
        side = "left" if row["status"] == LEFT else find_side(kind, row["response"])
        name = (rests[0] if len(rests) == 1 else REST) if side == "left" else kind.label_of(row["response"])
        names.append(f"{name}: {people(survey, row['population'])}" if several and side == "for" else name)
        sides.append(side)
    return shown.assign(name=names, side=sides)


def shade_parts(survey: Survey, parts: pd.DataFrame) -> list[tuple[str, str, float]]:
    """Return name, colour and opacity of each answer in the order of the bars: one side in its population's colour.

    The other side has a colour that no population has. Several answers of one side fade towards the middle.
    """
    drawn = parts[parts["share"].notna()].drop_duplicates(["name", "side"])
    own = {name: list_series(survey, [name])[0].colour for name in survey.codebook.populations.index}
    against = palette.OTHER if palette.OPPOSED in own.values() else palette.OPPOSED
    shades = list[tuple[str, str, float]]()
    for population, answers in drawn[drawn["side"] == "for"].groupby("population", sort=False)["name"]:
        shades += fade(list(answers), own[str(population)])
    shades += [(name, palette.AXIS, BETWEEN) for name in drawn.loc[drawn["side"] == "between", "name"]]
    shades += [(name, palette.GRID, 1.0) for name in drawn.loc[drawn["side"] == "left", "name"]]
    return shades + fade(list(drawn.loc[drawn["side"] == "against", "name"])[::-1], against)[::-1]


def fade(names: list[str], colour: str) -> list[tuple[str, str, float]]:
    """Return answers in one colour, each lighter than the one before it."""
    step = (DARKEST - LIGHTEST) / max(1, len(names) - 1)
    return [(name, colour, round(DARKEST - step * place, 2)) for place, name in enumerate(names)]


def divide_bars(survey: Survey, parts: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the parts of bars as records, row by row: those in favour first, those against last.

    The share at either end has its interval; inside the bar two ends would move. A bar of words is what they allow.
    """
    records, order = list[dict[str, Any]](), ["for", "between", "left", "against"]
    for row, own in parts.groupby("row", sort=False):
        known = own[own["share"].notna()].sort_values("side", key=lambda sides: sides.map(order.index), kind="stable")
        # Published whole per cents may add up to more than one.
        at, whole = 0.0, max(1.0, float(known["share"].sum()))
        for place, (_, part) in enumerate(known.iterrows()):
            end = at + float(part["share"]) / whole
            text = f"{number(100 * part['share'], shown_decimals(part))}%"
            record = {"label": row, "item": part["label"], "series": part["name"], "status": "part"}
            record |= {"from": round_number(at, 4), "to": round_number(min(1.0, end), 4)}
            record |= (
                {"middle": round_number((at + end) / 2, 4), "text": text} if end - at >= LETTER * len(text) else {}
            )
            if part["status"] == LEFT:
                record |= {"start": record["from"], "end": record["to"]}
                record["tip"] = f"{part['response']}: {text}, which is what is left to 100"
            else:
                record |= {"share": round_number(part["share"], 4), "tip": f"{part['name']}: {with_interval(part)}"}
                is_last = place > 0 and place == len(known) - 1 and part["side"] == "against"
                record |= _mark_interval(part, place == 0, is_last)
            records.append(record)
            at = end
        if known.empty:
            records.append(_write_words(survey, own.iloc[0]))
    return records


def _mark_interval(part: pd.Series, is_first: bool, is_last: bool) -> dict[str, float]:
    """Return the limits of a share, and where an end of a bar that it is has them."""
    if not has_interval(part):
        return {}
    low, high = (round_number(part[end], 3) for end in ("low", "high"))
    limits = {"low": low, "high": high}
    if is_first:
        return limits | {"edge": round_number(part["share"], 4), "edge_low": low, "edge_high": high}
    if is_last:
        edges = (round_number(1 - limit, 4) for limit in (part["share"], high, low))
        return limits | dict(zip(("edge", "edge_low", "edge_high"), edges, strict=True))
    return limits


def _write_words(survey: Survey, figure: pd.Series) -> dict[str, Any]:
    """Return the record of a share that has no number: the band that its words allow, or that it wasn't published."""
    record = {"label": figure["row"], "item": figure["label"], "series": None, "status": figure["status"]}
    if figure["status"] != "words":
        return record | {"text": "not published", "tip": "Not published"}
    limits, text = band(survey.codebook, figure["verbal"]), f"“{figure['verbal']}”"
    # The legend doesn't have the answer that a band is of.
    text = text if figure["side"] == "for" else f"{figure['name']}: {text}"
    if not limits:
        return record | {"status": "vague", "text": f"{text}, no number", "tip": f"{text}, no number"}
    places = dict(zip(("from", "to"), (round_number(limit, 3) for limit in limits), strict=True))
    who = in_sentence(figure["name"])
    return record | places | {"text": text, "tip": f"{who}: {figure['verbal']} (no number was published)"}
