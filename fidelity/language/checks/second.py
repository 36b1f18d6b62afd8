"""What can hold only once and stands twice: a line about the whole file, `otherwise` in one result."""

from collections.abc import Iterable, Iterator

from fidelity.errors import Problem, Related
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist

ONCE: dict[type, str] = {
    tree.Version: "version",
    tree.Language: "language",
    tree.Status: "status",
    tree.Unit: "unit",
    tree.Raters: "raters",
    tree.AcceptedEvidence: "evidence",
    tree.Observed: "time observed",
    tree.RatedWithin: "time rated",
    tree.Therapist: "therapist called",
}


def second_lines(source: tree.Checklist, _checklist: Checklist, _scope: Scope) -> Iterable[Problem]:
    """RB003 for a second line of the head, RB207 for a second `otherwise`."""
    yield from second_head_lines(source.metas)
    for result in source.blocks:
        if isinstance(result, tree.Result):
            yield from _second_otherwise(result)


def second_head_lines(metas: Iterable[tree.Meta]) -> Iterator[Problem]:
    """RB003 in the head of any file; what an adaptation says in place of its base is no second line."""
    first: dict[tuple[str, str], tree.Meta] = {}
    for meta in metas:
        word = ONCE.get(type(meta))
        other = first.setdefault((word, meta.place.file), meta) if word else meta
        if other is not meta:
            related = (Related(other.place, "the first one is here"),)
            yield Problem("RB003", meta.place, {"once": word}, related)


def _second_otherwise(result: tree.Result) -> Iterator[Problem]:
    lines = [each for each in result.levels if isinstance(each.rule, tree.Otherwise)]
    for each in lines[1:]:
        facts = {"otherwise": each.id.id}
        yield Problem(
            "RB207", each.rule.place, facts, (Related(lines[0].rule.place, "the first one is here"),)
        )
