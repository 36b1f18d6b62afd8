"""What was worked out from a text is kept, and made anew when anything it hangs on changes."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run

from fidelity import content
from fidelity import kept as keeping
from fidelity.cli.opening import stands_alone
from fidelity.kept import kept


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "fidelity"


def made(times: list[int], texts: list[str]) -> int:
    def make() -> int:
        times.append(1)
        return len(times)

    return kept("test", texts, make)


def test_the_same_text_is_worked_out_once() -> None:
    times: list[int] = []
    assert [made(times, ["a"]), made(times, ["a"]), made(times, ["b"])] == [1, 1, 2]


def test_another_program_works_it_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []
    made(times, ["a"])
    monkeypatch.setattr(keeping, "stamp", lambda: "another")
    assert made(times, ["a"]) == 2


def test_a_damaged_file_is_made_again(cache: Path) -> None:
    times: list[int] = []
    made(times, ["a"])
    for path in cache.glob("*.kept"):
        path.write_bytes(b"damaged")
    assert [made(times, ["a"]), made(times, ["a"])] == [2, 2]


def test_a_folder_that_others_can_write_to_is_not_used(cache: Path) -> None:
    cache.mkdir(parents=True)
    cache.chmod(0o777)
    times: list[int] = []
    assert [made(times, ["a"]), made(times, ["a"])] == [1, 2]


def test_only_so_many_are_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_KEPT", 3)
    for number in range(6):
        made([], [str(number)])
    assert len(list(cache.glob("*.kept"))) == 3


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ('checklist a "A"\n', True),
        ('adaptation a "A"\n  extends b version 1.0.0\n', False),
        ('checklist a "A"\n  uses b version 1.0.0\n', False),
        ('programme a "A"\n', False),
    ],
)
def test_what_hangs_on_other_files_is_never_kept(text: str, alone: bool, tmp_path: Path) -> None:
    assert stands_alone(str(tmp_path / "a.rubric"), text) is alone


def test_a_lock_beside_the_file_can_change_what_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.lock").write_text("{}", encoding="utf-8")
    assert not stands_alone(str(tmp_path / "a.rubric"), 'checklist a "A"\n')


def test_check_says_the_same_the_second_time(run: Run, tmp_path: Path) -> None:
    (tmp_path / "demo.rubric").write_text(
        'checklist demo "Demo"\nscale x "X"\n  answr y "Y"\n', encoding="utf-8"
    )
    first, again = run("check", "demo.rubric"), run("check", "demo.rubric")
    assert first == again
    assert (first.status, "RB001" in first.out) == (1, True)


def test_the_help_says_the_same_when_the_lines_of_the_commands_were_kept(cache: Path, run: Run) -> None:
    told = [run("--help").out for _ in range(2)]
    assert told[0] == told[1]
    assert "summarise" in told[0]
    assert len(list(cache.glob("commands-*.kept"))) == 1


def test_our_own_content_in_toml_is_read_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = keeping.kept_toml("rules", "mistakes.toml")
    monkeypatch.setattr(keeping, "_read_toml", lambda _: {})
    assert keeping.kept_toml("rules", "mistakes.toml") == read != {}
    assert len(list(cache.glob("mistakes-*.kept"))) == 1


LOADED = """
import sys
from fidelity.cli import status_of
assert status_of(["check", sys.argv[1]]) == 0
print(*{name.partition(".")[0] for name in sys.modules})
"""


def test_a_right_file_is_checked_without_what_takes_long_to_load(tmp_path: Path) -> None:
    """The tables of the grammar and the words of messages are there from the first time."""
    source = content.text("rules", "examples/weighted_mean.rubric")
    loaded: set[str] = set()
    for number in range(2):
        path = tmp_path / f"{number}.rubric"
        path.write_text(f"{source}# {number}\n", encoding="utf-8")
        words = [sys.executable, "-c", LOADED, str(path)]
        ran = subprocess.run(words, capture_output=True, text=True, check=True)
        loaded = set(ran.stdout.splitlines()[-1].split())
    assert loaded.isdisjoint({"lark", "tomllib", "pydantic", "polars", "numpy", "openpyxl", "jinja2"})
