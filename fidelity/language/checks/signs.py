"""Signs that deceive the eye: ids that look like others, and texts whose direction is turned around."""

import re
from collections.abc import Iterable, Iterator

from fidelity.errors import Problem, Related
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist

# Ids are plain small letters, digits and underscores; of these only so few can be taken for one another.
LOOKS_LIKE = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"))
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def deceiving_signs(source: tree.Checklist, _checklist: Checklist, scope: Scope) -> Iterable[Problem]:
    """RB241 for two ids that are easily confused, at the second, and for a text with turning signs in it."""
    yield from _confusable(scope)
    for node in tree.walked(source):
        if isinstance(node, tree.Text) and (found := TURNING.search(node.content)):
            yield Problem("RB241", node.place, {"sign": f"U+{ord(found[0]):04X}"})


def _confusable(scope: Scope) -> Iterator[Problem]:
    first: dict[str, tree.Word] = {}
    for id, each in scope.names.meaning.items():
        other = first.setdefault(_seen(id), each.id)
        if other.id != id:
            related = Related(other.place, "this one looks like it")
            yield Problem("RB241", each.id.place, {"one": id, "other": other.id}, (related,))


def _seen(id: str) -> str:
    for looks, like in LOOKS_LIKE:
        id = id.replace(looks, like)
    return id
