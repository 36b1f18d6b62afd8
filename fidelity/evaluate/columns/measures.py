"""A frame of records -> what summaries read of each: scores, levels, gates, and the points of answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.columns.compiled import FACT, Columns, columns_of
from fidelity.evaluate.columns.condition import points_said
from fidelity.evaluate.columns.number import TooLarge, on_one_bottom
from fidelity.evaluate.columns.plan import MARK
from fidelity.evaluate.columns.remarks import remarks
from fidelity.evaluate.columns.row_by_row import REFUSED, fit, outcome_types, outcomes_of
from fidelity.evaluate.columns.scored import OUTCOME, as_texts, read_by
from fidelity.evaluate.columns.table import outcomes_in_columns
from fidelity.evaluate.evaluator import Evaluator
from fidelity.model.checklist import Checklist
from fidelity.model.scale import Given
from fidelity.model.score import Scored

APART, POINTS = f"{MARK}apart", f"{MARK}points "
MOST_IN_8 = 127


class Measures(NamedTuple):
    """A row for each record: NAME.top over NAME.bottom of a score, NAME of a result, `gate.NAME`.

    `points` are those of each question that can have any, nothing where none were earned, over the number of
    the question in `bottoms`.
    """

    outcomes: pl.DataFrame
    points: pl.DataFrame
    bottoms: Mapping[str, int]


@dataclass
class Measuring:
    """Measures frames of records of one checklist."""

    checklist: Checklist
    evaluator: Evaluator = field(init=False)
    _plans: dict[frozenset[str], "_Plan | None"] = field(default_factory=dict)
    _largest: dict[str, tuple[int, int]] = field(default_factory=dict)  # of points, and a bottom of them all

    def __post_init__(self) -> None:
        self.evaluator = Evaluator(self.checklist)

    def measures(self, frame: pl.DataFrame) -> Measures:
        """What the records come to; ProblemsFound for one that the evaluator of single records refuses.

        TooLarge where a fraction such as 1/999999937 leads to numbers that no column of all records holds.
        """
        found = self._measures(frame)
        self._hold_together(found)
        return found

    def _measures(self, frame: pl.DataFrame) -> Measures:
        own = frame.select(each for each in read_by(self.checklist) if each in frame.columns)
        names = frozenset(own.columns)
        if names not in self._plans:
            self._plans[names] = _plan(self.checklist, names)
        plan = self._plans[names]
        found = None if plan is None else plan.compiled.known.plan.over(own.lazy(), plan.wanted).collect()
        if plan is None or found is None or found[APART].any():
            return self._row_by_row(own)
        return Measures(
            found.select(pl.col(f"{OUTCOME}{name}").alias(name) for name in _kinds(self.checklist)),
            found.select(pl.col(f"{POINTS}{key}").alias(key) for key in plan.bottoms),
            plan.bottoms,
        )

    def _hold_together(self, found: Measures) -> None:
        """Points of all batches will be brought to one bottom."""
        for key, bottom in found.bottoms.items():
            most, common = self._largest.get(key, (0, 1))
            most = max(most, *(abs(each) // bottom + 1 for each in _ends(found.points[key])))
            common = lcm(common, bottom)
            if not fit([most * common]):
                raise TooLarge
            self._largest[key] = most, common

    # ---- rows that columns cannot hold

    def _row_by_row(self, own: pl.DataFrame) -> Measures:
        scored = [self.scored(row) for row in own.iter_rows(named=True)]
        kinds = _kinds(self.checklist)
        told = [outcomes_of(each) for each in scored]
        if not all(fit(each.values()) for each in told):
            raise TooLarge
        outcomes = pl.DataFrame([[each[name] for name in kinds] for each in told], schema=kinds, orient="row")
        earned = {
            each.key: [_earned(of, each.key) for of in scored]
            for each in self.checklist.questions
            if each.points
        }
        bottoms = {key: lcm(*(each.denominator for each in of if each)) for key, of in earned.items()}
        points = {
            key: [None if each is None else int(each * bottoms[key]) for each in of]
            for key, of in earned.items()
        }
        if not all(map(fit, points.values())):
            raise TooLarge
        columns = {key: pl.Series(of, dtype=pl.Int64) for key, of in points.items()}
        return Measures(outcomes, pl.DataFrame(columns), bottoms)

    def scored(self, row: Mapping[str, object]) -> Scored:
        """A row by the evaluator of single records."""
        checklist, texts = self.checklist, as_texts(row)
        facts = {each.id: texts.get(f"{FACT}{each.id}") for each in checklist.facts}
        return self.evaluator({key: texts.get(key) for key in checklist.question}, facts)


def _ends(numbers: pl.Series) -> list[int]:
    ends = numbers.min(), numbers.max()
    return [each if isinstance(each, int) else 0 for each in ends]


def _earned(scored: Scored, key: str) -> Fraction | None:
    answer = scored.answers[key]
    return answer.points if isinstance(answer, Given) else None


# ---- the work in columns


class _Plan(NamedTuple):
    compiled: Columns
    wanted: list[pl.Expr]
    bottoms: dict[str, int]


def _plan(checklist: Checklist, names: frozenset[str]) -> _Plan | None:
    """The work; nothing where numbers could pass what columns hold."""
    try:
        compiled = columns_of(checklist, names)
        told = remarks(compiled.known, compiled.not_counted, names)
        outcomes = outcomes_in_columns(compiled, names, told)
        wanted = [
            outcomes[name].cast(kind).alias(f"{OUTCOME}{name}") for name, kind in _kinds(checklist).items()
        ]
        bottoms: dict[str, int] = {}
        for question in checklist.questions:
            if question.points:
                exact = points_said(compiled.known, compiled.known.asked[question.key])
                [(top, most)], one = on_one_bottom(compiled.known.plan, [exact])
                if not isinstance(one.bottom, int):
                    return None
                bottoms[question.key] = one.bottom
                kind = pl.Int8 if most <= MOST_IN_8 else pl.Int64
                wanted.append(pl.when(exact.known).then(top).cast(kind).alias(f"{POINTS}{question.key}"))
    except TooLarge:
        return None
    apart = outcomes[REFUSED].is_not_null() | compiled.beyond
    return _Plan(compiled, [*wanted, apart.alias(APART)], bottoms)


def _kinds(checklist: Checklist) -> dict[str, type[pl.DataType]]:
    """The outcomes that summaries read, with their types."""
    ends = [f"{key}{end}" for key in checklist.score for end in (".top", ".bottom")]
    names = [*ends, *checklist.result, *(f"gate.{key}" for key in checklist.gate)]
    types = outcome_types(checklist)
    return {name: types[name] for name in names}
