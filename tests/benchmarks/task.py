"""The task that every engine is given: thirty items, five means, a percent, four bands, a gate that caps."""

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from time import process_time

import polars as pl

import fidelity
from fidelity.model.checklist import Checklist

RUBRIC = Path(__file__).parent / "task.rubric"
ITEMS = [f"i{number:02}" for number in range(1, 31)]
DOMAINS = [ITEMS[start : start + 6] for start in range(0, 30, 6)]
MEANS = [f"mean_{number}" for number in range(1, 6)]
BANDS = ["poor", "fair", "good", "excellent"]
SCORED = [*MEANS, "overall", "gate", "band"]
GATED, NOT_APPLICABLE = "i07", 9
MONTHS = 24
ROUNDS = 5

Outcome = tuple[object, ...]


def checklist() -> Checklist:
    """The task in our language."""
    found = fidelity.load(RUBRIC)
    assert isinstance(found, Checklist)
    return found


def sessions(number: int) -> pl.DataFrame:
    """Sessions of two years, 500 for each therapist; 9 where an item does not apply, or blank."""
    random = Random(1)  # noqa: S311 - the same sessions each time
    pool = [random.choices([0, 1, 2, NOT_APPLICABLE, None], [12, 25, 50, 8, 5], k=7919) for _ in ITEMS]
    columns = {
        name: pl.Series(answers, dtype=pl.Int8).gather(pl.int_range(number, eager=True) * (at + 1) % 7919)
        for at, (name, answers) in enumerate(zip(ITEMS, pool, strict=True))
    }
    rows = pl.int_range(number, eager=True)
    return pl.DataFrame(
        {
            "observation": rows.cast(pl.String),
            "therapist": rows % max(number // 500, 1),
            "month": (rows // max(number // 500, 1) % MONTHS),
            **columns,
        }
    )


# ---- what is compared


def therapists(scored: pl.LazyFrame) -> pl.LazyFrame:
    """For each therapist the number, means, failed gates, bands, and the slope of the monthly mean."""
    months = scored.group_by("therapist", "month").agg(pl.col("overall").mean()).drop_nulls()
    x, y = pl.col("month"), pl.col("overall")
    slopes = months.group_by("therapist").agg(slope=((x - x.mean()) * y).sum() / ((x - x.mean()) ** 2).sum())
    counts = scored.group_by("therapist").agg(
        pl.len().alias("sessions"),
        *(pl.col(name).mean() for name in (*MEANS, "overall")),
        (pl.col("gate") == "fails").sum().alias("fails"),
        *((pl.col("band") == band).sum().alias(band) for band in BANDS),
    )
    return counts.join(slopes, on="therapist", how="left").sort("therapist")


def alike(tables: dict[str, pl.DataFrame]) -> None:
    """Stops unless all tables say the same: counts exactly, fractions to nine places."""
    names = ["therapist", "sessions", *MEANS, "overall", "fails", *BANDS, "slope"]
    told = {
        engine: table.sort("therapist").select(pl.col(name).cast(pl.Float64).round(9) + 0.0 for name in names)
        for engine, table in tables.items()
    }
    first, *others = told
    for other in others:
        assert told[other].equals(told[first]), f"{other} differs from {first}"


# ---- time


def best_of_turns(works: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Processor seconds, the best of several rounds in turns."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            begun = process_time()
            work()
            best[name] = min(best[name], process_time() - begun)
    return best


def table_of(title: str, best: dict[str, float], number: int, measure: str) -> str:
    """A table of seconds, speeds and ratios to the first."""
    first = next(iter(best.values()))
    lines = [f"\n### {title}\n", f"| | CPU s | {measure} a second | ratio |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {seconds:.3f} | {number / seconds:,.0f} | {seconds / first:.2f} |"
        for name, seconds in best.items()
    ]
    return "\n".join(lines) + "\n"
