"""Few fixtures: a command run in this process, as a person would call it."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from fidelity.cli import status_of

# What tests keep between runs is not the user's.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="fidelity-tests-")

# A busy machine is no reason to fail. In CI the same cases run each time; at a desk new ones are looked for.
settings.register_profile(
    "fidelity",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("fidelity")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-pictures", action="store_true", help="store the pictures of the reports anew")


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
