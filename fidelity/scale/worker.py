"""What runs in a worker of a cluster: it gets a pickled task and batches, and no file."""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

from fidelity.errors import WrongUse
from fidelity.model.checklist import Checklist
from fidelity.scale import score_batches
from fidelity.scale.alike import read_by
from fidelity.scale.arrow import pa
from fidelity.scale.plain import plain

Batches = Iterable[pa.RecordBatch]


class Task(Protocol):
    """What workers are to make of batches."""

    def done(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """What comes of them."""
        ...


@dataclass(frozen=True)
class Outcomes:
    """The batches with their outcomes beside, as `score_batches` gives them."""

    checklist: Checklist

    def done(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """Numbers and days are read as the texts that a person would have written."""
        ours = read_by(self.checklist)
        return score_batches(self.checklist, (plain(each, ours) for each in batches))


def work(task: Task, names: Sequence[str]) -> Callable[[Batches], Iterator[pa.RecordBatch]]:
    """The function that is sent to workers; `names` are those of the columns."""
    return partial(_done, _version(), pickle.dumps(task), names)


def _done(made_with: str, pickled: bytes, names: Sequence[str], batches: Batches) -> Iterator[pa.RecordBatch]:
    """Another version might read the same checklist differently: then no row is scored."""
    here = _version()
    if here != made_with:
        raise WrongUse(
            f"The workers have fidelity {here}, and this machine has {made_with}: install the same on both."
        )
    task: Task = pickle.loads(pickled)  # noqa: S301 - what `work` has made
    yield from task.done(each.rename_columns(names) for each in batches)


def _version() -> str:
    try:
        return version("fidelity")
    except PackageNotFoundError:
        return "of a folder that was never installed"
