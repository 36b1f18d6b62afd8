"""A file -> what its translations were made from, as the file beside it notes; and which are older."""

from pathlib import Path
from typing import TYPE_CHECKING

from fidelity import content
from fidelity.errors import Problem
from fidelity.exchange.lock import lock_beside, read_lock, read_lock_text
from fidelity.model.wording import Lock

if TYPE_CHECKING:
    from fidelity.model.wording import Standing


def lock_path(model: "Standing") -> Path:
    """The file beside the checklist's or programme's own, whether it is there or not."""
    return lock_beside(Path(model.file))


def lock_of(model: "Standing") -> Lock:
    """What was noted for a file of the user's, or for a shipped one; nothing where nothing was."""
    path = lock_path(model)
    if Path(model.file).is_file():
        return read_lock(path)
    shipped = content.folder("checklists").joinpath(*path.parts)
    return read_lock_text(shipped.read_text(encoding="utf-8"), str(path)) if shipped.is_file() else {}


def whole_lock_of(model: "Standing") -> Lock:
    """The same with what was noted for the base of an adaptation, whose texts hold on in it."""
    own = lock_of(model)
    if model.origin is None:
        return own
    of_base = whole_lock_of(model.origin.base)
    return {each: {**of_base.get(each, {}), **own.get(each, {})} for each in {**of_base, **own}}


def stale(model: "Standing") -> list[Problem]:
    """RB310 for each translation of the file that is older than its text; what is allowed as information.

    What is old in the base of an adaptation is told there.
    """
    # Everybody who shows texts in a language reads locks; only who checks them needs what checks.
    from fidelity.language.check import graded  # noqa: PLC0415
    from fidelity.language.checks.translations import stale_texts  # noqa: PLC0415

    found = stale_texts(model, lock_of(model))
    return graded((each for each in found if each.place.file == model.file), model.allowed)
