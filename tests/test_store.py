"""A store keeps every revision with its entry of the log, and whatever is changed by hand is found."""

import sqlite3
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from store_sample import given, kept, store_in, stored, with_a_later_step

from fidelity.errors import ProblemsFound, WrongUse
from fidelity.store.address import address_of
from fidelity.store.content import columns_of, content_from
from fidelity.store.log import NO_HASH, entries, head
from fidelity.store.opening import opened, snapshot, too_open, transaction
from fidelity.store.records import add_revision, keep, named
from fidelity.store.tables import LOG, METADATA
from fidelity.store.texts import KeptText, keep_text, kept_texts
from fidelity.store.verify import Broken, Verified, verify
from fidelity.store.withdrawal import wipe, withdraw

TEXT = KeptText("sha256:1", "visit", "1.2.0", (("visit.rubric", 'checklist visit "Visit"\n'),))


def verified(folder: Path, published: str = "") -> Verified:
    with opened(store_in(folder)) as connection, snapshot(connection):
        return verify(connection, published)


# ---- revisions


def test_the_same_again_is_nothing_new_and_something_else_is_a_revision(tmp_path: Path) -> None:
    first, again, other, back = stored(
        store_in(tmp_path), given(), given(), given(answer="partly"), given(answer="done")
    )
    assert (first.outcome, first.record, first.number) == ("new", 2, 1)
    assert (again.outcome, again.sequence) == ("same", first.sequence)
    assert (other.outcome, other.record, other.number) == ("revision", first.record, 2)
    assert (back.outcome, back.number) == ("revision", 3)


def test_what_was_corrected_is_not_undone_by_a_file_that_comes_again(tmp_path: Path) -> None:
    with opened(store_in(tmp_path), create=True, writes=True) as connection:
        (first,) = kept(connection, given())
        with transaction(connection):
            (before,) = named(connection, "S1-R1")
            add_revision(connection, given(answer="partly"), "Bea", before, "misread")
        again, other = kept(connection, given(), given(answer="not_done"))
        with snapshot(connection):
            (now,) = named(connection, "S1-R1")
    assert (again.outcome, again.record, again.number) == ("same", first.record, 2)
    assert (other.outcome, other.number) == ("revision", 3)
    assert columns_of(now.content)["welcome"] == "not_done"


def test_another_rater_or_session_is_another_record(tmp_path: Path) -> None:
    found = stored(store_in(tmp_path), given(), given(rater="R2"), given(session="S2"))
    assert [each.outcome for each in found] == ["new", "new", "new"]
    assert len({each.record for each in found}) == 3


def test_the_latest_revision_is_what_is_read(tmp_path: Path) -> None:
    with opened(store_in(tmp_path), create=True, writes=True) as connection:
        kept(connection, given(), given(answer="partly", comment="“Hm” – \u200fسلام\u200e"))
        with snapshot(connection):
            (one,) = named(connection, "S1-R1")
    assert one.number == 2
    columns = columns_of(one.content)
    assert columns["welcome"] == "partly"
    assert columns["welcome.comment"] == "“Hm” – \u200fسلام\u200e"
    assert content_from(columns, given().fingerprint) == one.content


TEXTS = st.dictionaries(st.sampled_from(["welcome", "open_q.often", "remarks"]), st.text(min_size=1))


@given_any(answers=TEXTS, comments=TEXTS, facts=TEXTS, client=st.text())
def test_whatever_was_typed_comes_back_as_it_was(
    answers: dict[str, str], comments: dict[str, str], facts: dict[str, str], client: str
) -> None:
    words = {"answers": answers, "comments": comments, "facts": facts, "client": client}
    content = given()._replace(observation=given().observation.model_copy(update=words)).content
    assert content_from(columns_of(content), given().fingerprint) == content
    columns = columns_of(content)
    assert columns.get("client", "") == client
    assert {name: columns[name] for name in answers} == answers


def test_an_observation_and_its_entry_are_stored_together_or_not_at_all(tmp_path: Path) -> None:
    with opened(store_in(tmp_path), create=True, writes=True) as connection:
        kept(connection, given())
        # The same name for another session: the entry was written, and goes with the rest.
        with pytest.raises(IntegrityError), transaction(connection):
            keep(connection, given(session="S2", observation="S1-R1"), "Anna")
        with snapshot(connection):
            assert head(connection).sequence == 2
    assert verified(tmp_path).broken is None


