"""A rule and a number of sessions -> how often it speaks of steady people, and which drops it finds."""

from functools import cache

import numpy as np

from fidelity.model.summary import Chance
from fidelity.summaries.drift.cusum import ACT, WATCH, laid
from fidelity.summaries.drift.judge import judge
from fidelity.summaries.drift.rule import Rule, Vector

# The default rule (k 0.5, limits 3 and 4, first claim at session 6), measured with the spread of programmes
# of 20 people; above 20 sessions a year its limits grow to keep 10 and 2 in 100.
MEASURED = (
    Chance(6, 1.7, 0.5, 12),
    Chance(8, 3.9, 1.3, 25),
    Chance(10, 5.3, 1.7, 40),
    Chance(12, 7.4, 2.6, 51),
    Chance(16, 11.2, 4.0, 74),
    Chance(20, 14.6, 5.3, 82),
)
MANY = Chance(21, 10, 2, 85)
# Of 100 steady people with 12 sessions, by the rule as it is: what programmes are told to expect.
FALSE_WATCH, FALSE_ACT = 7, 2.5
# The same for "act" by the lag-1 correlation of the steady.
AT_LAG = ((0.0, FALSE_ACT), (0.10, 5.0), (0.20, 10.0))
DROP = 1.5
PEOPLE, SEED = 20_000, 20240601


def chance(sessions: int, rule: Rule) -> Chance:
    """The chances in a series of so many sessions; in between from the two nearest lengths."""
    if _is_default(rule):
        return MANY if sessions > MEASURED[-1].sessions else between(sessions, MEASURED)
    return between(sessions, simulated(rule))


def expected(rule: Rule) -> tuple[float, float]:
    """Of 100 steady people with 12 sessions, how many are told to watch or more, and how many to act."""
    if _is_default(rule):
        return FALSE_WATCH, FALSE_ACT
    twelve = chance(12, rule)
    return twelve.watch, twelve.act


def at_lag(correlation: float) -> float:
    """Of 100 steady people, how many get "act" in 12 sessions when their neighbours correlate so."""
    lags, false = zip(*AT_LAG, strict=True)
    return float(np.interp(correlation, lags, false))


def between(sessions: int, table: tuple[Chance, ...]) -> Chance:
    """A row of the table, or what lies between two; beyond its ends the nearest."""
    at = min(max(sessions, table[0].sessions), table[-1].sessions)
    lengths = [each.sessions for each in table]
    watch, act, found = (
        float(np.interp(at, lengths, column)) for column in list(zip(*table, strict=True))[1:]
    )
    return Chance(at, watch, act, found)


def simulated(rule: Rule) -> tuple[Chance, ...]:
    """The rule's own chances, from steady and from falling series made up by a seeded generator."""
    return _table(_plain(rule))


@cache
def _table(rule: Rule) -> tuple[Chance, ...]:
    random = np.random.default_rng(SEED)
    lengths = sorted({max(rule.minimum, each.sessions) for each in MEASURED})
    return tuple(_simulated(rule, each, random) for each in lengths)


def _simulated(rule: Rule, sessions: int, random: np.random.Generator) -> Chance:
    scores = random.standard_normal((PEOPLE, sessions))
    steady = _shares(rule, scores)
    fallen = _shares(rule, scores - DROP * (np.arange(sessions) >= sessions // 2))
    return Chance(sessions, steady[0], steady[1], fallen[1])


def _shares(rule: Rule, scores: Vector) -> tuple[float, float]:
    """Percents of the series with watch or more, and with act."""
    people, sessions = scores.shape
    series = laid(scores.ravel(), np.full(people, sessions, dtype=np.intp))
    watch, act = rule.limits(series.sizes.astype(np.float64), np.zeros(people))
    status = judge(series, 1.0, rule, watch, act).status
    return 100 * float(np.isin(status, (WATCH, ACT)).mean()), 100 * float((status == ACT).mean())


def _plain(rule: Rule) -> Rule:
    """The rule for standard scores, where the smallest fall is not asked: it depends on the spread."""
    return Rule(
        rule.method, rule.k, rule.watch, rule.act, rule.minimum, 0.0, 0.0, rule.by_volume, False, rule.likely
    )


def _is_default(rule: Rule) -> bool:
    return _plain(rule) == _plain(Rule())
