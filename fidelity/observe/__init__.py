"""Files -> observations: every record, what is wrong with some of them, and what is wrong with the files."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from os import PathLike
from pathlib import Path
from typing import TypeVar

from fidelity.errors import Facts, Problem, ProblemsFound, Related, Severity
from fidelity.model.checklist import Checklist
from fidelity.model.columns import subject_column
from fidelity.model.observation import Observation
from fidelity.observe.alike import Seen, alike_in, codes_in
from fidelity.observe.files import data_files, is_kept, sha256_of, shown, tables_of
from fidelity.observe.long import is_long, says_more, widened
from fidelity.observe.match import Matching, columns_of, judge_of, observation
from fidelity.observe.saved_form import is_saved
from fidelity.observe.table import Row, Table, column_letters, not_a_table
from fidelity.place import Place

MOST_OF_A_KIND = 20  # problems of one code in one file; the others are counted

Found = Observation | Problem
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Reading:
    """What files hold: all observations in their order, refused ones too; problems of the tables; the files.

    An error among `problems` stops every command. `files` has a file's name, its SHA-256, its observations.
    """

    observations: tuple[Observation, ...]
    problems: tuple[Problem, ...]
    files: tuple[tuple[str, str, int], ...]


def read(paths: Iterable[str | PathLike[str]], checklist: Checklist, ignore: Collection[str] = ()) -> Reading:
    """The observations in files and study folders; columns named in `ignore` are passed over.

    In a folder that holds files of this checklist, those of others are passed over, and told.
    """
    named = [Path(path) for path in paths]
    files, problems = data_files(named)
    explicit = {str(path) for path in named if path.is_file() and not is_kept(path)}
    seen = [each for path in files for each in opened(path)]
    tables = wide([each for each in seen if isinstance(each, Table)], checklist)
    found = chain(
        problems,
        (each for each in seen if isinstance(each, Problem)),
        *(
            tried(_of_folder(each, checklist, ignore, len(files) > 1), each.file)
            if each.file not in explicit
            else tried(_found_in(each, checklist, ignore, len(files) > 1), each.file)
            for each in tables
        ),
    )
    return reading(_unless_all_is_passed_over(found, checklist), files)


def reading(
    found: Iterable[Found],
    files: Iterable[Path],
    apart: Iterable[Iterable[Observation]] | None = None,
    beside: Iterable[Seen] = (),
) -> Reading:
    """All that was found, with what only shows in the whole: a name twice, blanks, codes alike, counts.

    `apart` are the groups within which a name may stand once, where that is not the whole; `beside` are codes
    in the tables beside the observations.
    """
    known = list(found)
    kept = tuple(each for each in known if isinstance(each, Observation))
    problems = [each for each in known if isinstance(each, Problem)]
    groups = [kept] if apart is None else apart
    alike = alike_in([*codes_in(kept), *beside])
    everything = chain(problems, *map(_named_twice, groups), _blanks(kept), alike)
    collected = Collected()
    collected.add(everything)
    return Reading(kept, tuple(collected.told()), tuple(_hashed(files, kept)))


# ---- one file


def opened(path: Path) -> Iterator[Table | Problem]:
    """The table in a file, or those in a study's store; or why there is none."""
    empty = True
    try:
        for table in tables_of(path):
            empty = False
            yield table
        if empty:
            yield Problem("RB507", Place(shown(path)), {"empty_store": "empty_store"}, graded="warning")
    except ProblemsFound as trouble:
        yield from trouble.problems
    except OSError as trouble:
        yield from not_a_table(str(path), "closed", trouble=trouble.strerror).problems


def tried(found: Iterator[Kind | Problem], file: str) -> Iterator[Kind | Problem]:
    """What is found in a file, up to where it cannot be read any further."""
    try:
        yield from found
    except ProblemsFound as trouble:
        yield from trouble.problems
    except OSError as trouble:
        yield from not_a_table(file, "closed", trouble=trouble.strerror).problems


def wide(tables: list[Table], checklist: Checklist) -> list[Table]:
    """The tables, long ones and those that belong to them as one."""
    long = [each for each in tables if is_long(each, checklist.question)]
    if not long:
        return tables
    long += [each for each in tables if each not in long and says_more(each, checklist.question)]
    return [widened(long), *(each for each in tables if each not in long)]


def _found_in(table: Table, checklist: Checklist, ignore: Collection[str], several: bool) -> Iterator[Found]:
    columns, problems = columns_of(table, checklist, ignore)
    rows = list(table.rows) if problems else table.rows
    if problems and (other := _other_checklist(table, rows, checklist)):
        yield other
        return
    yield from problems
    about = checklist.about
    matching = Matching(columns, judge_of(checklist), about.language, subject_column(about.unit))
    before = f"{Path(table.file).stem}-" if several else ""
    empty = True
    for row in rows:
        empty = False
        if isinstance(row, Problem):
            yield row
        else:
            yield from _without_heading(table, row)
            yield observation(table, row, matching, f"{before}{row.number}")
    if empty:
        raise not_a_table(table.file, "no_rows")


def _of_folder(table: Table, checklist: Checklist, ignore: Collection[str], several: bool) -> Iterator[Found]:
    """The same, but a table all of whose rows name other checklists is passed over and told."""
    beginning = list(islice(table.rows, 1))
    known = replace(table, rows=chain(beginning, table.rows))
    if _names_other(known, beginning, checklist):
        rows = list(known.rows)
        known = replace(table, rows=iter(rows))
        if _names_other(known, rows, checklist):
            named = dict.fromkeys(_named(known, row) for row in rows if isinstance(row, Row))
            yield Problem(
                "RB508",
                Place(table.file),
                {"passed_over": len(rows), "of_checklist": ", ".join(named)},
                graded="warning",
            )
            return
    yield from _found_in(known, checklist, ignore, several)


