"""The file beside a checklist that notes what each text was when it was translated: `NAME.lock`."""

import json
from collections.abc import Mapping
from pathlib import Path

from fidelity.errors import Problem, ProblemsFound
from fidelity.model.wording import Lock, Locked
from fidelity.place import Place

FORMAT = "fidelity-lock/1"
ENDING = ".lock"


def lock_beside(checklist: Path) -> Path:
    """Where the lock of a checklist lies: `session_2.lock` beside `session_2.rubric`."""
    return checklist.with_suffix(ENDING)


def read_lock(path: Path) -> Lock:
    """What a lock notes; nothing where there is none. Raises ProblemsFound where it is damaged."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as refused:
        raise _damaged(str(path), getattr(refused, "strerror", None) or "it is not UTF-8") from refused
    return read_lock_text(text, str(path))


def read_lock_text(text: str, file: str) -> Lock:
    """What the text of a lock notes."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise _damaged(file, "it is not JSON") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _damaged(file, f'it does not say "format": "{FORMAT}"')
    try:
        return {
            language: {name: _locked(each) for name, each in texts.items()}
            for language, texts in document["translations"].items()
        }
    except (AttributeError, KeyError, TypeError):
        raise _damaged(file, "it does not hold texts by language") from None


def lock_file(checklist: str, lock: Lock) -> bytes:
    """A lock as a file: a line for each thing, so that two versions can be compared."""
    translations = {
        language: {name: {"sha256": each.sha256, "text": each.text} for name, each in texts.items()}
        for language, texts in sorted(lock.items())
    }
    document = {"format": FORMAT, "checklist": checklist, "translations": translations}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _locked(noted: Mapping[str, object]) -> Locked:
    hashed, text = noted["sha256"], noted.get("text", "")
    if not isinstance(hashed, str) or not isinstance(text, str):
        raise TypeError
    return Locked(hashed, text)


def _damaged(file: str, why: str) -> ProblemsFound:
    return ProblemsFound([Problem("RB004", Place(file), {"damaged_lock": why})])