def test_an_observation_costs_two_questions_and_two_orders(tmp_path: Path) -> None:
    with opened(store_in(tmp_path), create=True, writes=True) as connection:
        kept(connection, given())
        told: list[str] = []
        driver: Any = connection.connection.dbapi_connection
        driver.set_trace_callback(told.append)
        kept(connection, given(session="S2"))
        driver.set_trace_callback(None)
    assert [" ".join(order.split()[:3]).partition("(")[0].strip() for order in told] == [
        "BEGIN IMMEDIATE",
        "SELECT revision.sequence, revision.record,",
        "SELECT log.sequence, log.hash",
        "INSERT INTO log",
        "INSERT INTO revision",
        "COMMIT",
    ]


def test_what_the_database_refuses_is_told_without_the_answers(tmp_path: Path) -> None:
    with opened(store_in(tmp_path), create=True, writes=True) as connection:
        kept(connection, given())
        with pytest.raises(IntegrityError) as refused, transaction(connection):
            keep(connection, given(session="S2", observation="S1-R1", comment="Mxyzptlk"), "Anna")
    assert "UNIQUE constraint failed" in str(refused.value)
    assert "Mxyzptlk" not in str(refused.value)


def test_the_text_of_a_checklist_is_kept_once(tmp_path: Path) -> None:
    with opened(store_in(tmp_path), create=True, writes=True) as connection:
        for _ in range(2):
            with transaction(connection):
                keep_text(connection, TEXT, "Anna")
        with snapshot(connection):
            assert list(kept_texts(connection)) == [TEXT]
            assert [entry.kind for entry in entries(connection)] == ["begun", "checklist"]


# ---- the chain


def test_each_entry_holds_the_hash_of_the_one_before(tmp_path: Path) -> None:
    with opened(store_in(tmp_path), create=True, writes=True) as connection:
        kept(connection, given(), given(answer="partly"))
        with snapshot(connection):
            chain = list(entries(connection))
    assert [entry.kind for entry in chain] == ["begun", "observation", "observation"]
    assert [entry.previous for entry in chain] == [NO_HASH, chain[0].hash, chain[1].hash]
    assert len({entry.hash for entry in chain}) == 3
    assert "done" not in str(chain)


def test_an_untouched_store_holds(tmp_path: Path) -> None:
    stored(store_in(tmp_path), given(), given(answer="partly"), given(session="S2"))
    found = verified(tmp_path)
    assert (found.entries, found.revisions, found.gaps, found.broken) == (4, 3, 0, None)


def by_hand(folder: Path, *orders: str) -> None:
    """What somebody does to the file with another program."""
    with sqlite3.connect(folder / "study" / "study.sqlite") as store:
        for order in orders:
            store.execute(order)
    store.close()


@pytest.mark.parametrize(
    ("order", "entry", "what"),
    [
        (
            "UPDATE revision SET content = replace(content, 'partly', 'done') WHERE sequence = 3",
            3,
            "content_changed",
        ),
        ("UPDATE revision SET rater = 'R9' WHERE sequence = 3", 3, "content_changed"),
        ("UPDATE revision SET why = 'asked to' WHERE sequence = 3", 3, "content_changed"),
        ("UPDATE revision SET latest = 0 WHERE sequence = 3", 3, "content_changed"),
        ("UPDATE revision SET content = NULL, salt = NULL WHERE sequence = 2", 2, "content_gone"),
        ("DELETE FROM revision WHERE sequence = 4", 4, "content_gone"),
        ("UPDATE log SET who = 'Nobody' WHERE sequence = 3", 3, "entry_changed"),
        ("UPDATE log SET at = '2020-01-01T00:00:00Z' WHERE sequence = 4", 4, "entry_changed"),
        ("DELETE FROM log WHERE sequence = 3", 3, "chain_cut"),
        ("UPDATE log SET sequence = sequence + 10 WHERE sequence >= 3", 3, "chain_cut"),
        ("UPDATE checklist SET sources = replace(sources, 'Visit', 'Other')", 5, "text_changed"),
        ("UPDATE checklist SET version = '9.0.0'", 5, "text_changed"),
        ("DELETE FROM checklist", 5, "text_changed"),
    ],
)
def test_the_first_entry_that_was_tampered_with_is_named(
    tmp_path: Path, order: str, entry: int, what: str
) -> None:
    with opened(store_in(tmp_path), create=True, writes=True) as connection:
        kept(connection, given(), given(answer="partly"), given(session="S2"))
        with transaction(connection):
            keep_text(connection, TEXT, "Anna")
    by_hand(tmp_path, order)
    assert verified(tmp_path).broken == Broken(entry, what)


