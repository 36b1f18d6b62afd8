"""Observations to be stored, and a store to put them in."""

from pathlib import Path

import pytest
from observe_sample import CHECKLIST
from sqlalchemy import Connection

from fidelity.model.observation import Observation
from fidelity.store import opening, versions
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


def with_a_later_step(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that knows one step more."""
    steps = folder / "migrations"
    (steps / "versions").mkdir(parents=True)
    for name in ("env.py", "versions/v0001_first_tables.py"):
        (steps / name).write_text((versions.MIGRATIONS / name).read_text())
    (steps / "versions" / "v0002_note.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = '0002'\ndown_revision = '0001'\n\n\n"
        "def upgrade():\n    op.add_column('revision', sa.Column('later', sa.Text))\n"
    )
    for module in (versions, opening):
        monkeypatch.setattr(module, "LATEST", "0002")
    monkeypatch.setattr(versions, "MIGRATIONS", steps)
    monkeypatch.setattr(versions, "KNOWN", ("0001", "0002"))
