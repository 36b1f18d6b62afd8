"""Raw rows -> what `fidelity score` writes of them, as on one machine; a task for workers of a cluster."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import polars as pl

from fidelity.errors import Problem
from fidelity.evaluate.columns.json_text import JsonText
from fidelity.evaluate.columns.scored import ScoredFrame, Scorer
from fidelity.evaluate.evaluator import Evaluator
from fidelity.model.checklist import Checklist
from fidelity.model.columns import subject_column
from fidelity.observe.bulk.parquet import batch_of
from fidelity.observe.bulk.records import Matched, Records, empty_words
from fidelity.observe.match import Matching, columns_of, judge_of
from fidelity.observe.table import Table
from fidelity.place import Place
from fidelity.report import scored_columns
from fidelity.scale.alike import alike, frame_of, together
from fidelity.scale.arrow import pa

NAME, TEXT, REFUSED = "observation", "text", "\N{SECTION SIGN}refused"  # no id of ours begins so
WHERE = ("record", "row", "cell", "sheet")  # facts that say where a record stands; on a cluster its name does

Form = Literal["typed", "texts", "json"]


@dataclass(frozen=True)
class Recording:
    """The flat table of scored records, typed or as texts, or the JSON of each as a text.

    A refused record has its name only, and what is wrong with it in REFUSED, for `problems_in`.
    """

    checklist: Checklist
    ignore: tuple[str, ...]
    form: Form

    @property
    def schema(self) -> pa.Schema:
        """The columns of what comes back."""
        words = empty_words()
        return _arrow(_with_refused(self._good(words, Scorer(self.checklist).score(words)), {})).schema

    def done(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Every row comes back, but for those that are blank from end to end."""
        coming = iter(batches)
        first = next(coming, None)
        if first is None:
            return
        matched, scorer = self._matched(first.schema.names), Scorer(self.checklist)
        for part in together(alike(chain([first], coming), first.schema)):
            records = matched.records(batch_of(frame_of(part.rows), 0))
            scored = scorer.score(records.good)
            self._unlike_the_reader(records, scored)
            yield from _arrow(_with_refused(self._good(records.good, scored), _told(records))).to_batches()

    def _matched(self, names: list[str]) -> Matched:
        """How columns are read; what is wrong with them was told before a worker began."""
        table, about = Table("", "text", tuple(names), iter(()), complete=False), self.checklist.about
        columns, _ = columns_of(table, self.checklist, self.ignore)
        matching = Matching(columns, judge_of(self.checklist), about.language, subject_column(about.unit))
        in_words = {each.key for each in self.checklist.questions if each.scale.kind == "text"}
        return Matched(table, matching, in_words, "")

    def _good(self, words: pl.DataFrame, scored: ScoredFrame) -> pl.DataFrame:
        if self.form == "json":
            texts = list(JsonText(self.checklist).rows(words, scored))
            return pl.DataFrame({NAME: words[NAME], TEXT: pl.Series(texts, dtype=pl.String)})
        because = {key: scored.because(key) for key in self.checklist.result}
        flat = scored_columns.flat(self.checklist, words, scored.outcomes, because)
        return flat if self.form == "texts" else scored_columns.typed(self.checklist, flat)

    def _unlike_the_reader(self, records: Records, scored: ScoredFrame) -> None:
        """A record that only the evaluator refuses is told by it."""
        if scored.pattern.null_count():
            at = scored.pattern.is_null().arg_max() or 0
            Evaluator(self.checklist).score(records.observation(records.places_of_good[at]))


def _with_refused(good: pl.DataFrame, refused: dict[str, str]) -> pl.DataFrame:
    wrong = pl.DataFrame(
        {NAME: list(refused), REFUSED: list(refused.values())}, schema={NAME: pl.String, REFUSED: pl.String}
    )
    return pl.concat([good.with_columns(pl.lit(None, pl.String).alias(REFUSED)), wrong], how="diagonal")


def _arrow(frame: pl.DataFrame) -> pa.Table:
    rows = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    types = [pa.string() if pa.types.is_large_string(each.type) else each.type for each in rows.schema]
    return rows.cast(pa.schema(list(zip(rows.schema.names, types, strict=True))))


# ---- what is wrong, on its way from the workers


def _told(records: Records) -> dict[str, str]:
    return {
        each.observation: json.dumps([[found.code, dict(found.facts)] for found in each.refused], default=str)
        for each in records.refused.values()
    }


def problems_in(name: str, told: str, file: str) -> tuple[Problem, ...]:
    """What a worker has told of a record, with the record's name as its place."""
    return tuple(
        Problem(code, Place(file), {**{key: facts[key] for key in facts if key not in WHERE}, "record": name})
        for code, facts in json.loads(told)
    )
