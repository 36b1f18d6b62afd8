"""Few fixtures: a command run in this process, as a person would call it."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from fidelity.cli import status_of

# What tests keep is not the user's, and not that of a worker beside this one.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="fidelity-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)

# A busy machine is no reason to fail. In CI the same cases run each time; at a desk new ones are looked for.
settings.register_profile(
    "fidelity",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("fidelity")


# What takes ten seconds and more: begun first, so that no worker is left alone with it at the end.
# Sail before Spark, as in the alphabet: they may meet in one process.
LONGEST = """
    test_scale_sail test_evaluators_agree test_scale_spark test_form_round_trip test_form_page_browser
    test_form_blank_values test_large_study_written test_form_live test_store_crash test_wheel
    test_report_languages test_evaluate_reasons_of_columns test_language_layout test_form_page_rules
    test_evaluate_deciding test_language_parse test_language_mistakes test_report_pictures
    test_form_workbook test_cli_store_trouble test_checklists test_evaluate_suggestions
    test_report_workbook test_report_rendered test_form_keying test_form_paper test_report_page_browser
    test_team_look test_report_page_safety
""".split()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):  # one of several
        turn = {name: at for at, name in enumerate(LONGEST)}
        items.sort(key=lambda item: turn.get(item.path.stem, len(LONGEST)))


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
