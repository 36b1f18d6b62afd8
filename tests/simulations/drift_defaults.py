"""Made-up programmes -> how often `fidelity drift` errs, and what it finds, as Markdown tables.

Run by hand: python tests/simulations/drift_defaults.py [--programmes 1000] [--seed 20261122] [--table NAME]
"""

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from fidelity.summaries.drift.charts import METHODS, Charted, Settings, charted
from fidelity.summaries.drift.rated_series import Rated
from fidelity.summaries.drift.rule import WIDER

Vector = NDArray[np.float64]
CALM: tuple[str, float] = ("", 0.0)
DECLINING = 0.2
DOUBLE = 0.15
SEVERITY = 4.0
RATER_ERROR = 0.6


@dataclass(frozen=True)
class World:
    """A programme-year: therapists, observations, and what makes scores go up and down."""

    observations: int = 12
    therapists: int = 20
    sd: float = 10.0
    level: float = 80.0
    correlation: float = 0.0
    decline: tuple[str, float] = CALM
    raters: int = 1
    assigned: str = "random"
    rater_drift: float = 0.0

    @property
    def onset(self) -> int:
        """How many observations come before the decline."""
        return self.observations // 2


@dataclass(frozen=True)
class Year:
    """One simulated programme: scores, who declines, and the raters' own scores with their names."""

    scores: Vector
    declines: NDArray[np.bool_]
    given: list[list[tuple[tuple[str, float], ...]]] | None


def year(world: World, random: np.random.Generator) -> Year:
    """Therapists about their own levels, scores of 40 half-points, a fifth of them declining half-way."""
    people, n = world.therapists, world.observations
    level = random.normal(world.level, 8.0, (people, 1)).clip(50, 97)
    spread = np.exp(random.normal(0, 0.15, (people, 1))) * world.sd * sqrt(1 - RATER_ERROR**2)
    steps = random.normal(0, 1, (people, n))
    for at in range(1, n):
        steps[:, at] = world.correlation * steps[:, at - 1] + sqrt(1 - world.correlation**2) * steps[:, at]
    declines = np.arange(people) < (round(DECLINING * people) if world.decline != CALM else 0)
    true = level + spread * steps + declines[:, None] * _shape(world)
    if world.raters == 1:
        return Year(_scored(true, world, random), declines, None)
    return _rated(world, true, declines, random)


def _shape(world: World) -> Vector:
    kind, size = world.decline
    after = np.maximum(0, np.arange(1, world.observations + 1) - world.onset)
    return np.asarray(size * ((after > 0) if kind == "step" else after), dtype=np.float64)


def _scored(true: Vector, world: World, random: np.random.Generator) -> Vector:
    seen = true + random.normal(0, RATER_ERROR * world.sd, true.shape)
    return np.asarray(np.clip(np.round(seen / 2.5) * 2.5, 0, 100))


def _rated(world: World, true: Vector, declines: NDArray[np.bool_], random: np.random.Generator) -> Year:
    """The same with several raters, 15 in 100 sessions scored twice."""
    severity = random.normal(0, SEVERITY, world.raters)
    rater = _assigned(world, random)
    other = (rater + random.integers(1, world.raters, rater.shape)) % world.raters
    time = np.linspace(0, 1, world.observations)
    bias = [severity[who] + (who == 0) * world.rater_drift * time for who in (rater, other)]
    first, second = (_scored(true + each, world, random) for each in bias)
    twice = random.random(rater.shape) < DOUBLE
    given = [
        [
            (
                (f"R{rater[t, at]}", first[t, at]),
                *([(f"R{other[t, at]}", second[t, at])] if twice[t, at] else []),
            )
            for at in range(world.observations)
        ]
        for t in range(world.therapists)
    ]
    return Year(np.where(twice, (first + second) / 2, first), declines, given)


def _assigned(world: World, random: np.random.Generator) -> NDArray[np.int64]:
    """Who rates what: at random, or a caseload each, perhaps handed over half-way."""
    if world.assigned == "random":
        return random.integers(0, world.raters, (world.therapists, world.observations))
    own = random.permutation(np.arange(world.therapists) % world.raters)
    rater = np.repeat(own[:, None], world.observations, axis=1)
    if world.assigned == "handed over":
        rater[:, world.onset :] = (rater[:, world.onset :] + 1) % world.raters
    return rater


# ---- what the program says of it


def told(method: str, settings: Settings, of: Year) -> Charted:
    """What `fidelity drift` says, by the function that it calls."""
    if of.given is None:
        return charted(method, settings, of.scores.tolist())
    places = [float(at) for _ in of.given for at in range(of.scores.shape[1])]
    rated = Rated([each for sessions in of.given for each in sessions], places)
    return charted(method, settings, of.scores.tolist(), rated)


