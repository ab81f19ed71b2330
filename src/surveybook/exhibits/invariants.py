"""What has to hold of every chart, or a look at it misleads though each of its numbers is right.

The rules are kept on the specification, whatever code made it: its scales, encodings and records.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

Encoding = Mapping[str, Any]
Records = Sequence[Mapping[str, Any]]

# Fields of records that hold a share, a limit of its interval, or an end of what answers leave to one.
SHARES = ("share", "low", "high", "from", "to", "start", "end")
CHANNELS = ("x", "y", "x2", "y2")
# In the order in which a reader would notice: a scale is compared by all of these.
OF_SCALES = ("domain", "range", "type", "reverse", "zero", "nice", "domainMin", "domainMax")
LINEAR = (None, "linear")
NAMES = ("nominal", "ordinal")
LENGTHS = ("bar", "area")
SHARE_COLUMN, NUMBER = "Share (%)", re.compile(r"\d+(?:\.\d+)?")
# What of a record stands in the chart's table too, in which column, and how it is drawn.
IN_TABLE = {
    "share": (SHARE_COLUMN, "is drawn at"),
    "low": ("Interval from", "has an interval drawn from"),
    "high": ("to", "has an interval drawn to"),
}
# What stands beside a mark, and what it says to who points at it; a share in words there, with its interval.
WORDS, SAID = ("text", "tip"), re.compile(r"((?:<|less than )?[\d.]+)%(?: \(([\d.]+) to ([\d.]+)\))?")
SIGNED = re.compile(r"[-−]?\d+(?:\.\d+)?")
# What rounding two shares leaves of their difference, and rounding limits twice.
ROUNDED, HALF_TENTH = 0.02, 0.05
# The ends of intervals are written to three decimals, and shares to more: 0.007% (to 0.049%) ends at nought.
END_ROUNDED = 0.0005
GAP = ("Gap (points)", "Gap from", "Gap to")
# How far the part of a bar may be from its share, where printed shares add up to more than one.
PART_APART = 0.011
# What a table has in place of where a figure is printed, in rows of what the answers leave to 100 per cent.
NOT_PRINTED = "What is left to 100"


@dataclass(frozen=True)
class Part:
    """A chart, or one that it is composed of, with all that it inherits: what it encodes how, and its records."""

    spec: Mapping[str, Any]
    encoding: Encoding
    records: Records


def find_spec_faults(spec: Mapping[str, Any]) -> list[str]:
    """Return how the picture of a Vega-Lite specification would mislead, a sentence each; empty where it doesn't.

    Nought is on the axis of every share, each datum lies inside its scale, labels stand in the order of the data, all
    marks of a chart share their scales, and shares are drawn as the chart's table has them.
    """
    parts = list(walk_parts(spec, {}, (), spec.get("datasets", {})))
    marks = [part for part in parts if "mark" in part.spec]
    records = [record for mark in marks for record in mark.records]
    table = spec.get("usermeta", {}).get("surveybook", {}).get("table", {})
    found = [
        *find_scales_apart(parts, marks),
        *(said for mark in marks for said in (*find_missing_nought(mark), *find_data_outside(mark))),
        *find_labels_astray(parts, marks, table.get("rows", [])),
        *find_shares_astray(records, table),
        *find_words_astray(records),
        *find_distances_astray(records, table),
        *find_changes_overprinted(marks),
        *find_bars_astray(records),
        *find_remainders_astray(records, table),
    ]
    return list(dict.fromkeys(found))


def walk_parts(
    spec: Mapping[str, Any], encoding: Encoding, records: Records, datasets: Mapping[str, Any]
) -> Iterator[Part]:
    """Yield a specification and everything that it is composed of, at any depth: layers, neighbours, what repeats."""
    encoding = inherit_channels(encoding, spec.get("encoding", {}))
    data = spec.get("data") or {}
    values = data.get("values") or datasets.get(data.get("name", ""))
    records = [one for one in values if isinstance(one, dict)] if isinstance(values, list) else records
    yield Part(spec, encoding, records)
    composed = [part for name in ("layer", "hconcat", "vconcat", "concat") for part in spec.get(name, ())]
    for part in [*composed, *([spec["spec"]] if "spec" in spec else [])]:
        yield from walk_parts(part, encoding, records, datasets)


def inherit_channels(inherited: Encoding, own: Encoding) -> Encoding:
    """Return the channels of a part with what it inherits: of a field or datum, what it doesn't say itself."""
    joined = {
        name: {**(inherited.get(name) or {}), **channel}
        for name, channel in own.items()
        if isinstance(channel, dict) and ("field" in channel or "datum" in channel)
    }
    return {**inherited, **own, **joined}


