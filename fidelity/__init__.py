"""Fidelity: how faithfully and how well lay-delivered psychological help is delivered.

The way: checklist source -> tree -> checked model -> evaluator -> scored observations -> summaries
-> workbook and pages.

    checklist = fidelity.load("session_2.rubric")
    observations = fidelity.read("observations.csv", checklist)
    study = fidelity.summarise(checklist, observations)
    fidelity.write_workbook(study, "report.xlsx")

A programme loads, reads and summarises in the same way; then the study also says where everybody stands.
"""

from typing import TYPE_CHECKING, Any

from fidelity.errors import FidelityError, Problem, ProblemsFound

if TYPE_CHECKING:
    from fidelity.study import Study, compile, load, read, summarise, write_pages, write_workbook

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


def __getattr__(name: str) -> Any:
    # The workbook and statistics libraries are slow to import, and `fidelity check` needs none of them.
    if name in __all__:
        from fidelity import study  # noqa: PLC0415 - see above

        return getattr(study, name)
    raise AttributeError(f"module 'fidelity' has no attribute {name!r}")
