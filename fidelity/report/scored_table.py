"""Scored observations -> one flat table, as CSV or as a workbook with a single sheet."""

from collections.abc import Sequence
from fractions import Fraction

from openpyxl import Workbook

from fidelity.errors import WrongUse
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.score import Scored, ScoredObservation, shown_score
from fidelity.shield import csv_field
from fidelity.spreadsheet import put, save_bytes

Columns = dict[str, list[str]]
MOST_ROWS = 1_048_575  # below the heading of a sheet

KNOWN = ("observation", "session", "therapist", "client", "rater", "rater_role", "evidence", "site", "date")


def columns(checklist: Checklist, scored: Sequence[ScoredObservation[Observation]]) -> Columns:
    """Who and when, then for each score its value, exact value and counts, then levels, gates and flags."""
    rows = [_row(checklist, each.observation, each.scored) for each in scored if each.scored is not None]
    empty: list[str] = []
    names = list(rows[0]) if rows else empty
    return {name: [row[name] for row in rows] for name in names}


def _row(checklist: Checklist, observation: Observation, scored: Scored) -> dict[str, str]:
    row = {name: str(getattr(observation, name) or "") for name in KNOWN}
    for key, value in scored.scores.items():
        row[key] = "" if value.exact is None else shown_score(checklist.score[key], value.exact)
        row[f"{key}.exact"] = exact_text(value.exact)
        row[f"{key}.answered"] = str(value.answered)
        row[f"{key}.applicable"] = str(value.applicable)
    for key, result in scored.results.items():
        row[key] = result.level or ""
        row[f"{key}.possible"] = ", ".join(result.possible)
        row[f"{key}.because"] = ", ".join(result.because)
    row.update({f"gate.{key}": state for key, state in scored.gates.items()})
    row.update({f"flag.{name}": flag_word(raised=raised) for name, raised in scored.flags.items()})
    return row


def exact_text(value: Fraction | None) -> str:
    """The exact number, or the blank."""
    return "" if value is None else str(value)


def flag_word(*, raised: bool | None) -> str:
    """What the table says of a flag."""
    return "undecided" if raised is None else "yes" if raised else "no"


def csv(table: Columns) -> bytes:
    """The table as CSV; text that a spreadsheet program would run is kept text."""
    lines = [table.keys(), *zip(*table.values(), strict=True)]
    return "".join(",".join(csv_field(cell) for cell in line) + "\r\n" for line in lines).encode()


def xlsx(table: Columns, title: str = "Scored") -> bytes:
    """The table as a workbook with one sheet; every cell is text."""
    rows = len(next(iter(table.values()), ()))
    if rows > MOST_ROWS:
        raise WrongUse(
            f"A workbook holds {MOST_ROWS:,} rows at most, and these are {rows:,}: write .csv or .parquet."
        )
    workbook = Workbook()
    sheet = workbook.active or workbook.create_sheet()
    sheet.title = title
    for at, line in enumerate([table.keys(), *zip(*table.values(), strict=True)], start=1):
        for column, cell in enumerate(line, start=1):
            put(sheet.cell(at, column), cell)
    sheet.freeze_panes = "B2"
    return save_bytes(workbook)
