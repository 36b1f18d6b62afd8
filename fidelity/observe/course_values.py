"""What a programme expects of the values it reads: which must be numbers, and which must not be percents."""

from collections.abc import Iterator, Mapping

from fidelity.model.claim import Claim, Judged, Many, Mark, Word, claims_in, number_in
from fidelity.model.programme import EvidenceRule, Programme, Row, Series

# By checklist and name: the kinds of what the value is held against; a word means that anything goes.
Wanted = Mapping[tuple[str, str], frozenset[str]]

BLANKS = ("", "-", "missing", "undecided")


def wanted(programme: Programme) -> Wanted:
    """Every value that the programme compares, by checklist and name; a family by its own name."""
    found: dict[tuple[str, str], set[str]] = {}
    for checklist, claim in _claims(programme):
        for each in claims_in(claim):
            name = each.family if isinstance(each, Many) else each.key
            test = each.test if isinstance(each, Many) else each
            found.setdefault((checklist, name), set()).add(_kind(test))
    for series in _series(programme):
        found.setdefault((series.checklist, series.score), set()).add("number")
    return {key: frozenset(kinds) for key, kinds in found.items()}


def _series(programme: Programme) -> Iterator[Series]:
    yield from (rule.of for rule in programme.drifts)
    yield from (rule.of for rule in programme.figures)


def _kind(test: object) -> str:
    match test:
        case Judged(bound=Mark(kind=kind)):
            return kind
        case Judged(bound=Word()):
            return "word"
        case Judged():
            return "number"
        case _:
            return "word"


def _claims(programme: Programme) -> Iterator[tuple[str, Claim]]:
    rules: list[EvidenceRule] = []
    for stage in programme.stages:
        rules += [*stage.needs, *stage.renewed, *stage.lost]
    yield from ((rule.checklist, rule.claim) for rule in rules if rule.claim is not None)
    for plan in programme.samples:
        yield from ((plan.checklist, line.claim) for line in plan.first if line.claim is not None)


def misfit(text: str, checklist: str, key: str, found: Wanted) -> str:
    """Why a value cannot be what the programme compares; nothing when it can."""
    kinds = found.get((checklist, key)) or found.get((checklist, key.partition(".")[0]))
    if not kinds or "word" in kinds:
        return ""
    if number_in(text) is None:
        return "is no number"
    return "is a percent" if text.strip().endswith("%") and kinds == {"plain"} else ""


def possible_in(text: str) -> tuple[str, ...] | None:
    """A value as a person wrote it: the one thing that is possible, a blank, or what does not apply."""
    plain = text.strip()
    if plain == "not_applicable":
        return None
    return () if plain in BLANKS else (plain,)


def key_in(name: str) -> str:
    """`skill of risk` and `skill.risk` are one name."""
    return ".".join(part.strip() for part in name.strip().split(" of "))


def complete(rows: list[Row]) -> list[Row]:
    """Each row with a blank for every value that only other rows of its checklist have, as in a table."""
    names: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in rows:
        names.setdefault(row.checklist, {}).update(dict.fromkeys(row.values, ()))
    return [row._replace(values={**names[row.checklist], **row.values}) for row in rows]