def test_an_observation_that_no_entry_tells_of_is_found(tmp_path: Path) -> None:
    stored(store_in(tmp_path), given())
    by_hand(
        tmp_path,
        "INSERT INTO revision SELECT 77, 77, 1, 1, checklist, 'x', 'x', 'x', client, salt, content, why "
        "FROM revision",
    )
    assert verified(tmp_path).broken == Broken(77, "unlogged")


def test_a_chain_written_anew_holds_but_not_with_the_published_head(tmp_path: Path) -> None:
    stored(store_in(tmp_path), given(), given(session="S2"))
    published = verified(tmp_path).head.hash
    stored(store_in(tmp_path), given(session="S3"))
    assert verified(tmp_path, published).published == 3
    by_hand(tmp_path, "DELETE FROM revision WHERE sequence > 2", "DELETE FROM log WHERE sequence > 2")
    found = verified(tmp_path, published)
    assert (found.broken, found.published) == (None, None)


def test_the_database_itself_refuses_a_second_entry_after_the_same_one(tmp_path: Path) -> None:
    stored(store_in(tmp_path), given())
    with opened(store_in(tmp_path), writes=True) as connection:
        with snapshot(connection):
            last = list(entries(connection))[-1]
        with pytest.raises(IntegrityError), transaction(connection):
            connection.execute(LOG.insert(), {**last._asdict(), "sequence": 99, "hash": "f" * 64})


# ---- withdrawal


def test_a_withdrawal_takes_all_revisions_away_and_the_chain_still_holds(tmp_path: Path) -> None:
    with opened(store_in(tmp_path), create=True, writes=True) as connection:
        kept(
            connection,
            given(comment="told me of Mxyzptlk"),
            given(answer="partly", comment="told me of Mxyzptlk"),
            given(session="S2", client="C2"),
        )
        with transaction(connection):
            gone = withdraw(connection, ("C1",), (), "letter", "Anna")
        wipe(connection, store_in(tmp_path))
        with snapshot(connection):
            assert named(connection, "S1-R1") == []
            assert len(named(connection, "S2-R1")) == 1
    assert (gone.records, gone.gaps) == ((2,), (2, 3))
    found = verified(tmp_path)
    assert (found.broken, found.gaps, found.revisions) == (None, 2, 3)
    assert [b"Mxyzptlk" in path.read_bytes() for path in (tmp_path / "study").iterdir()] == [False]


def test_a_gap_that_no_withdrawal_tells_of_is_a_break(tmp_path: Path) -> None:
    with opened(store_in(tmp_path), create=True, writes=True) as connection:
        kept(connection, given(), given(session="S2", client="C2"))
        with transaction(connection):
            withdraw(connection, (), ("S1",), "letter", "Anna")
    by_hand(tmp_path, "UPDATE revision SET content = NULL WHERE sequence = 3")
    assert verified(tmp_path).broken == Broken(3, "content_gone")


def test_only_the_wrong_revision_goes_where_a_record_was_once_booked_to_that_client(tmp_path: Path) -> None:
    with opened(store_in(tmp_path), create=True, writes=True) as connection:
        kept(connection, given(client="C1"), given(client="C2"))
        with transaction(connection):
            gone = withdraw(connection, ("C1",), (), "letter", "Anna")
        with snapshot(connection):
            assert [each.number for each in named(connection, "S1-R1")] == [2]
    assert (gone.records, gone.gaps) == ((), (2,))


# ---- where it lies


def test_a_new_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    address = store_in(tmp_path)
    stored(address, given())
    assert address.file is not None
    assert stat.S_IMODE(address.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(address.file.parent.stat().st_mode) == 0o700
    assert too_open(address) == []
    address.file.chmod(0o644)
    (problem,) = too_open(address)
    assert problem.severity == "warning"
    assert problem.message == f"Others on this computer may look into {address.file}."
    assert problem.help == f'To close it: chmod 600 "{address.file}"'


def test_every_commit_reaches_the_disk_before_it_counts(tmp_path: Path) -> None:
    with opened(store_in(tmp_path), create=True, writes=True) as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
    assert settings == ["wal", 2, 1, 1]


def test_a_store_whose_making_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.sqlite").touch()
    with pytest.raises(ProblemsFound) as found, opened(store_in(tmp_path)):
        pass
    assert found.value.problems[0].message == "There is no study store here."
    stored(store_in(tmp_path), given())
    assert verified(tmp_path).entries == 2


def test_a_folder_without_a_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as found, opened(store_in(tmp_path)):
        pass
    assert found.value.problems[0].message == "There is no study store here."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"SQLite format 3\0" + b"\xff" * 4096, "The study store is damaged"),
        (b"name,phone\n", "This is no study store."),
    ],
)
def test_a_damaged_store_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.sqlite").write_bytes(content)
    with pytest.raises(ProblemsFound) as found, opened(store_in(tmp_path), create=True):
        pass
    assert found.value.problems[0].message.startswith(said)
    assert (tmp_path / "study" / "study.sqlite").read_bytes() == content


