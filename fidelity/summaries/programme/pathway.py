"""A programme and one therapist's dated rows -> how everything stands after each date."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from fidelity.model.claim import Values
from fidelity.model.programme import Programme, Row, SamplingPlan
from fidelity.model.standing import DriftState, Standing
from fidelity.summaries.programme import stages
from fidelity.summaries.programme.doses import DoseState, doses
from fidelity.summaries.programme.figures import figure
from fidelity.summaries.programme.hand_drift import by_hand, drift_state
from fidelity.summaries.programme.stages import Moment
from fidelity.summaries.sampling.draw import Planned, planned, sessions_in
from fidelity.summaries.sampling.spread import Session


class After(NamedTuple):
    """How everything stands on one day, by name."""

    day: dt.date
    stages: Mapping[str, Standing]
    doses: Mapping[str, DoseState]
    drifts: Mapping[str, DriftState]
    figures: Mapping[str, Fraction | None]
    planned: Mapping[str, Planned]

    def as_json(self) -> dict[str, Any]:
        """One entry of `after`, contract.md section 4."""
        return {
            "date": self.day.isoformat(),
            "stages": dict(self.stages),
            "doses": {name: each._asdict() for name, each in self.doses.items()},
            "drifts": dict(self.drifts),
            "summaries": {
                name: None if value is None else str(value) for name, value in self.figures.items()
            },
            "planned": {name: len(each.taken) for name, each in self.planned.items()},
            "second": {name: each.second for name, each in self.planned.items()},
        }


class Pathway:
    """What a programme says about one therapist; rows of one day stay in the order given."""

    def __init__(self, programme: Programme, facts: Values, rows: Iterable[Row]) -> None:
        self.programme = programme
        self.rows: Sequence[Row] = sorted(rows, key=lambda row: row.day)
        self.courses = stages.courses(programme, facts, self.rows)

    def after_each_date(self, on: Iterable[dt.date] = ()) -> list[After]:
        """The state after every date with a row, and on the days asked for."""
        return [self.on(day) for day in sorted({row.day for row in self.rows} | set(on))]

    def on(self, day: dt.date) -> After:
        """The state on a day, after all rows up to it."""
        return self.after(sum(row.day <= day for row in self.rows), day)

    def after(self, number: int, day: dt.date) -> After:
        """The state on a day, after so many rows."""
        rows = self.rows[:number]
        programme = self.programme
        return After(
            day,
            {name: course[number].on(day) for name, course in self.courses.items()},
            {name: state for dose in programme.doses for name, state in doses(dose, rows).items()},
            {rule.id: drift_state(rule, rows) for rule in programme.drifts if by_hand(rule)},
            {rule.id: figure(rule, rows) for rule in programme.figures},
            {plan.id: planned(plan, self.pool(plan, number)) for plan in programme.samples},
        )

    def regained(self) -> list[dt.date]:
        """The days on which a stage that was lost was met again."""
        return [
            self.rows[at].day
            for course in self.courses.values()
            for at, (before, now) in enumerate(pairwise(course))
            if before.standing == "lost" and now.standing == "reached"
        ]

    def pool(self, plan: SamplingPlan, number: int) -> list[Session]:
        """The sessions among the first rows that a plan draws from."""
        course = self.courses.get(plan.during)
        during = [course is None or _stands(course, at, row.day) for at, row in enumerate(self.rows[:number])]
        return sessions_in(plan, self.rows[:number], during)


def _stands(course: Sequence[Moment], at: int, day: dt.date) -> bool:
    """Whether a stage stood when a row was observed: before it, or reached with it."""
    return "reached" in (course[at].on(day), course[at + 1].on(day))
