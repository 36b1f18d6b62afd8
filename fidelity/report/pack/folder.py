"""A pack -> its folder, which holds this pack and nothing else; the key file beside it."""

import json
from pathlib import Path

from fidelity.errors import WrongUse
from fidelity.files import write_folder, write_whole
from fidelity.model.coding import Coding, key_file, read_key
from fidelity.report.pack import FORMAT, MANIFEST, Pack


def kept_key(file: Path | None, folder: Path) -> Coding | None:
    """The codes of a key file; nothing where none is there yet."""
    if file is None:
        return None
    if folder.resolve() in file.resolve().parents:
        raise WrongUse(f"The key file {file} must not lie in the pack: who has both knows who is who.")
    if not file.exists():
        return None
    try:
        found = read_key(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        found = None
    if found is None:
        raise WrongUse(f"{file} is no key file of a pack: name another file, or a new one.")
    return found


def earlier_files(folder: Path) -> set[str]:
    """The files of the pack that lies there; a folder with anything else is refused."""
    if not folder.exists():
        return set()
    if not folder.is_dir():
        raise WrongUse(f"{folder} is a file; --pack takes a folder.")
    listed = _listed(folder / MANIFEST)
    there = {each.relative_to(folder).as_posix() for each in folder.rglob("*") if not each.is_dir()}
    strangers = sorted(there - listed - {MANIFEST})
    if strangers:
        raise WrongUse(
            f"{folder} holds files that are of no pack, such as {strangers[0]}: "
            "name an empty folder, or a new one."
        )
    return there


def _listed(manifest: Path) -> set[str]:
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
        return {each["name"] for each in found["files"]} if found["format"] == FORMAT else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def write_pack(pack: Pack, folder: Path, key: Path | None) -> None:
    """Writes the pack, takes away what an earlier one had besides, and keeps the key file."""
    earlier = earlier_files(folder)
    if key is not None:
        write_whole(key, key_file(pack.coding))
    write_folder(folder, pack.files)
    for name in sorted(earlier - pack.files.keys()):
        (folder / name).unlink()
        if not any((folder / name).parent.iterdir()):
            (folder / name).parent.rmdir()
