"""The observations of forms that came together -> each once, and what is told of two for one session."""

from collections.abc import Iterable
from typing import NamedTuple

from fidelity.errors import Facts, Problem
from fidelity.model.observation import Observation
from fidelity.place import NOWHERE
from fidelity.store.same_session import session_in, told_apart


class Together(NamedTuple):
    """The observations without copies; those of them whose names are still to be compared; what is told."""

    observations: tuple[Observation, ...]
    unlike: tuple[Observation, ...]
    problems: tuple[Problem, ...]


def together(observations: Iterable[Observation]) -> Together:
    """A copy counts once, with a warning; other answers of one rater to the same session are a question."""
    first: dict[tuple[str, str], Observation] = {}
    kept, unlike, problems = list[Observation](), list[Observation](), list[Problem]()
    for each in observations:
        before = first.setdefault((each.session, each.rater), each)
        named = each.session and each.rater and before.place.file != each.place.file
        if not named:
            kept.append(each)
            unlike.append(each)
        elif _is_copy(each, before):
            facts = {"same_as": before.place.file, "same_session": each.session}
            problems.append(Problem("RB506", each.place, facts, graded="warning"))
        else:
            kept.append(each)
            problems.append(Problem("RB506", each.place, _contradiction(each, before)))
    return Together(tuple(kept), tuple(unlike), tuple(problems))


def _is_copy(one: Observation, other: Observation) -> bool:
    return not one.refused and one.model_copy(update={"place": NOWHERE}) == other.model_copy(
        update={"place": NOWHERE}
    )


def _contradiction(each: Observation, before: Observation) -> Facts:
    apart = told_apart(session_in(before), session_in(each))
    if apart is None:
        return {"kept_session": each.session, "kept_rater": each.rater, "first_file": before.place.file}
    return {
        "clash_session": each.session,
        "clash_rater": each.rater,
        "clash_file": before.place.file,
        "clash_there": apart.there,
        "clash_here": apart.here,
    }
