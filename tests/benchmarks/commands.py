"""Whole commands over many sessions: processor time and the most memory, each in a process of its own.

python tests/benchmarks/commands.py [SESSIONS]    summarise and report of one checklist, from Parquet
python tests/benchmarks/commands.py --programme [TIMES]    the example study so many times, with its programme
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

EXAMPLE = Path(__file__).parents[2] / "checklists" / "programmes" / "example_study"
TWICE = 0.1  # of the sessions, rated by two
CHANGED = 0.3  # of the answers, drawn from everybody's
FIDELITY = (sys.executable, "-m", "fidelity")


def main() -> None:
    """Makes the data and runs each command."""
    arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = (
            _of_a_programme(folder, int(arguments[1]) if arguments[1:] else 125)
            if arguments[:1] == ["--programme"]
            else _of_a_checklist(folder, int(arguments[0]) if arguments else 100_000)
        )
        for command in commands:
            said, seconds, memory = _run(command)
            sys.stdout.write(f"{said:40} {seconds:8.1f} s {memory:8.2f} GB\n")
            sys.stdout.flush()


def _run(command: Sequence[str]) -> tuple[str, float, float]:
    """What was run, with its processor time and memory."""
    running = subprocess.Popen([*FIDELITY, *command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(running.pid, 0)
    if status:
        raise SystemExit(f"fidelity {' '.join(command)} ended with {status}.")
    said = " ".join(each for each in command if not Path(each).is_absolute())
    return said, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6


def _of_a_checklist(folder: Path, number: int) -> Iterator[tuple[str, ...]]:
    checklist, data = str(EXAMPLE / "session.rubric"), folder / "observations.parquet"
    sessions(number).write_parquet(data)
    yield ("summarise", checklist, str(data))
    yield ("summarise", checklist, str(data), "--format", "json")
    if number <= 100_000:
        yield ("report", checklist, str(data), "--sheets", "none", "-o", str(folder / "report.xlsx"))


def _of_a_programme(folder: Path, times: int) -> Iterator[tuple[str, ...]]:
    study = folder / "study"
    multiplied(study, times)
    programme = str(study / "programme.rubric")
    yield ("summarise", programme, str(study))
    yield ("summarise", programme, str(study), "--format", "json")


# ---- made-up data


def sessions(number: int, each: int = 100) -> pl.DataFrame:
    """So many observations of the example checklist, so many sessions a therapist over two years."""
    random, base = np.random.default_rng(5), _example()
    different = int(number / (1 + TWICE))
    again = random.choice(different, number - different, replace=False)
    session = np.sort(np.append(np.arange(different), again))
    first = np.append(True, session[1:] != session[:-1])
    therapist = session % max(1, different // each)
    day = (np.datetime64("2024-01-01") + random.integers(0, 700, different)[session]).astype(str)
    rater = random.integers(0, 200, number)
    rater[1:] = np.where(~first[1:] & (rater[1:] == rater[:-1]), (rater[1:] + 1) % 200, rater[1:])
    frame = base.select(pl.all().gather(random.integers(0, len(base), number)))
    named = {
        "observation": [f"O{at}" for at in range(number)],
        "session": [f"S{at}" for at in session],
        "therapist": [f"T{at:05}" for at in therapist],
        "client": [f"C{at}" for at in session // 6],
        "rater": [f"R{at:03}" for at in rater],
        "rater_role": np.where(first, "supervisor", "independent").tolist(),
        "date": day.tolist(),
        "rated_on": day.tolist(),
        "site": [f"site {at % 20}" for at in therapist],
    }
    return _shuffled(frame.with_columns(pl.Series(name, of) for name, of in named.items()), random)


def multiplied(folder: Path, times: int) -> None:
    """The example study so many times, each with codes and answers of its own."""
    (folder / "observations").mkdir(parents=True)
    for name in ("programme.rubric", "session.rubric"):
        (folder / name).write_bytes((EXAMPLE / name).read_bytes())
    coded = ["observation", "session", "therapist", "client"]
    for name in ("contacts.csv", "sessions.csv", "therapists.csv", "observations/observations.csv"):
        table = pl.read_csv(EXAMPLE / name, infer_schema=False)
        codes = [each for each in coded if each in table.columns]
        many = pl.concat([table.with_columns(pl.col(codes) + f"x{at}") for at in range(times)])
        if name.startswith("observations"):
            many = _shuffled(many, np.random.default_rng(times))
        many.write_csv(folder / name)


def _example() -> pl.DataFrame:
    return pl.read_csv(EXAMPLE / "observations" / "observations.csv", infer_schema=False)


def _shuffled(frame: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """Some of the answers are anybody's."""
    base = _example()
    for name in [each for each in base.columns if each[:3] in ("hs_", "st_", "sa_") and "." not in each]:
        anybodys = base[name].gather(random.integers(0, len(base), len(frame)))
        changed = pl.Series(random.random(len(frame)) < CHANGED)
        frame = frame.with_columns(
            pl.select(pl.when(changed).then(anybodys).otherwise(frame[name])).to_series()
        )
    return frame


if __name__ == "__main__":
    main()
