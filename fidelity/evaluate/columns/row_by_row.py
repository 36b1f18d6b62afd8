"""The outcomes that `table` gives, by the evaluator of rows: for records that no columns can hold."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import polars as pl

from fidelity.errors import ProblemsFound
from fidelity.evaluate.columns.answers import FINEST
from fidelity.evaluate.columns.compiled import FACT
from fidelity.evaluate.columns.number import MOST_IN_64
from fidelity.evaluate.columns.remarks import day_in
from fidelity.evaluate.evaluator import Evaluator
from fidelity.model.checklist import Checklist
from fidelity.model.number import read_number
from fidelity.model.score import Scored

REFUSED = "refused"
WORDS = ("date", "rated_on", "minutes", "checklist", "version", "rater_role", "evidence")

Row = tuple[object, ...]


def every_row(checklist: Checklist, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the outcomes of each row, as `table` gives them."""
    types = outcome_types(checklist)
    evaluator = Evaluator(checklist)
    texts = frame.select(pl.all().cast(pl.String, strict=False))
    rows = [_row(evaluator, row) for row in texts.iter_rows(named=True)]
    return pl.concat([frame, as_frame(rows, types)], how="horizontal")


def _row(evaluator: Evaluator, row: Mapping[str, str | None]) -> Row:
    """A fraction such as 1/999999937 can lead to numbers that no column holds; then it is refused."""
    types = outcome_types(evaluator.checklist)
    scored, refused = scored_row(evaluator, row)
    told = {} if scored is None else outcomes_of(scored)
    if scored is not None and not fit(told.values()):
        told, refused = {}, ", ".join(_finest(evaluator.checklist, row))
    return tuple(told[name] for name in types) if told else (refused, *[None] * (len(types) - 1))


def fit(values: Iterable[object]) -> bool:
    """Whether all numbers among them have room in a column of 64 bits."""
    return all(abs(each) <= MOST_IN_64 for each in values if isinstance(each, int))


def _finest(checklist: Checklist, row: Mapping[str, str | None]) -> Iterator[str]:
    """The columns of a record whose numbers are finer than six places."""
    asked = {each.key: each.scale for each in checklist.questions}
    asked |= {f"{FACT}{each.id}": each.scale for each in checklist.facts}
    for name, scale in asked.items():
        number = None if scale.span is None else read_number(row.get(name) or "", checklist.about.language)
        if number is not None and FINEST % number.denominator:
            yield name


def as_frame(rows: Sequence[Row], types: Mapping[str, type[pl.DataType] | pl.DataType]) -> pl.DataFrame:
    """Rows of outcomes as columns; a column of whole numbers that 64 bits do not hold as their digits."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in types)
    return pl.DataFrame(
        [
            pl.Series(name, each, dtype=kind)
            if fit(each)
            else pl.Series(name, [None if one is None else str(one) for one in each], dtype=pl.String)
            for (name, kind), each in zip(types.items(), map(list, columns), strict=True)
        ]
    )


def scored_row(evaluator: Evaluator, row: Mapping[str, str | None]) -> tuple[Scored | None, str | None]:
    """The outcomes of a row of texts by column; or the columns that hold what does not fit."""
    checklist = evaluator.checklist
    words = {name: (row.get(name) or "").strip() for name in WORDS}
    wrong = [name for name, test in refused_words(checklist).items() if words[name] and test(words[name])]
    try:
        scored = evaluator(
            {each.key: row.get(each.key) for each in checklist.questions},
            {each.id: row.get(f"{FACT}{each.id}") for each in checklist.facts},
            {each.id: row.get(f"{each.id}.comment") or "" for each in checklist.items},
            minutes=None if "minutes" in wrong else read_number(words["minutes"], checklist.about.language),
            date=day_in(words["date"]),
            rated_on=day_in(words["rated_on"]),
            rater_role=words["rater_role"],
            evidence=words["evidence"],
        )
    except ProblemsFound as found:
        at_fault = {str(each.facts["item"]) for each in found.problems}
        wrong = [*_columns_in_order(checklist, at_fault), *wrong]
    else:
        if not wrong:
            return scored, None
    return None, ", ".join(wrong)


def _columns_in_order(checklist: Checklist, at_fault: set[str]) -> Iterable[str]:
    yield from (each.key for each in checklist.questions if each.key in at_fault)
    yield from (f"{FACT}{each.id}" for each in checklist.facts if each.id in at_fault)


def outcomes_of(scored: Scored) -> dict[str, object]:
    """What the table says of a record that the evaluator of rows has scored."""
    columns: dict[str, object] = {REFUSED: None}
    for key, score in scored.scores.items():
        columns[key] = None if score.exact is None else float(score.exact)
        for end, number in (("", score.exact), (".low", score.low), (".high", score.high)):
            columns[f"{key}{end}.top"] = None if number is None else number.numerator
            columns[f"{key}{end}.bottom"] = None if number is None else number.denominator
        columns[f"{key}.answered"], columns[f"{key}.applicable"] = score.answered, score.applicable
        columns[f"{key}.reason"] = score.not_scored or None
    for key, result in scored.results.items():
        columns[key], columns[f"{key}.possible"] = result.level, ", ".join(result.possible)
    columns |= {f"gate.{key}": state for key, state in scored.gates.items()}
    columns |= {f"flag.{name}": raised for name, raised in scored.flags.items()}
    columns |= {f"list.{name}": ", ".join(items) for name, items in scored.lists.items()}
    columns["comments_needed"] = ", ".join(scored.comments_needed)
    marks = dict.fromkeys(
        each.code if each.item is None else f"{each.code} {each.item}" for each in scored.marks
    )
    columns["marks"] = ", ".join(marks)
    return columns


def outcome_types(checklist: Checklist) -> dict[str, type[pl.DataType]]:
    """What each outcome is called, and its type.

    A score NAME is the value for reading; NAME.top over NAME.bottom is the exact one, not always reduced.
    """
    types: dict[str, type[pl.DataType]] = {REFUSED: pl.String}
    for score in checklist.scores:
        types[score.key] = pl.Float64
        for end in ("", ".low", ".high"):
            types |= {f"{score.key}{end}.top": pl.Int64, f"{score.key}{end}.bottom": pl.Int64}
        types |= {f"{score.key}.answered": pl.Int64, f"{score.key}.applicable": pl.Int64}
        types[f"{score.key}.reason"] = pl.String
    for result in checklist.results:
        types |= {result.key: pl.String, f"{result.key}.possible": pl.String}
    types |= {f"gate.{each.key}": pl.String for each in checklist.gates}
    types |= {f"flag.{each.id}": pl.Boolean for each in checklist.flags}
    types |= {f"list.{each.id}": pl.String for each in checklist.lists}
    return types | {"comments_needed": pl.String, "marks": pl.String}


def refused_words(checklist: Checklist) -> dict[str, Callable[[str], bool]]:
    """Days and minutes that cannot be read, and rows that name another checklist or version."""
    language = checklist.about.language
    return {
        "date": lambda raw: day_in(raw) is None,
        "rated_on": lambda raw: day_in(raw) is None,
        "minutes": lambda raw: (number := read_number(raw, language)) is None or number < 0,
        "checklist": lambda raw: raw != checklist.id,
        "version": lambda raw: raw != checklist.about.version,
    }
