"""The Arrow library, or a plain sentence where it is not installed."""

from fidelity.errors import WrongUse

try:
    import pyarrow as pa
except ModuleNotFoundError:
    raise WrongUse(
        "Record batches need the library pyarrow, which is not installed here: pip install 'fidelity[scale]'"
    ) from None

__all__ = ["pa"]
