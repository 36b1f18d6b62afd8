"""`fidelity deidentify`: observations made fit for sharing."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from fidelity.cli.observing import data_argument, ignore_option, keep_good_option, observed
from fidelity.cli.opening import opened
from fidelity.cli.printing import Printing, counted, format_option, library_option
from fidelity.errors import WrongUse
from fidelity.files import write_whole
from fidelity.model.coding import Coding, coding_of, key_file, read_key
from fidelity.observe.deidentified import Deidentified, Wish, deidentified
from fidelity.observe.filled_form import write_csv


def _ending(_ctx: click.Context, _parameter: click.Parameter, out: Path) -> Path:
    if out.suffix != ".csv":
        raise click.UsageError(f"The name after -o must end in .csv; {out.name} does not.")
    return out


@click.command("deidentify")
@data_argument
@click.option("--checklist", required=True, help="The checklist that the data were made with.")
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path),
    required=True,
    callback=_ending,
    help="The CSV file to write.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file that says who has which code: read if it is there, written if not. Keep it apart.",
)
@click.option(
    "--dates",
    type=click.Choice(["shift", "month"]),
    default="shift",
    show_default=True,
    help="Move all dates of a therapist back by the same number of days, or cut them to the month.",
)
@click.option(
    "--at-least",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    metavar="N",
    help="Take out facts that fewer people than this share.",
)
@click.option(
    "--keep-text", is_flag=True, help="Keep comments and free texts, after somebody has read them all."
)
@ignore_option
@keep_good_option
@library_option
@format_option
@click.pass_obj
def command(
    printing: Printing,
    data: tuple[str, ...],
    checklist: str,
    out: Path,
    key: Path | None,
    dates: str,
    at_least: int,
    keep_text: bool,
    ignore: tuple[str, ...],
    keep_good: bool,
    libraries: tuple[str, ...],
) -> None:
    """Make observations fit for sharing: other codes, moved dates, no free text, no rare facts.

    Every code becomes another one; the same key gives the same codes. Whoever has the key can tell who is
    who, so the key never travels with the data. Such data are still data about people: share them under an
    agreement.

    \b
    Example:
      fidelity deidentify my_study --checklist pm_plus/individual/session_2 -o shared.csv --key safe/key.csv
    """
    model = opened(checklist, libraries, printing)
    reading = observed(printing, model, data, ignore, keep_good=keep_good)
    good = [each for each in reading.observations if not each.refused]
    coding = coding_of(good, _kept_key(key))
    found = deidentified(
        good, model, coding, Wish("month" if dates == "month" else "shift", at_least, keep_text)
    )
    if key is not None:
        write_whole(key, key_file(coding), private=True)
    write_whole(out, write_csv(found.observations, model).encode())
    if printing.format == "json":
        printing.json(_document(out, found))
    for line in _told(out, found, key, at_least):
        printing.say(line)


def _kept_key(key: Path | None) -> Coding | None:
    if key is None or not key.exists():
        return None
    try:
        found = read_key(key.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        found = None
    if found is None:
        raise WrongUse(f"{key} is no key file: name another file, or a new one.")
    return found


def _told(out: Path, found: Deidentified, key: Path | None, at_least: int) -> Iterator[str]:
    yield f"{out}: {counted(len(found.observations), 'observation')}."
    if found.texts:
        yield f"Free texts taken out: {_by_column(found.texts)}."
    if found.rare:
        yield f"Taken out because fewer than {at_least} people share it: {_by_column(found.rare)}."
        yield "Rules that read these may give other results in the shared data."
    if found.small:
        yield (
            f"In groups of fewer than {at_least} by site and facts together: {found.small} of the people. "
            "Share only with people who have agreed not to look, or take one of these columns out."
        )
    if key is not None:
        yield f"The key is in {key}: keep it where the shared data never go."


def _by_column(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{column} ({number})" for column, number in sorted(counts.items()))


def _document(out: Path, found: Deidentified) -> dict[str, object]:
    return {
        "file": str(out),
        "observations": len(found.observations),
        "texts_taken_out": dict(found.texts),
        "rare_taken_out": dict(found.rare),
        "people_in_small_groups": found.small,
    }
