"""`fidelity deidentify`: observations, or a study for its programme, made fit for sharing."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import click

from fidelity.cli.observing import data_argument, ignore_option, keep_good_option, observed, observed_study
from fidelity.cli.opening import opened_any
from fidelity.cli.printing import Printing, counted, format_option, library_option
from fidelity.errors import WrongUse
from fidelity.files import write_together, write_whole
from fidelity.model.checklist import Checklist
from fidelity.model.coding import Coding, coding_of, key_file, read_key
from fidelity.model.programme import Programme
from fidelity.observe import Reading
from fidelity.observe.deidentified import Deidentified, ToShare, Wish, deidentified, free_columns
from fidelity.observe.deidentified_study import (
    TABLES,
    DeidentifiedStudy,
    deidentified_study,
    names_beside,
    observations_to_share,
)
from fidelity.observe.files import OBSERVATIONS, READABLE
from fidelity.observe.filled_form import table_csv, write_csv
from fidelity.observe.study_reading import StudyReading
from fidelity.study.loading import checklists_of


class _Shared(NamedTuple):
    """What is written where, from which files, what was done, who has which code, and what else is said."""

    files: Mapping[Path, bytes]
    read: tuple[str, ...]
    found: Deidentified
    coding: Coding
    remarks: tuple[str, ...] = ()


@click.command("deidentify")
@data_argument
@click.option(
    "--checklist",
    "name",
    required=True,
    help="The checklist that the data were made with; or the programme of a study, for all that it reads.",
)
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path),
    required=True,
    help="The CSV file to write; of a study with its programme, the folder.",
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
    name: str,
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

    With a programme the whole study is made fit: the observations of all its checklists, therapists, contacts
    and sessions, with what the programme asks about them. The folder is reported on like the study itself.

    \b
    Example:
      fidelity deidentify my_study --checklist pm_plus/individual/session_2 -o shared.csv --key safe/key.csv
      fidelity deidentify my_study --checklist my_study/programme.rubric -o shared --key safe/key.csv
    """
    model = opened_any(name, libraries, printing)
    _check_name(out, is_study=not isinstance(model, Checklist))
    wish, kept = Wish("month" if dates == "month" else "shift", at_least, keep_text), _kept_key(key)
    if isinstance(model, Checklist):
        reading = observed(printing, model, data, ignore, keep_good=keep_good)
        shared = _of_checklist(reading, model, out, wish, kept)
    else:
        checklists = checklists_of(model, libraries)
        whole = observed_study(printing, model, checklists, data, ignore, keep_good=keep_good)
        shared = _of_programme(whole, model, out, wish, kept)
    _check_place(out, key, shared)
    if key is not None:
        write_whole(key, key_file(shared.coding), private=True)
    write_together(shared.files)
    if printing.format == "json":
        printing.json(_document(out, shared))
    for line in _told(out, shared, key, at_least):
        printing.say(line)


# ---- where it goes


def _check_name(out: Path, *, is_study: bool) -> None:
    if is_study and out.suffix in READABLE:
        raise click.UsageError(
            f"A study with its programme goes into a folder, such as -o shared; not {out}."
        )
    if not is_study and out.suffix != ".csv":
        raise click.UsageError(f"The name after -o must end in .csv; {out.name} does not.")


def _check_place(out: Path, key: Path | None, shared: _Shared) -> None:
    """Refuses a place where data would be lost, or something be shared by mistake."""
    wanted = {each.resolve() for each in shared.files}
    over = next((file for file in shared.read if Path(file).resolve() in wanted), None)
    if over is not None:
        raise WrongUse(f"{over} holds the data themselves: name another place after -o.")
    inside = sorted(each for each in out.rglob("*") if each.is_file() and each.resolve() not in wanted)
    if inside:
        raise WrongUse(
            f"{out} holds other files as well, such as {inside[0]}: name a new folder, so that nothing is "
            "shared by mistake."
        )
    if key is not None and out.resolve() in key.resolve().parents:
        raise WrongUse(f"The key never travels with the data: name a place for it outside {out}.")


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


# ---- what is shared


def _of_checklist(
    reading: Reading, checklist: Checklist, out: Path, wish: Wish, kept: Coding | None
) -> _Shared:
    good = [each for each in reading.observations if not each.refused]
    coding, free = coding_of(good, kept), free_columns(checklist)
    found = deidentified([ToShare(each, free) for each in good], coding, wish)
    files = {out: write_csv(found.observations, checklist).encode()}
    asked = any("asked" in each.facts for each in reading.problems)
    remark = "What a programme asks about sessions comes along where --checklist names the programme."
    return _Shared(files, _names(reading), found, coding, (remark,) if asked else ())


def _of_programme(
    reading: StudyReading, programme: Programme, out: Path, wish: Wish, kept: Coding | None
) -> _Shared:
    good = observations_to_share(reading, programme)
    coding = coding_of([each.observation for each in good], kept, names_beside(reading.tables))
    shared = deidentified_study(good, reading.tables, programme, coding, wish)
    files = {out / name: text.encode() for name, text in _texts(reading, programme, shared)}
    return _Shared(files, _names(reading), shared.found, coding, tuple(_remarks(programme, shared, wish)))


def _names(reading: Reading | StudyReading) -> tuple[str, ...]:
    return tuple(file for file, _, _ in reading.files)


def _texts(
    reading: StudyReading, programme: Programme, shared: DeidentifiedStudy
) -> Iterator[tuple[str, str]]:
    """The files of the shared study by name."""
    for id in reading.with_data:
        own = [each for each in shared.found.observations if each.checklist == id]
        if own:
            text = write_csv(own, reading.checklists[id], programme.facts)
            yield f"{OBSERVATIONS}/{id}.csv", text
    for name, lines in shared.tables.items():
        if lines:
            yield name, table_csv(lines, TABLES[name], lines[0])


def _remarks(programme: Programme, shared: DeidentifiedStudy, wish: Wish) -> Iterator[str]:
    """What a report on the shared study may say otherwise, and what is not in it."""
    if shared.left:
        left = ", ".join(shared.left)
        yield f"Columns of sessions that the programme does not ask for stay behind: {left}."
    if programme.samples:
        yield "The sampling plan draws by the codes of sessions: with other codes it takes other sessions."
    if programme.stages and wish.dates == "shift":
        yield (
            "Each therapist's days are moved by another number, and all are judged on one day: a stage that "
            "ends after some time may look as if it had ended."
        )


# ---- telling


def _told(out: Path, shared: _Shared, key: Path | None, at_least: int) -> Iterator[str]:
    found = shared.found
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
    yield from shared.remarks
    if key is not None:
        yield f"The key is in {key}: keep it where the shared data never go."


def _by_column(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{column} ({number})" for column, number in sorted(counts.items()))


def _document(out: Path, shared: _Shared) -> dict[str, object]:
    found = shared.found
    return {
        "file": str(out),
        "files": [str(each) for each in shared.files],
        "observations": len(found.observations),
        "texts_taken_out": dict(found.texts),
        "rare_taken_out": dict(found.rare),
        "people_in_small_groups": found.small,
        "remarks": list(shared.remarks),
    }
