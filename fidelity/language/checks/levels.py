"""Levels by rule, gates and flags over all that a record can say: exactly one level, and nothing in vain."""

from collections.abc import Iterable, Iterator, Sequence

from fidelity.errors import Problem, Related
from fidelity.language import tree
from fidelity.language.checks.bands import bands_of
from fidelity.language.checks.closure import closure_of
from fidelity.language.checks.domains import Combination, Space
from fidelity.language.checks.search import record_like, records_of
from fidelity.language.checks.truth import Look, Trial, levels_fitting, questions_in, truth
from fidelity.language.checks.witness import MOST_NAMED, answer_told, told, value_told
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist, Flag, Gate, Level, Result
from fidelity.model.expression import Condition, Subject, reads
from fidelity.model.scale import Given, NonAnswer, NotGiven
from fidelity.place import Place

MOST_COMBINATIONS = 100_000
MOST_FOR_ADVICE = 10_000  # for findings that are no errors
MOST_TRIED = 6


# ---- exactly one level


def not_exactly_one(_source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB207 where two levels by rule fit one record, or none: an error with that record, else a warning."""
    seen: set[tuple[Place, ...]] = set()
    for result in checklist.results:
        if not _by_rule(result):
            continue
        for problem in _of_result(checklist, result):
            key = (problem.place, *(each.place for each in problem.related))
            if key not in seen:
                seen.add(key)
                yield problem


def _by_rule(result: Result) -> list[Level]:
    """The levels with a condition of their own, where not all levels are stretches of a score."""
    banded = {each.name for each in bands_of(result)} if result.of else set()
    ruled = [each for each in result.levels if each.when is not None]
    return ruled if any(each.id not in banded for each in ruled) else []


def _of_result(checklist: Checklist, result: Result) -> Iterator[Problem]:
    lines = _by_rule(result)
    space = Space(checklist, [each.when for each in lines if each.when is not None])
    if not space.within(MOST_COMBINATIONS):
        yield Problem("RB207", result.place, {"unproved": result.name}, graded="warning")
        return
    found: dict[tuple[str, ...], list[Combination]] = {}
    for combination in space.combinations():
        fitting = _fitting(checklist, result, lines, space.looking(combination))
        if fitting is not None:
            found.setdefault(fitting, []).append(combination)
    for fitting, combinations in found.items():
        yield from _proved(checklist, result, lines, fitting, combinations)


def _fitting(
    checklist: Checklist, result: Result, lines: Sequence[Level], look: Look
) -> tuple[str, ...] | None:
    """The first two levels that fit, or none of them, where it is not exactly one; None where all is well."""
    verdicts = [(each.id, truth(checklist, each.when, look)) for each in lines if each.when is not None]
    true = [id for id, verdict in verdicts if verdict is True]
    fitting: tuple[str, ...] | None = tuple(true[:2])
    if len(true) == 1 or any(verdict is None for _, verdict in verdicts if not true):
        fitting = None
    return fitting if fitting is None or _applies(checklist, result, look) else None


def _applies(checklist: Checklist, result: Result, look: Look) -> bool:
    """Whether some item of the result's group applies; what a combination leaves open may."""
    values = [look(Subject("question", key)) for key in questions_in(checklist, result.group)]
    return not values or not all(
        isinstance(v, NotGiven) and v.state is NonAnswer.NOT_APPLICABLE for v in values
    )


def _proved(
    checklist: Checklist,
    result: Result,
    lines: Sequence[Level],
    fitting: tuple[str, ...],
    combinations: Sequence[Combination],
) -> Iterator[Problem]:
    by_id = {each.id: each for each in lines}
    later, earlier = (by_id[fitting[1]], by_id[fitting[0]]) if fitting else (lines[-1], None)
    related = (Related(earlier.place, "the other level is here"),) if earlier else ()
    found, proved = _proof(checklist, result, lines, fitting, combinations)
    if found:
        facts: dict[str, object] = {"example": found}
        facts |= {"one": earlier.id, "other": later.id} if earlier else {"none": result.name}
        yield Problem("RB207", later.place, facts, related)
    elif not proved:
        yield Problem("RB207", later.place, {"unproved": result.name}, related, "warning")


def _proof(
    checklist: Checklist,
    result: Result,
    lines: Sequence[Level],
    fitting: tuple[str, ...],
    combinations: Sequence[Combination],
) -> tuple[str, bool]:
    """A record in words for which it is so; without one, whether it is certain that there is none."""
    for combination in combinations[:MOST_TRIED]:
        record = record_like(checklist, combination)
        if (
            record is not None
            and _fitting(checklist, result, lines, Trial(checklist, *record).look) == fitting
        ):
            return _told(checklist, combination), True
    records, all_of_them = records_of(checklist, closure_of(checklist, [each.when for each in lines]))
    for answers, facts in records:
        if _fitting(checklist, result, lines, Trial(checklist, answers, facts).look) == fitting:
            return told({**answers, **facts}), True
    return "", all_of_them


def _told(checklist: Checklist, combination: Combination) -> str:
    """A combination by name: `lis_b1 seen, lis_b2 seen`; of many questions the usual answer once."""
    words: list[str] = []
    questions = {s: v for s, v in combination.items() if s.kind == "question"}
    usual = _usual(questions)
    for subject, value in combination.items():
        if usual and isinstance(value, Given | NotGiven) and answer_told(value) == usual:
            continue
        percent = subject.kind == "score" and checklist.score[subject.key].kind == "percent"
        words.append(value_told(subject, value, percent))
    if len(words) > MOST_NAMED:
        words = [*words[:MOST_NAMED], f"{len(words) - MOST_NAMED} more"]
    return ", ".join([*words, *([f"every other one of these items {usual}"] if usual else [])])


def _usual(questions: Combination) -> str:
    if len(questions) <= MOST_NAMED:
        return ""
    words = [answer_told(each) for each in questions.values() if isinstance(each, Given | NotGiven)]
    return max(set(words), key=lambda each: (words.count(each), each))


# ---- levels that nothing reaches


def unreached_levels(_source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB208 where the line of a level is never true and no gate caps at it, in any member of a family."""
    reached: dict[Place, bool] = {}
    facts: dict[Place, dict[str, object]] = {}
    for result in checklist.results:
        capped = {gate.cap for gate in checklist.gates if gate.result == result.key}
        banded = {each.name for each in bands_of(result)} if result.of else set()
        for level in result.levels:
            if level.id in capped or level.id in banded:
                reached[level.place] = True
            elif level.when is None:
                reached.setdefault(level.place, False)
                facts[level.place] = {"level": level.id, "by_gate": level.id}
            else:
                reached[level.place] = reached.get(level.place, False) or _can_be(checklist, level.when)
                facts[level.place] = {"level": level.id}
    for place, there in reached.items():
        if not there:
            yield Problem("RB208", place, facts[place])


def _can_be(checklist: Checklist, node: Condition) -> bool:
    space = Space(checklist, [node])
    return not space.within(MOST_FOR_ADVICE) or any(
        space.truth(node, each) is True for each in space.combinations()
    )


# ---- gates that change nothing


def idle_gates(_source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB209 for a gate that is never true, or is so only where the result is as low already."""
    idle: dict[Place, list[tuple[Gate, str]]] = {}
    for gate in checklist.gates:
        idle.setdefault(gate.place, []).append((gate, _idle(checklist, gate)))
    for place, members in idle.items():
        gate, why = members[0]
        if all(each for _, each in members):
            result = checklist.result[gate.result]
            line = next(each for each in result.levels if each.id == gate.cap)
            facts: dict[str, object] = {"gate": gate.name}
            if why == "never":
                yield Problem("RB209", place, {**facts, "never": why})
            elif line is result.levels[-1]:
                facts |= {"result": result.name, "highest": gate.cap}
                yield Problem("RB209", place, facts, (Related(line.place, "nothing stands above it"),))
            else:
                related = (Related(line.place, "this line says so already"),) if line.when else ()
                facts |= {"result": result.name, "cap": gate.cap}
                yield Problem("RB209", place, facts, related)


def _idle(checklist: Checklist, gate: Gate) -> str:
    if not _can_be(checklist, gate.when):
        return "never"
    result = checklist.result[gate.result]
    lines = [each.when for each in result.levels if each.when is not None]
    space = Space(checklist, [gate.when, *lines])
    if not space.within(MOST_FOR_ADVICE):
        return ""
    names = [each.id for each in result.levels]
    cap = names.index(gate.cap)
    for combination in space.combinations():
        look = space.looking(combination)
        if truth(checklist, gate.when, look) is False:
            continue
        fitting = levels_fitting(checklist, result.key, look, gates=False)
        if any(names.index(each) > cap for each in fitting):
            return ""
    return "changes nothing"


# ---- flags that a level rules out


def contradicting_flags(_source: tree.Checklist, checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB211 for a flag that asks for a level which its own other part rules out: it is never raised."""
    for flag in checklist.flags:
        levels = _levels_read(checklist, flag)
        if not levels or not _can_be(checklist, flag.when):
            continue
        space = Space(checklist, [flag.when], results_worked_out=True)
        if not space.within(MOST_FOR_ADVICE) or any(
            space.truth(flag.when, each) is True for each in space.combinations()
        ):
            continue
        result = levels[0]
        yield Problem(
            "RB211",
            flag.place,
            {"flag": flag.id, "result": result.name},
            (Related(result.place, "the levels are decided here"),),
        )


def _levels_read(checklist: Checklist, flag: Flag) -> list[Result]:
    return [checklist.result[each.key] for each in reads(flag.when) if each.kind == "result"]
