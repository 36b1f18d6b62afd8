"""The six calls in a row: load, compile, read, score, summarise, report; what all faces compose."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import NamedTuple, overload

from fidelity.errors import Problem, ProblemsFound, WrongUse, errors_in
from fidelity.evaluate.changes import Changing as Searching
from fidelity.evaluate.changes import changing
from fidelity.evaluate.evaluator import Evaluator
from fidelity.evaluate.evaluator import compile as compile_checklist
from fidelity.files import write_whole
from fidelity.language.library import Resolved, by_id, found
from fidelity.language.reading import examined_any
from fidelity.language.reading import load as load_text
from fidelity.model.change import Changes
from fidelity.model.checklist import About, Checklist
from fidelity.model.observation import Observation
from fidelity.model.programme import Programme, Row
from fidelity.model.score import ScoredObservation
from fidelity.model.session import Delivered
from fidelity.model.standing import Person, Standings
from fidelity.model.summary import Agreement, Audit, Provenance, Sampling, Summary
from fidelity.observe import Reading
from fidelity.observe import read as read_files
from fidelity.observe.provenance import provenance_of
from fidelity.observe.several import Entry
from fidelity.observe.study_reading import StudyReading, read_study
from fidelity.observe.study_tables import Known, StudyTables
from fidelity.report.own_files import write_own
from fidelity.report.pack import Pack, pack_of
from fidelity.report.pack.folder import earlier_files, kept_key, write_pack
from fidelity.report.page import pages
from fidelity.report.progress import NOBODY, Watching
from fidelity.report.reported import Beside, Changing, ReportedStudy, study_of
from fidelity.report.sheets.chosen import Asked
from fidelity.report.workbook import therapist_workbooks, workbook_bytes
from fidelity.summaries import summarise_columns
from fidelity.summaries.agreement.study import agreement_of
from fidelity.summaries.audit import audit_of
from fidelity.summaries.audit.cross_foot import cross_foot
from fidelity.summaries.columns import ScoredColumns, from_scored
from fidelity.summaries.item_analysis import item_analysis
from fidelity.summaries.judged import covariate_names
from fidelity.summaries.programme.rows import row_of
from fidelity.summaries.programme.standing import standings
from fidelity.summaries.sampling.achieved import sampling_of
from fidelity.summaries.series import usable

AnyPath = str | PathLike[str]
MOST_ROWS = 1_048_576 - 10  # that a sheet holds, below its headings
TRIED_FOR_A_PAGE = 1_000  # sets of answers; one record by itself is searched twenty times as far
Scored = Sequence[ScoredObservation[Observation]]


class Written(NamedTuple):
    """What a report left on disk beside what was asked for by name."""

    apart: int  # small workbooks, of one person each
    left: tuple[Path, ...]  # files of an earlier report that somebody has changed since, or holds open


class PackWanted(NamedTuple):
    """A trial pack: in which folder, whether for everybody, and the key file that keeps its codes."""

    folder: Path
    public: bool = False
    key: Path | None = None


@dataclass(frozen=True)
class Part:
    """One checklist of a programme beside the first: its scored observations, and what they say together."""

    checklist: Checklist
    scored: Scored
    summary: Summary
    laid: ScoredColumns | None = None


@dataclass(frozen=True)
class Study:
    """A checklist, its scored observations, and what they say together.

    With a programme it is the checklist that comes first there; `others` are the other ones with data, and
    `standings` say where everybody stands; `delivered` are the sessions of the table of sessions. `laid` are
    the observations side by side, where somebody has laid them so.
    """

    checklist: Checklist
    scored: Scored
    summary: Summary
    programme: Programme | None = None
    others: tuple[Part, ...] = ()
    standings: Standings | None = None
    delivered: tuple[Delivered, ...] = ()
    later: int = 0  # observations after the day asked for, which are left out
    refused: tuple[Observation, ...] = ()  # the records that have no scores
    told: tuple[Problem, ...] = ()  # what was said when the files were read
    laid: ScoredColumns | None = None
    with_totals: Scored | None = None  # those with a total that somebody wrote, where that is known

    @cached_property
    def columns(self) -> ScoredColumns:
        """The scored observations of the first checklist, side by side."""
        return from_scored(self.checklist, self.scored) if self.laid is None else self.laid


def load(path: AnyPath, libraries: Iterable[str] = ()) -> Checklist | Programme:
    """A checklist or programme by file or by the path of a shipped one; ProblemsFound has every problem."""
    libraries = tuple(libraries)
    text, file = found(str(path), libraries)
    model, problems = examined_any(text, file, libraries=libraries, layout=False)
    if model is None:
        raise ProblemsFound(errors_in(problems))
    return model


def load_checklist(path: AnyPath, libraries: Iterable[str] = ()) -> Checklist:
    """The same where only a checklist will do."""
    libraries = tuple(libraries)
    text, file = found(str(path), libraries)
    return load_text(text, file, libraries=libraries)


def compile(checklist: Checklist | Programme) -> Evaluator:
    """What scores the answers of one observation; cheap to call."""
    if not isinstance(checklist, Checklist):
        raise WrongUse(f'"{checklist.id}" is a programme: compile one of the checklists that it uses.')
    return compile_checklist(checklist)


def checklists_of(programme: Programme, libraries: Iterable[str] = ()) -> dict[str, Checklist]:
    """The checklists that a programme uses, by id in its order; ProblemsFound where one is not there."""
    if not programme.uses:
        raise WrongUse(f'The programme "{programme.id}" uses no checklist, so there is nothing to score.')
    libraries = tuple(libraries)
    checklists: dict[str, Checklist] = {}
    problems: list[Problem] = []
    for used in programme.uses:
        near = used.place.file or programme.file
        there = by_id(used.id, used.version, near, libraries)
        if not isinstance(there, Resolved):
            facts = {"needed": used.id, "version": used.version}
            problems.append(Problem("RB614", used.place, facts, graded="error"))
            continue
        try:
            checklists[used.id] = load_text(there.text, there.file, libraries=libraries)
        except ProblemsFound as wrong:
            problems += wrong.problems
    if problems:
        raise ProblemsFound(problems)
    return checklists


@overload
def read(
    paths: AnyPath | Iterable[AnyPath],
    checklist: Checklist,
    ignore: Iterable[str] = (),
    libraries: Iterable[str] = (),
) -> Reading: ...
@overload
def read(
    paths: AnyPath | Iterable[AnyPath],
    checklist: Programme,
    ignore: Iterable[str] = (),
    libraries: Iterable[str] = (),
) -> StudyReading: ...
def read(
    paths: AnyPath | Iterable[AnyPath],
    checklist: Checklist | Programme,
    ignore: Iterable[str] = (),
    libraries: Iterable[str] = (),
) -> Reading | StudyReading:
    """The observations of files or of a study's folder, of a checklist or of all that a programme uses."""
    several = [Path(paths)] if isinstance(paths, str | PathLike) else [Path(each) for each in paths]
    reading: Reading | StudyReading
    if isinstance(checklist, Checklist):
        reading = read_files(several, checklist, tuple(ignore))
    else:
        reading = read_study(several, checklist, checklists_of(checklist, libraries), tuple(ignore))
    problems = [*reading.problems, *(problem for each in reading.observations for problem in each.refused)]
    if errors_in(problems):
        raise ProblemsFound(problems)
    return reading


