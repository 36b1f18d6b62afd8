"""What a study is: a checklist, its scored observations, and what they say together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from fidelity.errors import Problem
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.model.programme import Programme
from fidelity.model.score import ScoredObservation
from fidelity.model.session import Delivered
from fidelity.model.standing import Standings
from fidelity.model.summary import Summary
from fidelity.summaries.columns import ScoredColumns, from_scored

Scored = Sequence[ScoredObservation[Observation]]


@dataclass(frozen=True)
class Part:
    """One checklist of a programme beside the first: its scored observations, and what they say together."""

    checklist: Checklist
    scored: Scored
    summary: Summary
    laid: ScoredColumns | None = None


@dataclass(frozen=True)
class Study:
    """A checklist, its scored observations, and what they say together.

    With a programme it is the checklist that comes first there; `others` are the other ones with data, and
    `standings` say where everybody stands; `delivered` are the sessions of the table of sessions. `laid` are
    the observations side by side, where somebody has laid them so.
    """

    checklist: Checklist
    scored: Scored
    summary: Summary
    programme: Programme | None = None
    others: tuple[Part, ...] = ()
    standings: Standings | None = None
    delivered: tuple[Delivered, ...] = ()
    later: int = 0  # observations after the day asked for, which are left out
    refused: tuple[Observation, ...] = ()  # the records that have no scores
    told: tuple[Problem, ...] = ()  # what was said when the files were read
    laid: ScoredColumns | None = None
    with_totals: Scored | None = None  # those with a total that somebody wrote, where that is known

    @cached_property
    def columns(self) -> ScoredColumns:
        """The scored observations of the first checklist, side by side."""
        return from_scored(self.checklist, self.scored) if self.laid is None else self.laid
