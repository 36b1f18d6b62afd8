"""A table `therapist,date,score[,rater]`, or with `order` for `date` -> each therapist's scores in order."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from fidelity.errors import Problem, ProblemsFound
from fidelity.observe.named_columns import Columns, NamedRow, named_rows
from fidelity.observe.series_at_once import Entries, entries_at_once
from fidelity.observe.series_cells import Moment, Wrong, day, number, score

COLUMNS = Columns(compulsory=("therapist", "score"), optional=("rater",), either=("date", "order"))

Scored = tuple[Moment, str, float]


class Point(NamedTuple):
    """One observation: when, the score (the mean where several raters gave one), and each rater's score."""

    when: Moment
    score: float
    ratings: tuple[tuple[str, float], ...] = ()


class SeriesTable(NamedTuple):
    """The points of each therapist, by name, from first to last; a therapist without a score has none.

    `by` is the column that says what comes first; `unscored` rows had no score and are in no series.
    """

    by: str
    series: Mapping[str, tuple[Point, ...]]
    rated: bool
    unscored: int


def read_series(path: Path, ignore: Collection[str] = ()) -> SeriesTable:
    """The series in a table; raises ProblemsFound with all that is wrong with it, by row and column."""
    entries = entries_at_once(path, ignore) or _row_by_row(path, ignore)
    found: dict[str, list[Scored]] = {name: [] for name in sorted(set(entries.therapists))}
    raters = entries.raters or [""] * len(entries.therapists)
    columns = (entries.therapists, entries.moments, raters, entries.scores)
    for name, when, rater, value in zip(*columns, strict=True):
        if value is not None:
            found[name].append((when, rater, value))
    rated = entries.raters is not None
    series = {name: _points(each, rated=rated) for name, each in found.items()}
    return SeriesTable(entries.by, series, rated, sum(value is None for value in entries.scores))


def _points(found: list[Scored], *, rated: bool) -> tuple[Point, ...]:
    """The points in order, those of one day as they stand in the data."""
    found.sort(key=lambda each: each[0])
    if not rated:
        return tuple(Point(when, value) for when, _, value in found)
    if len({when for when, _, _ in found}) == len(found):
        return tuple(Point(when, value, ((rater, value),)) for when, rater, value in found)
    return tuple(
        Point(when, sum(value for _, value in ratings) / len(ratings), tuple(ratings))
        for (when, _), ratings in _sessions(found).items()
    )


def _sessions(found: list[Scored]) -> dict[tuple[Moment, int], list[tuple[str, float]]]:
    """What different raters gave at one time is one session; a second score by one of them is the next."""
    sessions: dict[tuple[Moment, int], list[tuple[str, float]]] = {}
    times: dict[tuple[Moment, str], int] = {}
    for when, rater, value in found:
        number_of = times[when, rater] = times.get((when, rater), 0) + 1
        sessions.setdefault((when, number_of), []).append((rater, value))
    return sessions


def _row_by_row(path: Path, ignore: Collection[str]) -> Entries:
    """The entries of any table; raises ProblemsFound with everything that is wrong in it."""
    problems: list[Problem] = []
    found: list[tuple[str, Moment, float | None, str]] = []
    places: dict[tuple[str, float | Wrong, str], int] = {}
    names: tuple[str, ...] = ()
    for row in named_rows(path, COLUMNS, ignore):
        if isinstance(row, Problem):
            problems.append(row)
            continue
        if not names:
            names = tuple(name for name in row.table.headings if name not in ignore)
            problems += _headings(row, names)
        by = "date" if "date" in names else "order"
        problems += _wrong(row, by) or (_taken(row, places) if by == "order" else [])
        when, value = _moment(row, by), score(row.texts["score"])
        if not isinstance(when, str) and not isinstance(value, str):
            found.append((row.texts["therapist"], when, value, row.texts.get("rater", "")))
    if problems:
        raise ProblemsFound(problems)
    therapists, moments, scores, raters = zip(*found, strict=True)
    return Entries(
        "date" if "date" in names else "order",
        therapists,
        moments,
        scores,
        raters if "rater" in names else None,
    )


def _moment(row: NamedRow, by: str) -> Moment | Wrong:
    return day(row.texts[by]) if by == "date" else number(row.texts[by])


# ---- what is wrong

_WHY = {
    "no_number": "is not a number",
    "two_ways": "may be a decimal or thousands",
    "too_large": "is too large a number",
}


def _headings(row: NamedRow, names: tuple[str, ...]) -> Iterator[Problem]:
    """What leaving columns out, or having both date and order, makes of the headings."""
    place, facts = row.table.heading_spot(0)
    absent = [name for name in COLUMNS.compulsory if name not in names]
    if not {"date", "order"} & set(names):
        absent.append("date or order")
    if absent:
        raise ProblemsFound([Problem("RB501", place, {**facts, "absent": ", ".join(absent)})])
    if {"date", "order"} <= set(names):
        place, facts = row.table.heading_spot(row.table.headings.index("order"))
        yield Problem("RB501", place, {**facts, "one_of": "date and order"})


def _wrong(row: NamedRow, by: str) -> list[Problem]:
    said = [("therapist", None if row.texts["therapist"] else "blank")]
    said += [(by, _wrongness(_moment(row, by))), ("score", _wrongness(score(row.texts["score"])))]
    return [_problem(row, column, why) for column, why in said if why]


def _wrongness(said: Moment | Wrong | None) -> str | None:
    return said if isinstance(said, str) else None


def _problem(row: NamedRow, column: str, why: str) -> Problem:
    place, facts = row.spot(column)
    text = row.texts[column]
    match why:
        case "blank":
            return Problem("RB505", place, {**facts, "blank": column})
        case "no_date":
            return Problem("RB505", place, {**facts, "answer": text})
        case "no_such_day":
            return Problem("RB505", place, {**facts, "no_such_day": text})
        case _:
            item = "a score" if column == "score" else "a place in the order"
            return Problem("RB504", place, {**facts, "answer": text, "why": _WHY[why], "item": item})


def _taken(row: NamedRow, places: dict[tuple[str, float | Wrong, str], int]) -> list[Problem]:
    """RB506 for a place in the order that an earlier row of the therapist (and rater) has."""
    therapist = row.texts["therapist"]
    place = (therapist, number(row.texts["order"]), row.texts.get("rater", therapist))
    before = places.setdefault(place, row.row.number)
    if before == row.row.number:
        return []
    spot = row.spot("order")
    facts = {**spot.facts, "order": row.texts["order"], "therapist": therapist, "first_row": before}
    return [Problem("RB506", spot.place, facts)]