def summarise(
    checklist: Checklist | Programme, reading: Reading | StudyReading, on: dt.date | None = None
) -> Study:
    """Scores what was read and summarises it by therapist; refused records stay out, and are counted.

    `on` is the day on which the state is judged: what was observed later is left out.
    """
    if isinstance(checklist, Checklist):
        if isinstance(reading, StudyReading):
            reading = reading.of(checklist.id)
        return _of_checklist(checklist, reading, on)
    if not isinstance(reading, StudyReading):
        raise WrongUse(f"Read the data with the programme as well: fidelity.read(paths, {checklist.id}).")
    return _of_programme(checklist, reading, on)


def scored_of(checklist: Checklist, reading: Reading, on: dt.date | None) -> Scored:
    """The observations that are not refused, nor later than the day, with what came of them."""
    evaluator = compile_checklist(checklist)
    then = [each for each in reading.observations if not each.refused and not _is_later(each, on)]
    return tuple(ScoredObservation(each, evaluator.score(each)) for each in then)


def _of_checklist(checklist: Checklist, reading: Reading, on: dt.date | None) -> Study:
    scored = scored_of(checklist, reading, on)
    part = part_of(checklist, scored, provenance_of(reading))
    refused = tuple(each for each in reading.observations if each.refused)
    later = len(reading.observations) - len(refused) - len(scored)
    return Study(
        checklist, scored, part.summary, later=later, refused=refused, told=reading.problems, laid=part.laid
    )


def part_of(
    checklist: Checklist,
    scored: Scored,
    provenance: Provenance,
    programme: Programme | None = None,
    restarts: Mapping[str, Iterable[dt.date]] | None = None,
) -> Part:
    """What scored observations of one checklist say together."""
    laid = from_scored(checklist, scored, covariate_names(checklist, programme))
    ratings = [each.scored for each in usable(scored)]
    summary = summarise_columns(checklist, laid, provenance, programme, restarts, ratings.__getitem__)
    return Part(checklist, scored, summary, laid)


def _is_later(observation: Observation, on: dt.date | None) -> bool:
    return on is not None and observation.date is not None and observation.date > on


# ---- a programme


def _of_programme(programme: Programme, reading: StudyReading, on: dt.date | None) -> Study:
    good = [each for each in reading.entries if not each.observation.refused]
    then = [each for each in good if not _is_later(each.observation, on)]
    evaluators = {id: compile_checklist(reading.checklists[id]) for id in reading.with_data}
    scored = [
        (each, ScoredObservation(each.observation, evaluators[each.checklist].score(each.observation)))
        for each in then
    ]
    standing = standings(programme, _people(reading, scored), on)
    restarts = {each.therapist: each.restarts for each in standing.therapists}
    order = in_order(programme, reading.with_data or tuple(reading.checklists))
    parts = [_part(programme, reading, id, scored, restarts) for id in order]
    first, *others = parts
    return Study(
        first.checklist,
        first.scored,
        first.summary,
        programme,
        tuple(others),
        standing,
        reading.tables.sessions,
        len(good) - len(then),
        tuple(each.observation for each in reading.entries if each.observation.refused),
        reading.problems,
        first.laid,
    )


