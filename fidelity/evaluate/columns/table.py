"""A frame of raw values -> the same frame with scores, levels, gates, flags and remarks beside them."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache, partial

import polars as pl

from fidelity.errors import Problem, ProblemsFound, WrongUse
from fidelity.evaluate.columns.compiled import Columns, columns_of
from fidelity.evaluate.columns.formula import WHY
from fidelity.evaluate.columns.known import Verdict, decided
from fidelity.evaluate.columns.number import MOST_IN_64, Exact, TooLarge, all_of, any_of
from fidelity.evaluate.columns.plan import MARK
from fidelity.evaluate.columns.remarks import Named, Remarks, remarks, said
from fidelity.evaluate.columns.row_by_row import REFUSED, every_row, outcome_types, refused_words
from fidelity.model.checklist import Checklist, Result
from fidelity.place import NOWHERE

BEYOND = f"{MARK}beyond"
MOST_IN_A_FLOAT = 2**53
MOST_TABULATED = 8  # levels; so many give 256 sets, which are written out beforehand

Names = frozenset[str]


def table(checklist: Checklist, frame: pl.LazyFrame) -> pl.LazyFrame:
    """The frame with the outcomes of each row; see `outcome_types` for what they are called.

    A row with a value that does not fit has no outcomes, and `refused` names the columns at fault; so it is
    with a fraction such as 1/999999937 that leads to numbers of more than 64 bits. Nothing is read before
    the frame is collected, and a column that nobody selects is not worked out.
    """
    schema = frame.collect_schema()
    names = frozenset(schema.names())
    _check(checklist, schema.names())
    types = outcome_types(checklist)
    both = pl.Schema([*schema.items(), *types.items()])
    work = _work(_Same(checklist), names)
    if work is None:
        return frame.map_batches(partial(every_row, checklist), schema=both, streamable=True)
    compiled, columns = work
    if not may_be_beyond(compiled):
        return compiled.known.plan.over(frame, columns)
    found = compiled.known.plan.over(frame, [*columns, compiled.beyond.alias(BEYOND)])
    return found.map_batches(partial(_beyond_rows, checklist, types), schema=both, streamable=True)


class _Same:
    """A checklist that is compared by what it is, not by what it holds: the work on it is remembered."""

    def __init__(self, checklist: Checklist) -> None:
        self.checklist = checklist

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.checklist is self.checklist

    def __hash__(self) -> int:
        return id(self.checklist)


@lru_cache(maxsize=8)
def _work(same: _Same, names: Names) -> tuple[Columns, list[pl.Expr]] | None:
    """The work behind all outcomes; nothing where numbers could pass what columns hold."""
    checklist = same.checklist
    try:
        compiled = columns_of(checklist, names)
        told = remarks(compiled.known, compiled.not_counted, names)
        outcomes = outcomes_in_columns(compiled, names, told)
    except TooLarge:
        return None
    types = outcome_types(checklist)
    return compiled, [each.cast(types[name]).alias(name) for name, each in outcomes.items()]


def _check(checklist: Checklist, names: list[str]) -> None:
    """Columns that are absent would look like blanks, and outcomes would cover columns of the same name."""
    absent = [each.key for each in checklist.questions if not each.optional and each.key not in names]
    if absent:
        raise ProblemsFound([Problem("RB501", NOWHERE, {"absent": ", ".join(absent), "column": ""})])
    twice = [name for name in names if name in outcome_types(checklist) or name.startswith(MARK)]
    if twice:
        raise WrongUse(
            "The table has columns already that are called like outcomes: "
            f"{', '.join(twice)}. Give them other names."
        )


# ---- the outcomes


def outcomes_in_columns(compiled: Columns, names: Names, told: Remarks) -> dict[str, pl.Expr]:
    """The work behind each outcome of `outcome_types`, with what is said beside the scores."""
    known = compiled.known
    refused = _with_words(compiled, _refused_words(known.checklist, names))
    good = known.plan.keep(all_of([refused.is_null(), ~compiled.beyond]))
    columns: dict[str, pl.Expr] = {REFUSED: refused}
    for key, score in known.scores.items():
        exact = _ends(score.exact, good)
        columns[key] = _for_reading(score.exact, *exact)
        for end, number in (("", score.exact), (".low", score.low), (".high", score.high)):
            columns[f"{key}{end}.top"], columns[f"{key}{end}.bottom"] = _ends(number, good)
        columns[f"{key}.answered"] = pl.when(good).then(score.answered)
        columns[f"{key}.applicable"] = pl.when(good).then(score.applicable)
        reasons = pl.lit(pl.Series([each or None for each in WHY], dtype=pl.String))
        columns[f"{key}.reason"] = pl.when(good).then(reasons.gather(score.why))
    for key, possible in known.results.items():
        result = known.checklist.result[key]
        columns[key] = pl.when(good & decided(known, key)).then(_words(possible, result))
        columns[f"{key}.possible"] = pl.when(good).then(_words(possible, result))
    for key, gate in known.gates.items():
        columns[f"gate.{key}"] = pl.when(good).then(_state(gate))
    for name, flag in compiled.flags.items():
        columns[f"flag.{name}"] = pl.when(good & ~flag.undecided).then(flag.can_be_true)
    for name, members in told.lists.items():
        columns[f"list.{name}"] = _named(members, good, blank="")
    columns["comments_needed"] = _named(told.comments, good, blank="")
    marks = [(code if item is None else f"{code} {item}", where) for code, item, where in told.marks]
    columns["marks"] = _named(marks, good, blank="")
    order = outcome_types(known.checklist)
    return {name: columns[name] for name in order}


def _ends(number: Exact, good: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Top and bottom where there is a number; what could pass 64 bits is reduced first."""
    there = good & number.known
    bottom = pl.lit(number.bottom) if isinstance(number.bottom, int) else number.bottom
    if max(number.most, number.most_bottom) <= MOST_IN_64:
        return pl.when(there).then(number.top), pl.when(there).then(bottom)
    pair = pl.struct(top=pl.when(there).then(number.top), bottom=bottom)
    reduced = pair.map_batches(
        _reduced, return_dtype=pl.Struct({"top": pl.Int64, "bottom": pl.Int64}), is_elementwise=True
    )
    return reduced.struct.field("top"), reduced.struct.field("bottom")


