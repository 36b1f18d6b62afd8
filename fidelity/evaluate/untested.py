"""What the examples of a checklist never reach -> a finding at the level, gate, mark or score concerned."""

from collections.abc import Iterator, Mapping

from fidelity.errors import Problem
from fidelity.evaluate.coverage import Coverage, coverage_of
from fidelity.evaluate.evaluator import Evaluator
from fidelity.evaluate.reaching import bounds_with_place
from fidelity.model.checklist import Checklist
from fidelity.model.example import Example
from fidelity.model.number import written
from fidelity.place import Place

SIDES = {"below": "just below", "at_or_above": "on or just above"}
STATES = {"fails": "failing", "passes": "passing"}


def untested(checklist: Checklist) -> Iterator[Problem]:
    """RB401 for each gap; one for the whole file where it has no example at all."""
    examples = counted_examples(checklist)
    if not examples:
        if checklist.results or checklist.scores:
            yield Problem("RB401", checklist.place, {"none": checklist.id})
        return
    evaluate = Evaluator(checklist)
    coverage = coverage_of(
        checklist, [evaluate(each.answers, each.facts, each.comments) for each in examples]
    )
    without = {name.partition(".")[0] for name, reached in coverage["levels"].items() if not reached}
    yield from _levels(checklist, coverage)
    yield from _gates(checklist, coverage)
    yield from _boundaries(checklist, coverage, without)
    yield from _missing(checklist, coverage)


def counted_examples(checklist: Checklist) -> tuple[Example, ...]:
    """The examples that show what a checklist does: its own and, of an adaptation, those of its base."""
    return (*checklist.examples, *(checklist.origin.examples if checklist.origin else ()))


def _levels(checklist: Checklist, coverage: Coverage) -> Iterator[Problem]:
    for result in {each.name: each for each in checklist.results}.values():
        missed = [each for each in result.levels if not coverage["levels"][f"{result.name}.{each.id}"]]
        if len(missed) == 1:
            yield Problem("RB401", missed[0].place, {"level": missed[0].id})
        elif missed:
            names = ", ".join(f'"{each.id}"' for each in missed)
            yield Problem("RB401", missed[0].place, {"levels": names})


def _gates(checklist: Checklist, coverage: Coverage) -> Iterator[Problem]:
    for gate in {each.name: each for each in checklist.gates}.values():
        open_sides = [STATES[state] for state, seen in coverage["gates"][gate.name].items() if not seen]
        if open_sides:
            yield Problem("RB401", gate.place, {"gate": " or ".join(open_sides)})


def _boundaries(checklist: Checklist, coverage: Coverage, without: set[str]) -> Iterator[Problem]:
    """The sides of marks; where a whole level is missing, the level has been told already."""
    told: set[tuple[str, Place]] = set()
    for result in checklist.results:
        score = checklist.score.get(result.of)
        for bound, place in bounds_with_place(checklist, result):
            name = f"{result.name} at {written(bound)}{'%' if score and score.kind == 'percent' else ''}"
            sides: Mapping[str, bool] = coverage["boundaries"].get(name, {})
            open_sides = [SIDES[side] for side, seen in sides.items() if not seen]
            if open_sides and result.name not in without and (name, place) not in told:
                told.add((name, place))
                mark = name.rpartition(" ")[2]
                facts = {"side": " or ".join(open_sides), "mark": mark, "score": result.of.partition(".")[0]}
                yield Problem("RB401", place, facts)


def _missing(checklist: Checklist, coverage: Coverage) -> Iterator[Problem]:
    kinds = [kind for kind, seen in coverage["missing"].items() if not seen]
    headline = checklist.headline
    if kinds and headline is not None:
        yield Problem("RB401", headline.place, {"kinds": " or ".join(kinds)})
