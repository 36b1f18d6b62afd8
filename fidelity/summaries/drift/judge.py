"""Series and a rule -> what the rule says of each: by its sums, or by its slope."""

import numpy as np
from scipy.special import ndtri

from fidelity.summaries.drift.cusum import (
    ACT,
    IMPROVING,
    NONE,
    NOT_ENOUGH,
    WATCH,
    Changes,
    Flags,
    Flat,
    changes,
)
from fidelity.summaries.drift.rule import Rule, Vector
from fidelity.summaries.drift.slope import slopes


def judge(series: Flat, sigma: float, rule: Rule, watch: Vector, act: Vector) -> Changes:
    """The worst that each series ever showed; the sums are drawn by either method."""
    summed = changes(series, sigma, rule, watch, act)
    return summed if rule.method == "cusum" else _by_slope(series, sigma, rule, summed)


def _by_slope(series: Flat, sigma: float, rule: Rule, summed: Changes) -> Changes:
    """Act once the chance of a fall was large enough; the size is the change from the first to the last."""
    known, early = slopes(series, sigma, rule.minimum), series.rank < rule.minimum - 1
    change = np.where(early, 0.0, known.mean * series.rank)
    beyond = float(ndtri(rule.likely)) * known.sd
    falling, rising = (~early & (sign * known.mean > beyond) for sign in (-1, 1))
    steep = _ever(series, falling & (change <= -rule.fall))
    status = np.select(
        [series.sizes < rule.minimum, steep, _ever(series, falling), _ever(series, rising)],
        [NOT_ENOUGH, ACT, WATCH, IMPROVING],
        NONE,
    )
    changed = (status == ACT) | (status == WATCH) | (status == IMPROVING)
    size, margin = np.zeros(len(status)), np.zeros(len(status))
    last = (series.starts + series.sizes - 1)[changed]
    size[changed] = change[last]
    margin[changed] = float(ndtri(0.975)) * known.sd[last] * series.rank[last]
    return summed._replace(
        status=status, onset=np.where(changed, 0, -1), size=size, margin=margin, small=status == WATCH
    )


def _ever(series: Flat, marked: Flags) -> Flags:
    found: Flags = np.bincount(series.owner[marked], minlength=len(series.sizes)) > 0
    return found
