"""A plain series table without a fault -> its columns, a million rows in seconds; nothing for any other."""

import csv
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from fidelity.observe.files import LARGEST_FILE, RECORDS
from fidelity.observe.separated import LONGEST_LINE, MARKS
from fidelity.observe.series_cells import Moment, day, number, score
from fidelity.observe.table import WORKBOOKS
from fidelity.shield import without_shield

Value = TypeVar("Value")
Texts = Mapping[str, Sequence[str]]


class Entries(NamedTuple):
    """What the rows say, column by column; `raters` is None where the table has no such column."""

    by: str
    therapists: Sequence[str]
    moments: Sequence[Moment]
    scores: Sequence[float | None]
    raters: Sequence[str] | None


def entries_at_once(path: Path, ignore: Collection[str]) -> Entries | None:
    """The entries of the table; None where only reading row by row can say what it holds or what is wrong."""
    try:
        texts = {name: column for name, column in _columns(path).items() if name not in ignore}
    except (OSError, ValueError, csv.Error):
        return None
    by = "date" if "date" in texts else "order"
    if set(texts) - {"rater"} != {"therapist", by, "score"} or "" in texts["therapist"]:
        return None
    moments = _moments(texts[by], by)
    scores = _read(texts["score"], score)
    if moments is None or scores is None or (by == "order" and _taken_twice(texts, moments)):
        return None
    return Entries(by, texts["therapist"], moments, scores, texts.get("rater"))


def _moments(column: Sequence[str], by: str) -> Sequence[Moment] | None:
    return _read(column, day) if by == "date" else _read(column, number)


def _taken_twice(texts: Texts, moments: Sequence[Moment]) -> bool:
    places = zip(texts["therapist"], texts.get("rater", texts["therapist"]), moments, strict=True)
    return len(set(places)) < len(moments)


def _columns(path: Path) -> dict[str, Sequence[str]]:
    """The columns of a text table by name; ValueError where it is not quite plain."""
    if path.suffix.lower() in RECORDS or path.stat().st_size > LARGEST_FILE:
        raise ValueError
    raw = path.read_bytes()
    if raw.startswith(WORKBOOKS) or b"\0" in raw:
        raise ValueError
    text = raw.decode("utf-8-sig")
    first = text.partition("\n")[0]
    if '"' in first or len(first) > LONGEST_LINE:
        raise ValueError
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(MARKS, key=first.count), strict=True)
    names = [each.strip() for each in next(rows, [])]
    columns = list(zip(*rows, strict=True))
    if len(set(names)) < len(names) or len(columns) != len(names):
        raise ValueError
    return {name: _unshielded(column) for name, column in zip(names, columns, strict=True)}


def _unshielded(column: Sequence[str]) -> list[str]:
    plain = {text: without_shield(text).strip() for text in set(column)}
    return [plain[text] for text in column]


def _read(column: Sequence[str], read: Callable[[str], Value | str]) -> list[Value] | None:
    """What the cells say; None if one of them says nothing that can be read."""
    values = {text: read(text) for text in set(column)}
    known = {text: value for text, value in values.items() if not isinstance(value, str)}
    return [known[text] for text in column] if len(known) == len(values) else None
