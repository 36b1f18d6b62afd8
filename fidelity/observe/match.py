"""Columns -> what they hold, rows -> observations; whatever does not fit the checklist becomes a Problem."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Literal, get_args

from fidelity.errors import Problem
from fidelity.model.answering import misfit_problem, understood, understood_fact
from fidelity.model.checklist import Checklist
from fidelity.model.number import plain_digits, read_number
from fidelity.model.observation import Observation, Selection
from fidelity.model.scale import Misfit, Scale
from fidelity.observe.table import Cell, Odd, Row, Spot, Table
from fidelity.place import Place

WORDS = (
    "observation session therapist client rater rater_role evidence date site arm modality language minutes "
    "rated_on selection checklist version"
).split()
COMPULSORY = ("therapist", "date")
DATES = ("date", "rated_on")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST_SHOWN = 60

Kind = Literal["word", "answer", "fact", "comment"]


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: a word known by name, or answers, facts or comments, by key."""

    index: int
    kind: Kind
    key: str


Judge = Callable[[Column, str], Problem | None]