def _unless_all_is_passed_over(found: Iterable[Found], checklist: Checklist) -> list[Found]:
    """What was found; where files were passed over and nothing else is there, that is an error."""
    known = list(found)
    if any(isinstance(each, Observation) for each in known):
        return known
    return [nothing_else(each, checklist) if isinstance(each, Problem) else each for each in known]


def nothing_else(problem: Problem, checklist: Checklist) -> Problem:
    """The problem where there is no observation at all; then passing over, or an empty store, is an error."""
    if "empty_store" in problem.facts:
        return replace(problem, graded="error")
    if "passed_over" not in problem.facts:
        return problem
    facts = {"table_of": problem.facts["of_checklist"], "wanted": checklist.id}
    return Problem(problem.code, problem.place, facts)


def _names_other(table: Table, rows: Iterable[Row | Problem], checklist: Checklist) -> bool:
    """Whether there are rows, and each names another checklist."""
    if "checklist" not in table.headings:
        return False
    named = [_named(table, row) for row in rows if isinstance(row, Row)]
    return bool(named) and all(name not in ("", checklist.id) for name in named)


def _named(table: Table, row: Row) -> str:
    return str(row.cells[table.headings.index("checklist")]).strip()


def _other_checklist(table: Table, rows: Iterable[Row | Problem], checklist: Checklist) -> Problem | None:
    """RB508 for a table that belongs to another checklist as a whole; its columns are then no news."""
    known = [row for row in rows if isinstance(row, Row)]
    if not _names_other(table, known, checklist):
        return None
    place = table.spot(known[0], table.headings.index("checklist")).place
    return Problem("RB508", place, {"table_of": _named(table, known[0]), "wanted": checklist.id})


def _without_heading(table: Table, row: Row) -> Iterator[Problem]:
    for index, name in enumerate(table.headings):
        if not name and row.cells[index]:
            spot = table.spot(row, index)
            yield Problem("RB501", spot.place, {**spot.facts, "letters": column_letters(index)})


# ---- all files together


def _hashed(files: Iterable[Path], kept: Iterable[Observation]) -> Iterator[tuple[str, str, int]]:
    counts = Counter(each.place.file for each in kept)
    for path in files:
        # That a file could not be opened was said already.
        with suppress(OSError, ProblemsFound):
            yield shown(path), sha256_of(path), counts[shown(path)]


def _named_twice(observations: Iterable[Observation]) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for each in observations:
        before = first.setdefault(each.observation, each.place)
        if before is not each.place:
            related = (Related(before, each.observation),)
            yield Problem("RB506", each.place, _twice(each, before), related)


def _twice(each: Observation, before: Place) -> Facts:
    here: Facts = {"observation": each.observation, "row": each.place.line}
    if before.file != each.place.file:
        return {**here, "first_file": before.file}
    if is_saved(Path(before.file)):  # what a form in a browser has saved holds sessions, not rows
        return {**here, "form_session": each.place.line, "first_session": before.line}
    return {**here, "first_row": before.line}


def _blanks(observations: Iterable[Observation]) -> Iterator[Problem]:
    """RB505 as a warning, once a file: records that name no therapist or no date."""
    rows: Counter[str] = Counter()
    no_therapist: Counter[str] = Counter()
    no_date: Counter[str] = Counter()
    for each in observations:
        file = each.place.file
        rows[file] += 1
        no_therapist[file] += not each.therapist
        no_date[file] += each.date is None and not any(found.code == "RB505" for found in each.refused)
    for file in rows:
        blank = {
            "rows": rows[file],
            "no_therapist": no_therapist[file] or None,
            "no_date": no_date[file] or None,
        }
        if no_therapist[file] or no_date[file]:
            yield Problem("RB505", Place(file), blank, graded="warning")


@dataclass(slots=True)
class Collected:
    """Problems as they are met: the first of each kind in each file, and how many more there are."""

    most: int = MOST_OF_A_KIND
    first: list[Problem] = field(default_factory=list)
    seen: Counter[tuple[str, str, Severity | None]] = field(default_factory=Counter)

    def add(self, problems: Iterable[Problem]) -> None:
        """Takes some more."""
        for each in problems:
            kind = each.place.file, each.code, each.graded
            self.seen[kind] += 1
            if self.seen[kind] <= self.most:
                self.first.append(each)

    def told(self) -> Iterator[Problem]:
        """What is said of them."""
        yield from _forms_of_folders(self.first)
        for (file, code, graded), count in self.seen.items():
            if count > self.most:
                yield Problem(code, Place(file), {"more": count - self.most}, graded=graded)


def _forms_of_folders(problems: Sequence[Problem]) -> Iterator[Problem]:
    """One problem for the filled forms in a folder, which are no tables: what to do is the same for all."""
    inside = Counter(_folder_of(each) for each in problems if "filled_form" in each.facts)
    told = set()
    for each in problems:
        folder = _folder_of(each)
        if "filled_form" not in each.facts or inside[folder] == 1:
            yield each
        elif folder not in told:
            told.add(folder)
            facts = {"filled_forms": inside[folder], "one_form": Path(each.place.file).name}
            yield Problem(each.code, Place(folder), {**facts, "forms_folder": folder})


def _folder_of(problem: Problem) -> str:
    return str(Path(problem.place.file).parent)
