"""Therapists' sessions -> where each course starts anew: retraining, another modality, a new version."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from fidelity.model.summary import Break, WhyBroken
from fidelity.summaries.columns import Words
from fidelity.summaries.score_series import Series


def breaks(series: Series, restarts: Mapping[str, Iterable[date]]) -> dict[str, tuple[Break, ...]]:
    """The breaks of each course in order, one a session; who has none is not in it."""
    found: dict[str, dict[int, Break]] = {}
    for name, dates in restarts.items():
        if name in series:
            found[name] = dict(_after(series.sessions.days[series.sessions.spans[name]].tolist(), dates))
    changing: tuple[tuple[WhyBroken, Words], ...] = (
        ("modality", series.modality),
        ("version", series.version),
    )
    for why, column in changing:
        for name in _with_several(series, column):
            span = series.sessions.spans[name]
            for at in changes_for_good(column.places[span].tolist()):
                day = int(series.sessions.days[span.start + at])
                found.setdefault(name, {})[at] = Break(at, date.fromordinal(day) if day else None, why)
    return {name: tuple(of[at] for at in sorted(of)) for name, of in found.items() if of}


def _after(days: Sequence[int], restarts: Iterable[date]) -> Iterator[tuple[int, Break]]:
    """The first session on or after each date, if there is one before it too."""
    for day in restarts:
        at = next((at for at, each in enumerate(days) if each >= day.toordinal()), 0)
        if at:
            yield at, Break(at, date.fromordinal(days[at]), "restart")


def _with_several(series: Series, column: Words) -> list[str]:
    """The therapists whose sessions do not all have the same word."""
    said = column.places >= 0
    places, who = column.places[said], series.sessions.therapist[said]
    other = (np.diff(places) != 0) & (np.diff(who) == 0)
    return [series.sessions.names[each] for each in np.unique(who[1:][other]).tolist()]


def changes_for_good(words: Sequence[int]) -> Iterator[int]:
    """Where a word gives way to another for good; who goes back and forth does both, and did not change.

    Words are numbers; -1 is a blank.
    """
    last = {word: at for at, word in enumerate(words)}
    known = [(at, word) for at, word in enumerate(words) if word >= 0]
    latest = -1
    for (_, before), (at, word) in pairwise(known):
        latest = max(latest, last[before])
        if word != before and latest < at:
            yield at
