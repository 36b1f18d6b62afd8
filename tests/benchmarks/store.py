"""What a durable insert into a study's store costs beside a raw write with a sync; and many kills.

python tests/benchmarks/store.py              an insert beside the disk's own limit, in turns; bulk; verifying
python tests/benchmarks/store.py --kills 200  a writer killed that often: is anything acknowledged lost?
python tests/benchmarks/store.py --forms 200  filled forms imported into a new study
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from random import Random
from statistics import median

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from openpyxl import load_workbook  # noqa: E402 - the tests are no package
from store_sample import given, kept, store_in  # noqa: E402
from test_store_crash import rest_of, verified, writer  # noqa: E402

from fidelity.form.workbook import scoring_form  # noqa: E402
from fidelity.language.library import found  # noqa: E402
from fidelity.language.reading import load  # noqa: E402
from fidelity.model.form import HEAD, META_SHEET  # noqa: E402
from fidelity.store.opening import opened, transaction  # noqa: E402
from fidelity.store.records import keep  # noqa: E402

INSERTS, IN_A_TURN = 1000, 5
SESSION = "pm_plus/individual/session_2"


def inserts(folder: Path) -> None:
    """Both in turns, so that a busy disk is busy for both."""
    raw = os.open(folder / "raw", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    limit: list[float] = []
    ours: list[float] = []
    with opened(store_in(folder), create=True, writes=True) as connection:
        content = given().content.encode()
        for turn in range(INSERTS // IN_A_TURN):
            limit += [seconds(partial(write_raw, raw, content)) for _ in range(IN_A_TURN)]
            sessions = [given(session=f"{turn}-{number}") for number in range(IN_A_TURN)]
            ours += [seconds(partial(kept, connection, each)) for each in sessions]
        begin = time.perf_counter()
        with transaction(connection):
            for number in range(INSERTS):
                keep(connection, given(session=f"bulk-{number}"), "Anna")
        bulk = INSERTS / (time.perf_counter() - begin)
    for name, times in (("raw write and fdatasync", limit), ("durable insert", ours)):
        p99 = sorted(times)[-INSERTS // 100]
        say(f"{name:24} median {median(times) * 1e3:7.3f} ms   p99 {p99 * 1e3:7.3f} ms")
    say(f"ratio {median(ours) / median(limit):.2f} (to reach: 3; load {os.getloadavg()[0]:.1f})")
    say(f"in one transaction {bulk:,.0f} a second")
    begin = time.perf_counter()
    entries = verified(folder).entries
    say(f"verified {entries / (time.perf_counter() - begin):,.0f} entries a second")


def write_raw(file: int, content: bytes) -> None:
    """What no store can be faster than."""
    os.write(file, content)
    os.fdatasync(file)


def say(line: str) -> None:
    """One line of the result."""
    sys.stdout.write(f"{line}\n")


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def kills(folder: Path, number: int) -> None:
    """All into one store: every acknowledged entry must be there, and the chain whole, after each kill."""
    random, acknowledged, lost = Random(20261122), 0, 0  # noqa: S311 - no secret
    for turn in range(number):
        dying = writer(folder, f"W{turn}", 1_000_000)
        assert dying.stdout is not None
        told = [int(dying.stdout.readline())]
        time.sleep(random.random() * 0.2)
        dying.send_signal(signal.SIGKILL)
        told += rest_of(dying)
        after = verified(folder)
        lost += max(0, told[-1] - after.entries) + (after.broken is not None)
        acknowledged += len(told)
    say(f"{number} kills, {acknowledged:,} acknowledged, {lost} lost or broken")


def forms(folder: Path, number: int) -> None:
    """From the files to the receipts, with the start of the program."""
    text, file = found(SESSION)
    empty = scoring_form(load(text, file))
    (folder / "forms").mkdir()
    for each in range(number):
        workbook = load_workbook(BytesIO(empty), rich_text=True)
        lines = workbook[META_SHEET].iter_rows(min_row=len(HEAD) + 3, values_only=True)
        where = {str(line[0]): str(line[1]) for line in lines}
        said = {"therapist": "T1", "client": "C1", "session": f"S{each}", "rater": "R1", "date": "2026-03-04"}
        for key, value in said.items():
            workbook.worksheets[0][where[key]].value = value
        workbook.save(folder / "forms" / f"{each}.xlsx")
    command = [
        sys.executable,
        "-m",
        "fidelity",
        "import",
        "forms",
        "--checklist",
        SESSION,
        "--study",
        "study",
    ]
    begin = time.perf_counter()
    subprocess.run(command, check=True, cwd=folder, capture_output=True)
    say(f"{number} forms in {time.perf_counter() - begin:.1f} s (to reach: 200 in 20 s)")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        match sys.argv[1:]:
            case ["--kills", number]:
                kills(Path(name), int(number))
            case ["--forms", number]:
                forms(Path(name), int(number))
            case _:
                inserts(Path(name))
