"""Scored observations -> plain tables: every answer and outcome as it is, and counts of levels and scores."""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import fmean

from fidelity.errors import Problem
from fidelity.model.checklist import Checklist, Gate, Result, Score
from fidelity.model.observation import Observation
from fidelity.model.score import Scored, ScoredObservation
from fidelity.model.summary import TherapistSummary
from fidelity.report.measure import exact_places, measure
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.lists import amount_columns, amounts, list_columns, listed
from fidelity.report.tables.people import column
from fidelity.report.tables.table import Bars, Column, Kind, Table, Value, table, without
from fidelity.report.words import Words, joined, short, titled

Record = ScoredObservation[Observation]
Columns = list[Column]
Rows = list[list[Value]]

# Columns about the session that are left out where no observation says anything.
UNDECIDED = ""
MOST_BARS = 60
MOST_LINKS = 60_000  # of a sheet; Excel repairs files with more than 65,530
ABOUT = ("session", "therapist", "client", "rater", "date", "site", "modality", "evidence", "arm")


def observations_table(study: ReportedStudy) -> Table:
    """One row per observation: who, when, raw answers, scores exact and shown, levels, gates, comments."""
    words, checklist = study.words, study.checklist
    columns = [
        column(words, "observation", "code"),
        *(column(words, key, _kind(study, key)) for key in ABOUT),
        *(made for score in checklist.scores for made in _score_columns(words, score)),
        *(made for result in checklist.results for made in _result_columns(words, result)),
        column(words, "gates"),
        column(words, "flags"),
        *list_columns(checklist),
        *(Column("answer", question.key, "code") for question in checklist.questions),
        column(words, "comments"),
        column(words, "refused"),
    ]
    rows = [_observation_row(study, each) for each in study.scored]
    return table("Sessions_table", "", *_with_something(*without(columns, rows, _unsaid(study))))


def _kind(study: ReportedStudy, key: str) -> Kind:
    if key == "therapist" and len(study.scored) <= MOST_LINKS:
        return "person"
    return "date" if key == "date" else "code"


def _unsaid(study: ReportedStudy) -> set[str]:
    records = [each.observation for each in study.scored]
    unsaid = {key for key in ABOUT if not any(getattr(record, key) for record in records)}
    outcomes = {
        "gates": bool(study.checklist.gates),
        "flags": bool(study.checklist.flags),
        "comments": any(record.comments for record in records),
        "refused": any(record.refused for record in records),
    }
    return unsaid | {key for key, said in outcomes.items() if not said}


