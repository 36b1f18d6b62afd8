"""Times the commands from a cold start: a checklist of fifty lines that was never seen before, one record.

By hand: `python tests/benchmarks/cold.py`; how, and what came out, is in the README beside it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter
from typing import NamedTuple

ROUNDS = 20

CHECKLIST = """checklist session_one "A first session"
  version 1.0.0
  language en
  about "An example for measuring. The wording is ours."
  status unvalidated
  treat not_observed as missing

scale delivery "How was it done?"
  answer not_done "Not done" scores 0
  answer partly   "Partly done" scores 1
  answer done     "Done" scores 2
  answer na       "Did not apply" means not_applicable

fact format "Format" is one of individual "One to one", group "In a group"

threshold enough "Enough" is 60%
threshold good   "Good" is 80%

section opening "Opening" on scale delivery
  item op_welcome "Welcomes the person" tagged essential
  item op_safety "Asks about safety" tagged essential
    note "Every session, also where the last one gave no sign of danger."
  item op_group "Agrees on rules for the group" applies when format is group
section teaching "Teaching" on scale delivery
  item te_story "Explains the exercise by a story"
  item te_do "Does the exercise together"
  item te_home "Agrees on practice at home" weight 2
    needs a comment when te_home is not_done
score adherence "Delivered as planned" is percent of items needing at least 2/3 answered
score missed "Essential steps left out" is count of items tagged essential rated not_done

result fidelity "Fidelity" from adherence
  level low        "Low"        below enough
  level acceptable "Acceptable" from enough to below good
  level high       "High"       at least good

gate essential_steps "An essential step was left out"
  caps fidelity at low when any item tagged essential is not_done

flag partly_only "Everything was done by halves"
  when every item is partly

example "Everything done"
  given every item is done
  expect adherence is 100%
  expect fidelity is high
example "Safety was left out"
  given every item is done
  given op_safety is not_done
  expect fidelity is low because essential_steps
"""

RECORD = """observation,therapist,date,fact.format,op_welcome,op_safety,op_group,te_story,te_do,te_home
S1,ana,2026-03-01,individual,done,not_done,na,partly,done,done
"""

FIDELITY = (sys.executable, "-m", "fidelity")
EXPLAIN = ("data.csv", "--observation", "S1")
COMMANDS = {
    "bare Python": (sys.executable, "-c", "pass"),
    "check, a new text": (*FIDELITY, "check", "new.rubric"),
    "check, a text seen before": (*FIDELITY, "check", "seen.rubric"),
    "explain, a new text": (*FIDELITY, "explain", "new.rubric", *EXPLAIN),
    "explain, a text seen before": (*FIDELITY, "explain", "seen.rubric", *EXPLAIN),
    "--help": (*FIDELITY, "--help"),
}


class Spent(NamedTuple):
    """Seconds on the clock and of the processor."""

    wall: float
    processor: float


def best(folder: Path) -> dict[str, Spent]:
    """The shortest of several runs of each command, taken in turns so that a busy spell hits all alike."""
    (folder / "data.csv").write_text(RECORD, encoding="utf-8")
    (folder / "seen.rubric").write_text(CHECKLIST, encoding="utf-8")
    found: dict[str, list[Spent]] = {}
    for turn in range(ROUNDS + 1):
        for at, (name, command) in enumerate(COMMANDS.items()):
            # Another remark makes it another text, of which nothing was kept.
            (folder / "new.rubric").write_text(f"{CHECKLIST}# {turn} {at}\n", encoding="utf-8")
            found.setdefault(name, []).append(_spent(command, folder))
    # The first turn keeps the tables of the grammar and the words of messages, as the first day of use does.
    return {name: Spent(*map(min, zip(*several[1:], strict=True))) for name, several in found.items()}


def _spent(command: tuple[str, ...], folder: Path) -> Spent:
    kept_here = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    before, begun = getrusage(RUSAGE_CHILDREN), perf_counter()
    subprocess.run(command, cwd=folder, env=kept_here, check=True, capture_output=True)
    wall, after = perf_counter() - begun, getrusage(RUSAGE_CHILDREN)
    return Spent(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def told(spent: dict[str, Spent]) -> str:
    """Each command over bare Python."""
    bare = spent["bare Python"]
    rows = [
        f"{name:<30}{each.wall - bare.wall:7.3f} s{each.processor - bare.processor:11.3f} s"
        for name, each in spent.items()
        if each is not bare
    ]
    head = f"over bare Python ({bare.wall:.3f} s)      clock    processor     best of {ROUNDS}"
    return "\n".join([head, *rows, ""])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(told(best(Path(folder))))