def find_scales_apart(parts: Sequence[Part], marks: Sequence[Part]) -> Iterator[str]:
    """Yield the channels of which two marks of the chart have different scales."""
    if any("independent" in part.spec.get("resolve", {}).get("scale", {}).values() for part in parts):
        yield "its marks have scales of their own; one chart has one scale"
    for channel in ("x", "y", "color", "shape"):
        scales = {
            json.dumps({name: scale[name] for name in OF_SCALES if name in scale}, sort_keys=True)
            for mark in marks
            for scale in list_scales(mark.encoding.get(channel, {}))
        }
        if len(scales) > 1:
            yield f"its marks have {len(scales)} scales of {channel}: {' and '.join(sorted(scales))}; one chart has one"


def list_scales(channel: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the scale of a channel, and that under which it holds on a condition."""
    condition = channel.get("condition")
    return [one["scale"] for one in (channel, condition) if isinstance(one, dict) and one.get("scale")]


def list_colours(spec: Mapping[str, Any]) -> dict[str, str]:
    """Return the colour that each series of a chart is drawn in."""
    scales = [one for part in walk_parts(spec, {}, (), {}) for one in list_scales(part.encoding.get("color", {}))]
    pairs = (zip(one.get("domain", ()), one.get("range", ()), strict=False) for one in scales)
    return {name: colour for each in pairs for name, colour in each}


def find_missing_nought(mark: Part) -> Iterator[str]:
    """Yield the axes that don't begin at, or reach over, nought: those of shares, and of lengths of other numbers.

    A length says how many times as much there is, and so starts at nought; a place on a scale from 1 to 5 needn't.
    """
    kind = mark.spec["mark"]
    is_bar = (kind["type"] if isinstance(kind, dict) else kind) in LENGTHS
    of_means = any("mean" in record for record in mark.records)
    for name in ("x", "y"):
        channel = mark.encoding.get(name, {})
        if channel.get("type") != "quantitative" or "field" not in channel:
            continue
        scale, axis = channel.get("scale") or {}, channel.get("axis") or {}
        # Shares are told by their fields, which the limits of a mean have too, or by the per cent at their axis.
        has_per_cent = "%" in f"{axis.get('labelExpr', '')}{axis.get('format', '')}"
        of_shares = has_per_cent or (channel["field"] in SHARES and not of_means)
        ends = scale.get("domain")
        is_reversed = scale.get("reverse") or (isinstance(ends, list) and ends != sorted(ends))
        if of_shares and (scale.get("type") not in LINEAR or is_reversed):
            yield f"the axis of shares, {name}, is {'reversed' if is_reversed else scale['type']}"
        is_length = is_bar or "datum" in mark.encoding.get(f"{name}2", {})
        if not of_shares and not (is_length and channel.get("axis") and scale.get("type") in LINEAR):
            continue
        low, high = read_domain(scale)
        if not low <= 0 <= high or (scale.get("zero") is False and "domain" not in scale):
            yield f"nought isn't on the axis {name}, which goes from {low:g} to {high:g}"


def read_domain(scale: Mapping[str, Any]) -> tuple[float, float]:
    """Return the two ends of a scale; without any, those of a scale that Vega-Lite chooses, which holds nought."""
    domain = scale.get("domain")
    ends = [end for end in domain if isinstance(end, int | float)] if isinstance(domain, list) else []
    low, high = (min(ends), max(ends)) if ends else (float("-inf"), float("inf"))
    return scale.get("domainMin", low), scale.get("domainMax", high)


def find_data_outside(mark: Part) -> Iterator[str]:
    """Yield the records that a scale has no place for: a number beyond its ends, a group without a colour."""
    for name, channel in mark.encoding.items():
        first = mark.encoding.get(name.removesuffix("2"), {}) if name in CHANNELS else channel
        scale = first.get("scale") if isinstance(first, dict) else None
        if not scale or not isinstance(channel, dict):
            continue
        values = [one[channel["field"]] for one in mark.records if channel.get("field") in one]
        values += [channel["datum"]] if "datum" in channel else []
        domain = scale.get("domain")
        if first.get("type") == "quantitative":
            low, high = read_domain(scale)
            outside = [one for one in values if isinstance(one, int | float) and not low <= one <= high]
        else:
            outside = [one for one in values if isinstance(domain, list) and one is not None and one not in domain]
        if outside:
            yield f"{outside[0]!r} lies outside the scale of {name}, {json.dumps(domain, ensure_ascii=False)}"


def find_labels_astray(parts: Sequence[Part], marks: Sequence[Part], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Yield where labels stand in another order than the data: those of the records, and those of the chart's table."""
    due = list(dict.fromkeys(squeeze_label(row[0]) for row in rows))
    channels = [(mark.encoding.get(name, {}), mark.records) for mark in marks for name in ("x", "y")]
    facets = [part.spec["facet"].get("row", {}) for part in parts if "facet" in part.spec]
    channels += [(row, mark.records) for row in facets for mark in marks]
    # Groups stand as the legend has them, also where the first item has figures of the second group alone.
    groups = {mark.encoding.get(name, {}).get("field") for mark in marks for name in ("color", "shape")}
    for channel, records in channels:
        if channel.get("type") not in NAMES or channel.get("field") in groups:
            continue
        given = list(dict.fromkeys(one[channel["field"]] for one in records if channel.get("field") in one))
        drawn = order_labels(channel, records, given)
        if drawn != given:
            yield f"its labels are drawn as {write_labels(drawn)} where the data have {write_labels(given)}"
        labels = list(dict.fromkeys(label for one in given if (label := squeeze_label(one)) in due))
        wanted = [one for one in due if one in labels]
        if labels != wanted:
            yield f"its labels stand as {write_labels(labels)} where its table has {write_labels(wanted)}"


def order_labels(channel: Mapping[str, Any], records: Records, given: Sequence[Any]) -> Sequence[Any]:
    """Return the labels of a channel in the order in which Vega-Lite draws them."""
    sort = channel.get("sort", "ascending")
    domain = (channel.get("scale") or {}).get("domain")
    if isinstance(domain, list):
        return [one for one in domain if one in given]
    if sort is None:
        return given
    if isinstance(sort, list):
        return [one for one in sort if one in given] + [one for one in given if one not in sort]
    key: Any = str
    if isinstance(sort, dict) and "field" in sort:
        by = {one[channel["field"]]: one.get(sort["field"]) for one in reversed(records) if channel["field"] in one}
        key, sort = by.__getitem__, sort.get("order", "ascending")
    return sorted(given, key=key, reverse=sort == "descending")


def squeeze_label(label: object) -> str:
    """Return a label without the breaks of its lines."""
    return " ".join(str(label).split())


def write_labels(labels: Sequence[Any]) -> str:
    """Return the first few labels as a sentence names them."""
    return ", ".join(f"'{squeeze_label(one)}'" for one in labels[:6]) + (", …" if len(labels) > 6 else "")


def differs(printed: object, share: float, hair: float = 1e-6) -> bool:
    """Return whether a per cent is another than the one that is printed, by more than its last decimal is rounded.

    The hair above half a decimal is what floats are off by, or a difference of rounded shares. Of 'less than 1' or '<1'
    it is another that isn't.
    """
    text = str(printed)
    if (most := text.removeprefix("<").removeprefix("less than ")) != text:
        return not 0 <= share < float(most)
    return abs(read_signed(text) - share) * 10 ** len(text.partition(".")[2]) > 0.5 + hair


def read_signed(text: str) -> float:
    """Return a number as it is printed, with a true minus sign."""
    return float(text.replace("−", "-"))


def find_shares_astray(records: Records, table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the records that are drawn otherwise than the chart's table has them, or outside their own interval."""
    columns, listed = table.get("columns", []), dict[str, list[Any]]()
    for row in table.get("rows", []) if SHARE_COLUMN in columns else []:
        listed.setdefault(squeeze_label(row[0]), []).append(row)
    for one in (record for record in records if isinstance(record.get("share"), int | float)):
        name, share = name_record(one), 100 * one["share"]
        if not one.get("low", 0) - END_ROUNDED <= one["share"] <= one.get("high", 1) + END_ROUNDED:
            yield f"{name}, is drawn at {share:g}%, outside its interval"
        if "to" in one and abs(one["to"] - one["from"] - one["share"]) > PART_APART:
            yield f"{name}, is a part of {100 * (one['to'] - one['from']):g}% of its bar where it is {share:g}%"
        rows = listed.get(squeeze_label(one.get("item", one.get("label", ""))), [])
        rows = [row for row in rows if one.get("series") in row] or rows
        for field, (column, drawn) in IN_TABLE.items():
            cells = [str(row[columns.index(column)]) for row in rows] if column in columns and field in one else []
            numbers = [cell for cell in cells if NUMBER.fullmatch(cell)]
            if numbers and all(differs(cell, 100 * one[field]) for cell in numbers):
                yield f"{name}, {drawn} {100 * one[field]:g}% where its table has {' or '.join(numbers)}"


def name_record(record: Mapping[str, Any]) -> str:
    """Return what a record is of, as messages call it."""
    return f"'{squeeze_label(record.get('label', ''))}', {record.get('series', '')}"


def find_words_astray(records: Records) -> Iterator[str]:
    """Yield the records of which the words tell another share or interval, or another distance, than is drawn."""
    for one in records:
        ends = (one.get("start", 0), one["end"]) if "end" in one else (0, one.get("share"))
        if not isinstance(ends[1], int | float):
            continue
        drawn = [100 * (ends[1] - ends[0]), *(100 * one[end] for end in ("low", "high") if end in one)]
        for text in (str(one.get(field, "")) for field in WORDS):
            said = [list(filter(None, found.groups())) for found in SAID.finditer(text)]
            if said and not any(not any(map(differs, numbers, drawn)) for numbers in said):
                yield f"{name_record(one)}, is drawn at {drawn[0]:g}% and says '{text}'"


def find_distances_astray(records: Records, table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the records that tell another distance, or interval of it, than their marks and the chart's table have."""
    places = {(one.get("label"), one["share"]) for one in records if "share" in one}
    columns = [table["columns"].index(name) for name in GAP if name in table.get("columns", ())]
    gaps = {squeeze_label(row[0]): [row[place] for place in columns] for row in table.get("rows", ())[::-1]}
    for one in records:
        is_gap = "near" in one
        start, end = (one.get(field) for field in (("near", "far") if is_gap else ("was", "share")))
        if not (isinstance(start, int | float) and isinstance(end, int | float)):
            continue
        name, apart, said = name_record(one), 100 * (end - start), str(one.get("aside", ""))
        if is_gap and not {(one.get("label"), start), (one.get("label"), end)} <= places:
            yield f"{name}, has a line from {100 * start:g}% to {100 * end:g}%, and no mark stands there"
        if SIGNED.fullmatch(said) and differs(said, apart, ROUNDED):
            yield f"{name}, says {said} where its marks are {apart:g} points apart"
        listed = [read_signed(cell) for cell in gaps.get(squeeze_label(one.get("label", "")), ()) if cell]
        if is_gap and len(listed) == len(GAP):
            due = listed[1:] if listed[0] >= 0 else [-end for end in reversed(listed[1:])]
            if any(map(partial(differs, hair=HALF_TENTH), SIGNED.findall(str(one.get("range", ""))), due)):
                yield f"{name}, says {one['range']} where its table has {due[0]:g} to {due[1]:g}"


def find_changes_overprinted(marks: Sequence[Part]) -> Iterator[str]:
    """Yield the rows in which two figures of one group have their changes printed at the same place."""
    for mark in marks:
        told = [name_record(record) for record in mark.records if "aside" in record]
        for name in dict.fromkeys(one for one in told if told.count(one) > 1):
            yield f"{name}, has {told.count(name)} changes printed over each other"


def find_bars_astray(records: Records) -> Iterator[str]:
    """Yield the parts of bars that don't begin where another ends, and the intervals that aren't at their edge."""
    parts = [record for record in records if record.get("status") == "part"]
    ends = {(one.get("label"), one["to"]) for one in parts}
    for before, one in pairwise([{}, *parts]):
        if "end" in one and (one["from"], one["to"]) != (one["start"], one["end"]):
            yield f"{name_record(one)}, is drawn beside what is left to 100"
        if one["from"] and (one.get("label"), one["from"]) not in ends:
            yield f"{name_record(one)}, begins at {100 * one['from']:g}% of its bar, where no other part ends"
        if not one["from"] <= one.get("middle", one["to"]) <= one["to"]:
            yield f"{name_record(one)}, has its number in another part of its bar"
        if "edge" in one:
            # The last part of a bar is measured from the bar's end, also where those before it are of nobody.
            is_last = one["from"] > 0 or (before.get("label"), before.get("to")) == (one.get("label"), 0)
            share, low, high = (abs(is_last - one[end]) for end in ("share", "low", "high"))
            apart = zip((one["edge_low"], one["edge"], one["edge_high"]), sorted((low, share, high)), strict=True)
            if any(abs(drawn - due) > PART_APART / 10 for drawn, due in apart):
                yield f"{name_record(one)}, has an interval at its edge that isn't its own"


def find_remainders_astray(records: Records, table: Mapping[str, Any]) -> Iterator[str]:
    """Yield where what is drawn as left to 100 per cent isn't what the chart's table lists as that."""
    listed = [row[table["columns"].index(SHARE_COLUMN)] for row in table.get("rows", ()) if NOT_PRINTED in row]
    drawn = {(one["label"], one["series"], one["start"], one["end"]) for one in records if "end" in one}
    if len(drawn) != len(listed):
        yield f"{len(drawn)} remainders are drawn where its table lists {len(listed)}"
    for label, series, start, end in sorted(drawn):
        share = 100 * (end - start)
        if all(differs(cell, share) for cell in listed):
            yield f"'{label}', {series}: {share:g}% is drawn as left to 100, and its table has no such row"