def _with_something(columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> tuple[Columns, Rows]:
    """Without the columns for the exception (why no score, which levels are possible) that no row needs."""
    empty = {
        number
        for number, column in enumerate(columns)
        if column.key in ("reason", "possible") and all(row[number] is None for row in rows)
    }
    kept = [number for number in range(len(columns)) if number not in empty]
    return [columns[number] for number in kept], [[row[number] for number in kept] for row in rows]


def _score_columns(words: Words, score: Score) -> list[Column]:
    title = titled(score)
    return [
        Column("score", _score_title(score), "number", exact_places(score)),
        column(words, "exact", "code", score=title),
        column(words, "reason", title=words.say("column.not_scored", score=title)),
    ]


def _result_columns(words: Words, result: Result) -> list[Column]:
    title = titled(result)
    return [level_column(words, result, "level", "code"), column(words, "possible", "code", result=title)]


def level_column(words: Words, result: Result, key: str, kind: Kind = "text") -> Column:
    """The column of a result's level."""
    title, level = titled(result), words.say("column.level")
    said = title if title.casefold() == level.casefold() else words.say("column.level_of", result=title)
    return Column(key, said, kind)


def _observation_row(study: ReportedStudy, each: Record) -> list[Value]:
    words, checklist, record = study.words, study.checklist, each.observation
    return [
        record.observation,
        *(getattr(record, key) or None for key in ABOUT),
        *(value for score in checklist.scores for value in _score_values(words, score, each.scored)),
        *(value for result in checklist.results for value in _result_values(result, each.scored)),
        _failing(checklist.gates, each.scored),
        _raised(checklist, each.scored),
        *listed(checklist, each.scored),
        *(record.answers.get(question.key) or None for question in checklist.questions),
        _comments(record),
        _refusals(record.refused),
    ]


def _score_values(words: Words, score: Score, scored: Scored | None) -> list[Value]:
    value = scored.scores.get(score.key) if scored else None
    if value is None or value.exact is None:
        why = words.say(f"not_scored.{value.not_scored}") if value and value.not_scored else None
        return [None, None, why]
    return [float(value.exact), str(value.exact), None]


def _result_values(result: Result, scored: Scored | None) -> list[Value]:
    value = scored.results.get(result.key) if scored else None
    if value is None:
        return [None, None]
    return [value.level, ", ".join(value.possible) if value.level is None and value.possible else None]


def _failing(gates: Sequence[Gate], scored: Scored | None) -> str | None:
    states = scored.gates if scored else {}
    return ", ".join(gate.key for gate in gates if states.get(gate.key) == "fails") or None


def _raised(checklist: Checklist, scored: Scored | None) -> str | None:
    states = scored.flags if scored else {}
    return ", ".join(flag.id for flag in checklist.flags if states.get(flag.id)) or None


def _comments(record: Observation) -> str | None:
    return "\n".join(f"{item}: {text}" for item, text in record.comments.items() if text) or None


def _refusals(problems: Iterable[Problem]) -> str | None:
    return "\n".join(f"{problem.code} {problem.message}" for problem in problems) or None


# ---- A study without a course: levels and scores over all sessions


def levels_tables(study: ReportedStudy) -> list[Table]:
    """How many observations reached each level: one table for all results that share their levels' names."""
    shared: dict[tuple[str, ...], list[Result]] = {}
    for result in study.checklist.results:
        shared.setdefault(_level_titles(result), []).append(result)
    return [_levels_table(study, titles, results) for titles, results in shared.items()]


def _levels_table(study: ReportedStudy, titles: tuple[str, ...], results: list[Result]) -> Table:
    words = study.words
    counts = [level_counts(study, result) for result in results]
    undecided = any(count[UNDECIDED] for count in counts)
    columns = [
        column(words, "result", "strong"),
        *(Column("level", title, "count") for title in titles),
        *([Column("level", undecided_word(words), "count")] if undecided else []),
    ]
    rows: Rows = [
        [
            titled(result),
            *(count[level.id] for level in result.levels),
            *([count[UNDECIDED]] if undecided else []),
        ]
        for result, count in zip(results, counts, strict=True)
    ]
    return table(f"Levels_{results[0].key.replace('.', '_')}", "", columns, rows)


def _level_titles(result: Result) -> tuple[str, ...]:
    return tuple(short(level.title or level.id) for level in result.levels)


def undecided_word(words: Words) -> str:
    """How an undecided level is called."""
    return words.say("column.undecided")


def level_counts(study: ReportedStudy, result: Result) -> Counter[str]:
    """Sessions by level, in the order of the levels; an undecided one counts under an empty name."""
    counts = Counter(dict.fromkeys([level.id for level in result.levels], 0))
    for records in study.sessions.values():
        level = session_level(records, result)
        if level is not None:
            counts[level] += 1
    return counts


def session_level(records: Sequence[Record], result: Result) -> str | None:
    """The lowest level that a rater's answers gave; undecided where none did, None where none applies."""
    values = [each.scored.results[result.key] for each in records if each.scored]
    reached = {value.level for value in values}
    lowest = next((level.id for level in result.levels if level.id in reached), None)
    return lowest or (UNDECIDED if any(value.possible for value in values) else None)


def scores_table(study: ReportedStudy) -> Table:
    """Every score over all sessions: how many, average, lowest, highest, and each session as a bar."""
    words = study.words
    columns = [
        column(words, "score", "strong"),
        column(words, "all_sessions", "bars"),
        column(words, "mean", "number", 2, unit=""),
        column(words, "lowest", "number", 2),
        column(words, "highest", "number", 2),
        column(words, "scored", "count"),
    ]
    rows = [_over_sessions(study, score) for score in study.checklist.scores]
    return table("Scores_table", "", columns, rows)


def _over_sessions(study: ReportedStudy, score: Score) -> list[Value]:
    values = [float(value) for value in session_values(study, score) if value is not None]
    how = measure(score)
    name = _score_title(score)
    if not values:
        return [name, None, None, None, None, 0]
    latest = tuple(values[-MOST_BARS:])
    lowest, highest = how.axis(values)
    bars = Bars(latest, len(latest), min(0.0, lowest), highest, exact_places(score))
    return [name, bars, fmean(values), min(values), max(values), len(values)]


def session_values(study: ReportedStudy, score: Score) -> list[Fraction | None]:
    """The score of each session, the mean of its raters; None where nobody could score it."""
    return [_mean_exact(records, score) for records in study.sessions.values()]


def _places(study: ReportedStudy, score: Score) -> int:
    """The places of a column of sessions; a count shared by two raters can lie between two whole numbers."""
    between = any(value is not None and value.denominator > 1 for value in session_values(study, score))
    return max(exact_places(score), 1 if between else 0)


def _mean_exact(records: Sequence[Record], score: Score) -> Fraction | None:
    found = [
        each.scored.scores[score.key].exact
        for each in records
        if each.scored and score.key in each.scored.scores
    ]
    values = [value for value in found if value is not None]
    return sum(values, Fraction()) / len(values) if values else None


def sessions_table(study: ReportedStudy) -> Table:
    """One row per session: its scores, and its levels in words."""
    words, checklist = study.words, study.checklist
    columns = [
        column(words, "session", "strong"),
        *_subject_columns(study),
        *(level_column(words, result, "words") for result in checklist.results),
        *(
            Column("number", _score_title(score), "number", _places(study, score))
            for score in checklist.scores
        ),
        *amount_columns(study),
    ]
    rows = [
        [
            records[0].observation.occasion,
            *([records[0].observation.therapist or None] if _subject_columns(study) else []),
            *_levels(words, records, checklist),
            *_means(records, checklist),
            *amounts(study, records),
        ]
        for records in study.sessions.values()
    ]
    return table("By_session_table", "", columns, rows)


def _subject_columns(study: ReportedStudy) -> Columns:
    """Who or what was rated, where no sheet of their own says it: a checklist without a score has none."""
    named = any(each.observation.therapist for each in study.scored)
    return [Column("number", study.words.say("column.therapist"))] if named and study.headline is None else []


def _score_title(score: Score) -> str:
    return titled(score) + (" %" if score.kind == "percent" else "")


def _means(records: Sequence[Record], checklist: Checklist) -> list[Value]:
    values = [_mean_exact(records, score) for score in checklist.scores]
    return [None if value is None else float(value) for value in values]


def _levels(words: Words, records: Sequence[Record], checklist: Checklist) -> list[Value]:
    return [_level_words(words, records, result) for result in checklist.results]


def _level_words(words: Words, records: Sequence[Record], result: Result) -> str | None:
    titles = {level.id: short(level.title or level.id) for level in result.levels}
    level = session_level(records, result)
    return None if level is None else titles.get(level, undecided_word(words))


def levels_sentence(study: ReportedStudy, person: TherapistSummary) -> str:
    """In how many sessions a therapist reached each level, the highest first, result by result."""
    results = [result for result in study.checklist.results if result.key in person.levels]
    return joined(*(_result_levels(study, result, person) for result in results))


def _result_levels(study: ReportedStudy, result: Result, person: TherapistSummary) -> str:
    words, counts = study.words, person.levels[result.key]
    titles = {level.id: short(level.title or level.id) for level in result.levels}
    reached = [
        words.say("therapist.level", level=titles[level.id], number=counts[level.id])
        for level in reversed(result.levels)
        if counts.get(level.id)
    ]
    rest = study.observed(person.therapist) - sum(counts.values())
    said = [*reached, words.say("therapist.undecided", number=rest)] if rest else reached
    return f"{titled(result)}: {words.listed(said)}" if reached else ""
