"""A therapist's sessions -> where the course starts anew: retraining, another modality, a new version."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from fidelity.model.summary import Break, SessionScore, WhyBroken


def breaks(sessions: Sequence[SessionScore], restarts: Iterable[date] = ()) -> tuple[Break, ...]:
    """The breaks of a course in order, one a session."""
    found = {
        **{at: Break(at, sessions[at].date, "restart") for at in _after(sessions, restarts)},
        **dict(_changed(sessions, [each.modality for each in sessions], "modality")),
        **dict(_changed(sessions, [each.version for each in sessions], "version")),
    }
    return tuple(found[at] for at in sorted(found))


def _after(sessions: Sequence[SessionScore], restarts: Iterable[date]) -> Iterator[int]:
    """The first session on or after each date, if there is one before it too."""
    for day in restarts:
        at = next((at for at, each in enumerate(sessions) if each.date and each.date >= day), 0)
        if at:
            yield at


def _changed(
    sessions: Sequence[SessionScore], words: Sequence[str], why: WhyBroken
) -> Iterator[tuple[int, Break]]:
    """Where a word gives way to another for good; who goes back and forth does both, and did not change."""
    if len(set(words) - {""}) < 2:
        return
    last = {word: at for at, word in enumerate(words)}
    known = [(at, word) for at, word in enumerate(words) if word]
    latest = -1
    for (_, before), (at, word) in pairwise(known):
        latest = max(latest, last[before])
        if word != before and latest < at:
            yield at, Break(at, sessions[at].date, why)