@dataclass(frozen=True)
class Shares:
    """Of the steady: watch or act, act. Of the declining: the same, first seen after the decline began."""

    steady: int
    watch: float
    act: float
    declining: int
    found: float
    acted: float


def shares(
    world: World, programmes: int, seed: int, method: str = "cusum", settings: Settings | None = None
) -> Shares:
    """How often so many programmes of a world give messages."""
    return counted(
        world, programmes, seed, lambda of: told(method, {**METHODS[method], **(settings or {})}, of)
    )


def counted(world: World, programmes: int, seed: int, tell: Callable[[Year], Charted]) -> Shares:
    """The messages counted, by what the signals of the points and the status at the year's end say."""
    random = np.random.default_rng(seed)
    rows: list[tuple[bool, bool, bool]] = []
    for _ in range(programmes):
        of = year(world, random)
        found = tell(of)
        signals = np.array(found.signals, dtype=object).reshape(of.scores.shape)
        for declines, status, points in zip(of.declines, found.statuses, signals, strict=True):
            rows.append((bool(declines), *_seen(declines, status, points.tolist(), world.onset)))
    return _shares(np.array(rows))


def _seen(declines: bool, status: str, signals: list[str | None], onset: int) -> tuple[bool, bool]:
    if not declines:
        return status in ("watch", "act"), status == "act"
    falls = {name: _first(signals, names) for name, names in (("watch", WATCHES), ("act", ACTS))}
    return falls["watch"] >= onset, falls["act"] >= onset


ACTS, WATCHES = ("act", "below"), ("watch", "act", "below")


def _first(signals: Sequence[str | None], names: Sequence[str | None]) -> int:
    return next((at for at, each in enumerate(signals) if each in names), -1)


def _shares(rows: NDArray[np.bool_]) -> Shares:
    steady, declining = rows[~rows[:, 0]], rows[rows[:, 0]]
    watch, act = steady[:, 1:].mean(axis=0) * 100 if len(steady) else (np.nan, np.nan)
    found, acted = declining[:, 1:].mean(axis=0) * 100 if len(declining) else (np.nan, np.nan)
    return Shares(len(steady), watch, act, len(declining), found, acted)


# ---- the tables


