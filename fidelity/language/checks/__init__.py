"""Static checks: each looks at tree and model and gives what it finds; all of them run, in this order."""

from collections.abc import Callable, Iterable

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.checks import (
    alike,
    bands,
    blanks,
    division,
    file_codes,
    idle,
    levels,
    literals,
    magnitudes,
    needing,
    negation,
    points,
    raw_ranges,
    reachable,
    second,
    signs,
    translations,
    treatments,
    unused,
    weights,
)
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist

Check = Callable[[tree.Checklist, Checklist, Scope], Iterable[Problem]]

CHECKS: tuple[Check, ...] = (
    literals.impossible_literals,
    second.second_lines,
    points.forgotten_points,
    bands.gaps_and_overlaps,
    treatments.untreated_non_answers,
    unused.never_used,
    alike.alike_texts,
    translations.missing_and_lost,
)

# These prove things about the model, so they only look at files without errors.
DEEP_CHECKS: tuple[Check, ...] = (
    reachable.near_misses,
    reachable.lifting_rounding,
    reachable.empty_bands,
    needing.shifting_shares,
    weights.deciding_weights,
    division.unguarded_divisions,
    magnitudes.too_large,
    levels.not_exactly_one,
    levels.unreached_levels,
    levels.idle_gates,
    levels.contradicting_flags,
    idle.idle_conditions,
    raw_ranges.points_or_raw,
    blanks.rewarded_blanks,
    negation.double_negation,
    file_codes.codes_taken,
    signs.deceiving_signs,
)
