"""Levels reached -> plain tables of shares: result by result, therapist by therapist, and over time."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fidelity.model.checklist import Result
from fidelity.report.reported import Records, ReportedStudy
from fidelity.report.tables.people import column
from fidelity.report.tables.sessions import UNDECIDED, session_level, undecided_word
from fidelity.report.tables.table import Column, Kind, Table, Value, table
from fidelity.report.words import short, titled

MOST_MONTHS = 12
MOST_RESULTS = 3  # with more of them only the first is shown by therapist and over time


@dataclass(frozen=True, slots=True)
class LevelsTable:
    """A table of shares with its heading, the titles of its levels, and whether one column is undecided."""

    heading: str
    table: Table
    levels: int
    undecided: bool


def levels_by_result(study: ReportedStudy) -> list[LevelsTable]:
    """All sessions at each level: one table for the results that share the names of their levels."""
    shared: dict[tuple[str, ...], list[Result]] = {}
    for result in study.checklist.results:
        shared.setdefault(_titles(result), []).append(result)
    return [
        _table(
            study,
            (f"Levels_all_{number}", study.words.say("levels.all_sessions")),
            results[0],
            [(titled(each), _counts(study.sessions.values(), each)) for each in results],
            "strong",
            "result",
        )
        for number, results in enumerate(shared.values(), start=1)
    ]


def levels_by_person(study: ReportedStudy) -> list[LevelsTable]:
    """The same for each therapist, in the order of the Summary."""
    if not study.has_course:
        return []
    own: dict[str, list[Records]] = {}
    for (therapist, _), records in study.sessions.items():
        own.setdefault(therapist, []).append(records)
    names = [person.therapist for person, _ in study.people]
    return [
        _table(
            study,
            (f"Levels_people_{number}", study.words.say("levels.by_person", result=titled(result))),
            result,
            [(name, _counts(own.get(name, ()), result)) for name in names],
            "person",
            "therapist",
        )
        for number, result in enumerate(_shown(study), start=1)
    ]


def levels_by_time(study: ReportedStudy) -> list[LevelsTable]:
    """The same by month, or by quarter where there are many months; none for sessions of one month."""
    periods = _periods(study)
    if len(periods) < 2:
        return []
    return [
        _table(
            study,
            (f"Levels_time_{number}", study.words.say("levels.by_time", result=titled(result))),
            result,
            [(label, _counts(sessions, result)) for label, sessions in periods.items()],
            "strong",
            "period",
        )
        for number, result in enumerate(_shown(study), start=1)
    ]


def _shown(study: ReportedStudy) -> Sequence[Result]:
    results = study.checklist.results
    return results if len(results) <= MOST_RESULTS else results[:1]


# ---- one table


def _table(
    study: ReportedStudy,
    naming: tuple[str, str],
    result: Result,
    counted: Iterable[tuple[str, Counter[str]]],
    kind: Kind,
    key: str,
) -> LevelsTable:
    """`naming` is the name of the table and its heading, `kind` and `key` are those of the first column."""
    name, heading = naming
    words, rows = study.words, [(label, counts) for label, counts in counted if counts.total()]
    undecided = any(counts[UNDECIDED] for _, counts in rows)
    ids = [*(level.id for level in result.levels), *([UNDECIDED] if undecided else [])]
    titles = [*_titles(result), *([undecided_word(words)] if undecided else [])]
    columns = [
        column(words, key, kind),
        *(Column("level_share", words.say("levels.share", level=title), "number") for title in titles),
        column(words, "n", "count"),
    ]
    cells: list[list[Value]] = [
        [label, *(100 * counts[id] / counts.total() for id in ids), counts.total()] for label, counts in rows
    ]
    return LevelsTable(heading, table(name, "", columns, cells), len(result.levels), undecided)


def _titles(result: Result) -> tuple[str, ...]:
    return tuple(short(level.title or level.id) for level in result.levels)


def _counts(sessions: Iterable[Records], result: Result) -> Counter[str]:
    levels = (session_level(records, result) for records in sessions)
    return Counter(level for level in levels if level is not None)


# ---- time


def _periods(study: ReportedStudy) -> Mapping[str, list[Records]]:
    """The sessions that have a date, by month or quarter in order."""
    dated = sorted(
        ((day, records) for records in study.sessions.values() if (day := _day(records))),
        key=lambda each: each[0],
    )
    if not dated:
        return {}
    first, last = dated[0][0], dated[-1][0]
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    found: dict[str, list[Records]] = {}
    for day, records in dated:
        label = study.words.month(day) if months <= MOST_MONTHS else study.words.quarter(day)
        found.setdefault(label, []).append(records)
    return found


def _day(records: Records) -> date | None:
    return min((each.observation.date for each in records if each.observation.date), default=None)
