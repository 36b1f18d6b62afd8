"""`fidelity diff`: what changed between two versions, and whose results move."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from fidelity.cli.observing import ignore_option, keep_good_option
from fidelity.cli.opening import opened_any
from fidelity.cli.printing import Printing, counted, format_option, library_option, table
from fidelity.compare.difference import Aloud, Difference
from fidelity.compare.effect import MEANING, Comparability, comparability, smallest_honest_bump
from fidelity.compare.frame import frame_table
from fidelity.compare.model_difference import comparability_of, differences
from fidelity.compare.programme_difference import programme_differences
from fidelity.compare.score_difference import Levels, Moved, moved_results, ways
from fidelity.errors import Problem, ProblemsFound, WrongUse, errors_in
from fidelity.evaluate.evaluator import Evaluator, compile
from fidelity.files import write_whole
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.programme import Programme
from fidelity.observe import Reading, read
from fidelity.report.tables.rules import condition_in_words, formula_in_words

Compared = Checklist | Programme

ENDINGS = (".xlsx", ".csv", ".json")


def _ending(_ctx: click.Context, _parameter: click.Parameter, out: Path | None) -> Path | None:
    if out is not None and out.suffix not in ENDINGS:
        raise click.UsageError(
            f"The name after --frame must end in {', '.join(ENDINGS)}; {out.name} does not."
        )
    return out


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.argument("data", nargs=-1)
@click.option(
    "--frame",
    type=click.Path(path_type=Path),
    callback=_ending,
    help="A file for the FRAME table of NEW, an adaptation: .xlsx, .csv or .json.",
)
@ignore_option
@keep_good_option
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    old: str,
    new: str,
    data: tuple[str, ...],
    frame: Path | None,
    ignore: tuple[str, ...],
    keep_good: bool,
    libraries: tuple[str, ...],
) -> None:
    """Say what changed from OLD to NEW in meaning, what can still be compared, and whose result moves.

    OLD and NEW are two versions of a checklist or of a programme, or one of them and its adaptation. DATA
    are observations made with either checklist; both versions score them. Of an adaptation, the FRAME table
    is shown too: each change with its reason, whether it was planned, whether it keeps to the base, and the
    deviation that allows it.

    \b
    The comparability of the scores is one of four classes:
      A  scoring is identical
      B  the same items; only wording, translations or examples changed
      C  items stand in the place of others; range, number and marks are the same
      D  range, number of items, mark, band or gate changed: compare the items that both have

    \b
    Example:
      fidelity diff session_2.rubric session_2_new.rubric observations.csv
      fidelity diff upsides/principles upsides/adaptations/day_centre --frame frame.xlsx
    """
    before, after = opened_any(old, libraries, printing), opened_any(new, libraries, printing)
    if frame is not None and after.origin is None:
        raise WrongUse(f"{new} is no adaptation, so it has no FRAME table.")
    changes = _changes(before, after, data)
    moved, scored = _moved(printing, before, after, data, ignore, keep_good=keep_good)
    if frame is not None:
        rows = frame_table(after)
        write_whole(frame, _frame_file(frame.suffix, rows))
        printing.say(f"{frame}: FRAME table of {after.title}, {counted(len(rows), 'change')}.")
    if printing.format == "json":
        printing.json(_document(before, after, changes, moved))
    else:
        click.echo(_told(before, after, changes, moved, scored))


def _changes(before: Compared, after: Compared, data: tuple[str, ...]) -> list[Difference]:
    """What is different in meaning, of two of one kind."""
    if isinstance(before, Checklist) and isinstance(after, Checklist):
        return differences(before, after, Aloud(formula_in_words, condition_in_words))
    if isinstance(before, Checklist) or isinstance(after, Checklist):
        raise WrongUse("A checklist and a programme cannot be compared; name two of one kind.")
    if data:
        raise WrongUse("Observations are scored with checklists; name two of them to see which results move.")
    return programme_differences(before, after)


def _comparability(before: Compared, after: Compared, changes: list[Difference]) -> Comparability:
    if isinstance(before, Checklist) and isinstance(after, Checklist):
        return comparability_of(before, after, changes)
    return comparability(each.effect for each in changes)


def _document(
    before: Compared, after: Compared, changes: list[Difference], moved: list[Moved]
) -> dict[str, Any]:
    effects = [each.effect for each in changes]
    return {
        "changes": [each.as_json() for each in changes],
        "comparability": _comparability(before, after, changes),
        "moved": [each._asdict() for each in moved],
        "smallest_honest_bump": smallest_honest_bump(effects),
    }


def _frame_file(ending: str, rows: list[dict[str, str]]) -> bytes:
    if ending == ".json":
        return Printing.as_text(rows).encode()
    from fidelity.report import scored_table  # noqa: PLC0415 - a workbook library that most calls need not load

    columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else {})}
    return scored_table.csv(columns) if ending == ".csv" else scored_table.xlsx(columns, "FRAME")


# ---- the same records under both versions


def _moved(
    printing: Printing,
    before: Compared,
    after: Compared,
    data: tuple[str, ...],
    ignore: tuple[str, ...],
    *,
    keep_good: bool,
) -> tuple[list[Moved], int]:
    """The moves, and how many records both versions could score; none of programmes."""
    if not data or not isinstance(before, Checklist) or not isinstance(after, Checklist):
        return [], 0
    pairs, bad = _pairs(before, after, data, ignore)
    if errors_in(bad) and not keep_good:
        raise ProblemsFound(bad)
    printing.problems(bad)
    return moved_results(_outcomes(pairs, compile(before), compile(after))), len(pairs)


def _pairs(
    before: Checklist, after: Checklist, data: tuple[str, ...], ignore: tuple[str, ...]
) -> tuple[list[tuple[Observation, Observation]], list[Problem]]:
    """Each record as either version reads it. Data of one version lack what the other one added."""
    old = read([Path(name) for name in data], before, (*ignore, *_only_in(after, before)))
    new = read([Path(name) for name in data], after, (*ignore, *_only_in(before, after)))
    first, second = (old, new) if not errors_in(old.problems) else (new, old)
    if errors_in(first.problems):
        raise ProblemsFound(old.problems)
    other = _good(second)
    pairs, bad = [], list(first.problems)
    for each in first.observations:
        bad.extend(each.refused)
        if not each.refused:
            pair = (each, other.get(each.observation, each))
            pairs.append(pair if first is old else (pair[1], pair[0]))
    return pairs, bad


def _good(reading: Reading) -> Mapping[str, Observation]:
    if errors_in(reading.problems):
        return {}
    return {each.observation: each for each in reading.observations if not each.refused}


def _only_in(one: Checklist, other: Checklist) -> list[str]:
    """The columns that data may have for one version only."""
    return sorted(_columns(one) - _columns(other))


def _columns(checklist: Checklist) -> set[str]:
    items = {each.key for each in checklist.questions} | {f"{each.id}.comment" for each in checklist.items}
    return items | {f"fact.{each.id}" for each in checklist.facts}


def _outcomes(
    pairs: Iterable[tuple[Observation, Observation]], before: Evaluator, after: Evaluator
) -> Iterator[tuple[str, Levels, Levels]]:
    for old, new in pairs:
        yield old.observation, _levels(before, old), _levels(after, new)


def _levels(evaluate: Evaluator, observation: Observation) -> Levels:
    """The possible levels of each result; an answer that this version does not know is a blank to it."""
    checklist = evaluate.checklist
    known = {
        key: answer
        for key, answer in observation.answers.items()
        if key in checklist.question and not hasattr(checklist.question[key].scale.understand(answer), "why")
    }
    facts = {
        name: word
        for name, word in observation.facts.items()
        if name in checklist.fact and not hasattr(checklist.fact[name].scale.understand(word), "why")
    }
    scored = evaluate.score(observation.model_copy(update={"answers": known, "facts": facts}))
    return {key: value.possible for key, value in scored.results.items()}


# ---- for people


def _told(
    before: Compared, after: Compared, changes: list[Difference], moved: list[Moved], scored: int
) -> str:
    effects = [each.effect for each in changes]
    letter, bump = _comparability(before, after, changes), smallest_honest_bump(effects)
    lines = [f"{_named(before)} -> {_named(after)}", ""]
    lines += [line for each in changes for line in _change(each)] or [
        "Nothing changed in meaning or wording."
    ]
    lines += ["", f"Comparability {letter}: {MEANING[letter]}."]
    if changes:
        lines.append(f"Smallest honest step of the version: {bump}{_next(before, after, bump)}.")
    if scored:
        lines += ["", *_moves(moved, scored, _titles(before) | _titles(after))]
    if after.origin is not None:
        lines += ["", "FRAME: what was adapted, and why", "", _frame(after)]
    return "\n".join(lines)


def _named(checklist: Compared) -> str:
    return f"{checklist.id} {checklist.about.version}".strip()


def _change(each: Difference) -> list[str]:
    if each.before and each.after:
        what = f': "{each.before}" became "{each.after}"'
    else:
        what = f': "{each.before or each.after}"' if each.before or each.after else ""
    because = [f"    because {each.reason}"] if each.reason else []
    return [f"  {each.target} {each.kind}{what}", *because]


def _next(before: Compared, after: Compared, bump: str) -> str:
    """The version that the step leads to, where both files are one checklist, and whether it was made."""
    numbers = [int(part) for part in before.about.version.split(".") if part]
    if before.id != after.id or len(numbers) != 3:
        return ""
    at = ("major", "minor", "patch").index(bump)
    wanted = [*numbers[:at], numbers[at] + 1, *[0] * (2 - at)]
    made = [int(part) for part in after.about.version.split(".") if part]
    told = ".".join(map(str, wanted))
    return f", to {told}" if made >= wanted else f", to {told}; it says {after.about.version or 'no version'}"


def _titles(compared: Compared) -> dict[tuple[str, str], str]:
    """What people read for a level, by the result's key and its own id."""
    results = compared.results if isinstance(compared, Checklist) else ()
    return {(each.key, level.id): level.title for each in results for level in each.levels}


def _moves(moved: list[Moved], scored: int, titles: Mapping[tuple[str, str], str]) -> list[str]:
    records = len({each.observation for each in moved})
    if not records:
        return [f"Of {counted(scored, 'record')}, none moves."]
    lines = [f"Of {counted(scored, 'record')}, {records} {'moves' if records == 1 else 'move'}:"]
    for way in ways(moved):
        examples = ", ".join(way.examples)
        before, after = (
            " or ".join(titles.get((way.result, each), each) for each in told.split(" or "))
            for told in (way.before, way.after)
        )
        lines.append(f"  {way.result} from {before} to {after}: {way.number}, for example {examples}")
    return lines


def _frame(adapted: Compared) -> str:
    rows = frame_table(adapted)
    head = ("change", "target", "planned", "fidelity", "deviation", "reason")
    return (
        table(head, [[row[name] for name in head] for row in rows])
        if rows
        else "No change of the closed list."
    )
