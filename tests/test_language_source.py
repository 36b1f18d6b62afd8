"""A file is a text in UTF-8, or the message says what it is instead."""

from pathlib import Path

import pytest

from fidelity.errors import ProblemsFound, as_text
from fidelity.language.source import read_source


def refused(path: Path) -> str:
    """The message about a file, with its name instead of its path."""
    with pytest.raises(ProblemsFound) as found:
        read_source(path)
    [problem] = found.value.problems
    return as_text(problem).replace(str(path), path.name)


def test_a_text_is_read_without_its_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "one.rubric"
    path.write_bytes("\ufeffchecklist a “Á”\r\n".encode())
    assert read_source(path) == "checklist a “Á”\r\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 and more", "This is a Word, Excel or zip file, not a checklist."),
        (b"%PDF-1.7", "This is a PDF file, not a checklist."),
        (bytes(range(256)), "This is no text file, not a checklist."),
        ("checklist".encode("utf-16"), "This text is written in UTF-16, and a checklist is a text in UTF-8."),
        (b"checklist a\n\xc3\xa9\xe9", "This is no text in UTF-8: line 2 has the byte E9."),
        (b"a" * 50_000_000, "This file has 50,000,000 bytes, and a checklist may have 1,048,576."),
    ],
    ids=["zip", "pdf", "binary", "utf-16", "latin-1", "50 MB"],
)
def test_what_is_no_text_is_named(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "one.rubric"
    path.write_bytes(content)
    assert message in refused(path)


def test_the_wrong_byte_is_found_and_read_as_it_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "one.rubric"
    path.write_bytes(b"checklist a\n  \xc3\xa9 \x93Caf\xe9\x94")
    told = refused(path)
    assert "one.rubric, line 2" in told
    assert 'Meant is perhaps "“"' in told


def test_a_missing_file_and_a_folder_are_no_sources(tmp_path: Path) -> None:
    assert 'There is no file "missing.rubric".' in refused(tmp_path / "missing.rubric")
    assert f'"{tmp_path.name}" is a folder, not a checklist.' in refused(tmp_path)
    assert "This file cannot be read: " in refused(tmp_path / ("long" * 100))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a file without an end is known on Unix only")
def test_a_file_without_an_end_is_too_large() -> None:
    assert "more than 1,048,576 bytes" in refused(Path("/dev/zero"))
