"""The same store on a PostgreSQL server: a real one, started for these tests."""

import json
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from conftest import Run
from observe_sample import SOURCE, written
from postgresql_server import server
from sqlalchemy import create_engine, text
from store_sample import given, kept, store_in, stored, with_a_later_step
from test_cli_store import TABLE

from fidelity.errors import ProblemsFound
from fidelity.store import opening
from fidelity.store.address import Address, address_of
from fidelity.store.opening import opened, snapshot, transaction
from fidelity.store.records import named
from fidelity.store.verify import Broken, Verified, verify
from fidelity.store.withdrawal import wipe, withdraw

NUMBERS = count()


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    """One server for all tests here."""
    with server() as url:
        yield url


@pytest.fixture
def url(running: str) -> str:
    """An empty database of its own."""
    name = f"study_{next(NUMBERS)}"
    by_hand(f"{running}/postgres", f"CREATE DATABASE {name}")
    return f"{running}/{name}"


def by_hand(url: str, order: str) -> None:
    """What somebody does to the database with another program."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(order))
    engine.dispose()


def verified(address: Address, published: str = "") -> Verified:
    with opened(address) as connection, snapshot(connection):
        return verify(connection, published)


def test_revisions_and_chain_are_as_in_a_file(url: str) -> None:
    address = address_of(url)
    with opened(address, create=True, writes=True) as connection:
        found = kept(connection, given(), given(), given(answer="partly", comment="سلام"), given(rater="R2"))
    assert [each.outcome for each in found] == ["new", "same", "revision", "new"]
    result = verified(address)
    assert (result.entries, result.revisions, result.broken) == (4, 3, None)


def test_what_is_changed_by_hand_is_found(url: str) -> None:
    address = address_of(url)
    with opened(address, create=True, writes=True) as connection:
        kept(connection, given(), given(session="S2"))
    by_hand(url, "UPDATE revision SET content = replace(content, 'done', 'na') WHERE sequence = 3")
    assert verified(address).broken == Broken(3, "content_changed")


def test_eight_writers_at_once_make_one_chain(url: str) -> None:
    address = address_of(url)

    def write(name: str) -> None:
        with opened(address, create=True, writes=True) as connection:
            for number in range(10):
                kept(connection, given(session=f"{name}-{number}"), who=name)

    writers = [threading.Thread(target=write, args=(f"W{number}",)) for number in range(8)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    found = verified(address)
    assert (found.entries, found.revisions, found.broken) == (81, 80, None)


def test_a_withdrawal_leaves_a_gap_that_holds(url: str) -> None:
    address = address_of(url)
    with opened(address, create=True, writes=True) as connection:
        kept(connection, given(), given(session="S2", client="C2"))
        with transaction(connection):
            withdraw(connection, ("C1",), (), "letter", "Anna")
        wipe(connection, address)
    with opened(address) as connection, snapshot(connection):
        assert named(connection, "S1-R1") == []
    found = verified(address)
    assert (found.gaps, found.broken) == (1, None)


def test_a_turn_that_does_not_come_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    address = address_of(url)
    monkeypatch.setattr(opening, "PATIENCE", 1)
    with (
        opened(address, create=True, writes=True) as one,
        transaction(one),
        pytest.raises(ProblemsFound) as found,
        opened(address, writes=True) as other,
    ):
        kept(other, given())
    assert found.value.problems[0].message == (
        "The study store is busy: another program has been writing for too long."
    )


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    with (
        pytest.raises(ProblemsFound) as found,
        opened(address_of("postgresql://anna:secret@127.0.0.1:1/study")),
    ):
        pass
    problem = found.value.problems[0]
    assert problem.place.file == "postgresql://anna@127.0.0.1:1/study"
    assert problem.message.startswith("The study store cannot be opened")
    assert "secret" not in str(found.value.problems)


def test_the_commands_take_a_url_for_a_study(url: str, run: Run, tmp_path: Path) -> None:
    written(tmp_path, SOURCE, "visit.rubric")
    written(tmp_path, TABLE, "table.csv")
    ran = run("import", "table.csv", "--checklist", "visit.rubric", "--study", url, "--format", "json")
    assert (ran.status, json.loads(ran.out)["receipts"][0]["new"]) == (0, 3)
    of_file = run("score", "visit.rubric", "table.csv", "--format", "json")
    assert run("score", "visit.rubric", url, "--format", "json").out == of_file.out
    assert run("summarise", "visit.rubric", url).status == 0
    assert run("correct", "o2", "--study", url, "--set", "safety=done", "--why", "misread").status == 0
    assert "o2, revision 2 (safety: partly -> done)" in run("log", "show", "--study", url).out
    assert run("log", "verify", "--study", url).status == 0
    words = ("withdraw", "--study", url, "--client", "C1", "--why", "letter", "--yes")
    assert run(*words).err.splitlines()[0].startswith("Taken away: 2 observations (3 revisions).")
    assert run(*words, "--take-back").status == 0
    again = run("import", "table.csv", "--checklist", "visit.rubric", "--study", url, "--format", "json")
    assert json.loads(again.out)["receipts"][0]["new"] == 2
    assert "3 gaps that withdrawals left" in run("log", "verify", "--study", url).out


def test_a_study_moves_from_a_folder_to_a_server_and_back(url: str, run: Run, tmp_path: Path) -> None:
    written(tmp_path, SOURCE, "visit.rubric")
    written(tmp_path, TABLE, "table.csv")
    assert run("import", "table.csv", "--checklist", "visit.rubric", "--study", "study").status == 0
    head = run("log", "head", "--study", "study").out
    assert run("backup", "--study", "study", "-o", "there.sqlite").status == 0
    assert run("restore", "there.sqlite", "--study", url).status == 0
    assert run("log", "head", "--study", url).out == head
    refused = run("restore", "there.sqlite", "--study", url, "--replace")
    assert (refused.status, "The database holds a study already." in refused.err) == (1, True)
    assert run("backup", "--study", url, "-o", "back.sqlite").status == 0
    assert run("restore", "back.sqlite", "--study", "again").status == 0
    assert run("log", "verify", "--study", "again").out.endswith(head)


# ---- what a server does not keep


def test_control_signs_come_back_as_they_were(url: str, run: Run, tmp_path: Path) -> None:
    odd = "a\u0000b\u001b[2J\u0007\r\n\u200fc"
    row = {
        "session": "S\u0007 1",
        "therapist": "T1",
        "client": "C\u001b1",
        "rater": "R1",
        "date": "2026-03-04",
    }
    record = {**row, "answers": {"welcome": "done", "remarks": odd}, "comments": {"welcome": odd}}
    written(tmp_path, SOURCE, "visit.rubric")
    written(tmp_path, json.dumps([record]), "table.json")
    for study in ("study", url):
        words = ("import", "table.json", "--checklist", "visit.rubric", "--study", study)
        assert run(*words).status == 0
        shown = json.loads(run("log", "show", "--study", study, "--format", "json").out)
        columns = shown[2]["columns"]
        assert {name: columns[name] for name in ("session", "client", "remarks", "welcome.comment")} == {
            "session": "S\u0007 1",
            "client": "C\u001b1",
            "remarks": odd,
            "welcome.comment": odd,
        }
        assert run("log", "verify", "--study", study).status == 0


def test_a_study_with_a_sign_that_a_server_does_not_keep_stays_in_its_folder(
    url: str, run: Run, tmp_path: Path
) -> None:
    stored(store_in(tmp_path), given(client="A\0B"))  # as a program before this one could
    assert run("backup", "--study", "study", "-o", "copy.sqlite").status == 0
    ran = run("restore", "copy.sqlite", "--study", url)
    assert ran.status == 1
    assert "A code in this study holds a sign that a PostgreSQL server does not keep." in ran.err
    assert "There is no study store here." not in run("log", "head", "--study", "study").err


# ---- versions of the tables


def test_an_older_store_is_changed_only_after_a_backup(
    url: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = address_of(url)
    with opened(address, create=True, writes=True) as connection:
        kept(connection, given())
    before = verified(address)
    with_a_later_step(tmp_path, monkeypatch)
    refused = run("log", "verify", "--study", url)
    assert refused.status == 1
    assert (
        "An earlier version of the program made this study on the server (its tables are 0001)."
        in refused.err
    )
    assert "fidelity backup --study URL -o FILE --upgrade" in refused.err
    ran = run("backup", "--study", url, "-o", "old.sqlite", "--upgrade")
    assert ran.status == 0, ran.said
    assert verified(address) == before
    assert run("restore", "old.sqlite", "--study", "again").status == 0
    assert run("log", "verify", "--study", "again", "--head", before.head.hash).status == 0


def test_a_backup_that_cannot_be_made_changes_no_tables(
    url: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = address_of(url)
    with opened(address, create=True, writes=True) as connection:
        kept(connection, given())
    by_hand(url, "UPDATE revision SET content = replace(content, 'done', 'na')")
    with_a_later_step(tmp_path, monkeypatch)
    ran = run("backup", "--study", url, "-o", "old.sqlite", "--upgrade")
    assert ran.status == 1
    assert "the observation that it stored was changed since" in ran.err
    assert not (tmp_path / "old.sqlite").exists()
    assert "made this study on the server" in run("log", "head", "--study", url).err
