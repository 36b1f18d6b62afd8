"""Turns the tree into the checked model, and says everything that is wrong or doubtful on the way."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from fidelity.errors import Problem, errors_in
from fidelity.language import head, scoring, tree
from fidelity.language.checks import CHECKS, DEEP_CHECKS
from fidelity.language.checks.amounts import amounts_passed
from fidelity.language.checks.budget import forget
from fidelity.language.circles import circles, circular
from fidelity.language.conditions import condition_of
from fidelity.language.examples import examples_of
from fidelity.language.limits import MOST_BYTES
from fidelity.language.names import Definition, Names, names_in
from fidelity.language.rated import Rated, rated, with_conditions
from fidelity.language.scope import Scope
from fidelity.language.small_texts import small_texts_in
from fidelity.language.texts import core_of, translations_in, written
from fidelity.language.thresholds import threshold_of
from fidelity.model.checklist import Allowed, Checklist, Gate, Question, Result, Score, Threshold
from fidelity.model.example import Example
from fidelity.model.expression import Condition, Formula, reads
from fidelity.place import Place

Step = tuple[Literal["question", "score", "result", "gate"], str]


def checked(source: tree.Checklist, fingerprint: str) -> tuple[Checklist | None, list[Problem]]:
    """The model, or None where there are errors; and every finding, what is allowed graded as information."""
    passed = list(amounts_passed(source))
    if passed:
        return None, passed
    names, found = names_in(source)
    source = _without_doubles(source, names)
    found.extend(circles(source, names))
    scope = Scope(names, found, measuring=scoring.measure_of)
    open_rated = rated(source, scope)
    scope = Scope(
        names,
        found,
        _by_item(open_rated),
        {item.id: frozenset(item.tags) for item in open_rated.items},
        {fact.id: fact for fact in open_rated.facts},
        measuring=scoring.measure_of,
    )
    answered = with_conditions(source, open_rated, scope)
    checklist = _assembled(source, fingerprint, answered, scope)
    for check in CHECKS:
        found.extend(check(source, checklist, scope))
    # Proofs need a sound model: about a file with errors they would say what the errors say already.
    for check in () if errors_in(found) else DEEP_CHECKS:
        found.extend(check(source, checklist, scope))
    forget(checklist)
    problems = graded(found, checklist.allowed)
    if errors_in(problems):
        # What a mistake left unread looks unused, and is not.
        problems = [each for each in problems if each.code not in {"RB201", "RB202", "RB310"}]
    return (None if errors_in(problems) else checklist), problems


def _without_doubles(source: tree.Checklist, names: Names) -> tree.Checklist:
    """The file without what uses an id that is taken, so that one mistake stays one message."""
    kept = tuple(
        each
        for each in source.blocks
        if not isinstance(each, Definition)
        or isinstance(each, tree.Threshold)
        or names.meaning[each.id.id] is each
    )
    return tree.Checklist(source.id, source.title, source.applies, source.metas, kept, place=source.place)


def _by_item(found: Rated) -> dict[str, tuple[Question, ...]]:
    several: dict[str, list[Question]] = {item.id: [] for item in found.items}
    for question in found.questions:
        several[question.item].append(question)
    return {item: tuple(questions) for item, questions in several.items()}


def _assembled(source: tree.Checklist, fingerprint: str, answered: Rated, scope: Scope) -> Checklist:
    blocks = source.blocks
    scores = [
        made for each in blocks if isinstance(each, tree.Score) for made in scoring.scores_of(each, scope)
    ]
    results = [
        made for each in blocks if isinstance(each, tree.Result) for made in scoring.results_of(each, scope)
    ]
    gates = [made for each in blocks if isinstance(each, tree.Gate) for made in scoring.gates_of(each, scope)]
    flags = [scoring.flag_of(each, scope) for each in blocks if isinstance(each, tree.Flag)]
    lists = [scoring.listing_of(each, scope) for each in blocks if isinstance(each, tree.Listing)]
    examples: list[Example] = []
    for each in blocks:
        if isinstance(each, tree.Example | tree.Table):
            examples.extend(examples_of(each, scope))
    small = tuple(small_texts_in(blocks))
    return Checklist(
        id=source.id.id,
        title=source.title.content,
        about=head.about(source.metas, scope),
        fingerprint=fingerprint,
        file=source.place.file,
        applies=condition_of(source.applies.condition, scope) if source.applies else None,
        treat=head.treatments(source.metas, scope),
        codes=head.codes(source.metas, scope),
        facts=answered.facts,
        scales=answered.scales,
        groups=answered.groups,
        items=answered.items,
        questions=answered.questions,
        thresholds=tuple(
            _threshold(each, scores, scope) for each in blocks if isinstance(each, tree.Threshold)
        ),
        scores=tuple(scores),
        results=tuple(results),
        gates=tuple(gates),
        flags=tuple(each for each in flags if each),
        lists=tuple(each for each in lists if each),
        core=tuple(core_of(each, scope) for each in blocks if isinstance(each, tree.Core)),
        allowed=tuple(_allowed(source)),
        examples=tuple(examples),
        translations=translations_in(blocks, scope, written(source.metas, small)),
        order=_order(answered, scores, results, gates, scope),
        place=source.id.place,
        small_texts=small,
    )


def _threshold(node: tree.Threshold, scores: list[Score], scope: Scope) -> Threshold:
    owner = node.of.id if node.of else ""
    if node.of is not None and not isinstance(scope.names.meaning.get(owner), tree.Group | tree.Score):
        scope.unknown(node.of, "group or score", [*scope.names.groups, *scope.names.of_kind(tree.Score)])
    return threshold_of(node, scores, scope)


# ---- the order of work


def _order(
    answered: Rated, scores: list[Score], results: list[Result], gates: list[Gate], scope: Scope
) -> tuple[Step, ...]:
    """Questions, scores, results and gates so that each comes after what it reads; RB130 for a circle."""
    needs = dict(_needs(answered, scores, results, gates))
    try:
        sorted_steps = list(TopologicalSorter(needs).static_order())
    except CycleError as circle:
        if not any(each.code == "RB130" for each in scope.found):
            names = [key.partition(".")[0] for _, key in circle.args[1]]
            scope.found.append(circular(names, scope.names))
        return ()
    return tuple(step for step in sorted_steps if step in needs)


def _needs(
    answered: Rated, scores: list[Score], results: list[Result], gates: list[Gate]
) -> Iterable[tuple[Step, set[Step]]]:
    in_group: dict[str, set[Step]] = {group.id: set() for group in answered.groups}
    group_of = {item: group.id for group in answered.groups for item in group.items}
    for question in answered.questions:
        in_group[group_of[question.item]].add(("question", question.key))
        yield ("question", question.key), _read_by([question.applies] if question.applies else [])
    for score in scores:
        conditions = [score.only_when] if score.only_when else []
        yield ("score", score.key), _read_by([score.formula, *conditions]) | in_group.get(score.group, set())
    for result in results:
        own: set[Step] = {("gate", gate.key) for gate in gates if gate.result == result.key}
        levels = [level.when for level in result.levels if level.when is not None]
        yield ("result", result.key), _read_by(levels) | own | in_group.get(result.group, set())
    for gate in gates:
        yield ("gate", gate.key), _read_by([gate.when]) | in_group.get(gate.group, set())


def _read_by(nodes: Iterable[Formula | Condition]) -> set[Step]:
    found: set[Step] = set()
    for node in nodes:
        for subject in reads(node):
            if subject.kind != "fact":
                found.add((subject.kind, subject.key))
    return found


# ---- what the author means


def _allowed(source: tree.Checklist) -> Iterable[Allowed]:
    for meta in source.metas:
        if isinstance(meta, tree.Allow):
            yield Allowed(meta.code.id, meta.reason.content, _whole_file(source, meta))
    for block in source.blocks:
        yield from _allowed_below(block)


def _whole_file(source: tree.Checklist, meta: tree.Allow) -> Place:
    """The file that the line stands in; an adapted checklist has lines of two."""
    own = source.place.file == meta.place.file
    return source.place if own else Place(meta.place.file, 1, 1, MOST_BYTES, 1)


def _allowed_below(node: tree.Node) -> Iterable[Allowed]:
    for detail in getattr(node, "details", ()):
        if isinstance(detail, tree.Allow):
            yield Allowed(detail.code.id, detail.reason.content, node.place)
    for inner in (*getattr(node, "items", ()), *getattr(node, "levels", ())):
        yield from _allowed_below(inner)


def graded(found: Iterable[Problem], allowed: tuple[Allowed, ...]) -> list[Problem]:
    """The findings, with what the author allows told as information, and with the reason; never an error."""
    return [_grade(problem, allowed) for problem in found]


def _grade(problem: Problem, allowed: tuple[Allowed, ...]) -> Problem:
    if problem.severity == "error":
        return problem
    reason = next(
        (each.reason for each in allowed if each.code == problem.code and _covers(each, problem)), None
    )
    if reason is None:
        return problem
    return Problem(
        problem.code, problem.place, {**problem.facts, "reason_to_allow": reason}, problem.related, "info"
    )


def _covers(allowed: Allowed, problem: Problem) -> bool:
    statement, place = allowed.statement, problem.place
    return statement.file == place.file and statement.line <= place.line <= statement.end_line
