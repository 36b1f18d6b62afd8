"""The outcomes of the same records: by columns, by the evaluator of rows, and naively."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import naive
import polars as pl

from fidelity.evaluate.columns.row_by_row import every_row, outcome_types
from fidelity.evaluate.columns.scored import Scorer
from fidelity.evaluate.columns.table import table
from fidelity.evaluate.evaluator import Evaluator
from fidelity.model.checklist import Checklist
from fidelity.model.number import read_number
from fidelity.model.score import Reason, Scored, because

Outcomes = list[dict[str, object]]
Records = Sequence[Mapping[str, str]]


def by_columns(checklist: Checklist, records: Records) -> Outcomes:
    return reduced(
        table(checklist, frame_of(checklist, records).lazy()).collect().select(*outcome_types(checklist))
    )


def by_rows(checklist: Checklist, records: Records) -> Outcomes:
    return reduced(every_row(checklist, frame_of(checklist, records)).select(*outcome_types(checklist)))


def naively(checklist: Checklist, records: Records) -> Outcomes:
    return in_columns(checklist, [naive.outcomes(checklist, record) for record in records])


def in_columns(checklist: Checklist, found: Outcomes) -> Outcomes:
    """What was found of each record, under the names of a table; a refused one has only what is at fault."""
    names = outcome_types(checklist)
    return reduced(pl.DataFrame([{name: each.get(name) for name in names} for each in found], schema=names))


def reasons_by_rows(evaluate: Evaluator, record: Mapping[str, str]) -> dict[str, Reason]:
    """Why each score, result and gate of a record is what it is, as the evaluator of rows says."""
    checklist = evaluate.checklist
    scored = evaluate(
        {key: record.get(key) for key in checklist.question},
        {key: record.get(f"fact.{key}") for key in checklist.fact},
        minutes=read_number(record.get("minutes", "")),
    )
    assert all(each.because == because(each.reason) for each in scored.results.values())
    return reasons_of(scored)


def names_by_columns(checklist: Checklist, records: Records) -> list[dict[str, tuple[str, ...]]]:
    """The names of what decided each result of a record, as columns say; none of a refused one.

    The records come in two parts, as what was met in the first is remembered in the second.
    """
    scorer, frame = Scorer(checklist), frame_of(checklist, records)
    half = len(frame) // 2
    parts = [scorer.score(each) for each in (frame[:half], frame[half:])]
    return [
        {} if at is None else dict(found.told[at].because)
        for found in parts
        for at in found.pattern.to_list()
    ]


def reasons_of(scored: Scored) -> dict[str, Reason]:
    return {
        **{key: each.reason for key, each in scored.scores.items()},
        **{key: each.reason for key, each in scored.results.items()},
        **{f"gate.{key}": each for key, each in scored.gate_reasons.items()},
    }


def reduced(frame: pl.DataFrame) -> Outcomes:
    """The rows, every fraction in lowest terms."""
    return [_reduced(row) for row in frame.iter_rows(named=True)]


def _reduced(row: Mapping[str, object]) -> dict[str, object]:
    found = dict(row)
    for name in row:
        end = name.removesuffix(".top")
        top, bottom = row[name], row.get(f"{end}.bottom")
        if end != name and isinstance(top, int) and isinstance(bottom, int):
            found[name], found[f"{end}.bottom"] = Fraction(top, bottom).as_integer_ratio()
    return found


def frame_of(checklist: Checklist, records: Records) -> pl.DataFrame:
    """The records as a table that has every question, in text."""
    names = dict.fromkeys([*checklist.question, *(name for each in records for name in each)])
    return pl.DataFrame({name: [each.get(name, "") for each in records] for name in names})
