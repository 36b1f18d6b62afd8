"""One checklist over many sessions: the columns beside rules by hand in Polars, and the row evaluator.

python tests/benchmarks/engines.py [SESSIONS]         ratios in one interleaved run, checksums equal
python tests/benchmarks/engines.py --memory SESSIONS  scored from Parquet to Parquet, with its largest memory
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random

import polars as pl

from fidelity.evaluate.evaluator import compile
from fidelity.model.checklist import Checklist
from fidelity.study.loading import load_checklist

PMPLUS = "pm_plus/individual/session_2"
ROUNDS, ROWS_BY_ROW = 5, 5_000
BATCH = 100_000
CHUNK = 10_000  # rows that Polars takes at once; its own choice costs more than twice the memory
OUTCOMES = ["adherence", "adherence.answered", "manner", "fidelity"]
GATES = ["safety_first", "essential_steps", "helper_limits", "no_harm"]
FLAGS = ["talk_today", "safety_partly", "plan_without_problem"]
COLUMNS = [*OUTCOMES, *(f"gate.{each}" for each in GATES), *(f"flag.{each}" for each in FLAGS)]


def sessions(checklist: Checklist, number: int) -> pl.DataFrame:
    """So many sessions in the codes of a data file, with blanks."""
    random = Random(1)  # noqa: S311 - the same sessions each time
    asked = {each.key: each.scale for each in checklist.questions}
    asked |= {f"fact.{each.id}": each.scale for each in checklist.facts}
    columns = {}
    for name, scale in asked.items():
        codes = [each.id for each in scale.choices] or ["60", "90"]
        usual = len(codes) - 1 if "not_seen" in codes else min(2, len(codes) - 1)
        weights = [30 if at == usual else 4 for at in range(len(codes))]
        columns[name] = random.choices([*codes, ""], [*weights, 1], k=number)
    return pl.DataFrame(columns)


# ---- the same rules, as one would write them by hand


def by_hand(checklist: Checklist, frame: pl.LazyFrame) -> pl.LazyFrame:
    """Adherence, helping skills, fidelity with its four gates, and three flags."""
    tagged = {tag: [each.id for each in checklist.items if tag in each.tags] for tag in _tags(checklist)}
    steps = [
        id for group in ("opening", "strategy", "practice", "closing") for id in checklist.group[group].items
    ]
    skills = list(checklist.group["skills"].items)
    items = [each.id for each in checklist.items]
    clean = frame.with_columns(pl.col(each).replace("", None) for each in [*items, "fact.danger"])
    homework, danger = pl.col("op_homework"), pl.col("fact.danger")
    asked = clean.with_columns(
        pl.when(pl.col("br_practise") == "na")
        .then(pl.lit("na"))
        .when(homework == "na")
        .then(pl.lit("na"))
        .when(homework.is_not_null())
        .then(pl.col("br_practise"))
        .alias("br_practise"),
        *(
            pl.when((pl.col(each) == "na") | (danger == "none_seen"))
            .then(pl.lit("na"))
            .when(danger.is_not_null())
            .then(pl.col(each))
            .alias(each)
            for each in checklist.group["danger_steps"].items
        ),
    )
    scored = asked.with_columns(
        _percent(steps, {"not_done": 0, "partly": 1, "done": 2}, 5, 4, "adherence"),
        _percent(skills, {"hardly": 0, "some": 1, "most": 2}, 3, 2, "manner"),
        _answered(steps).alias("adherence.answered"),
        *_gate("safety_first", tagged["safety"], "not_done"),
        *_gate("essential_steps", tagged["essential"], "not_done"),
        *_gate("helper_limits", tagged["proscribed"], "seen"),
        *_gate("no_harm", tagged["harmful"], "seen"),
        (danger == "sign_seen").alias("flag.talk_today"),
        (pl.col("op_safety") == "partly").alias("flag.safety_partly"),
        ((pl.col("mp_plan") == "done") & (pl.col("mp_choose") == "not_done")).alias(
            "flag.plan_without_problem"
        ),
    )
    return scored.with_columns(_fidelity())


def _tags(checklist: Checklist) -> set[str]:
    return {tag for each in checklist.items for tag in each.tags}


def _answered(items: list[str]) -> pl.Expr:
    return pl.sum_horizontal(
        (pl.col(each).is_not_null() & (pl.col(each) != "na")).cast(pl.Int64) for each in items
    )


def _percent(items: list[str], points: dict[str, int], whole: int, part: int, name: str) -> pl.Expr:
    applicable = pl.sum_horizontal((pl.col(each).fill_null("") != "na").cast(pl.Int64) for each in items)
    worth = list(points.items())
    total = pl.sum_horizontal(
        pl.when(pl.col(each) == worth[1][0])
        .then(worth[1][1])
        .when(pl.col(each) == worth[2][0])
        .then(worth[2][1])
        .otherwise(0)
        .cast(pl.Int64)
        for each in items
    )
    answered = _answered(items)
    enough = (answered > 0) & (answered * whole >= applicable * part)
    return pl.when(enough).then(total * 100 / (answered * 2)).alias(name)


def _gate(name: str, items: list[str], code: str) -> list[pl.Expr]:
    fails = pl.any_horizontal((pl.col(each) == code).fill_null(value=False) for each in items)
    blank = pl.any_horizontal(pl.col(each).is_null() for each in items)
    state = pl.when(fails).then(pl.lit("fails")).when(blank).then(pl.lit("undecided"))
    return [state.otherwise(pl.lit("passes")).alias(f"gate.{name}")]


def _fidelity() -> pl.Expr:
    low = ["gate.safety_first", "gate.essential_steps", "gate.no_harm"]
    failed = pl.any_horizontal(pl.col(each) == "fails" for each in low)
    open_ = pl.any_horizontal(pl.col(each) == "undecided" for each in low)
    limits, adherence = pl.col("gate.helper_limits"), pl.col("adherence")
    high = adherence >= 80
    return (
        pl.when(failed | (adherence < 60))
        .then(pl.lit("low"))
        .when(adherence.is_null() | open_ | (high & (limits == "undecided")))
        .then(pl.lit(None, pl.String))
        .when(high & (limits == "passes"))
        .then(pl.lit("high"))
        .otherwise(pl.lit("acceptable"))
        .alias("fidelity")
    )


# ---- measured


def measured(number: int) -> None:
    """Processor seconds, the best of several rounds in turns."""
    checklist = load_checklist(PMPLUS)
    frame = sessions(checklist, number)
    evaluate = compile(checklist)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sessions.parquet"
        frame.write_parquet(file)
        works: dict[str, Callable[[], pl.DataFrame]] = {
            "by hand in Polars": lambda: by_hand(checklist, pl.scan_parquet(file)).select(COLUMNS).collect(),
            "columns, these outcomes": lambda: (
                evaluate.table(pl.scan_parquet(file)).select("refused", *COLUMNS).collect()
            ),
            "columns, all outcomes": lambda: evaluate.table(pl.scan_parquet(file)).collect(),
        }
        results = {name: work() for name, work in works.items()}
        best = dict.fromkeys(works, float("inf"))
        for _ in range(ROUNDS):
            for name, work in works.items():
                best[name] = min(best[name], _seconds(work))
    row_seconds = _rows(checklist, frame.head(ROWS_BY_ROW)) * number / ROWS_BY_ROW
    sums = {name: _checksum(each) for name, each in results.items()}
    assert len(set(map(str, sums.values()))) == 1, sums
    hand = best["by hand in Polars"]
    for name, seconds in {**best, "row by row, with reasons": row_seconds}.items():
        sys.stdout.write(
            f"{name:26} {seconds:8.2f} s  {number / seconds:12,.0f} a second  {seconds / hand:6.2f}\n"
        )


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _rows(checklist: Checklist, frame: pl.DataFrame) -> float:
    evaluate = compile(checklist)
    questions = [each.key for each in checklist.questions]
    facts = [each.id for each in checklist.facts]
    records = [
        ({key: row[key] for key in questions}, {key: row[f"fact.{key}"] for key in facts})
        for row in frame.iter_rows(named=True)
    ]
    return min(_seconds(lambda: [evaluate(*each) for each in records]) for _ in range(3))


def _checksum(frame: pl.DataFrame) -> list[object]:
    exact = sum(
        (Fraction(value).limit_denominator(1000) * count for value, count in _counts(frame, "adherence")),
        Fraction(0),
    )
    others = [sorted(map(str, _counts(frame, each))) for each in COLUMNS if each != "adherence"]
    return [exact, *others]


def _counts(frame: pl.DataFrame, name: str) -> list[tuple[float, int]]:
    column = frame[name].round(9) if frame[name].dtype == pl.Float64 else frame[name]
    return column.drop_nulls().value_counts().rows()


def memory(number: int) -> None:
    """Scores a large file from Parquet to Parquet and says how much memory it took at most."""
    checklist = load_checklist(PMPLUS)
    with tempfile.TemporaryDirectory() as folder:
        parts = [Path(folder) / f"{part}.parquet" for part in range(number // BATCH)]
        frame = sessions(checklist, BATCH)
        for file in parts:
            frame.write_parquet(file)
        before = _largest()
        pl.Config.set_streaming_chunk_size(CHUNK)
        begun = time.process_time()
        scored = compile(checklist).table(pl.scan_parquet(parts))
        scored.sink_parquet(Path(folder) / "scored.parquet")
        seconds = time.process_time() - begun
        sys.stdout.write(
            f"{number:,} sessions: {seconds:.1f} s, {_largest():.0f} MB at most ({before:.0f} MB before)\n"
        )


def _largest() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        memory(int(sys.argv[2]))
    else:
        measured(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
