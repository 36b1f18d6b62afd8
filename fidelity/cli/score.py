"""`fidelity score`: observations to scores, levels, gates and flags."""

from pathlib import Path
from typing import Any

import click

from fidelity.cli.observing import data_argument, ignore_option, keep_good_option
from fidelity.cli.opening import opened
from fidelity.cli.printing import Printing, counted, format_option, library_option, table
from fidelity.errors import ProblemsFound, errors_in
from fidelity.evaluate.evaluator import compile
from fidelity.evaluate.outcome import as_json
from fidelity.files import write_whole
from fidelity.model.adaptation import Origin
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.score import ScoredObservation
from fidelity.observe import Reading, read

ENDINGS = (".json", ".csv", ".xlsx")


def _ending(_ctx: click.Context, _parameter: click.Parameter, out: Path | None) -> Path | None:
    if out is not None and out.suffix not in ENDINGS:
        raise click.UsageError(f"The name after -o must end in {', '.join(ENDINGS)}; {out.name} does not.")
    return out


@click.command("score")
@click.argument("checklist")
@data_argument
@click.option(
    "--engine", type=click.Choice(["row"]), default="row", show_default=True, help="What works it out."
)
@click.option("-o", "out", type=click.Path(path_type=Path), callback=_ending, help="A file to write instead.")
@ignore_option
@keep_good_option
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    checklist: str,
    data: tuple[str, ...],
    engine: str,
    out: Path | None,
    ignore: tuple[str, ...],
    keep_good: bool,
    libraries: tuple[str, ...],
) -> None:
    """Score observations with a checklist.

    DATA are CSV, XLSX or JSON files, or the folder of a study.

    \b
    Example:
      fidelity score pm_plus/individual/session_2 observations.csv
      fidelity score scoring/miti_4_2_1 sessions.csv --format json
    """
    model = opened(checklist, libraries, printing)
    reading = read([Path(name) for name in data], model, ignore)
    if errors_in(reading.problems):
        raise ProblemsFound(reading.problems)
    scored = _scored(model, reading)
    bad = [problem for each in reading.observations for problem in each.refused]
    if out is not None and bad and not keep_good:
        raise ProblemsFound([*reading.problems, *bad])
    if out is not None:
        good = [each for each in scored if each.scored is not None]
        write_whole(out, _file(out.suffix, model, engine, good))
        printing.say(f"{out}: {counted(len(good), 'observation')} scored.")
    elif printing.format == "json":
        printing.json(_document(model, engine, scored))
    else:
        click.echo(_as_table(model, scored))
    printing.problems([*reading.problems, *bad])
    if bad and keep_good:
        left_out = ", ".join(each.observation for each in reading.observations if each.refused)
        printing.say(f"Left out: {left_out}.")
    printing.status = 1 if bad and not keep_good else 0


def _scored(checklist: Checklist, reading: Reading) -> list[ScoredObservation[Observation]]:
    """Every record of the data; a refused one without scores."""
    evaluator = compile(checklist)
    return [
        ScoredObservation(each, None if each.refused else evaluator.score(each))
        for each in reading.observations
    ]


def _document(
    checklist: Checklist, engine: str, scored: list[ScoredObservation[Observation]]
) -> dict[str, Any]:
    identity: dict[str, Any] = {
        "id": checklist.id,
        "version": checklist.about.version,
        "fingerprint": checklist.fingerprint,
    }
    if checklist.origin is not None:
        identity |= _origin(checklist.origin)
    rows = [as_json(checklist, each.observation, each.scored) for each in scored]
    return {"checklist": identity, "engine": engine, "observations": rows}


def _origin(origin: Origin) -> dict[str, Any]:
    """What results of an adapted checklist carry: its base, its own text, and the deviations in use."""
    base = origin.base
    return {
        "adapts": {"id": base.id, "version": base.about.version, "fingerprint": origin.fingerprint},
        "adaptation_fingerprint": origin.own_fingerprint,
        "deviations": [each.id for each in origin.active],
    }


def _file(
    ending: str, checklist: Checklist, engine: str, scored: list[ScoredObservation[Observation]]
) -> bytes:
    if ending == ".json":
        return Printing.as_text(_document(checklist, engine, scored)).encode()
    from fidelity.report import scored_table  # noqa: PLC0415 - a workbook library that scoring alone need not load

    columns = scored_table.columns(checklist, scored)
    return scored_table.csv(columns) if ending == ".csv" else scored_table.xlsx(columns)


def _as_table(checklist: Checklist, scored: list[ScoredObservation[Observation]]) -> str:
    head = ["observation", *checklist.score, *checklist.result, "flags"]
    return table(head, [_row(checklist, each) for each in scored])


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
