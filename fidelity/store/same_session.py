"""Two observations under one session code -> whether they can be of one session, or what tells them apart."""

from collections.abc import Mapping
from typing import NamedTuple

from fidelity.model.observation import Observation

OF_SESSION = ("therapist", "client", "date")  # a session has one of each; answers may be rated anew


class Apart(NamedTuple):
    """What is said of the session there and here, and how `correct` would make the first say the second."""

    there: str
    here: str
    settings: str


def session_in(one: Observation) -> Mapping[str, str]:
    """What an observation says of its session."""
    return {name: str(getattr(one, name) or "") for name in OF_SESSION}


def told_apart(first: Mapping[str, str], second: Mapping[str, str]) -> Apart | None:
    """What tells the columns of two observations apart; a blank beside a code is no contradiction."""
    differing = [
        name for name in OF_SESSION if first.get(name) and second.get(name) and first[name] != second[name]
    ]
    if not differing:
        return None
    settings = " ".join(f'--set "{name}={second[name]}"' for name in differing)
    return Apart(_said(first), _said(second), settings)


def _said(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {columns[name]}" for name in OF_SESSION if columns.get(name))
