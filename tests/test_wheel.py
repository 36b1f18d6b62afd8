"""The wheel as users get it: complete, and enough without the checkout and the developers' packages."""

import os
import subprocess
import sys
import tarfile
import venv
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parent.parent
CONTENT_FOLDERS = ("rules", "checklists", "reports")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the source distribution and the wheel that was made from it."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(CHECKOUT))
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Environment of the wheel and what it requires; without an index pip refuses when that is not enough."""
    home = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(home, symlinks=True)
    [packages] = home.glob("lib/python*/site-packages")
    for name in required_by("fidelity"):
        link_distribution(name, packages)
    pip = (sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"))
    run(*pip, "install", "--quiet", "--no-index", str(wheel))
    return home / "bin"


def required_by(name: str) -> set[str]:
    """Names of the installed distributions that this one needs to run, and that they need in turn."""
    requirements = map(Requirement, distribution(name).requires or ())
    needed = (one for one in requirements if one.marker is None or one.marker.evaluate({"extra": ""}))
    direct = {canonicalize_name(one.name) for one in needed}
    return direct.union(*map(required_by, direct))


def link_distribution(name: str, packages: Path) -> None:
    """The installed, locked version in another environment: linked, so that no test needs the network."""
    installed = distribution(name)
    tops = {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}
    for top in tops:
        (packages / top).symlink_to(str(installed.locate_file(top)))


def run(*command: str, cwd: Path | None = None) -> str:
    """What a command prints; its errors are shown when it fails."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=cwd, env=outside, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def shipped_content() -> set[str]:
    files = (file for folder in CONTENT_FOLDERS for file in (CHECKOUT / folder).rglob("*") if file.is_file())
    return {file.relative_to(CHECKOUT).as_posix() for file in files}


def test_the_content_folders_hold_grammar_instruments_and_looks() -> None:
    assert {
        "rules/rubric.lark",
        "rules/messages.toml",
        "checklists/pm_plus/individual/session_2.rubric",
        "checklists/scoring/miti_4_2_1.rubric",
        "reports/workbook/styles.toml",
        "reports/page/page.css",
    } <= shipped_content()


def test_the_wheel_ships_every_content_file(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    prefix = "fidelity/shipped/"
    assert {name.removeprefix(prefix) for name in names if name.startswith(prefix)} == shipped_content()


def test_the_wheel_holds_nothing_beside_the_package(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
        assert "fidelity/py.typed" in archive.namelist()
    assert tops == {"fidelity", f"fidelity-{distribution('fidelity').version}.dist-info"}


def test_the_source_distribution_can_build_and_test_itself(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    tools = {"pyproject.toml", "requirements.lock", "Makefile", "README.md", "LICENSE", "tests/test_wheel.py"}
    assert tools | shipped_content() <= names


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "pm_plus/individual/session_2"],
        ["test", "scoring/miti_4_2_1"],
        ["form", "pm_plus/individual/session_2", "--to", "xlsx", "-o", "form.xlsx"],
        ["demo", "-o", "demo"],
    ],
    ids=lambda arguments: str(arguments[0]),
)
def test_an_installed_wheel_does_the_work(arguments: list[str], clean: Path, tmp_path: Path) -> None:
    run(str(clean / "fidelity"), *arguments, cwd=tmp_path)


def test_an_installed_wheel_can_make_a_store(clean: Path, tmp_path: Path) -> None:
    example = "programmes/example_study"
    data = str(CHECKOUT / "checklists" / example / "observations")
    words = ("import", data, "--checklist", f"{example}/session", "--study", "study")
    assert "161" in run(str(clean / "fidelity"), *words, cwd=tmp_path)
    assert "as it was written" in run(
        str(clean / "fidelity"), "log", "verify", "--study", "study", cwd=tmp_path
    )


def test_an_installed_wheel_knows_its_version(clean: Path, tmp_path: Path) -> None:
    assert distribution("fidelity").version in run(str(clean / "fidelity"), "--version", cwd=tmp_path)


def test_the_clean_environment_has_no_developer_package(clean: Path, tmp_path: Path) -> None:
    code = "from importlib.metadata import distributions; print(*sorted(one.name for one in distributions()))"
    installed = set(run(str(clean / "python"), "-c", code, cwd=tmp_path).split())
    assert installed == {distribution(name).name for name in required_by("fidelity") | {"fidelity"}}


def test_it_works_from_inside_a_zip_file(wheel: Path, clean: Path, tmp_path: Path) -> None:
    """A wheel is a zip file; everything it reads it finds through the package."""
    call = "import sys, fidelity; assert '.whl' in fidelity.__file__; from fidelity.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    for words in (
        ("check", "pm_plus/individual/session_2"),
        ("test", "upsides/principles"),
        ("demo", "-o", "out"),
    ):
        command = [str(clean / "python"), "-P", "-c", call, *words]
        ran = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
