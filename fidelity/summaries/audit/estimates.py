"""Weighted values of sessions -> means, differences and shares with their 95 % limits."""

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import NamedTuple

from scipy.special import stdtrit

from fidelity.summaries.proportion import wilson

CONFIDENCE = 0.95


class Weighted(NamedTuple):
    """One session: its therapist, the value, and how many sessions it stands for."""

    therapist: str
    value: float
    weight: float


class Limits(NamedTuple):
    """An estimate with its limits; none where too few therapists are behind it."""

    value: float
    low: float | None
    high: float | None


def clustered_mean(sessions: Sequence[Weighted]) -> Limits | None:
    """The weighted mean; sessions of one therapist count as alike (linearised ratio, t with clusters - 1)."""
    if not sessions:
        return None
    parts = _residuals(sessions)
    return _limits(_mean(sessions), parts.values(), len(parts) - 1)


def clustered_difference(one: Sequence[Weighted], other: Sequence[Weighted]) -> Limits | None:
    """Mean minus mean; a therapist who worked in both arms counts in both, with what they share taken out."""
    if not one or not other:
        return None
    first, second = _residuals(one), _residuals(other)
    therapists = first.keys() | second.keys()
    parts = [first.get(name, 0.0) - second.get(name, 0.0) for name in sorted(therapists)]
    enough = min(len(first), len(second)) > 1
    return _limits(_mean(one) - _mean(other), parts, len(therapists) - 2 if enough else 0)


def share(number: int, of: int) -> Limits | None:
    """A share with Wilson's limits; None of none."""
    return Limits(*wilson(number, of)) if of else None


def _mean(sessions: Sequence[Weighted]) -> float:
    return sum(each.weight * each.value for each in sessions) / sum(each.weight for each in sessions)


def _residuals(sessions: Sequence[Weighted]) -> dict[str, float]:
    """What each therapist's sessions pull the mean by, enlarged for the number of therapists."""
    middle, whole = _mean(sessions), sum(each.weight for each in sessions)
    parts: dict[str, float] = {}
    for each in sessions:
        parts[each.therapist] = parts.get(each.therapist, 0.0) + each.weight * (each.value - middle) / whole
    enlarged = sqrt(len(parts) / (len(parts) - 1)) if len(parts) > 1 else 1.0
    return {name: enlarged * part for name, part in parts.items()}


def _limits(value: float, parts: Iterable[float], freedom: int) -> Limits:
    if freedom < 1:
        return Limits(value, None, None)
    error = sqrt(sum(part * part for part in parts))
    half = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
    return Limits(value, value - half, value + half)
