"""A checklist -> what its translations were made from, as the file beside it notes; and which are older."""

from pathlib import Path

from fidelity import content
from fidelity.errors import Problem
from fidelity.exchange.lock import lock_beside, read_lock, read_lock_text
from fidelity.language.check import graded
from fidelity.language.checks.translations import stale_texts
from fidelity.model.checklist import Checklist
from fidelity.model.wording import Lock


def lock_path(checklist: Checklist) -> Path:
    """The file beside the checklist's own, whether it is there or not."""
    return lock_beside(Path(checklist.file))


def lock_of(checklist: Checklist) -> Lock:
    """What was noted for a file of the user's, or for a shipped checklist; nothing where nothing was."""
    path = lock_path(checklist)
    if Path(checklist.file).is_file():
        return read_lock(path)
    shipped = content.folder("checklists").joinpath(*path.parts)
    return read_lock_text(shipped.read_text(encoding="utf-8"), str(path)) if shipped.is_file() else {}


def stale(checklist: Checklist) -> list[Problem]:
    """RB310 for each translation that is older than its text; what is allowed as information."""
    return graded(stale_texts(checklist, lock_of(checklist)), checklist.allowed)
