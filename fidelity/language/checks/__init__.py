"""Static checks: each looks at tree and model and gives what it finds; all of them run, in this order."""

from collections.abc import Callable, Iterable

from fidelity.errors import Problem
from fidelity.language import tree
from fidelity.language.checks import bands, literals, translations, treatments, unused
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist

Check = Callable[[tree.Checklist, Checklist, Scope], Iterable[Problem]]

CHECKS: tuple[Check, ...] = (
    literals.impossible_literals,
    bands.gaps_and_overlaps,
    treatments.untreated_non_answers,
    unused.never_used,
    translations.missing_and_lost,
)
