"""Few fixtures: a command run in this process, as a person would call it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from fidelity.cli import status_of


class Ran(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Everything that was printed."""
        return self.out + self.err


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls `fidelity` with these words, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def called(*words: str) -> Ran:
        capsys.readouterr()
        status = status_of(words)
        return Ran(status, *capsys.readouterr())

    return called
