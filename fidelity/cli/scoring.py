"""What `fidelity score` is asked for and says, whichever engine works it out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from fidelity.cli.bad_cells import Note, bad_cells
from fidelity.cli.printing import Printing, counted
from fidelity.errors import Problem, ProblemsFound, errors_in
from fidelity.model.adaptation import Origin
from fidelity.model.checklist import Checklist
from fidelity.model.observation import Observation
from fidelity.observe import Collected

MOST_TOLD = 200  # cells of one kind in one file; the others are counted, and stand in the table of bad cells


class Cluster(NamedTuple):
    """Which cluster works it out, and places as they were named: some are no paths of this machine."""

    master: str | None
    remote: str | None
    data: tuple[str, ...]
    out: str | None


class Asked(NamedTuple):
    """What to score, by what, and where to: without `out` on standard output."""

    checklist: Checklist
    data: tuple[Path, ...]
    engine: str
    out: Path | None
    ignore: tuple[str, ...]
    keep_good: bool
    bad_cells: Path | None
    cluster: Cluster = Cluster(None, None, (), None)


Scoring = Callable[[Printing, Asked], None]  # what a module of an engine has as `score`


def identity(checklist: Checklist) -> dict[str, Any]:
    """The checklist as results name it; of an adaptation also its base, and the deviations in use."""
    own: dict[str, Any] = {
        "id": checklist.id,
        "version": checklist.about.version,
        "fingerprint": checklist.fingerprint,
    }
    return own if checklist.origin is None else own | _origin(checklist.origin)


def _origin(origin: Origin) -> dict[str, Any]:
    base = origin.base
    return {
        "adapts": {"id": base.id, "version": base.about.version, "fingerprint": origin.fingerprint},
        "adaptation_fingerprint": origin.own_fingerprint,
        "deviations": [each.id for each in origin.active],
    }


def heads(checklist: Checklist) -> list[str]:
    """The heads of the table that people see."""
    return ["observation", *checklist.score, *checklist.result, "flags"]


def said_of_file(printing: Printing, out: Path, good: int) -> None:
    """That the file is there."""
    printing.say(f"{out}: {counted(good, 'observation')} scored.")


@dataclass(slots=True)
class Refusals:
    """The records that were refused: what they are called, and the first of their problems."""

    note: Note
    names: list[str] = field(default_factory=list)
    collected: Collected = field(default_factory=lambda: Collected(MOST_TOLD))

    def add(self, refused: Observation) -> None:
        """Takes one more."""
        self.names.append(refused.observation)
        self.collected.add(refused.refused)
        self.note(refused)

    @property
    def problems(self) -> list[Problem]:
        """What is said of them."""
        return list(self.collected.told())


@contextmanager
def refusals(asked: Asked) -> Iterator[Refusals]:
    """Gathers refused records, with the table of bad cells where one is asked for."""
    with bad_cells(asked.bad_cells) as note:
        yield Refusals(note)


def stop_for_wrong_data(asked: Asked, problems: Sequence[Problem], refused: Refusals) -> None:
    """Raises what stops the command: wrong tables, and wrong records where a file is to be written."""
    to_be_written = asked.out is not None and refused.names and not asked.keep_good
    if errors_in(problems) or to_be_written:
        raise ProblemsFound([*problems, *refused.problems])


def concluded(printing: Printing, asked: Asked, problems: Sequence[Problem], refused: Refusals) -> None:
    """Says what is wrong with the data and which records were left out; the status tells it to programs."""
    printing.problems([*problems, *refused.problems])
    if refused.names and asked.keep_good:
        printing.say(f"Left out: {', '.join(refused.names)}.")
    printing.status = 1 if refused.names and not asked.keep_good else 0
