"""`fidelity demo`: the shipped example studies, from checklist to workbook and pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from fidelity import content
from fidelity.cli.printing import Printing
from fidelity.files import write_folder, write_whole
from fidelity.form.workbook import scoring_form
from fidelity.study.loading import load
from fidelity.study.reading import read
from fidelity.study.summarising import summarise
from fidelity.study.writing import PackWanted, write_report

STUDIES = (
    ("miti_practice", "scoring/miti_4_2_1", "twenty real coded practice sessions"),
    (
        "example_study",
        "programmes/example_study/programme",
        "twelve therapists over nine months and their stages in a programme, simulated",
    ),
)


@click.command("demo")
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path),
    default=Path("fidelity_demo"),
    show_default=True,
    help="The folder to write.",
)
@click.pass_obj
def command(printing: Printing, out: Path) -> None:
    """Run the shipped example studies, end to end.

    \b
    Example:
      fidelity demo -o build/demo
    """
    for name, rules, what in STUDIES:
        printing.progress(f"Working on {name}")
        model = load(rules)
        with _on_disk(content.folder("checklists") / "programmes" / name) as folder:
            study = summarise(model, read(folder, model))
            write_folder(out / name / "study", dict(_files_in(folder)))
        pack = PackWanted(out / name / "trial_pack")
        write_report(study, out / name / "report.xlsx", out / name / "pages", pack)
        write_whole(out / name / "empty_form.xlsx", scoring_form(study.checklist))
        printing.done()
        click.echo(f"{name}: {what}")
        click.echo(f"  workbook    {out / name / 'report.xlsx'}")
        click.echo(f"  pages       {out / name / 'pages' / 'index.html'}")
        click.echo(f"  trial pack  {out / name / 'trial_pack' / 'README.txt'}")
        click.echo(f"  empty form  {out / name / 'empty_form.xlsx'}")
        click.echo(f"  the study   {out / name / 'study'}")


def _files_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


@contextmanager
def _on_disk(resource: Traversable) -> Iterator[Path]:
    """A shipped folder as one on disk: itself or, from inside a zip file, a copy for the time being."""
    if isinstance(resource, Path):
        yield resource
        return
    with TemporaryDirectory() as beside:
        _copy(resource, Path(beside) / resource.name)
        yield Path(beside) / resource.name


def _copy(resource: Traversable, target: Path) -> None:
    if resource.is_file():
        target.write_bytes(resource.read_bytes())
        return
    target.mkdir()
    for entry in resource.iterdir():
        _copy(entry, target / entry.name)
