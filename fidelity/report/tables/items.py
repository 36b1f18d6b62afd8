"""Items over all ratings -> plain tables: how often missed, left open, answered how; which items fell."""

from collections.abc import Sequence

from fidelity.model.scale import Scale
from fidelity.model.summary import AnsweredItem, TherapistSummary
from fidelity.report.reported import ReportedStudy
from fidelity.report.status import trend_status
from fidelity.report.tables.agreement import part_of
from fidelity.report.tables.people import column
from fidelity.report.tables.person import item_title
from fidelity.report.tables.table import Column, Table, Value, table, without
from fidelity.report.words import short

APART = ("missing", "not_observed", "declined", "not_applicable")


def items_analysis_table(study: ReportedStudy) -> Table:
    """One row a question, the most often missed first; those that nobody can miss stand last."""
    words = study.words
    items = sorted(study.beside.items, key=_most_missed)
    columns = [
        column(words, "item", "strong"),
        column(words, "part"),
        column(words, "rated", "count"),
        column(words, "missed", "count"),
        column(words, "missed_share", "number"),
        column(words, "shown_share", "number"),
        *(column(words, f"apart_{kind}", "count") for kind in APART),
        column(words, "rest", "number", 2),
        column(words, "rest_sessions", "count"),
    ]
    rows = [_row(study, each) for each in items]
    absent = {f"apart_{kind}" for kind in APART if not any(each.apart.get(kind) for each in items)}
    absent |= set() if study.checklist.groups else {"part"}
    absent |= set() if any(each.rest is not None for each in items) else {"rest", "rest_sessions"}
    return table("Item_analysis", "", *without(columns, rows, absent))


def _most_missed(each: AnsweredItem) -> tuple[bool, float]:
    return each.missed is None, -(each.missed or 0) / each.rated if each.rated else 0.0


def _row(study: ReportedStudy, each: AnsweredItem) -> list[Value]:
    return [
        item_title(study.checklist, each.item),
        part_of(study, each.item),
        each.rated,
        each.missed,
        _percent(each.missed, each.rated),
        _percent(each.shown, each.rated),
        *(each.apart.get(kind, 0) for kind in APART),
        each.rest,
        each.rest_sessions if each.rest is not None else None,
    ]


def _percent(part: int | None, whole: int) -> float | None:
    return None if part is None or not whole else 100 * part / whole


# ---- answers


def answer_tables(study: ReportedStudy) -> list[Table]:
    """Percent of the ratings with each answer: one table for all questions that share a scale."""
    gathered: dict[tuple[tuple[str, str], ...], list[AnsweredItem]] = {}
    for each in study.beside.items:
        answers = answers_of(study.checklist.question[each.item].scale)
        if each.rated and answers:
            gathered.setdefault(answers, []).append(each)
    return [
        _answers(study, answers, items, number)
        for number, (answers, items) in enumerate(gathered.items(), start=1)
    ]


def answers_of(scale: Scale) -> tuple[tuple[str, str], ...]:
    """The answers of a scale that can be counted, with their names, the fewest points first."""
    listed = [each for each in scale.choices if each.means is None]
    if scale.span is not None or not listed:
        return ()
    if all(each.points is not None for each in listed):
        listed = sorted(listed, key=lambda each: each.points or 0)
    return tuple((each.id, short(each.title or each.id)) for each in listed)


def _answers(
    study: ReportedStudy, answers: Sequence[tuple[str, str]], items: Sequence[AnsweredItem], number: int
) -> Table:
    words = study.words
    columns = [
        column(words, "item", "strong"),
        *(Column("answer_share", title, "number") for _, title in answers),
        column(words, "rated", "count"),
    ]
    rows: list[list[Value]] = [
        [
            item_title(study.checklist, each.item),
            *(100 * each.answers.get(code, 0) / each.rated for code, _ in answers),
            each.rated,
        ]
        for each in items
    ]
    return table(f"Answers_{number}", "", columns, rows)


# ---- items that fell


def fallen_table(study: ReportedStudy) -> Table:
    """Items that fell for a therapist, the surest first, beside what the average did."""
    words = study.words
    columns = [
        column(words, "therapist", "person"),
        column(words, "item", "strong"),
        column(words, "first_half", "number"),
        column(words, "last_half", "number"),
        column(words, "fall", "change"),
        column(words, "ratings_each", "count"),
        column(words, "trend", "status"),
    ]
    found = [(each, person, score) for person, score in study.people for each in person.fallen]
    rows: list[list[Value]] = [
        [
            person.therapist,
            item_title(study.checklist, each.item),
            each.first,
            each.last,
            each.last - each.first,
            each.n_first,
            trend_status(words, score),
        ]
        for each, person, score in sorted(found, key=lambda one: (one[0].p, one[1].therapist))
    ]
    return table("Fallen_items", "", columns, rows)


def own_fallen_table(study: ReportedStudy, person: TherapistSummary, number: int) -> Table:
    """The items that fell for one therapist, for the sheet of that person."""
    words = study.words
    columns = [
        column(words, "item", "strong"),
        column(words, "first_half", "number"),
        column(words, "last_half", "number"),
        column(words, "fall", "change"),
    ]
    rows: list[list[Value]] = [
        [item_title(study.checklist, each.item), each.first, each.last, each.last - each.first]
        for each in person.fallen
    ]
    return table(f"Fallen_{number}", "", columns, rows)
