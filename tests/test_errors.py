"""Problems travel: what is found in another process arrives with its places and its words."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from fidelity.errors import Problem, ProblemsFound, Related
from fidelity.language.reading import load
from fidelity.place import Place

FOUND = ProblemsFound(
    [
        Problem("RB507", Place("b.csv", 3), {"long_cell": "long_cell"}),
        Problem(
            "RB506",
            Place("a.csv", 7),
            {"observation": "o1", "row": 7, "first_row": 2},
            (Related(Place("a.csv", 2), "o1"),),
            "warning",
        ),
    ]
)


def test_problems_are_the_same_after_they_were_pickled() -> None:
    again = pickle.loads(pickle.dumps(FOUND))  # noqa: S301 - our own
    assert type(again) is ProblemsFound
    assert again.problems == FOUND.problems
    assert str(again) == str(FOUND)


def test_problems_come_out_of_a_worker_as_they_were_found() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as workers:
        found = workers.submit(load, "checklist", "wrong.rubric").exception()
    with pytest.raises(ProblemsFound) as here:
        load("checklist", "wrong.rubric")
    assert isinstance(found, ProblemsFound)
    assert found.problems == here.value.problems
