"""One rater's answers about one session with one checklist, as they cross the border of the program."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from fidelity.errors import Problem
from fidelity.place import NOWHERE, Place

Selection = Literal["planned", "replacement", "for_cause"]


class Observation(BaseModel):
    """Who, when, where, and the raw answers by question key; an absent key is a blank.

    `minutes` is exact; `reported` holds totals that somebody wrote, by score; `refused` holds the data errors
    of this record (then it has no scores); `place` is where the record stands in its file.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", arbitrary_types_allowed=True)

    observation: str = Field(min_length=1)
    session: str = ""
    therapist: str = ""
    client: str = ""
    rater: str = ""
    rater_role: str = ""
    evidence: str = ""
    date: dt.date | None = None
    site: str = ""
    arm: str = ""
    modality: str = ""
    language: str = ""
    minutes: Fraction | None = None
    rated_on: dt.date | None = None
    selection: Selection = "planned"
    checklist: str = ""
    version: str = ""
    answers: Mapping[str, str] = {}
    facts: Mapping[str, str] = {}
    comments: Mapping[str, str] = {}
    reported: Mapping[str, str] = {}
    refused: tuple[Problem, ...] = ()
    place: Place = NOWHERE

    @property
    def occasion(self) -> str:
        """The session that was observed; an observation without a session stands for its own."""
        return self.session or self.observation
