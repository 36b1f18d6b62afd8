"""Observations and today -> a warning for each whose session lies in days to come."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fidelity.errors import Problem
from fidelity.model.observation import Observation
from fidelity.observe.files import READABLE, RECORDS
from fidelity.observe.form_file import form_file, row_and_column
from fidelity.observe.form_parts import is_form
from fidelity.observe.saved_form import is_saved
from fidelity.observe.table import column_letters
from fidelity.place import Place

MOST_TOLD = 5
ONE_DAY = timedelta(days=1)  # it may be tomorrow already where the session was


def today() -> date:
    """The day by the clock of this computer."""
    return datetime.now(UTC).date()


def days_to_come(observations: Iterable[Observation], now: date, *, kept: bool = False) -> Iterator[Problem]:
    """RB505 as a warning: nobody has seen a session of tomorrow; `kept` says that it goes into a study."""
    late = [each for each in observations if each.date is not None and each.date - now > ONE_DAY]
    for each in late[:MOST_TOLD]:
        place, where = _spot(each)
        facts = {
            "future": str(each.date),
            "today": str(now),
            "kept_as" if kept else "in_form": each.observation,
        }
        yield Problem("RB505", place, {**where, **facts}, graded="warning")
    if len(late) > MOST_TOLD:
        more = {"more_future": len(late) - MOST_TOLD}
        yield Problem("RB505", Place(late[0].place.file), more, graded="warning")


def _spot(each: Observation) -> tuple[Place, Mapping[str, object]]:
    """Where the date stands, as people who have the file see it."""
    path, line = Path(each.place.file), each.place.line
    if is_form(path):
        form = form_file(path)
        cell = next(entry.cell for entry in form.entries if entry.column == "date")
        column = row_and_column(cell)[1]
        return form.spot(f"{column_letters(column - 1)}{line}" if form.is_keyed else cell, "date")
    if is_saved(path):
        return each.place, {"form_session": line}
    ending = path.suffix.lower()
    if ending not in READABLE:  # a study's store: its lines are no numbers that anybody knows
        return Place(each.place.file), {}
    return each.place, {"record" if ending in RECORDS else "row": line}
