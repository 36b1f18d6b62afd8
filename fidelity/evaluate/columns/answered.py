"""A frame of records -> the answers that rules see, each as its place in a list of the different ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from fidelity.evaluate.columns.answers import Answers
from fidelity.evaluate.columns.compiled import FACT, columns_of
from fidelity.evaluate.columns.known import Known
from fidelity.evaluate.columns.number import TooLarge
from fidelity.evaluate.columns.plan import MARK
from fidelity.evaluate.columns.scored import as_texts, read_by
from fidelity.evaluate.evaluator import Evaluator
from fidelity.model.checklist import Checklist
from fidelity.model.scale import Answer, Misfit

CODE, BEYOND = f"{MARK}code ", f"{MARK}beyond"


class Places(NamedTuple):
    """The answers to one question: for each record the place of its answer among the different ones.

    What is written in words is told apart only from what is not answered.
    """

    places: pl.Series
    listed: Sequence[Answer]


@dataclass
class Answering:
    """Tells the answers of frames of records of one checklist."""

    checklist: Checklist
    _evaluator: Evaluator = field(init=False)
    _plans: dict[frozenset[str], "_Plan | None"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._evaluator = Evaluator(self.checklist)

    def answers(self, frame: pl.DataFrame) -> Mapping[str, Places]:
        """The answers to each question, by key; an item that does not apply has none."""
        own = frame.select(each for each in read_by(self.checklist) if each in frame.columns)
        names = frozenset(own.columns)
        if names not in self._plans:
            self._plans[names] = _plan(self.checklist, names)
        plan = self._plans[names]
        found = None if plan is None else plan.over(own)
        if plan is None or found is None or found[BEYOND].any():
            return self._row_by_row(own)
        return {
            key: _told(asked.answers, found[f"{CODE}{key}"], own[key] if key in names else None)
            for key, asked in plan.known.asked.items()
        }

    def _row_by_row(self, own: pl.DataFrame) -> Mapping[str, Places]:
        """By the evaluator of single records: for what columns cannot hold."""
        checklist = self.checklist
        given = [
            self._evaluator(
                {key: row.get(key) for key in checklist.question},
                {each.id: row.get(f"{FACT}{each.id}") for each in checklist.facts},
            ).answers
            for row in map(as_texts, own.iter_rows(named=True))
        ]
        return {key: _placed([each[key] for each in given]) for key in checklist.question}


class _Plan(NamedTuple):
    known: Known
    wanted: list[pl.Expr]

    def over(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The places of all answers, and where they cannot be told so."""
        return self.known.plan.over(frame.lazy(), self.wanted).collect()


def _plan(checklist: Checklist, names: frozenset[str]) -> _Plan | None:
    """The work; nothing where numbers could pass what columns hold."""
    try:
        compiled = columns_of(checklist, names)
    except TooLarge:
        return None
    asked = compiled.known.asked
    codes = [asked[key].code.alias(f"{CODE}{key}") for key in checklist.question]
    beyond = compiled.beyond | compiled.refused.is_not_null()
    return _Plan(compiled.known, [*codes, beyond.alias(BEYOND)])


def _placed(answers: Sequence[Answer]) -> Places:
    place: dict[Answer, int] = {}
    places = [place.setdefault(each, len(place)) for each in answers]
    return Places(pl.Series(places, dtype=pl.UInt32), tuple(place))


def _told(answers: Answers, codes: pl.Series, raw: pl.Series | None) -> Places:
    """The listed answers; a number of a long range has a place of its own behind them."""
    if raw is None or answers.number is None or not (codes == answers.number).any():
        return Places(codes, answers.listed)
    is_number = codes == answers.number
    texts = raw.cast(pl.String).filter(is_number)
    met = texts.unique(maintain_order=True)
    numbers = [_number(answers, each) for each in met]
    own = pl.Series(range(len(numbers)), dtype=pl.UInt32) + len(answers.listed)
    places = codes.cast(pl.UInt32).scatter(is_number.arg_true(), texts.replace_strict(met, own))
    return Places(places, (*answers.listed, *numbers))


def _number(answers: Answers, raw: str) -> Answer:
    said = answers.understand(raw)
    if isinstance(said, Misfit):
        raise ValueError(f"columns and rows differ: {raw}")
    return said