def _for_reading(number: Exact, top: pl.Expr, bottom: pl.Expr) -> pl.Expr:
    """The quotient, as near as a number of the computer can be: the same that the evaluator of rows gives."""
    if max(number.most, number.most_bottom) > MOST_IN_A_FLOAT:
        pair = pl.struct(top=top, bottom=bottom)
        return pair.map_batches(_nearest, return_dtype=pl.Float64, is_elementwise=True)
    size = top.cast(pl.Float64)
    # Where all rows have one divisor, Polars multiplies by its reciprocal, and the last digit may differ.
    return size / (bottom.cast(pl.Float64) + size * 0)


def _nearest(pairs: pl.Series) -> pl.Series:
    found = [None if each["top"] is None else each["top"] / each["bottom"] for each in pairs]
    return pl.Series(pairs.name, found, dtype=pl.Float64)


def _reduced(pairs: pl.Series) -> pl.Series:
    """Fractions in lowest terms; the checker has proved that these fit (RB410)."""
    found = [
        (None, None) if each["top"] is None else Fraction(each["top"], each["bottom"]).as_integer_ratio()
        for each in pairs
    ]
    rows = [{"top": top, "bottom": bottom} for top, bottom in found]
    return pl.Series(pairs.name, rows, dtype=pl.Struct({"top": pl.Int64, "bottom": pl.Int64}))


def _words(possible: pl.Expr, result: Result) -> pl.Expr:
    """A text for each set of levels."""
    if len(result.levels) <= MOST_TABULATED:
        every = [_possible(result, bits) for bits in range(1 << len(result.levels))]
        return pl.lit(pl.Series(every, dtype=pl.String)).gather(possible.cast(pl.UInt32))

    def looked_up(masks: pl.Series) -> pl.Series:
        different = masks.unique()
        return masks.replace_strict(
            different, [_possible(result, bits) for bits in different], return_dtype=pl.String
        )

    return possible.map_batches(looked_up, return_dtype=pl.String, is_elementwise=True)


def _possible(result: Result, bits: int) -> str:
    return ", ".join(each.id for place, each in enumerate(result.levels) if bits >> place & 1)


def _state(gate: Verdict) -> pl.Expr:
    return (
        pl.when(gate.undecided)
        .then(pl.lit("undecided"))
        .when(gate.can_be_true)
        .then(pl.lit("fails"))
        .otherwise(pl.lit("passes"))
    )


def _named(members: Named, good: pl.Expr, blank: str | None = None) -> pl.Expr:
    """The names of those that are true, one after another."""
    if not members:
        return pl.when(good).then(pl.lit(blank, pl.String))
    names = pl.concat_str(
        [pl.when(where).then(pl.lit(name)) for name, where in members], separator=", ", ignore_nulls=True
    )
    some = any_of([where for _, where in members])
    return pl.when(good).then(pl.when(some).then(names).otherwise(pl.lit(blank, pl.String)))


# ---- what is no answer


def _with_words(compiled: Columns, words: dict[str, pl.Expr]) -> pl.Expr:
    """The names of the columns at fault, with those that are known by name."""
    if not words:
        return compiled.refused
    plan = compiled.known.plan
    kept = [(name, plan.keep(where)) for name, where in words.items()]
    wrong = [pl.when(where).then(pl.lit(name)) for name, where in kept]
    names = pl.concat_str([compiled.refused, *wrong], separator=", ", ignore_nulls=True)
    some = any_of([where for _, where in kept])
    return plan.keep(pl.when(some).then(names).otherwise(compiled.refused))


def _refused_words(checklist: Checklist, names: Names) -> dict[str, pl.Expr]:
    return {name: said([name], test) for name, test in refused_words(checklist).items() if name in names}


# ---- rows that the columns cannot tell: the evaluator of rows does


def may_be_beyond(compiled: Columns) -> bool:
    """Whether there can be numbers that no column holds exactly."""
    return any(
        each.answers.number is not None and each.answers.denominator > 1
        for each in (*compiled.known.asked.values(), *compiled.known.facts.values())
    )


def _beyond_rows(checklist: Checklist, types: Mapping[str, object], frame: pl.DataFrame) -> pl.DataFrame:
    beyond = frame[BEYOND]
    plain = frame.drop(BEYOND)
    if not beyond.any():
        return plain
    numbered = plain.with_row_index(MARK)
    told = every_row(checklist, numbered.filter(beyond).drop(list(types)))
    return pl.concat([numbered.filter(~beyond), told.select(numbered.columns)]).sort(MARK).drop(MARK)
