"""Every number can be followed: links from sessions to their rows, from columns to items and rules."""

from collections.abc import Iterator, Mapping
from typing import Literal

from fidelity.report.reported import ReportedStudy
from fidelity.report.sheets.records import SESSIONS_HEAD, Written
from fidelity.report.sheets.sheet import Book, link
from fidelity.report.words import titled
from fidelity.spreadsheet import put


def rows_of_sessions(study: ReportedStudy) -> Mapping[str, int]:
    """In which row of the sheet Sessions each observation stands, and each session with its first one."""
    rows: dict[str, int] = {}
    for at, each in enumerate(study.scored, start=SESSIONS_HEAD + 1):
        rows.setdefault(each.observation.observation, at)
    for at, each in enumerate(study.scored, start=SESSIONS_HEAD + 1):
        rows.setdefault(each.observation.occasion, at)
    return rows


def link_columns(book: Book, sessions: Written, method: Written, items: Written) -> None:
    """A word above each column of Sessions leads to the item, or to the rule that made the column.

    Not the heading itself: LibreOffice shows a link in a colour of its own, unreadable on a dark heading, and
    on one line, so that half of the heading is cut off.
    """
    questions = {row[0]: items.laid.first + at for at, row in enumerate(items.table.rows)}
    rules = dict(_rules(book.study, method))
    for at, column in enumerate(sessions.table.columns, start=sessions.laid.left):
        if column.key == "answer" and column.title in questions:
            _lead(book, sessions, at, "item", f"A{questions[column.title]}")
        elif column.title in rules:
            _lead(book, sessions, at, "rule", f"A{rules[column.title]}")


def _lead(book: Book, sessions: Written, column: int, key: Literal["item", "rule"], to: str) -> None:
    sheet, at = book.workbook[book.tabs["sessions"]], (sessions.laid.head - 1, column)
    put(sheet.cell(*at), book.readable(book.study.words.say(f"column.{key}"), "FID Follow"), "FID Follow")
    link(sheet, at, book.tabs["items" if key == "item" else "method"], to)


def _rules(study: ReportedStudy, method: Written) -> Iterator[tuple[str, int]]:
    """The heading of each score and result in Sessions, with the row of its rule in Method."""
    rows: dict[tuple[object, object], int] = {}
    for at, row in enumerate(method.table.rows):
        rows.setdefault((row[0], row[1]), method.laid.first + at)
    words = study.words
    for topic, named in (("scores", study.checklist.scores), ("results", study.checklist.results)):
        for each in named:
            found = rows.get((words.say(f"method.topic.{topic}"), titled(each)))
            if found is not None:
                yield from ((title, found) for title in _headings(study, titled(each)))
    for topic, key in (("gates", "gates"), ("flags", "flags")):
        first = next(
            (at for (kind, _), at in rows.items() if kind == words.say(f"method.topic.{topic}")), None
        )
        if first is not None:
            yield words.say(f"column.{key}"), first


def _headings(study: ReportedStudy, title: str) -> tuple[str, ...]:
    words = study.words
    exact, level = words.say("column.exact", score=title), words.say("column.level_of", result=title)
    return title, f"{title} %", exact, level
