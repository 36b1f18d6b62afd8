"""Scores record by record, each with its reasons; what `--engine row` does."""

from typing import Any

import click

from fidelity.cli.printing import Printing, table
from fidelity.cli.scoring import (
    Asked,
    concluded,
    heads,
    identity,
    refusals,
    said_of_file,
    stop_for_wrong_data,
)
from fidelity.evaluate.evaluator import compile
from fidelity.evaluate.outcome import as_json
from fidelity.files import write_whole
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.score import ScoredObservation
from fidelity.observe import Reading, read


def score(printing: Printing, asked: Asked) -> None:
    """Reads, scores and writes."""
    model = asked.checklist
    with refusals(asked) as refused:
        reading = read(asked.data, model, asked.ignore)
        for each in reading.observations:
            if each.refused:
                refused.add(each)
        stop_for_wrong_data(asked, reading.problems, refused)
        scored = _scored(model, reading)
    if asked.out is not None:
        good = [each for each in scored if each.scored is not None]
        write_whole(asked.out, _file(asked.out.suffix, asked, good))
        said_of_file(printing, asked.out, len(good))
    elif printing.format == "json":
        printing.json(_document(asked, scored))
    else:
        click.echo(_as_table(model, scored))
    concluded(printing, asked, reading.problems, refused)


def _scored(checklist: Checklist, reading: Reading) -> list[ScoredObservation[Observation]]:
    """Every record of the data; a refused one without scores."""
    evaluator = compile(checklist)
    return [
        ScoredObservation(each, None if each.refused else evaluator.score(each))
        for each in reading.observations
    ]


def _document(asked: Asked, scored: list[ScoredObservation[Observation]]) -> dict[str, Any]:
    rows = [as_json(asked.checklist, each.observation, each.scored) for each in scored]
    return {"checklist": identity(asked.checklist), "engine": asked.engine, "observations": rows}


def _file(ending: str, asked: Asked, scored: list[ScoredObservation[Observation]]) -> bytes:
    if ending == ".json":
        return Printing.as_text(_document(asked, scored)).encode()
    from fidelity.report import scored_table  # noqa: PLC0415 - a workbook library that scoring alone need not load

    columns = scored_table.columns(asked.checklist, scored)
    if ending == ".parquet":
        from fidelity.report import scored_columns  # noqa: PLC0415 - as is a data-frame library

        return scored_columns.parquet(asked.checklist, columns)
    return scored_table.csv(columns) if ending == ".csv" else scored_table.xlsx(columns)


def _as_table(checklist: Checklist, scored: list[ScoredObservation[Observation]]) -> str:
    return table(heads(checklist), [_row(checklist, each) for each in scored])


def _row(checklist: Checklist, each: ScoredObservation[Observation]) -> list[str]:
    found = as_json(checklist, each.observation, each.scored)
    if each.scored is None:
        return [
            each.observation.observation,
            "refused",
            *[""] * (len(checklist.score) + len(checklist.result)),
        ]
    scores = [value["shown"] or "not scored" for value in found["scores"].values()]
    results = [value["level"] or " or ".join(value["possible"]) or "-" for value in found["results"].values()]
    flags = ", ".join(name for name, raised in found["flags"].items() if raised)
    return [each.observation.observation, *scores, *results, flags]
