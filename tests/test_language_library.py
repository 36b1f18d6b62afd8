"""What an id and a version lead to: the nearest place that has both."""

from pathlib import Path

import pytest

from fidelity.errors import ProblemsFound
from fidelity.language.library import Resolved, Unresolved, by_id, found


def put(path: Path, version: str, title: str = "One") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'# A remark\nrubric 1\nchecklist one "{title}"\n  version {version}\n', encoding="utf-8")
    return str(path)


def test_the_nearest_place_with_the_version_wins(tmp_path: Path) -> None:
    site = tmp_path / "study" / "site" / "site.rubric"
    own = put(site, "9.0.0")
    above = put(tmp_path / "study" / "any_name.rubric", "1.0.0", "Above")
    put(tmp_path / "shelf" / "one.rubric", "1.0.0", "On the shelf")
    found = by_id("one", "1.0.0", own, [tmp_path / "shelf"])
    assert isinstance(found, Resolved)
    assert (found.file, "Above" in found.text) == (above, True)
    beside = put(site.with_name("beside.rubric"), "1.0.0", "Beside")
    assert by_id("one", "1.0.0", own) == Resolved(Path(beside).read_text("utf-8"), beside, "1.0.0")


def test_libraries_are_searched_with_all_folders_in_them(tmp_path: Path) -> None:
    file = put(tmp_path / "shelf" / "deep" / "one.rubric", "1.0.0")
    found = by_id("one", "1.0.0", libraries=[tmp_path / "shelf"])
    assert isinstance(found, Resolved)
    assert found.file == file


def test_shipped_checklists_are_found_by_their_id() -> None:
    found = by_id("upsides_principles", "2.1.1")
    assert isinstance(found, Resolved)
    assert found.file == "upsides/principles.rubric"


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("pmplus_s2", "pm_plus/individual/session_2."),
        ("session_2", "pm_plus/group/session_2, pm_plus/individual/session_2."),
        ("upsides/adaptations", "upsides/adaptations/day_centre."),
    ],
)
def test_who_names_an_id_a_last_part_or_a_folder_gets_the_whole_paths(name: str, help: str) -> None:
    with pytest.raises(ProblemsFound) as refused:
        found(name)
    assert refused.value.problems[0].help == f"What ships is named by its whole path: {help}"


def test_other_versions_are_named(tmp_path: Path) -> None:
    for version in ("1.10.0", "1.9.0"):
        put(tmp_path / f"{version}.rubric", version)
    assert by_id("one", "2.0.0", libraries=[tmp_path]) == Unresolved(("1.9.0", "1.10.0"))
    assert by_id("nowhere", "1.0.0", libraries=[tmp_path]) == Unresolved()


def test_two_different_texts_in_one_place_are_told_when_asked_for(tmp_path: Path) -> None:
    files = (put(tmp_path / "a.rubric", "1.0.0", "A"), put(tmp_path / "b.rubric", "1.0.0", "B"))
    put(tmp_path / "c.rubric", "1.1.0")
    assert by_id("one", "1.0.0", libraries=[tmp_path]) == Unresolved(twice=files)
    assert isinstance(by_id("one", "1.1.0", libraries=[tmp_path]), Resolved)


def test_broken_neighbours_do_no_harm(tmp_path: Path) -> None:
    file = put(tmp_path / "one.rubric", "1.0.0")
    (tmp_path / "broken.rubric").write_bytes(b"\xff\xfe\x00checklist one")
    (tmp_path / "empty.rubric").write_text("", encoding="utf-8")
    found = by_id("one", "1.0.0", libraries=[tmp_path])
    assert isinstance(found, Resolved)
    assert found.file == file
