"""A block of a summary -> JSON, its numbers rounded to 6 places."""

from typing import Any

from fidelity.model.summary import Row


def plain(block: Row) -> dict[str, Any]:
    """The block as contract.md shows summaries; nothing is left out."""
    found: dict[str, Any] = _rounded(block.model_dump(mode="json"))
    return found


def _rounded(value: Any) -> Any:
    match value:
        case float():
            # Adding nought turns the -0.0 that rounding leaves into 0.0.
            return round(value, 6) + 0.0
        case dict():
            return {key: _rounded(each) for key, each in value.items()}
        case list():
            return [_rounded(each) for each in value]
        case _:
            return value
