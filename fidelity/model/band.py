"""The condition of a level -> the stretch of its score that it stands for, where it is as simple as that."""

from collections.abc import Iterable

from fidelity.model.checklist import Level, Result
from fidelity.model.expression import And, Compare, Condition, Constant, Subject, ValueOf
from fidelity.model.scale import Band

ANY = Band(None, None)


def band_of(result: Result, level: Level) -> Band | None:
    """From where to where the score lies that the result is read from; None where other things count too."""
    if level.when is None or not result.of:
        return None
    parts = level.when.parts if isinstance(level.when, And) else (level.when,)
    return _all_of(_stretch(each, result.of) for each in parts)


def bands_of(result: Result) -> tuple[Band, ...] | None:
    """The bands of all levels, where every one is a plain stretch and they rise with the levels."""
    bands = [band for level in result.levels if (band := band_of(result, level)) is not None]
    starts = [each.lowest for each in bands[1:]]
    rising = [start for start in starts if start is not None]
    if len(bands) < len(result.levels) or len(rising) < len(starts) or rising != sorted(rising):
        return None
    return tuple(bands)


def _stretch(node: Condition, score: str) -> Band | None:
    match node:
        case Compare(ValueOf(Subject("score", key)), comparison, Constant(bound)) if key == score:
            return {
                "at least": Band(bound, None),
                "above": Band(bound, None, with_lowest=False),
                "at most": Band(None, bound),
                "below": Band(None, bound, with_highest=False),
                "is": Band(bound, bound),
            }[comparison]
        case _:
            return None


def _all_of(parts: Iterable[Band | None]) -> Band | None:
    whole = ANY
    for each in parts:
        if each is None:
            return None
        whole = _within(whole, each)
    return whole


def _within(first: Band, second: Band) -> Band:
    """The stretch that both have; of two equal ends the one that is left out counts."""
    both = (first, second)
    starts = [(each.lowest, not each.with_lowest) for each in both if each.lowest is not None]
    ends = [(each.highest, each.with_highest) for each in both if each.highest is not None]
    lowest, without_lowest = max(starts, default=(None, False))
    highest, with_highest = min(ends, default=(None, True))
    return Band(lowest, highest, not without_lowest, with_highest)
