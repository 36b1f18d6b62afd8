"""The sessions of one pool -> which of them a sampling plan takes, and how many twice (decision 26)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fidelity.model.number import rounded
from fidelity.model.programme import Drawn, First, Quota, Row, SamplingPlan
from fidelity.summaries.programme.verdicts import holds
from fidelity.summaries.sampling.numbers import permanent_number
from fidelity.summaries.sampling.spread import Session, grouped, in_turn

EACH_IN_TURN = "therapist"


class Planned(NamedTuple):
    """The sessions a plan draws from, what it takes for certain and in all, and how many are rated twice."""

    pool: frozenset[str]
    fixed: frozenset[str]
    taken: frozenset[str]
    second: int


def planned(plan: SamplingPlan, sessions: Sequence[Session]) -> Planned:
    """The fixed parts first, shares of the rest next, then as many more as the floors ask for.

    The sessions stand in the order in which they were held. Those of several therapists are judged for
    each in turn where a line says `the first` or `of the rest`, and together where it says `at least`.
    """
    fixed = {
        each.id for line in plan.first for pool in _pools(line.each, sessions) for each in _first(line, pool)
    }
    rest = [each for each in sessions if each.id not in fixed]
    taken = set(fixed)
    for line in plan.rates:
        for pool in _pools(line.each, rest):
            taken |= _drawn(plan, pool, quota_of(line.quota, len(pool)), taken)
    for floor in plan.floors:
        for pool in _together(floor, sessions):
            already = sum(each.id in taken for each in pool)
            taken |= _drawn(plan, pool, quota_of(floor.quota, len(pool)) - already, taken)
    return Planned(
        frozenset(each.id for each in sessions),
        frozenset(fixed),
        frozenset(taken),
        twice(plan, len(taken)),
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


def twice(plan: SamplingPlan, taken: int) -> int:
    """How many of the sessions that are taken are rated twice."""
    return min(quota_of(plan.second, taken), taken) if plan.second else 0


def rated_twice(plan: SamplingPlan, taken: Iterable[str]) -> list[str]:
    """Those that are, by a second hash that knows nothing of the first, in the order of its numbers."""
    drawn = sorted(taken, key=lambda session: (permanent_number(plan.seed, session, "second"), session))
    return drawn[: twice(plan, len(drawn))]


def _pools(each: str, sessions: Sequence[Session]) -> list[list[Session]]:
    return list(grouped(sessions, each or EACH_IN_TURN).values())


def _together(floor: Drawn, sessions: Sequence[Session]) -> list[list[Session]]:
    return list(grouped(sessions, floor.each).values()) if floor.each else [list(sessions)]


def _drawn(plan: SamplingPlan, pool: Sequence[Session], number: int, taken: set[str]) -> set[str]:
    if number <= 0:
        return set()
    # A pool of several therapists is spread over them first.
    columns = list(dict.fromkeys([EACH_IN_TURN, *plan.spread]))
    return {each.id for each in in_turn(plan.seed, pool, columns, taken)[:number]}


def _first(line: First, pool: Sequence[Session]) -> Iterable[Session]:
    fitting = [each for each in pool if line.claim is None or holds(line.claim, each.values) is True]
    begin = pool[: line.none_in] if line.none_in is not None else []
    none_in = all(holds(line.claim, each.values) is False for each in begin)
    return fitting[: line.number] if none_in else []
