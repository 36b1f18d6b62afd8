"""Examples and tables as written -> cases with raw answers and typed expectations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Literal, NamedTuple

from fidelity.language import tree
from fidelity.language.conditions import COMPARISONS, canonical, gate_key, word_of
from fidelity.language.formulas import answers_of, codes_fit, measure_of_score
from fidelity.language.scope import Scope, bound_of, literal, subject_of, subjects_of
from fidelity.model.example import (
    Example,
    Expectation,
    ExpectCompared,
    ExpectNumber,
    ExpectOneOf,
    ExpectState,
    Wanted,
)
from fidelity.model.expression import Subject
from fidelity.place import Place
from fidelity.record import Record


class _Case(Record):
    """What `given` lines have set so far; later lines overwrite earlier ones."""

    answers: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


def examples_of(node: tree.Example | tree.Table, scope: Scope) -> Iterator[Example]:
    """One example, or one a row of a table."""
    if isinstance(node, tree.Example):
        case = _given(node.givens, scope)
        expected = tuple(made for each in node.expects for made in _expected(each, scope))
        yield _example(node.title.content, case, expected, node.place)
        return
    subjects = _heading(node.head, scope)
    if subjects is None:
        return
    for row in node.rows:
        yield from _row(node, row, subjects, scope)


def _example(title: str, case: _Case, expected: tuple[Expectation, ...], place: Place) -> Example:
    return Example(title, case.answers, case.facts, case.comments, expected, place)


# ---- given


def _given(givens: Sequence[tree.Given], scope: Scope) -> _Case:
    case = _Case()
    for given in givens:
        _apply(given, case, scope)
    return case


def _apply(given: tree.Given, case: _Case, scope: Scope) -> None:
    if isinstance(given.target, tree.GivenItems):
        selection = tree.ItemSelection(given.target.keyword, given.target.filters, place=given.target.place)
        for subject in subjects_of(selection, scope) or ():
            if not _set(subject, given.value, case, scope):
                return
        return
    for reference in given.target:
        if reference.name.id == "comment" and reference.owner is not None:
            _comment(reference.owner, given.value, case, scope)
            continue
        found = subject_of(reference, scope)
        if found is not None:
            _set(found, given.value, case, scope)


def _comment(
    item: tree.Word, value: tree.Word | tree.GivenMissing | tree.Text, case: _Case, scope: Scope
) -> None:
    if item.id not in scope.questions:
        scope.unknown(item, "item", scope.questions)
    elif isinstance(value, tree.Text):
        case.comments[item.id] = value.content


def _set(
    subject: Subject, value: tree.Word | tree.GivenMissing | tree.Text, case: _Case, scope: Scope
) -> bool:
    """Whether the subject can have this value; if so it has it now."""
    if subject.kind not in ("question", "fact"):
        scope.problem("RB110", value.place, worked_out=subject.key.partition(".")[0])
        return False
    where = case.answers if subject.kind == "question" else case.facts
    match value:
        case tree.GivenMissing():
            where.pop(subject.key, None)
        case tree.Text(content):
            where[subject.key] = content
        case tree.Word() if _answers(subject, value, scope):
            where[subject.key] = value.id
        case tree.Word():
            return False
    return True


def _answers(subject: Subject, word: tree.Word, scope: Scope) -> bool:
    """Whether the word is an answer of the subject; for numbers, whether the range holds it."""
    scale = (
        scope.facts[subject.key].scale
        if subject.kind == "fact"
        else next(
            each.scale for each in scope.questions[subject.key.partition(".")[0]] if each.key == subject.key
        )
    )
    if scale.span is None:
        return scale.kind == "text" or codes_fit(subject, (word,), scope)
    answer = scale.understand(word.id)
    why = getattr(answer, "why", None)
    if why is not None:
        near = getattr(answer, "nearest", "")
        scope.problem(
            "RB101",
            word.place,
            outside=word.id,
            of=subject.key,
            why=why,
            allowed=scale.allowed,
            suggestion=near,
        )
    return why is None


# ---- expect


def _expected(expect: tree.Expect, scope: Scope) -> Iterator[Expectation]:
    match expect.what:
        case tree.ExpectValue(reference, test, because):
            subject = subject_of(reference, scope)
            wanted = None if subject is None else _wanted(subject, test, scope)
            if subject is not None and wanted is not None:
                yield _value(subject, wanted, _because(because, scope), _text(reference, test), expect.place)
        case tree.ExpectGate(gate, group, word):
            key = gate_key(gate, group, scope)
            if key is not None:
                yield Expectation("gate", key, (word.id,), (), f"gate {gate.id} {word.id}", expect.place)
        case tree.ExpectFlag(flag) | tree.ExpectNoFlag(flag):
            raised = isinstance(expect.what, tree.ExpectFlag)
            if _known(flag, tree.Flag, "flag", scope):
                text = f"flag {flag.id}" if raised else f"no flag {flag.id}"
                yield Expectation("flag", flag.id, raised, (), text, expect.place)
        case tree.ExpectList(name, names):
            if _known(name, tree.Listing, "list", scope):
                listed = () if isinstance(names, tree.Nothing) else names
                ids = tuple(each.id for each in listed if _can_be_listed(each, scope))
                yield Expectation(
                    "list", name.id, ids, (), f"list {name.id} is {', '.join(ids) or 'empty'}", expect.place
                )
        case tree.ExpectComment(names):
            ids = tuple(each.id for each in names if _known(each, tree.Item, "item", scope))
            yield Expectation("comments", "", ids, (), f"a comment on {', '.join(ids)}", expect.place)


def _value(
    subject: Subject, wanted: Wanted, because: tuple[str, ...], text: str, place: Place
) -> Expectation:
    return Expectation(
        "result" if subject.kind == "result" else "score", subject.key, wanted, because, text, place
    )


def _known(word: tree.Word, kind: type, called: str, scope: Scope) -> bool:
    known = scope.names.of_kind(kind)
    if word.id not in known:
        scope.unknown(word, called, known)
    return word.id in known


def _can_be_listed(word: tree.Word, scope: Scope) -> bool:
    known = {**scope.questions, **scope.names.groups}
    if word.id not in known:
        scope.unknown(word, "item or group", known)
    return word.id in known


def _because(names: tuple[tree.Word, ...] | None, scope: Scope) -> tuple[str, ...]:
    known = [each for each in names or () if each.id in scope.names.meaning]
    for each in names or ():
        if each.id not in scope.names.meaning:
            scope.unknown(each, "item, group, score or gate", scope.names.meaning)
    return tuple(each.id for each in known)


def _wanted(subject: Subject, test: tree.Test, scope: Scope) -> Wanted | None:
    if subject.kind not in ("score", "result"):
        name = subject.key.partition(".")[0]
        scope.problem("RB110", test.place, given_only=name)
        return None
    if subject.kind == "score" and measure_of_score(subject, scope) is None:
        return None
    match test:
        case tree.NotScored():
            return ExpectState("not scored")
        case tree.IsScored():
            return ExpectState("scored")
        case tree.IsMissing():
            return ExpectState("missing")
        case tree.Among(codes):
            fits = subject.kind == "result" and codes_fit(subject, codes, scope)
            return ExpectOneOf(tuple(canonical(each.id) for each in codes)) if fits else None
        case tree.Equal(bound):
            return _equal(subject, bound, scope)
        case tree.AtLeast() | tree.AtMost() | tree.Above() | tree.Below() if subject.kind == "result":
            return _levels(subject, test, scope)
        case tree.AtLeast() | tree.AtMost() | tree.Above() | tree.Below():
            constant = bound_of(test.bound, _percent(subject, scope), scope)
            if constant is None:
                scope.problem("RB110", test.bound.place, expected=subject.key.partition(".")[0])
                return None
            return ExpectCompared(COMPARISONS[type(test)], constant.value)


def _levels(
    subject: Subject, test: tree.AtLeast | tree.AtMost | tree.Above | tree.Below, scope: Scope
) -> Wanted | None:
    """`is at least 3` of a result is one of the levels from 3 upwards."""
    word = word_of(test.bound)
    own = answers_of(subject, scope) or []
    if not codes_fit(subject, (word,), scope):
        return None
    at = own.index(word.id)
    match test:
        case tree.AtLeast():
            return ExpectOneOf(tuple(own[at:]))
        case tree.AtMost():
            return ExpectOneOf(tuple(own[: at + 1]))
        case tree.Above():
            return ExpectOneOf(tuple(own[at + 1 :]))
        case tree.Below():
            return ExpectOneOf(tuple(own[:at]))


def _percent(subject: Subject, scope: Scope) -> bool:
    measure = measure_of_score(subject, scope) if subject.kind == "score" else None
    return measure is not None and measure.kind == "percent"


def _equal(subject: Subject, bound: tree.Bound, scope: Scope) -> Wanted | None:
    if subject.kind == "result":
        word = (
            bound.name if isinstance(bound, tree.Reference) else tree.Word(bound.written, place=bound.place)
        )
        return ExpectOneOf((word.id,)) if codes_fit(subject, (word,), scope) else None
    percent = _percent(subject, scope)
    if isinstance(bound, tree.Number):
        value = literal(bound, percent)
        if value is not None:
            # A fraction is exact; a decimal is compared after rounding to the places written.
            return ExpectNumber(value, -1 if bound.fraction else bound.places)
        instead = f"{bound.written}%" if percent else ""
        scope.problem(
            "RB110",
            bound.place,
            left=subject.key.partition(".")[0],
            found=bound.written,
            instead=instead,
            wanted="a percent" if percent else "no percent",
            given="a plain number" if percent else "a percent",
        )
        return None
    constant = bound_of(bound, percent, scope)
    if constant is None:
        scope.unknown(bound.name, "number", scope.names.of_kind(tree.Threshold))
        return None
    return ExpectNumber(constant.value, -1)


def _text(reference: tree.Reference, test: tree.Test) -> str:
    match test:
        case tree.NotScored():
            said = "not scored"
        case tree.IsScored():
            said = "scored"
        case tree.IsMissing():
            said = "missing"
        case tree.Among(codes):
            said = f"one of {', '.join(each.id for each in codes)}"
        case tree.Equal(bound):
            said = bound.written if isinstance(bound, tree.Number) else str(bound)
        case _:
            bound = test.bound
            said = f"{COMPARISONS[type(test)]} {bound.written if isinstance(bound, tree.Number) else bound}"
    return f"{reference} is {said}"


# ---- tables


# What a cell may say -> what is wanted then, and how an example writes that behind `expect`.
Cells = Mapping[str, tuple[tuple[str, ...] | bool, str]]


class Shown(NamedTuple):
    """A gate or flag as a column, and what its cells may say."""

    kind: Literal["gate", "flag"]
    key: str
    cells: Cells


Column = Subject | Shown


def _heading(head: tree.Row, scope: Scope) -> tuple[list[Subject], list[Column]] | None:
    given = [_given_column(cell, scope) for cell in head.given]
    expected = [_expected_column(cell, scope) for cell in head.expected]
    if None in given or None in expected:
        return None
    return [each for each in given if each], [each for each in expected if each]


def _given_column(cell: tree.Cell, scope: Scope) -> Subject | None:
    if not isinstance(cell, tree.Reference):
        scope.problem("RB110", cell.place, heading="heading")
        return None
    meaning = scope.names.meaning.get(cell.name.id)
    if isinstance(meaning, tree.Gate | tree.Flag):
        scope.problem("RB110", cell.place, worked_out=cell.name.id)
        return None
    return subject_of(cell, scope)


def _expected_column(cell: tree.Cell, scope: Scope) -> Column | None:
    if not isinstance(cell, tree.Reference):
        return _given_column(cell, scope)
    match scope.names.meaning.get(cell.name.id):
        case tree.Gate():
            key = gate_key(cell.name, cell.owner, scope)
            states: Cells = {word: ((word,), f"gate {cell} {word}") for word in ("passes", "fails")}
            return None if key is None else Shown("gate", key, states)
        case tree.Flag() if cell.owner is None:
            return Shown(
                "flag", cell.name.id, {"yes": (True, f"flag {cell}"), "no": (False, f"no flag {cell}")}
            )
        case tree.Listing():
            scope.problem("RB110", cell.place, list_column=cell.name.id)
            return None
        case _:
            return _given_column(cell, scope)


def _row(
    node: tree.Table, row: tree.Row, columns: tuple[list[Subject], list[Column]], scope: Scope
) -> Iterator[Example]:
    given, expected = columns
    if len(row.given) != len(given) or len(row.expected) != len(expected):
        scope.problem(
            "RB110", row.place, columns=len(given) + len(expected), cells=len(row.given) + len(row.expected)
        )
        return
    case = _given(node.givens, scope)
    for subject, cell in zip(given, row.given, strict=True):
        _cell(subject, cell, case, scope)
    compared = zip(expected, row.expected, node.head.expected, strict=True)
    found = [
        _expected_cell(column, cell, head, scope)
        for column, cell, head in compared
        if not isinstance(cell, tree.DashCell)
    ]
    yield _example(node.title.content, case, tuple(each for each in found if each), row.place)


def _expected_cell(column: Column, cell: tree.Cell, head: tree.Cell, scope: Scope) -> Expectation | None:
    if isinstance(column, Shown):
        return _shown(column, cell, scope)
    test = _test_of(cell)
    found = _wanted(column, test, scope)
    if found is None or not isinstance(head, tree.Reference):
        return None
    return _value(column, found, (), _text(head, test), cell.place)


def _shown(column: Shown, cell: tree.Cell, scope: Scope) -> Expectation | None:
    """What a gate or flag is to say; RB110 where it cannot say that."""
    word = cell.name.id if isinstance(cell, tree.Reference) and cell.owner is None else ""
    if word not in column.cells:
        facts = {"column_of": column.kind, "cells": " or ".join(column.cells)}
        scope.problem("RB110", cell.place, name=column.key.replace(".", " of "), **facts)
        return None
    wanted, text = column.cells[word]
    return Expectation(column.kind, column.key, wanted, (), text, cell.place)


def _cell(subject: Subject, cell: tree.Cell, case: _Case, scope: Scope) -> None:
    match cell:
        case tree.MissingCell() | tree.DashCell():
            _set(subject, tree.GivenMissing(place=cell.place), case, scope)
        case tree.Number():
            _set(subject, tree.Word(cell.written, place=cell.place), case, scope)
        case tree.Reference():
            _set(subject, cell.name, case, scope)
        case tree.DayCell():
            scope.problem("RB110", cell.place, plain=cell.day.written)


def _test_of(cell: tree.Cell) -> tree.Test:
    match cell:
        case tree.MissingCell() | tree.DashCell() | tree.DayCell():
            return tree.NotScored(place=cell.place)
        case tree.Number() | tree.Reference():
            return tree.Equal(cell, place=cell.place)
