"""Checklist and the languages of a form -> every label that may stand for a code, by the column."""

from collections.abc import Mapping, Sequence

from fidelity.catalogue import ENGLISH
from fidelity.model.checklist import Checklist
from fidelity.model.form import Option, code_of, fields, labels_of, options
from fidelity.observe.table import Cell, Odd

Labels = Mapping[str, tuple[Option, ...]]


def labels_in(checklist: Checklist, languages: Sequence[str]) -> Labels:
    """The labels of what stands above the items, and of the answers."""
    in_english = {each.key: each.options for each in fields(checklist, ENGLISH)}  # as older forms said it
    asked = [{each.key: each.options for each in fields(checklist, language)} for language in languages]
    of_fields = {key: (*labels_of([each[key] for each in asked]), *in_english[key]) for key in in_english}
    of_items = {
        each.key: labels_of([options(checklist, each.scale, language) for language in languages])
        for each in checklist.questions
    }
    return {**of_fields, **of_items}


def coded(labels: Labels, column: str, cell: Cell) -> Cell:
    """The cell with a code in place of its label; anything else as it is."""
    return cell if isinstance(cell, Odd) else code_of(labels.get(column, ()), cell)
