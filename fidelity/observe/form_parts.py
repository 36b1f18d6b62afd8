"""The parts of a workbook -> what a person did to each sheet beside writing into its cells."""

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, join, normpath

from defusedxml.ElementTree import iterparse

from fidelity.model.form import META_SHEET

MOST_READ = 1_000_000  # bytes of a hidden part that only says what kind of file this is
WORKBOOKS = (".xlsx", ".xlsm")
COMMENTS = "/comments"  # how the kind of a relation ends that leads to the notes of a sheet


@dataclass(frozen=True, slots=True)
class Layout:
    """What was done to a sheet: cells that are one now, rows and columns that are not seen, noted cells."""

    merged: tuple[str, ...] = ()
    rows: frozenset[int] = frozenset()
    columns: tuple[range, ...] = ()
    notes: tuple[str, ...] = ()


def is_form(path: Path) -> bool:
    """Whether a file is a workbook with the hidden sheet of a form."""
    return path.suffix.lower() in WORKBOOKS and f'"{META_SHEET}"' in part_of(path, "xl/workbook.xml")


def part_of(path: Path, name: str) -> str:
    """A small part of a workbook, as far as it says what kind it is; nothing of a damaged one."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as part:
            return part.read(MOST_READ).decode("utf-8", "replace")
    except (OSError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return ""


def layouts(archive: zipfile.ZipFile, names: Iterable[str]) -> Mapping[str, Layout]:
    """The layout of every part that is a sheet, by its name; each part is read, and nothing in it unfolds."""
    parts = {name: _read(archive, name) for name in names if name.endswith((".xml", ".rels"))}
    return {name: _layout(name, parts) for name in parts if not name.endswith(".rels")}


@dataclass(frozen=True, slots=True)
class _Part:
    merged: list[str] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: list[range] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    leads_to: list[str] = field(default_factory=list)  # the parts with its notes, of a part that says so


def _read(archive: zipfile.ZipFile, name: str) -> _Part:
    """Reads a part without anything that could fetch or unfold."""
    found = _Part()
    with archive.open(name) as member:
        for _, element in iterparse(member, forbid_dtd=True):
            hidden = element.get("hidden") in ("1", "true")
            match element.tag.rpartition("}")[2]:
                case "mergeCell":
                    found.merged.append(element.get("ref", ""))
                case "row" if hidden:
                    found.rows.add(int(element.get("r", "0")))
                case "col" if hidden:
                    first, last = (int(element.get(each, "1")) for each in ("min", "max"))
                    found.columns.append(range(first, last + 1))
                case "comment":
                    found.notes.append(element.get("ref", ""))
                case "Relationship" if element.get("Type", "").endswith(COMMENTS):
                    found.leads_to.append(element.get("Target", ""))
            element.clear()
    return found


def _layout(name: str, parts: Mapping[str, _Part]) -> Layout:
    own, folder = parts[name], dirname(name)
    relations = parts.get(f"{folder}/_rels/{name.removeprefix(folder)[1:]}.rels", _Part())
    targets = [normpath(join(f"/{folder}", each)).lstrip("/") for each in relations.leads_to]
    notes = [address for each in targets if each in parts for address in parts[each].notes]
    return Layout(tuple(own.merged), frozenset(own.rows), tuple(own.columns), tuple(notes))
