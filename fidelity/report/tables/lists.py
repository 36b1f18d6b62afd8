"""Lists and marks of scored observations -> plain tables: what is named how often, and per observation."""

from collections import Counter
from collections.abc import Iterable, Sequence

from fidelity.model.checklist import Checklist, Flag, Listing
from fidelity.model.observation import Observation
from fidelity.model.score import Scored, ScoredObservation
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.people import column
from fidelity.report.tables.table import Column, Table, Value, table

Record = ScoredObservation[Observation]


def lists_table(study: ReportedStudy) -> Table:
    """Each list with what stands in it, and in how many sessions; the most frequent first."""
    words = study.words
    columns = [
        column(words, "listed", "strong"),
        column(words, "list", "topic"),
        column(words, "list_sessions", "count"),
        column(words, "list_of", "count"),
    ]
    rows = [row for each in study.checklist.lists for row in _list_rows(study, each)]
    return table("Lists", "", columns, rows)


def _list_rows(study: ReportedStudy, listing: Listing) -> Iterable[list[Value]]:
    sessions = [set(_named(records, listing)) for records in study.sessions.values()]
    counts = Counter(name for named in sessions for name in named)
    order = {name: at for at, name in enumerate(_names(study.checklist))}
    for name in sorted(counts, key=lambda each: (-counts[each], order[each])):
        yield [listed_title(study.checklist, name), listing.title, counts[name], len(sessions)]


def _named(records: Sequence[Record], listing: Listing) -> list[str]:
    """What any rater of the session has in the list."""
    found = (each.scored.lists[listing.id] for each in records if each.scored)
    return list(dict.fromkeys(name for names in found for name in names))


def _names(checklist: Checklist) -> list[str]:
    """All that a list can name, in the order of the checklist; an item and a group never share an id."""
    return [*checklist.item, *checklist.group, *(each.name for each in checklist.results)]


def listed_title(checklist: Checklist, name: str) -> str:
    """What a list names, in words: an item, or a group by its level."""
    if name in checklist.item:
        return checklist.item[name].title
    if name in checklist.group:
        return checklist.group[name].title
    return next((each.title for each in checklist.results if each.name == name), name)


def flags_table(study: ReportedStudy) -> Table:
    """Each mark, and in how many sessions it is raised."""
    words = study.words
    columns = [
        column(words, "flag", "strong"),
        column(words, "list_sessions", "count"),
        column(words, "list_of", "count"),
    ]
    rows: list[list[Value]] = [
        [each.title, number, len(study.sessions)]
        for each in study.checklist.flags
        if (number := _raised_in(study, each))
    ]
    return table("Marks", "", columns, rows)


def _raised_in(study: ReportedStudy, flag: Flag) -> int:
    return sum(
        any(each.scored.flags[flag.id] for each in records if each.scored)
        for records in study.sessions.values()
    )


# ---- beside the answers of each observation


def list_columns(checklist: Checklist) -> list[Column]:
    """A column a list."""
    return [Column("lists", each.title) for each in checklist.lists]


def listed(checklist: Checklist, scored: Scored | None) -> list[Value]:
    """The ids in each list; nothing where it is empty."""
    lists = scored.lists if scored else {}
    return [", ".join(lists.get(each.id, ())) or None for each in checklist.lists]


# ---- beside the session, where no score says how it went


def amount_columns(study: ReportedStudy) -> list[Column]:
    """How much stands in each list, and what is to look at; only without a score."""
    if study.checklist.scores:
        return []
    counts = [Column("number", each.title, "count") for each in study.checklist.lists]
    flags = [Column("words", study.words.say("column.flags"))] if study.checklist.flags else []
    return [*counts, *flags]


def amounts(study: ReportedStudy, records: Sequence[Record]) -> list[Value]:
    """The values of these columns."""
    checklist = study.checklist
    if checklist.scores:
        return []
    raised = [
        flag.title
        for flag in checklist.flags
        if any(each.scored.flags[flag.id] for each in records if each.scored)
    ]
    counts: list[Value] = [len(_named(records, each)) for each in checklist.lists]
    return [*counts, *(["; ".join(raised) or None] if checklist.flags else [])]
