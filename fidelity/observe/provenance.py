"""What was read, so that somebody else can read the same: files with their hashes, counts, software."""

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from fidelity.model.summary import Provenance
from fidelity.observe import Reading


def provenance_of(reading: Reading) -> Provenance:
    """The provenance of everything that was read; the data hash is over the hashes of its files, in order."""
    good = [each for each in reading.observations if not each.refused]
    sessions = len({each.occasion for each in good})
    return provenance(reading.files, len(good), sessions, len(reading.observations) - len(good))


def provenance(
    files: Iterable[tuple[str, str, int]], observations: int, sessions: int, refused: int
) -> Provenance:
    """The same from what was counted."""
    known = tuple(files)
    together = hashlib.sha256("\n".join(sha256 for _, sha256, _ in known).encode())
    return Provenance(
        data_sha256=together.hexdigest(),
        # Names only: a path says where a file lay on one machine, and would change the bytes of the report.
        files=tuple((Path(name).name, sha256, rows) for name, sha256, rows in known),
        observations=observations,
        sessions=sessions,
        refused=refused,
        software=f"fidelity {version('fidelity')}",
    )
