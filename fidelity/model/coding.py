"""Names -> codes that tell nothing: the same each time, worked out with a key that is kept apart."""

import csv
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from io import StringIO

from fidelity.model.observation import Observation
from fidelity.record import Record
from fidelity.shield import csv_field, without_shield

Kind = str
Codes = Mapping[tuple[Kind, str], str]

# What is renamed, with the letter that its codes begin with.
LETTERS = {"therapist": "T", "rater": "R", "client": "C", "site": "S", "session": "E", "observation": "O"}
KEY = "key"
LENGTH = 6
HEADING = ["kind", "name", "code"]


class Coding(Record):
    """The key and who has which code: whoever holds it can tell who is who."""

    key: str
    codes: Codes

    def code(self, kind: Kind, name: str) -> str:
        """The code of a name; nothing for no name."""
        return self.codes[kind, name] if name else ""


def coding_of(
    observations: Sequence[Observation],
    kept: Coding | None = None,
    others: Iterable[tuple[Kind, str]] = (),
) -> Coding:
    """Codes for all names of the observations, and `others`; those of a kept key file stay as they are.

    Without one the key is worked out of the observations themselves, dates and notes with them: the same data
    give the same codes, and who has only the pack cannot find it.
    """
    key = kept.key if kept else _secret(observations)
    codes = dict(kept.codes) if kept else {}
    taken = set(codes.values())
    names = _names(observations).union(each for each in others if each[1])
    for kind, name in sorted(names - codes.keys()):
        codes[kind, name] = _new_code(key, kind, name, taken)
        taken.add(codes[kind, name])
    return Coding(key, codes)


def occasion_code(coding: Coding, observation: Observation) -> str:
    """The code of the session that was observed."""
    return coding.code("session", observation.occasion)


def shifted_back(coding: Coding, kind: Kind, name: str) -> int:
    """By how many days somebody's dates are moved back: from 1 to 365, the same each time for one key."""
    digest = blake2b(f"{kind}\x1fdays\x1f{name}".encode(), key=coding.key.encode()[:64], digest_size=8)
    return 1 + int.from_bytes(digest.digest()) % 365


def _names(observations: Iterable[Observation]) -> set[tuple[Kind, str]]:
    found = {("session", each.occasion) for each in observations}
    for kind in LETTERS:
        if kind != "session":
            found |= {(kind, str(getattr(each, kind))) for each in observations}
    return {(kind, name) for kind, name in found if name}


def _secret(observations: Sequence[Observation]) -> str:
    digest = blake2b(digest_size=32, person=b"fidelity pack")
    for line in sorted(map(_whole, observations)):
        digest.update(line.encode())
    return digest.hexdigest()


def _whole(each: Observation) -> str:
    """All that an observation says, also what no pack has."""
    parts = (
        *(getattr(each, kind) for kind in LETTERS),
        each.date,
        each.rated_on,
        each.minutes,
        sorted(each.answers.items()),
        sorted(each.comments.items()),
        sorted(each.facts.items()),
    )
    return repr(tuple(str(part) for part in parts))


def _new_code(key: str, kind: Kind, name: str, taken: set[str]) -> str:
    number = 0
    while (code := f"{LETTERS[kind]}-{_short(key, kind, name, number)}") in taken:
        number += 1
    return code


def _short(key: str, kind: Kind, name: str, number: int) -> str:
    digest = blake2b(
        f"{kind}\x1f{name}\x1f{number}".encode("utf-8", "surrogatepass"), key=key.encode()[:64], digest_size=8
    )
    return b32encode(digest.digest()).decode()[:LENGTH]


# ---- the key file


def key_file(coding: Coding) -> bytes:
    """The key and the list of codes as CSV; it belongs to the team alone."""
    rows = [
        HEADING,
        [KEY, "", coding.key],
        *([kind, name, code] for (kind, name), code in coding.codes.items()),
    ]
    rows[2:] = sorted(rows[2:])
    return "".join(",".join(map(csv_field, row)) + "\r\n" for row in rows).encode()


def read_key(text: str) -> Coding | None:
    """What a key file says; nothing if it is none."""
    rows = [[without_shield(cell) for cell in row] for row in csv.reader(StringIO(text))]
    if rows[:1] != [HEADING] or len(rows) < 2 or any(len(row) != len(HEADING) for row in rows):
        return None
    _, (kind, _, key), *others = rows
    if kind != KEY or len(key) < 32:
        return None
    codes = {(kind, name): code for kind, name, code in others if kind in LETTERS}
    whole = len(codes) == len(others) == len(set(codes.values()))
    return Coding(key, codes) if whole else None