def in_order(programme: Programme, known: Sequence[str]) -> list[str]:
    """The checklists with data, first the one of the first drift, else of the first sample, else the last."""
    wanted = [
        *(rule.of.checklist for rule in programme.drifts),
        *(plan.checklist for plan in programme.samples),
    ]
    first = next((id for id in wanted if id in known), known[-1])
    return [first, *(id for id in known if id != first)]


def _part(
    programme: Programme,
    reading: StudyReading,
    id: str,
    scored: Sequence[tuple[Entry, ScoredObservation[Observation]]],
    restarts: Mapping[str, tuple[dt.date, ...]],
) -> Part:
    checklist = with_its_word(reading.checklists[id], programme)
    own = tuple(each for entry, each in scored if entry.checklist == id)
    provenance = provenance_of(reading.of(id))
    return part_of(checklist, own, provenance, programme, restarts)


def with_its_word(checklist: Checklist, programme: Programme) -> Checklist:
    """The checklist with the word for the therapist that the programme sets, if it does."""
    word = programme.about.therapist
    if word == About().therapist:
        return checklist
    return replace(checklist, about=replace(checklist.about, therapist=word))


def _people(
    reading: StudyReading, scored: Iterable[tuple[Entry, ScoredObservation[Observation]]]
) -> list[Person]:
    """Everybody who is named anywhere, with the rows of their observations and contacts."""
    rows = (
        (each.observation, row_of(reading.checklists[entry.checklist], each, entry.facts))
        for entry, each in scored
    )
    return people(reading.tables, (each.therapist for each in reading.observations), rows)


def people(
    tables: StudyTables, named: Iterable[str], observed: Iterable[tuple[Observation, Row | None]]
) -> list[Person]:
    """The same from who is named in observations, and what the programme reads of each that was scored."""
    rows: dict[str, list[Row]] = {}
    sites: dict[str, str] = {}
    for name in (*tables.therapists, *named):
        rows.setdefault(name, [])
    for observation, row in observed:
        if row is not None:
            rows[observation.therapist].append(row)
        sites[observation.therapist] = observation.site or sites.get(observation.therapist, "")
    for name, contact in tables.contacts:
        rows.setdefault(name, []).append(contact)
    return [
        _person(name, tables.therapists.get(name), sites.get(name, ""), rows[name])
        for name in sorted(rows)
        if name
    ]


def _person(name: str, known: Known | None, site: str, rows: Sequence[Row]) -> Person:
    if known is None:
        return Person(name, site, {}, rows)
    return Person(name, site or known.site, known.facts, rows, known.retrained)


# ---- what only some ask for


def agreement_in(study: Study) -> Agreement:
    """How far the raters of the first checklist agree, by the programme's rules too, where there are some."""
    rules = study.programme.reliabilities if study.programme else ()
    own = [rule for rule in rules if rule.of.checklist == study.checklist.id]
    return agreement_of(study.columns, study.checklist, own)


def sampling_in(study: Study) -> Sampling | None:
    """What was planned to be observed, and what came of it; nothing without a plan or a table of sessions."""
    if study.programme is None or not study.delivered:
        return None
    scored = (*study.scored, *(each for part in study.others for each in part.scored))
    return sampling_of(study.programme, study.delivered, [each.observation for each in scored])


def audit_in(study: Study, sampling: Sampling | None) -> Audit:
    """What a trial has to report about the delivery of the first checklist."""
    totals = study.scored if study.with_totals is None else study.with_totals
    crossed = cross_foot(study.checklist, totals)
    return audit_of(study.checklist, study.columns, crossed, study.delivered or None, sampling)


# ---- what is written


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


def reported(study: Study) -> ReportedStudy:
    """The study as reports are made from it, with all that is known beside its summary."""
    sampling = sampling_in(study)
    beside = Beside(
        standings=study.standings,
        checklists=tuple(each.checklist for each in study.others),
        agreement=agreement_in(study),
        sampling=sampling,
        audit=audit_in(study, sampling),
        items=item_analysis(study.columns, study.checklist),
        scored=tuple(each.scored for each in study.others),
        changes=_changing(),
        refused=study.refused,
        told=study.told,
    )
    return study_of(study.checklist, study.scored, study.summary, beside)


def _changing() -> Changing:
    """Tries what would have changed a result, made ready once for each checklist that is asked about."""
    searches: dict[str, Searching] = {}

    def changes(checklist: Checklist, each: ScoredObservation[Observation]) -> Changes:
        if checklist.id not in searches:
            searches[checklist.id] = changing(checklist, TRIED_FOR_A_PAGE)
        return {} if each.scored is None else searches[checklist.id](each.observation, each.scored)

    return changes


__all__ = ["Study", "compile", "load", "read", "summarise", "write_pages", "write_report", "write_workbook"]
