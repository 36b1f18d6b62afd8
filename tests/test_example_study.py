"""The tables of the example study are what its script writes."""

import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
STUDY = TESTS.parent / "checklists" / "programmes" / "example_study"


def test_the_shipped_tables_are_byte_for_byte_what_the_script_writes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, TESTS / "simulations" / "example_study.py", tmp_path], check=True)
    assert tables(STUDY) == tables(tmp_path)


def tables(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.csv")}
