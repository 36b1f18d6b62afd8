"""The language's functions over several items: name, what kind of value they give, one line of help."""

from fidelity.model.expression import AggregateName, ValueKind
from fidelity.record import Record


class Function(Record):
    """One function; `kind` is None where the value is of the kind of what it reads."""

    name: AggregateName
    kind: ValueKind | None
    reads: str
    help: str


FUNCTIONS: dict[str, Function] = {
    each.name: each
    for each in (
        Function("mean", "mean", "points or scores", "Points divided by the weights of the answered items."),
        Function("sum", None, "points or scores", "All points added; needs every item that applies."),
        Function("percent", "percent", "points", "Points as percent of the most the answered items allow."),
        Function(
            "share", "percent", "answers or levels", "Answered items with one of the answers, in percent."
        ),
        Function("count", "count", "answers or levels", "How many items have one of the answers."),
        Function("lowest", None, "points or scores", "The lowest of the answered items."),
        Function("highest", None, "points or scores", "The highest of the answered items."),
        Function("median", None, "points or scores", "The middle one; the exact middle of two."),
    )
}
