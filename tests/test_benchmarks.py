"""The comparisons with others still run, and everybody who is installed says the same."""

import subprocess
import sys
from pathlib import Path

RUN = Path(__file__).parent / "benchmarks" / "run.py"


def test_the_comparisons_run_and_agree_on_a_thousand_sessions() -> None:
    words = [sys.executable, str(RUN), "1000", "batch", "rows", "cells"]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    for engine in ("our columns", "our rows, with reasons", "our bulk reader"):
        assert f"| {engine} |" in ran.stdout
