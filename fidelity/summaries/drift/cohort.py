"""Adjusted scores of a programme by month -> whether the same people changed, who joined and who left."""

from datetime import date

import numpy as np

from fidelity.model.summary import CohortPeriod
from fidelity.summaries.drift.everyone import Sessions, months
from fidelity.summaries.drift.rule import Vector
from fidelity.summaries.severity import counted


def cohort(seen: Sessions) -> tuple[CohortPeriod, ...]:
    """Each month with sessions; the change is that of the people seen in it and in the month before."""
    starts, _ = counted(months(seen.days))
    if len(starts) < 2:
        return ()
    size = int(seen.therapist.max()) + 1
    cell = np.searchsorted(starts, months(seen.days)) * size + seen.therapist
    number, total = (
        np.bincount(cell, weights, len(starts) * size).reshape(len(starts), size).astype(np.float64)
        for weights in (None, seen.scores)
    )
    means = total / np.maximum(1, number)
    earlier = np.cumsum(number, axis=0) - number
    later = number.sum(axis=0) - earlier - number
    return tuple(
        _period(date.fromordinal(start), at, number, total, means, (earlier, later))
        for at, start in enumerate(starts.tolist())
    )


def _period(
    start: date, at: int, number: Vector, total: Vector, means: Vector, around: tuple[Vector, Vector]
) -> CohortPeriod:
    earlier, later = around
    here, before = number[at] > 0, number[at - 1] > 0 if at else np.zeros(number.shape[1], dtype=np.bool_)
    same = here & before
    return CohortPeriod(
        start=start,
        sessions=int(number[at].sum()),
        therapists=int(here.sum()),
        mean=float(total[at].sum() / number[at].sum()),
        same=int(same.sum()),
        change=float((means[at] - means[at - 1])[same].mean()) if same.any() else None,
        joined=int((here & (earlier[at] == 0)).sum()),
        left=int((before & (later[at - 1] == 0)).sum()),
    )