@pytest.mark.parametrize("table", ["log", "contacts"])
def test_a_database_of_another_program_is_left_alone(tmp_path: Path, table: str) -> None:
    (tmp_path / "study").mkdir()
    by_hand(tmp_path, f"CREATE TABLE {table} (line TEXT)")
    with pytest.raises(ProblemsFound) as found, opened(store_in(tmp_path), create=True):
        pass
    assert found.value.problems[0].message == "This is no study store."


def test_a_url_is_shown_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    address = address_of("postgresql+pg8000://anna:secret@db.example:5432/study?x=1")
    assert address.shown == "postgresql+pg8000://anna@db.example:5432/study"
    assert "secret" in address.url
    assert (
        address_of(Path("postgresql://anna@db.example/study")).shown == "postgresql://anna@db.example/study"
    )
    monkeypatch.setenv("PGPASSWORD", "s/x")
    assert address_of("postgresql://anna@db/s").url == "postgresql+pg8000://anna:s%2Fx@db/s"


def test_a_server_without_the_program_to_speak_with_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pg8000", None)
    with pytest.raises(ProblemsFound) as found, opened(address_of("postgresql://db/study")):
        pass
    assert found.value.problems[0].help == 'Install it: pip install "fidelity[postgresql]"'


@pytest.mark.parametrize("url", ["mysql://db/study", "postgresql+psycopg://db/study", "postgresql://db"])
def test_another_kind_of_url_is_refused(url: str) -> None:
    with pytest.raises(WrongUse):
        address_of(url)


# ---- versions of the tables


def test_an_older_store_is_brought_up_to_date_and_kept_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(store_in(tmp_path), given())
    before = verified(tmp_path)
    with_a_later_step(tmp_path, monkeypatch)
    assert verified(tmp_path) == before
    (old,) = (tmp_path / "study").glob("study.sqlite.before-0002-was-0001-*")
    assert columns(old) == columns(tmp_path / "study" / "study.sqlite") - {"later"}
    assert stat.S_IMODE(old.stat().st_mode) == 0o600


def columns(file: Path) -> set[str]:
    store = sqlite3.connect(file)
    found = {row[1] for row in store.execute("PRAGMA table_info(revision)")}
    store.close()
    return found


def test_a_store_of_a_later_program_is_refused(tmp_path: Path) -> None:
    stored(store_in(tmp_path), given())
    by_hand(tmp_path, "UPDATE fidelity_version SET version_num = '0099'")
    with pytest.raises(ProblemsFound) as found, opened(store_in(tmp_path)):
        pass
    said = found.value.problems[0]
    assert said.message == "A later version of the program made this study store (its tables are 0099)."
    assert said.help.startswith("Install the program of the version that made it, or a later one.")


def test_a_step_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(store_in(tmp_path), given())
    with_a_later_step(tmp_path, monkeypatch)
    step = tmp_path / "migrations" / "versions" / "v0002_note.py"
    step.write_text(step.read_text() + "    op.execute('DROP TABLE nowhere')\n")
    before = columns(tmp_path / "study" / "study.sqlite")
    with pytest.raises(ProblemsFound):
        verified(tmp_path)
    assert columns(tmp_path / "study" / "study.sqlite") == before


def test_the_tables_are_those_that_the_steps_make(tmp_path: Path) -> None:
    with opened(store_in(tmp_path), create=True) as connection:
        made = inspect(connection)
        for table in METADATA.sorted_tables:
            assert {each["name"]: each["nullable"] for each in made.get_columns(table.name)} == {
                each.name: each.nullable for each in table.columns
            }
            assert {each["name"] for each in made.get_indexes(table.name)} == {
                each.name for each in table.indexes
            }
