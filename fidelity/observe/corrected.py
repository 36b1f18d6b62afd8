"""The columns of a stored observation, some of them changed -> the observation, checked like any other."""

from collections.abc import Mapping

from fidelity.errors import Problem
from fidelity.model.checklist import Checklist
from fidelity.model.columns import subject_column
from fidelity.model.observation import Observation
from fidelity.observe import Reading, reading
from fidelity.observe.match import Matching, columns_of, judge_of, observation
from fidelity.observe.table import Row, Table


def corrected(columns: Mapping[str, str], checklist: Checklist, file: str, entry: int) -> Reading:
    """The one observation that the columns say, with everything that does not fit the checklist."""
    row = Row(entry, list(columns.values()))
    table = Table(file, "records", tuple(columns), iter(()), complete=False)
    known, problems = columns_of(table, checklist, ())
    about = checklist.about
    matching = Matching(known, judge_of(checklist), about.language, subject_column(about.unit))
    found: list[Observation | Problem] = [*problems, observation(table, row, matching, str(entry))]
    return reading(found, ())