def main() -> None:
    """Prints the tables asked for, or all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--programmes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--table", choices=list(TABLES), action="append")
    asked = parser.parse_args()
    for name in asked.table or TABLES:
        print(f"\n### {name}\n", flush=True)  # noqa: T201 - printing is what this is for
        for row in TABLES[name](asked.programmes, asked.seed):
            print(f"| {' | '.join(row)} |", flush=True)  # noqa: T201


Rows = Iterable[Sequence[str]]
STEPS = (("slope", -2.0), ("slope", -3.0), ("step", -10.0), ("step", -15.0), ("step", -20.0))


def goal(programmes: int, seed: int) -> Rows:
    """What the program promises: the default, 12 observations, sd 10."""
    yield ["steady: watch or act", "steady: act", "step -15"]
    yield ["---"] * 3
    calm, fell = (shares(World(decline=each), programmes, seed) for each in (CALM, ("step", -15.0)))
    yield [_rate(calm.watch, calm.steady), _rate(calm.act, calm.steady), _found(fell)]


def volumes(programmes: int, seed: int) -> Rows:
    """The default by the number of observations a year."""
    yield [
        "observations",
        "steady: watch or act",
        "steady: act",
        *(f"{kind} {size:g}" for kind, size in STEPS),
    ]
    yield ["---"] * (3 + len(STEPS))
    for n in (6, 8, 10, 12, 16, 20, 30, 40):
        yield _volume(str(n), n, programmes, seed)
    # What `summarise` takes for those who are observed more than 20 times a year.
    for n in (30, 40):
        watch, act = WIDER[n]
        yield _volume(f"{n}, limits {watch} and {act}", n, programmes, seed, {"watch": watch, "act": act})


def _volume(name: str, n: int, programmes: int, seed: int, settings: Settings | None = None) -> Sequence[str]:
    calm = shares(World(n), programmes, seed, settings=settings)
    falls = [shares(World(n, decline=each), programmes, seed, settings=settings) for each in STEPS]
    return [name, _rate(calm.watch, calm.steady), _rate(calm.act, calm.steady), *map(_found, falls)]


def worlds(programmes: int, seed: int) -> Rows:
    """The default where scores are otherwise than reckoned with, 12 observations."""
    usual = World()
    yield from _by_world(
        {
            "as reckoned with (sd 10)": usual,
            "sd 8": replace(usual, sd=8.0),
            "sd 12": replace(usual, sd=12.0),
            "correlation .2": replace(usual, correlation=0.2),
            "correlation .4": replace(usual, correlation=0.4),
            "near the ceiling (mean 92)": replace(usual, level=92.0),
            "5 therapists": replace(usual, therapists=5),
        },
        programmes,
        seed,
        {"correlation .4, --autocorrelation": (replace(usual, correlation=0.4), {"autocorrelation": True})},
    )


def raters(programmes: int, seed: int) -> Rows:
    """With raters whose severity differs by 4 points, 15 in 100 sessions scored twice."""
    four = World(raters=4)
    yield from _by_world(
        {
            "4 raters at random, 12": four,
            "4 raters at random, 20": replace(four, observations=20),
            "caseloads handed over half-way": replace(four, assigned="handed over"),
            "one rater falls 12 points, at random": replace(four, rater_drift=-12.0),
            "one rater falls 12 points, caseloads": replace(four, assigned="caseloads", rater_drift=-12.0),
            "5 therapists, 2 raters": replace(four, therapists=5, raters=2),
        },
        programmes,
        seed,
    )


def _by_world(
    cases: dict[str, World],
    programmes: int,
    seed: int,
    more: dict[str, tuple[World, Settings]] | None = None,
) -> Rows:
    yield [
        "world",
        "steady: watch or act",
        "steady: act",
        "slope -2",
        "step -15",
        "slope rule: steady",
        "step -15",
    ]
    yield ["---"] * 7
    for name, (world, settings) in {
        **{name: (each, {}) for name, each in cases.items()},
        **(more or {}),
    }.items():
        fallen = replace(world, decline=("step", -15.0))
        calm, fell = (shares(each, programmes, seed, settings=settings) for each in (world, fallen))
        slid = shares(replace(world, decline=("slope", -2.0)), programmes, seed, settings=settings)
        rule = [shares(each, programmes, seed, "slope", settings) for each in (world, fallen)]
        yield [
            name,
            _rate(calm.watch, calm.steady),
            _rate(calm.act, calm.steady),
            _found(slid),
            _found(fell),
            _rate(rule[0].act, rule[0].steady),
            _percent(rule[1].acted),
        ]


def methods(programmes: int, seed: int) -> Rows:
    """All methods side by side."""
    yield ["method", "observations", "steady: act or below", "slope -2", "slope -3", "step -10", "step -15"]
    yield ["---"] * 7
    for n in (12, 20):
        for name, tell in _TELLERS.items():
            calm = counted(World(n), programmes, seed, tell)
            falls = [counted(World(n, decline=each), programmes, seed, tell) for each in STEPS[:4]]
            yield [name, str(n), _rate(calm.act, calm.steady), *(_percent(each.acted) for each in falls)]


def looks(programmes: int, seed: int) -> Rows:
    """The default asked again after every observation, with the spread known then; ever watch, ever act."""
    yield ["observations", "steady: ever watch or act", "steady: ever act"]
    yield ["---"] * 3
    for n in (12, 20):
        random, rows = np.random.default_rng(seed), []
        for _ in range(programmes):
            scores = year(World(n), random).scores
            said = [
                charted("cusum", METHODS["cusum"], scores[:, :t].tolist()).statuses for t in range(6, n + 1)
            ]
            rows += [
                (False, bool({"watch", "act"} & set(each)), "act" in each) for each in zip(*said, strict=True)
            ]
        found = _shares(np.array(rows))
        yield [str(n), _rate(found.watch, found.steady), _rate(found.act, found.steady)]


def _ewma_from_five(of: Year) -> Charted:
    """Each therapist's first five taken for the target, and the spread for known."""
    sd = charted("ewma", {**METHODS["ewma"], "target": 0.0}, of.scores.tolist()).settings["sd"]
    found = [
        charted("ewma", {**METHODS["ewma"], "target": float(each[:5].mean()), "sd": sd}, [each[5:].tolist()])
        for each in of.scores
    ]
    return found[0]._replace(
        statuses=[each.statuses[0] for each in found],
        signals=[signal for each in found for signal in [*[None] * 5, *each.signals]],
    )


_TELLERS: dict[str, Callable[[Year], Charted]] = {
    "cusum (default)": lambda of: told("cusum", METHODS["cusum"], of),
    "slope": lambda of: told("slope", METHODS["slope"], of),
    "xmr, all points": lambda of: told("xmr", METHODS["xmr"], of),
    "xmr --baseline 5": lambda of: told("xmr", {"baseline": 5}, of),
    "ewma, target the first 5": _ewma_from_five,
}


def _rate(percent: float, cases: int) -> str:
    """A rate with its standard error."""
    return f"{percent:.1f} % ± {sqrt(percent * (100 - percent) / max(1, cases)):.1f}"


def _found(fell: Shares) -> str:
    return f"{fell.found:.0f} / {fell.acted:.0f} %"


def _percent(percent: float) -> str:
    return f"{percent:.0f} %"


TABLES: dict[str, Callable[[int, int], Rows]] = {
    "The goal": goal,
    "Observations a year": volumes,
    "Other worlds": worlds,
    "Raters": raters,
    "Methods": methods,
    "Asked after every observation": looks,
}

if __name__ == "__main__":
    main()
