"""One therapist's sessions so far -> which of them the sampling plan takes, how many twice (decision 26)."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from fidelity.model.claim import Values
from fidelity.model.number import rounded
from fidelity.model.programme import Drawn, First, Quota, Row, SamplingPlan
from fidelity.summaries.verdicts import holds


class Session(NamedTuple):
    """One session of the pool: what it is drawn by, and what is known about it."""

    id: str
    client: str
    values: Values


class Planned(NamedTuple):
    """The sessions a plan draws from, what it takes for certain and in all, and how many are rated twice."""

    pool: frozenset[str]
    fixed: frozenset[str]
    taken: frozenset[str]
    second: int


def planned(plan: SamplingPlan, sessions: Sequence[Session]) -> Planned:
    """The fixed parts first, shares of the rest next, then as many more as the floors ask for."""
    fixed = {each.id for line in plan.first for each in _first(line, sessions)}
    rest = [each for each in sessions if each.id not in fixed]
    taken = set(fixed)
    for line in plan.rates:
        for stratum in _strata(line.each, rest):
            taken |= _smallest(plan.seed, stratum, quota_of(line.quota, len(stratum)))
    for floor in plan.floors:
        for stratum in _strata(floor.each, sessions):
            taken |= _missing(plan.seed, stratum, taken, floor)
    second = quota_of(plan.second, len(taken)) if plan.second else 0
    return Planned(
        frozenset(each.id for each in sessions), frozenset(fixed), frozenset(taken), min(second, len(taken))
    )


def sessions_in(plan: SamplingPlan, rows: Sequence[Row], during: Sequence[bool]) -> list[Session]:
    """The sessions of the plan's checklist, each once; none observed for a cause (decision 27)."""
    found: dict[str, Session] = {}
    for at, row in enumerate(rows):
        if row.checklist == plan.checklist and not row.for_cause and during[at]:
            id = row.id or str(at)
            found.setdefault(id, Session(id, row.client, row.values))
    return list(found.values())


def quota_of(quota: Quota, size: int) -> int:
    """How many of so many sessions."""
    if not quota.share:
        return min(int(quota.number), size)
    return int(rounded(quota.number * size, 0, quota.rounding))


@lru_cache(maxsize=1 << 16)
def random_number(seed: int, session: str) -> int:
    """The permanent number of a session: it depends on the plan's seed and on nothing else."""
    return int.from_bytes(blake2b(session.encode(), key=str(seed).encode(), digest_size=16).digest())


def _smallest(seed: int, among: Iterable[Session], number: int) -> set[str]:
    drawn = sorted((each.id for each in among), key=lambda session: (random_number(seed, session), session))
    return set(drawn[: max(number, 0)])


def _missing(seed: int, stratum: Sequence[Session], taken: set[str], floor: Drawn) -> set[str]:
    open_ones = [each for each in stratum if each.id not in taken]
    already = len(stratum) - len(open_ones)
    return _smallest(seed, open_ones, quota_of(floor.quota, len(stratum)) - already)


def _first(line: First, sessions: Sequence[Session]) -> Iterable[Session]:
    for stratum in _strata(line.each, sessions):
        fitting = [each for each in stratum if line.claim is None or holds(line.claim, each.values) is True]
        begin = stratum[: line.none_in] if line.none_in is not None else []
        if all(holds(line.claim, each.values) is False for each in begin):
            yield from fitting[: line.number]


def _strata(each: str, sessions: Sequence[Session]) -> list[list[Session]]:
    """The sessions by what they are stratified by; those that do not say are a stratum too."""
    found: dict[tuple[str, ...], list[Session]] = {}
    for session in sessions:
        found.setdefault(_stratum(each)(session), []).append(session)
    return list(found.values())


def _stratum(each: str) -> Callable[[Session], tuple[str, ...]]:
    match each:
        case "" | "therapist":
            return lambda _: ()
        case "client":
            return lambda session: (session.client,)
        case _:
            return lambda session: session.values.get(each) or ()
