"""Fidelity: how faithfully and how well lay-delivered psychological help is delivered.

The way: checklist source -> tree -> checked model -> evaluator -> scored observations -> summaries
-> workbook and pages.

    checklist = fidelity.load("session_2.rubric")
    observations = fidelity.read("observations.csv", checklist)
    study = fidelity.summarise(checklist, observations)
    fidelity.write_workbook(study, "report.xlsx")

A programme loads, reads and summarises in the same way; then the study also says where everybody stands.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from fidelity.errors import FidelityError, Problem, ProblemsFound

if TYPE_CHECKING:
    from fidelity.study.loading import compile, load
    from fidelity.study.reading import read
    from fidelity.study.summarising import summarise
    from fidelity.study.whole import Study
    from fidelity.study.writing import write_pages, write_workbook

__all__ = [
    "FidelityError",
    "Problem",
    "ProblemsFound",
    "Study",
    "compile",
    "load",
    "read",
    "summarise",
    "write_pages",
    "write_workbook",
]


# The workbook and statistics libraries are slow to import, and `fidelity check` needs none of them.
_WHERE = {
    "Study": "whole",
    "compile": "loading",
    "load": "loading",
    "read": "reading",
    "summarise": "summarising",
    "write_pages": "writing",
    "write_workbook": "writing",
}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"fidelity.study.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'fidelity' has no attribute {name!r}")
