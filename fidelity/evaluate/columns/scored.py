"""A frame of records -> their outcomes, with the reasons that an evaluator of single records gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.columns.compiled import FACT, Columns, columns_of
from fidelity.evaluate.columns.number import TooLarge, any_of
from fidelity.evaluate.columns.patterns import pattern_of
from fidelity.evaluate.columns.plan import MARK
from fidelity.evaluate.columns.remarks import remarks
from fidelity.evaluate.columns.row_by_row import (
    REFUSED,
    WORDS,
    as_frame,
    outcome_types,
    outcomes_of,
    scored_row,
)
from fidelity.evaluate.columns.table import may_be_beyond, outcomes_in_columns
from fidelity.evaluate.evaluator import Evaluator
from fidelity.evaluate.outcome import absent_words
from fidelity.model.checklist import Checklist
from fidelity.model.score import Scored

MOST_REMEMBERED = 200_000  # patterns; a record that is like none before is worked out by itself anyway
AT, BEYOND, EVIDENCE, PATTERN = (f"{MARK}{name}" for name in ("at", "beyond", "evidence", "pattern"))
OUTCOME = f"{MARK}="  # before the name of an outcome, as the frame may have a column of that name

Pattern = tuple[int, ...]


class Told(NamedTuple):
    """What an evaluator of single records has to say beside the numbers, alike for all rows of a pattern.

    `because` by result; `absent` by score, what did not apply.
    """

    because: Mapping[str, tuple[str, ...]]
    absent: Mapping[str, str]


class ScoredFrame(NamedTuple):
    """The outcomes of records, row by row, under the names of `outcome_types`; see `as_frame` for huge ones.

    `told` are the reasons of all rows and `pattern` says which are a row's; a refused row has none.
    `is_evidence` is known where something was not accepted: too late is no more than late.
    """

    outcomes: pl.DataFrame
    pattern: pl.Series
    told: list[Told]
    is_evidence: pl.Series

    def because(self, result: str) -> pl.Series:
        """The ids that decided a result, in one text."""
        words = pl.Series([", ".join(each.because[result]) for each in self.told], dtype=pl.String)
        return words.gather(self.pattern)


@dataclass
class Scorer:
    """Scores frames of records of one checklist, and remembers the reasons that it met."""

    checklist: Checklist
    _evaluator: Evaluator = field(init=False)
    _plans: dict[frozenset[str], "_Plan | None"] = field(default_factory=dict)
    _met: dict[Pattern, Told] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._evaluator = Evaluator(self.checklist)

    def score(self, frame: pl.DataFrame) -> ScoredFrame:
        """The outcomes of each record."""
        own = frame.select(each for each in read_by(self.checklist) if each in frame.columns)
        names = frozenset(own.columns)
        if names not in self._plans:
            self._plans[names] = _plan(self.checklist, names)
        plan = self._plans[names]
        if plan is None:
            return self._row_by_row(own)
        found = plan.over(own)
        return self._with_reasons(own, found, plan)

    # ---- reasons

    def _with_reasons(self, own: pl.DataFrame, found: pl.DataFrame, plan: "_Plan") -> ScoredFrame:
        apart = found[BEYOND] if BEYOND in found.columns else None
        outcomes = found.select(
            pl.col(f"{OUTCOME}{name}").alias(name) for name in outcome_types(self.checklist)
        )
        good = outcomes[REFUSED].is_null() if apart is None else outcomes[REFUSED].is_null() & ~apart
        keys = found.select(plan.pattern).with_row_index(AT).filter(good)
        different = keys.group_by(plan.pattern, maintain_order=True).agg(pl.col(AT).first())
        told = [self._told(own, tuple(key), at) for *key, at in different.iter_rows()]
        places = different.drop(AT).with_row_index(PATTERN)
        pattern = keys.join(places, on=plan.pattern, how="left", nulls_equal=True).select(AT, PATTERN)
        of_row = (
            outcomes.select(REFUSED)
            .with_row_index(AT)
            .join(pattern, on=AT, how="left", maintain_order="left")
        )
        scored = ScoredFrame(outcomes, of_row[PATTERN], told, found[EVIDENCE])
        return scored if apart is None or not apart.any() else self._with_rows(own, scored, apart)

    def _told(self, own: pl.DataFrame, pattern: Pattern, at: int) -> Told:
        told = self._met.get(pattern)
        if told is None:
            scored, refused = scored_row(self._evaluator, as_texts(own.row(at, named=True)))
            if scored is None:
                raise ValueError(f"columns and rows differ: {refused}")
            told = _told_of(scored)
            if len(self._met) >= MOST_REMEMBERED:
                self._met.clear()
            self._met[pattern] = told
        return told

    # ---- rows that columns cannot hold

    def _row_by_row(self, own: pl.DataFrame) -> ScoredFrame:
        types = outcome_types(self.checklist)
        nothing = pl.DataFrame({name: [None] * len(own) for name in types}, schema=types)
        nowhere = pl.Series([None] * len(own), dtype=pl.UInt32)
        evidence = pl.Series([None] * len(own), dtype=pl.Boolean)
        every = pl.Series([True] * len(own), dtype=pl.Boolean)
        return self._with_rows(own, ScoredFrame(nothing, nowhere, [], evidence), every)

    def _with_rows(self, own: pl.DataFrame, scored: ScoredFrame, apart: pl.Series) -> ScoredFrame:
        """The same, with some rows by the evaluator of single records."""
        rows, told = scored.outcomes.rows(), list(scored.told)
        pattern, evidence = scored.pattern.to_list(), scored.is_evidence.to_list()
        for at in pl.select(apart.arg_true()).to_series():
            found, refused = scored_row(self._evaluator, as_texts(own.row(at, named=True)))
            if found is None:
                rows[at] = (refused, *[None] * (len(rows[at]) - 1))
            else:
                pattern[at], evidence[at] = len(told), _is_evidence(found)
                told.append(_told_of(found))
                outcomes = outcomes_of(found)
                rows[at] = tuple(outcomes[name] for name in scored.outcomes.columns)
        return ScoredFrame(
            as_frame(rows, scored.outcomes.schema),
            pl.Series(pattern, dtype=pl.UInt32),
            told,
            pl.Series(evidence, dtype=pl.Boolean),
        )


def read_by(checklist: Checklist) -> list[str]:
    """The columns of a frame that outcomes may depend on."""
    comments = (f"{each.id}.comment" for each in checklist.items)
    facts = (f"{FACT}{each.id}" for each in checklist.facts)
    return [*checklist.question, *facts, *comments, *WORDS]


def as_texts(row: Mapping[str, object]) -> dict[str, str | None]:
    """A row as the evaluator of single records reads it."""
    return {name: None if value is None else str(value) for name, value in row.items()}


def _told_of(scored: Scored) -> Told:
    return Told(
        {key: each.because for key, each in scored.results.items()},
        {key: absent_words(each) for key, each in scored.scores.items() if each.not_scored},
    )


def _is_evidence(scored: Scored) -> bool | None:
    why = {each.why for each in scored.marks if each.code == "RB511"}
    return why <= {"too_late"} if why else None


# ---- the work in columns


class _Plan(NamedTuple):
    """The work behind outcomes, pattern and what else is asked of a frame with certain columns."""

    compiled: Columns
    wanted: list[pl.Expr]
    pattern: list[str]

    def over(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What comes of a frame."""
        return self.compiled.known.plan.over(frame.lazy(), self.wanted).collect()


def _plan(checklist: Checklist, names: frozenset[str]) -> _Plan | None:
    """The plan; nothing where numbers could pass what columns hold."""
    try:
        compiled = columns_of(checklist, names)
        said = remarks(compiled.known, compiled.not_counted, names)
        outcomes = outcomes_in_columns(compiled, names, said)
        pattern = pattern_of(compiled)
    except TooLarge:
        return None
    types = outcome_types(checklist)
    names_of_pattern = [f"{PATTERN}{number}" for number in range(len(pattern))]
    unaccepted = any_of([where for why, where in said.circumstances.items() if why != "too_late"])
    some = any_of(list(said.circumstances.values()))
    wanted = [
        *(work.cast(types[name]).alias(f"{OUTCOME}{name}") for name, work in outcomes.items()),
        *(each.alias(name) for each, name in zip(pattern, names_of_pattern, strict=True)),
        pl.when(some).then(~unaccepted).alias(EVIDENCE),
    ]
    if may_be_beyond(compiled):
        wanted.append(compiled.beyond.alias(BEYOND))
    return _Plan(compiled, wanted, names_of_pattern)
