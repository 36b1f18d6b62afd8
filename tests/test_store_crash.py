"""Many writers, a killed one, a full disk, a read-only folder, a lock: nothing acknowledged is lost."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from store_sample import given, store_in, stored

from fidelity.errors import ProblemsFound
from fidelity.store import opening
from fidelity.store.log import entries
from fidelity.store.opening import opened, snapshot
from fidelity.store.verify import Verified, verify

WRITER = """
import sys
from pathlib import Path
from store_sample import given, kept, store_in
from fidelity.store.opening import opened
folder, name, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with opened(store_in(folder), create=True, writes=True) as connection:
    for at in range(number):
        (one,) = kept(connection, given(session=f"{name}-{at}"), who=name)
        print(one.sequence, flush=True)
"""
TESTS = Path(__file__).parent


def writer(folder: Path, name: str, number: int, before: Sequence[str] = ()) -> "subprocess.Popen[str]":
    """A process that stores observations, and says the entry of each when it is stored."""
    environment = {**os.environ, "PYTHONPATH": f"{TESTS}:{TESTS.parent}"}
    command = [*before, sys.executable, "-c", WRITER, str(folder), name, str(number)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=folder
    )


def rest_of(dead: "subprocess.Popen[str]") -> list[int]:
    """What else a process had said before it died; its last line may be cut."""
    assert dead.stdout is not None
    lines = dead.stdout.read().splitlines(keepends=True)
    dead.communicate()
    return [int(line) for line in lines if line.endswith("\n")]


def verified(folder: Path) -> Verified:
    with opened(store_in(folder)) as connection, snapshot(connection):
        return verify(connection)


def test_eight_writers_at_once_make_one_chain(tmp_path: Path) -> None:
    writers = [writer(tmp_path, f"W{number}", 25) for number in range(8)]
    told = [int(line) for each in writers for line in each.communicate(timeout=120)[0].split()]
    assert [each.returncode for each in writers] == [0] * 8
    found = verified(tmp_path)
    assert (found.broken, found.revisions, found.entries) == (None, 200, 201)
    assert sorted(told) == list(range(2, 202))
    with opened(store_in(tmp_path)) as connection, snapshot(connection):
        by_name = [entry.who for entry in entries(connection)][1:]
    assert {name: by_name.count(name) for name in set(by_name)} == {f"W{number}": 25 for number in range(8)}


@pytest.mark.parametrize("time_of_death", range(10))
def test_what_a_killed_writer_had_acknowledged_is_there(tmp_path: Path, time_of_death: int) -> None:
    dying = writer(tmp_path, "W", 100_000)
    assert dying.stdout is not None
    told = [int(dying.stdout.readline()) for _ in range(1 + time_of_death * 3)]
    time.sleep(time_of_death * 0.0007)
    dying.send_signal(signal.SIGKILL)
    told += rest_of(dying)
    found = verified(tmp_path)
    assert found.broken is None
    assert found.entries in (told[-1], told[-1] + 1)
    stored(store_in(tmp_path), given(session="after"))
    assert verified(tmp_path).broken is None


def test_a_full_disk_is_told_and_what_was_stored_is_there(tmp_path: Path) -> None:
    full = writer(tmp_path, "W", 100_000, before=["bash", "-c", 'ulimit -f 300; exec "$@"', "-"])
    out, err = full.communicate(timeout=120)
    told = [int(line) for line in out.split()]
    assert "There is no room left to write to the study store" in err
    found = verified(tmp_path)
    assert (found.broken, found.entries) == (None, told[-1])
    stored(store_in(tmp_path), given(session="after"))
    assert verified(tmp_path).entries == told[-1] + 1


def test_a_locked_store_is_told_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = store_in(tmp_path)
    stored(address, given())
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    assert address.file is not None
    other = sqlite3.connect(address.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ProblemsFound) as found:
        stored(address, given(session="S2"))
    other.close()
    problem = found.value.problems[0]
    assert problem.place.file == str(address.file)
    assert problem.message == "The study store is busy: another program has been writing for too long."
    assert verified(tmp_path).entries == 2


def test_readers_do_not_wait_for_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = store_in(tmp_path)
    stored(address, given())
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    assert address.file is not None
    other = sqlite3.connect(address.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert verified(tmp_path).entries == 2
    other.close()


# A process without the right of root to write everywhere.
PLAIN = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")


@pytest.mark.skipif(
    os.name != "posix" or (os.geteuid() == 0 and shutil.which("setpriv") is None),
    reason="root writes everywhere, and there is no setpriv here that takes this right away",
)
def test_a_read_only_folder_is_read_and_not_written_to(tmp_path: Path) -> None:
    stored(store_in(tmp_path), given())
    folder = tmp_path / "study"
    (folder / "study.sqlite").chmod(0o400)
    folder.chmod(0o500)
    environment = {**os.environ, "PYTHONPATH": f"{TESTS}:{TESTS.parent}"}
    before = PLAIN if os.geteuid() == 0 else ()
    reading = [*before, sys.executable, "-m", "fidelity", "log", "verify", "--study", str(folder)]
    ran = subprocess.run(reading, capture_output=True, text=True, env=environment, check=False)
    wrote = writer(tmp_path, "W", 1, before=before)
    _, err = wrote.communicate(timeout=60)
    folder.chmod(0o700)
    assert ran.stdout.startswith("Everything is as it was written: 2 entries"), ran.stderr
    assert wrote.returncode != 0
    assert "The study store can be read and not written to here" in err
    assert verified(tmp_path).entries == 2
