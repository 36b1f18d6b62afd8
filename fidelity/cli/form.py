"""`fidelity form`: an empty scoring form."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from fidelity.browser import browser, print_beside
from fidelity.cli.looking import look_option
from fidelity.cli.opening import opened
from fidelity.cli.printing import Printing, library_option
from fidelity.cli.speaking import in_language, language_option
from fidelity.errors import WrongUse
from fidelity.files import write_whole
from fidelity.form.keying import keying_sheet
from fidelity.form.page import page_form
from fidelity.form.paper import paper_form
from fidelity.form.workbook import scoring_form
from fidelity.team_look import looking_like

ENDINGS = {"xlsx": (".xlsx",), "html": (".html",), "paper": (".html", ".pdf"), "keying": (".xlsx",)}
FORMS = {"xlsx": scoring_form, "html": page_form, "paper": paper_form, "keying": keying_sheet}
IN_TWO = {"xlsx": scoring_form, "paper": paper_form}  # languages beside each other


@click.command("form")
@click.argument("checklist")
@click.option("--to", "kind", type=click.Choice(list(ENDINGS)), required=True, help="The kind of form.")
@click.option("-o", "out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@language_option
@click.option(
    "--beside",
    default=None,
    metavar="CODE",
    help="A second language, beside the first on the same page; for --to xlsx and paper.",
)
@look_option
@library_option
@click.pass_obj
def command(
    printing: Printing,
    checklist: str,
    kind: str,
    out: Path,
    language: str | None,
    beside: str | None,
    look: Path | None,
    libraries: tuple[str, ...],
) -> None:
    """Make an empty form that a supervisor fills in: in Excel, in a browser, or on paper.

    With --beside a form has two languages on one page. A keying sheet is for typing in forms that
    were filled in on paper, a row for each.

    \b
    Example:
      fidelity form pm_plus/individual/session_2 --to xlsx -o session_2.xlsx
      fidelity form pm_plus/individual/session_2 --to xlsx --language en --beside ar -o session_2_en_ar.xlsx
      fidelity form pm_plus/individual/session_2 --to html -o session_2.html
      fidelity form pm_plus/individual/session_2 --to paper -o to_print.html
      fidelity form pm_plus/individual/session_2 --to paper -o session_2.pdf
      fidelity form pm_plus/individual/session_2 --to keying -o keying.xlsx
    """
    if out.suffix not in ENDINGS[kind]:
        endings = " or ".join(ENDINGS[kind])
        raise click.UsageError(f"The name after -o must end in {endings}; {out.name} does not.")
    if beside and kind not in IN_TWO:
        raise click.UsageError(f"Two languages on one page are for --to xlsx and paper, not for --to {kind}.")
    model = opened(checklist, libraries, printing)
    shown = in_language(model, language, printing)
    spoken = shown.about.language
    other = in_language(model, beside, printing) if beside and beside != spoken else None
    with looking_like(look):
        made = IN_TWO[kind](shown, spoken, other) if other else FORMS[kind](shown, spoken)
    write_whole(out, _printed(made) if out.suffix == ".pdf" else made)
    printing.say(f"{out}: form of {model.title}, version {model.about.version}.")


def _printed(page: bytes) -> bytes:
    """The page as a browser of this machine prints it."""
    found = browser()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "form.html"
        file.write_bytes(page)
        made = print_beside(found, file) if found else None
        if made is None:
            raise WrongUse(
                "A PDF is printed by a browser, and none did it here. "
                "Name a file that ends in .html, open it in any browser, and print it from there."
            )
        return made.read_bytes()
