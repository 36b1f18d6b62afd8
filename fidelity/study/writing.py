"""A study -> its workbook, pages and trial pack, written when all of it is made."""

from pathlib import Path
from typing import NamedTuple

from fidelity.errors import WrongUse
from fidelity.files import write_whole
from fidelity.report.own_files import write_own
from fidelity.report.pack import Pack, pack_of
from fidelity.report.pack.folder import earlier_files, kept_key, write_pack
from fidelity.report.page import pages
from fidelity.report.progress import NOBODY, Watching
from fidelity.report.reported import ReportedStudy
from fidelity.report.sheets.chosen import Asked
from fidelity.report.workbook import therapist_workbooks, workbook_bytes
from fidelity.study.loading import AnyPath
from fidelity.study.reported import reported
from fidelity.study.whole import Study

MOST_ROWS = 1_048_576 - 10  # that a sheet holds, below its headings


class Written(NamedTuple):
    """What a report left on disk beside what was asked for by name."""

    apart: int  # small workbooks, of one person each
    left: tuple[Path, ...]  # files of an earlier report that somebody has changed since, or holds open


class PackWanted(NamedTuple):
    """A trial pack: in which folder, whether for everybody, and the key file that keeps its codes."""

    folder: Path
    public: bool = False
    key: Path | None = None


def write_workbook(study: Study, path: AnyPath) -> None:
    """Writes the workbook, whole or not at all."""
    write_whole(Path(path), workbook_bytes(reported(study)))


def write_report(
    study: Study,
    path: AnyPath,
    folder: AnyPath | None,
    pack: PackWanted | None = None,
    sheets: Asked | None = None,
    watching: Watching = NOBODY,
) -> Written:
    """Makes the workbook and, where asked for, pages and trial pack; writes them when all of it is made.

    Therapists whose sheet is not in the workbook get small ones of their own, in a folder beside it. What an
    earlier report wrote into that folder or among the pages, and this one did not, is taken away.
    """
    _fits_a_workbook(study)
    given = reported(study)
    packed = None if pack is None else _packed(given, pack)
    workbook = workbook_bytes(given, sheets, watching.sheets)
    apart = dict(therapist_workbooks(given, sheets, watching.small))
    folders: dict[Path, dict[str, bytes]] = {therapists_folder(path): apart}
    if folder is not None:
        folders.setdefault(Path(folder), {}).update(pages(given, watching.pages))
    left = write_own(folders, {Path(path): workbook})
    if pack is not None and packed is not None:
        write_pack(packed, pack.folder, pack.key)
    return Written(len(apart), left)


def _fits_a_workbook(study: Study) -> None:
    """Refuses what no spreadsheet program could open, before it takes an hour to make."""
    number = len(study.scored)
    if number > MOST_ROWS:
        raise WrongUse(
            f"A workbook holds 1,048,576 rows, and these are {number:,} observations, each a row of the "
            "sheet Sessions. Report on fewer at a time, for example on one site or one year. "
            "`fidelity summarise` takes them all, and `fidelity score -o scored.parquet` writes every one."
        )


def _packed(given: ReportedStudy, wanted: PackWanted) -> Pack:
    """The pack, made; a folder or key file that will not do is refused before anything is written."""
    earlier_files(wanted.folder)
    return pack_of(given, kept_key(wanted.key, wanted.folder), public=wanted.public)


def therapists_folder(path: AnyPath) -> Path:
    """Where the small workbooks of therapists stand: beside the large one, by its name."""
    return Path(path).with_name(f"{Path(path).stem}_therapists")


def write_pages(study: Study, folder: AnyPath) -> None:
    """Writes the index and all other pages below a folder, and takes away those of an earlier report."""
    write_own({Path(folder): pages(reported(study))}, {})
