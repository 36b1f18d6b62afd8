"""The columns of a stored observation, some of them changed -> the observation, checked like any other."""

from collections.abc import Mapping
from dataclasses import replace

from fidelity.errors import Problem
from fidelity.model.checklist import Checklist
from fidelity.model.columns import subject_column
from fidelity.model.observation import Observation
from fidelity.observe import Reading, reading
from fidelity.observe.match import Matching, columns_of, judge_of, observation
from fidelity.observe.table import Row, Spot, Table
from fidelity.place import Place


def corrected(columns: Mapping[str, str], checklist: Checklist, file: str, name: str) -> Reading:
    """The one observation that the columns say, with all that does not fit the checklist, by its name."""
    spots = {at: Spot(Place(file), {"kept_as": name, "column": column}) for at, column in enumerate(columns)}
    row = Row(1, list(columns.values()), spots)
    table = Table(file, "records", tuple(columns), iter(()), complete=False)
    known, problems = columns_of(table, checklist, ())
    about = checklist.about
    matching = Matching(known, judge_of(checklist), about.language, subject_column(about.unit))
    found: list[Observation | Problem] = [*problems, observation(table, row, matching, name)]
    read = reading(found, ())
    return replace(read, problems=tuple(_of_one(each, name) for each in read.problems))


def _of_one(problem: Problem, name: str) -> Problem:
    """What is told of a whole table, told of its only observation."""
    if "rows" not in problem.facts:
        return problem
    facts = {
        "kept_as": name,
        "nobody": problem.facts["no_therapist"] and "nobody",
        "undated": problem.facts["no_date"] and "undated",
        "left_out": "left_out",
    }
    return replace(problem, facts=facts)
