"""`fidelity demo`: the shipped example studies, from checklist to workbook and pages."""

from importlib.resources import as_file
from pathlib import Path

import click

from fidelity import content
from fidelity.cli.printing import Printing
from fidelity.files import write_whole
from fidelity.form.workbook import scoring_form
from fidelity.study import load, read, summarise, write_report

STUDIES = (
    ("miti_practice", "scoring/miti_4_2_1", "twenty real coded practice sessions"),
    ("example_study", "programmes/example_study/session", "twelve therapists over nine months, simulated"),
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
    for name, checklist, what in STUDIES:
        printing.progress(f"Working on {name}")
        model = load(checklist)
        with as_file(content.folder("checklists") / "programmes" / name) as folder:
            study = summarise(model, read(folder, model))
        write_report(study, out / name / "report.xlsx", out / name / "pages")
        write_whole(out / name / "empty_form.xlsx", scoring_form(model))
        printing.done()
        click.echo(f"{name}: {what}")
        click.echo(f"  workbook    {out / name / 'report.xlsx'}")
        click.echo(f"  pages       {out / name / 'pages' / 'index.html'}")
        click.echo(f"  empty form  {out / name / 'empty_form.xlsx'}")
