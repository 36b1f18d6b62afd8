"""Therapists' courses -> the items that fell from the first half of their ratings to the last.

One-sided rank test of the two halves (Wilcoxon 1945, with ties, normal with continuity correction) from six
sessions on each side on; of all items of a therapist those at a false discovery rate of 10 % (Benjamini and
Hochberg 1995). A mean can hide this: what one item lost another may have gained.

Of 100 steady therapists with 16 items, 4 have some item listed by chance at 12 ratings, 6 at 20, 10 at 40. An
item done well 8 times of 10 before and 2 of 10 since is found in 46, 88 and all of 100 (seeded, 600 courses).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from fidelity.model.summary import FallenItem
from fidelity.summaries.drift.many import discoveries
from fidelity.summaries.exact import Exact, Places, Vector, runs

FEWEST_EACH = 6
FALSE_RATE = 0.10
CELLS = 2_000_000


class Course(NamedTuple):
    """One item in the sessions that rated it, of all therapists, one behind the other."""

    item: str
    shares: Vector
    sizes: Places
    chances: Vector


def fallen(shares: Mapping[str, Exact], several: Places) -> list[tuple[FallenItem, ...]]:
    """For each therapist the items that fell, the surest first.

    `shares` are those of an item's points in each session, `several` of each therapist, in order.
    """
    courses = [_course(item, of, several) for item, of in shares.items()]
    starts = [np.cumsum(each.sizes) - each.sizes for each in courses]
    return [
        _fallen_of([(each, int(start[who])) for each, start in zip(courses, starts, strict=True)], who)
        for who in range(len(several))
    ]


def _course(item: str, shares: Exact, several: Places) -> Course:
    rated, sizes = shares.at(shares.known), runs(shares.known, several)
    return Course(item, rated.floats, sizes, chances_of_fall(rated.floats, sizes))


def _fallen_of(courses: Sequence[tuple[Course, int]], who: int) -> tuple[FallenItem, ...]:
    enough = [(each, start) for each, start in courses if each.sizes[who] >= 2 * FEWEST_EACH]
    chances = np.array([each.chances[who] for each, _ in enough])
    found = [
        _fallen(each.item, each.shares[start : start + each.sizes[who]], float(each.chances[who]))
        for (each, start), kept in zip(enough, discoveries(chances, FALSE_RATE), strict=True)
        if kept
    ]
    return tuple(sorted(found, key=lambda each: each.p))


def _fallen(item: str, shares: Vector, p: float) -> FallenItem:
    half = len(shares) // 2
    first, last = shares[:half], shares[-half:]
    return FallenItem(
        item=item,
        first=float(100 * first.mean()),
        last=float(100 * last.mean()),
        n_first=half,
        n_last=half,
        p=p,
    )


def chances_of_fall(shares: Vector, sizes: Places) -> Vector:
    """How likely by chance each last half lies so far below its first; an odd one in between is left out."""
    values = np.unique(shares)
    step = max(1, CELLS // max(1, len(values)))
    ends = np.cumsum(sizes)
    found = np.ones(len(sizes))
    for start in range(0, len(sizes), step):
        own = sizes[start : start + step]
        here = slice(int(ends[start] - own[0]), int(ends[start] - own[0] + own.sum()))
        places = np.searchsorted(values, shares[here])
        found[start : start + step] = _chances(places, len(values), own)
    return found


def _chances(places: Places, values: int, sizes: Places) -> Vector:
    """The same for values that are known by their place in order."""
    half = sizes // 2
    owner = np.repeat(np.arange(len(sizes)), sizes)
    rank = np.arange(len(places)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    first, last = (
        np.bincount((owner * values + places)[part], minlength=len(sizes) * values).reshape(
            len(sizes), values
        )
        for part in (rank < half[owner], rank >= (sizes - half)[owner])
    )
    together = first + last
    # Equal values share the mean of their ranks.
    ranks = np.cumsum(together, axis=1) - (together - 1) / 2
    squares = (together * np.square(ranks - (half + 0.5)[:, None])).sum(axis=1)
    apart = ((first - last) * ranks).sum(axis=1) / 2
    differ = squares > 0
    spread = np.sqrt(np.where(differ, squares * half / np.maximum(1, 2 * (2 * half - 1)), 1.0))
    return np.where(differ, ndtr(-(apart - 0.5) / spread), 1.0)
