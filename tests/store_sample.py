"""Observations to be stored, and a store to put them in."""

from pathlib import Path

from observe_sample import CHECKLIST
from sqlalchemy import Connection

from fidelity.model.observation import Observation
from fidelity.store.address import Address, address_of
from fidelity.store.content import Given
from fidelity.store.opening import opened, transaction
from fidelity.store.records import Kept, keep


def store_in(folder: Path) -> Address:
    """The store of a study in this folder."""
    return address_of(folder / "study")


def given(session: str = "S1", rater: str = "R1", answer: str = "done", **words: str) -> Given:
    """An observation of the checklist of tests/observe_sample.py, with one answer."""
    observation = Observation(
        observation=words.pop("observation", f"{session}-{rater}"),
        session=session,
        therapist="T1",
        client=words.pop("client", "C1"),
        rater=rater,
        answers={"welcome": answer},
        comments={"welcome": words.pop("comment", "")},
    )
    return Given(observation, CHECKLIST.id, CHECKLIST.about.version, CHECKLIST.fingerprint, session)


def kept(connection: Connection, *givens: Given, who: str = "Anna") -> list[Kept]:
    """What comes of observations that are stored one after the other."""
    found = []
    for each in givens:
        with transaction(connection):
            found.append(keep(connection, each, who))
    return found


def stored(address: Address, *givens: Given) -> list[Kept]:
    """The same, in a store that is opened for it."""
    with opened(address, create=True, writes=True) as connection:
        return kept(connection, *givens)
