"""A session that was delivered, whether anybody observed it or not: what a sampling plan draws from."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from fidelity.place import NOWHERE, Place

# Why a session that was drawn could not be observed; nothing that anybody heard in it is a reason.
REASONS = ("cancelled", "no_consent", "recording_failed")


class Delivered(NamedTuple):
    """One session of the table of sessions; `words` holds its other columns by name, facts without `fact.`.

    `number` is its place in the client's treatment, where the table says so; `unavailable` is one of REASONS.
    """

    session: str
    therapist: str
    client: str = ""
    date: dt.date | None = None
    number: int | None = None
    unavailable: str = ""
    words: Mapping[str, str] = MappingProxyType({})
    place: Place = NOWHERE
