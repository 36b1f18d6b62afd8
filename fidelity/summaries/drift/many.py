"""Many therapists' sums -> how likely each is in a steady course, and whom to look at first.

With 200 therapists and more some reach any limit by chance. They are put in order by evidence, and listed as
far as the procedure of Benjamini and Hochberg (1995) goes at 10 %. Since therapists differ in spread, about
one in five of those listed is expected to be chance.
"""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from fidelity.model.summary import Drift
from fidelity.summaries.drift.cusum import laid, sums, surprises
from fidelity.summaries.drift.rule import Rule, Vector

Flags = NDArray[np.bool_]

MANY = 200
FALSE_RATE, BY_CHANCE = 0.10, 0.2
PEOPLE, SEED, LONGEST = 20_000, 20240601, 250


def listed(found: Mapping[str, Drift], rule: Rule) -> dict[str, Drift]:
    """The drifts with the chance of each sum, and whether to look at it first; as they are below 200."""
    judged = [name for name, each in found.items() if each.status != "not_enough"]
    if len(judged) < MANY or rule.method != "cusum":
        return dict(found)
    chances = _chances([found[name] for name in judged], rule)
    kept = discoveries(chances, FALSE_RATE)
    marks = {
        name: {"p": p, "listed": mark}
        for name, p, mark in zip(judged, chances.tolist(), kept.tolist(), strict=True)
    }
    return {
        name: each.model_copy(update=marks[name]) if name in marks else each for name, each in found.items()
    }


def _chances(drifts: Sequence[Drift], rule: Rule) -> Vector:
    """How often the largest sum of a steady course of this length is at least as large."""
    lengths = np.array([min(each.observed, LONGEST) for each in drifts])
    sums_of = (each.cusum[len(each.cusum) - each.observed :][rule.minimum - 1 :] for each in drifts)
    largest, found = np.array([max(each) for each in sums_of]), np.empty(len(drifts))
    for length in np.unique(lengths).tolist():
        here, known = lengths == length, _largest(rule.k, rule.minimum)[length - rule.minimum]
        above = len(known) - np.searchsorted(known, largest[here], side="left")
        found[here] = (above + 1) / (len(known) + 1)
    return found


@cache
def _largest(k: float, minimum: int) -> list[Vector]:
    """For each length from the minimum on the largest sums of made-up steady courses, in order."""
    scores = np.random.default_rng(SEED).standard_normal(PEOPLE * LONGEST)
    series = laid(scores, np.full(PEOPLE, LONGEST, dtype=np.intp))
    falling, _ = sums(series, -surprises(series, 1.0), k)
    largest = np.maximum.accumulate(falling.reshape(PEOPLE, LONGEST)[:, minimum - 1 :], axis=1)
    return list(np.sort(largest.T, axis=1))


def discoveries(chances: Vector, rate: float) -> Flags:
    """Which of many findings stand when so large a part of them may be false."""
    number = len(chances)
    order = np.argsort(chances, kind="stable")
    under = np.flatnonzero(chances[order] <= rate * np.arange(1, number + 1) / max(1, number))
    found = np.zeros(number, dtype=np.bool_)
    if len(under):
        found[order[: under[-1] + 1]] = True
    return found
