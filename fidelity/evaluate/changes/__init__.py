"""A scored observation -> what would have changed its results: looked for to the end, or said how far.

First every single answer is tried, then pairs, then three at once; of the fewest that do, all are found.
Nothing is guessed: whatever is claimed was worked out by the evaluator.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fidelity.evaluate.changes.asked import Asked, asked_of, record_of
from fidelity.evaluate.changes.search import MOST_TRIED, searched
from fidelity.model.change import Changes, Search
from fidelity.model.checklist import Checklist, Result
from fidelity.model.score import ResultValue, Scored

if TYPE_CHECKING:
    from fidelity.model.observation import Observation

Changing = Callable[["Observation", Scored], Changes]


def changing(checklist: Checklist, most: int = MOST_TRIED) -> Changing:
    """Finds the changes of any observation of a checklist; what was found for equal answers is kept.

    `most` bounds how many sets of answers are tried for one result, as where hundreds of pages are made.
    A result without an entry has its highest level or does not apply.
    """
    asked: dict[str, Asked] = {}
    known: dict[object, Search] = {}

    def search(result: Result, observation: "Observation", scored: Scored) -> Search:
        own = asked.setdefault(result.key, asked.get(result.key) or asked_of(checklist, result, most))
        record = record_of(own, observation, scored)
        same = (result.key, tuple(record.answers.items()), tuple(record.facts.items()))
        if same not in known:
            known[same] = searched(own, record, scored)
        return known[same]

    def changes(observation: "Observation", scored: Scored) -> Changes:
        return {
            result.key: search(result, observation, scored)
            for result in checklist.results
            if _could_be_higher(result, scored.results[result.key])
        }

    return changes


def _could_be_higher(result: Result, value: ResultValue) -> bool:
    return bool(value.possible) and value.level != result.levels[-1].id
