"""A study -> the trial pack: tables, de-identified data, codebook and methods; the same bytes each time."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from fidelity.model.coding import Coding, coding_of
from fidelity.model.observation import Observation
from fidelity.report.pack.codebook import codebook
from fidelity.report.pack.data_files import data_csv, data_files, table_csv
from fidelity.report.pack.long_data import Part, long_data
from fidelity.report.pack.methods import methods_text
from fidelity.report.pack.sheets import tables_workbook
from fidelity.report.pack.suppression import LIMIT, STEP
from fidelity.report.pack.tables import pack_tables
from fidelity.report.pages.rendering import rendered
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.table import Table

FORMAT = "fidelity-pack/1"
MANIFEST = "manifest.json"

Files = dict[str, bytes]


@dataclass(frozen=True)
class Pack:
    """The files by name, and who has which code: that is not for the pack."""

    files: Files
    coding: Coding


def pack_of(study: ReportedStudy, kept: Coding | None = None, *, public: bool) -> Pack:
    """The pack of a study; a public one has rounded tables without small cells, and no data."""
    others = zip(study.beside.checklists, study.beside.scored, strict=True)
    parts = (Part(study.checklist, study.scored), *(Part(*each) for each in others))
    coding = coding_of(_observations(parts), kept)
    tables = pack_tables(study, lambda name: _site(coding, name), public=public)
    files = {
        "README.txt": _readme(study, public=public),
        "methods.txt": methods_text(study, public=public).encode(),
        **_table_files(study, tables),
        **({} if public else _data(parts, coding)),
        **_codebook(study, parts, coding, public=public),
    }
    return Pack({**files, MANIFEST: _manifest(study, parts, files, public=public)}, coding)


def _observations(parts: Sequence[Part]) -> list[Observation]:
    return [each.observation for part in parts for each in part.scored]


def _site(coding: Coding, name: str) -> str:
    """A site of the table of sessions that nobody observed has no code, and no name either."""
    return coding.code("site", name) if ("site", name) in coding.codes else "–"


# ---- tables


def _table_files(study: ReportedStudy, tables: Mapping[str, tuple[Table, list[str]]]) -> Files:
    """Each table as CSV; all of them as one workbook, and as one page to copy from."""
    title = study.words.say("pack.title", checklist=study.checklist.title)
    page = rendered(study, "pack.html", title=title, tables=list(tables.values()), way=(), root="")
    return {
        "tables.html": page,
        "tables.xlsx": tables_workbook(study, tables),
        **{f"tables/{name}.csv": table_csv(made) for name, (made, _) in tables.items()},
    }


# ---- data


def _data(parts: Sequence[Part], coding: Coding) -> Files:
    return {
        f"data/{name}": made for each in long_data(parts, coding) for name, made in data_files(each).items()
    }


def _codebook(study: ReportedStudy, parts: Sequence[Part], coding: Coding, *, public: bool) -> Files:
    """What every variable and code means; of a public pack only what the checklists say."""
    data = [] if public else long_data(parts, coding)
    return {f"codebook/{each.name}.csv": data_csv(each) for each in codebook(study.words, parts, data)}


# ---- what the pack says of itself


def _readme(study: ReportedStudy, *, public: bool) -> bytes:
    words = study.words
    facts = {"checklist": study.checklist.title, "software": study.summary.provenance.software}
    keys = [
        "begin",
        *(("public",) if public else ("data", "codes", "days")),
        "tables",
        "methods",
        "codebook",
        "again",
    ]
    said = [words.say(f"pack.readme.{key}", **facts, limit=LIMIT, step=STEP) for key in keys]
    title = words.say("pack.title", checklist=study.checklist.title)
    return ("\n\n".join([title, *said]) + "\n").encode()


def _manifest(study: ReportedStudy, parts: Sequence[Part], files: Files, *, public: bool) -> bytes:
    """What lies in the pack and where it is from; names of data files may be names of people and stay out."""
    origin, programme = study.summary.provenance, study.standings.programme if study.standings else None
    told = {
        "format": FORMAT,
        "software": origin.software,
        "options": {"public": public, "language": study.words.language},
        "data": {
            "sha256": origin.data_sha256,
            "files": sorted(digest for _, digest, _ in origin.files),
        },
        "checklists": [
            {
                "id": part.checklist.id,
                "version": part.checklist.about.version,
                "fingerprint": part.checklist.fingerprint,
                "status": part.checklist.about.status,
            }
            for part in parts
        ],
        "programme": programme
        and {"id": programme.id, "version": programme.about.version, "fingerprint": programme.fingerprint},
        "files": [
            {"name": name, "bytes": len(made), "sha256": sha256(made).hexdigest()}
            for name, made in sorted(files.items())
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
