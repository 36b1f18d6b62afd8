"""What every row of a summary is, and the words that several of them use."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Row(BaseModel):
    """A frozen record of a summary."""

    model_config = ConfigDict(frozen=True, extra="forbid")


EvidenceClass = Literal["observed", "role_play", "self", "client"]


class Share(Row):
    """So many of all, in percent with its 95 % limits (Wilson)."""

    number: int
    of: int
    percent: float
    low: float
    high: float
