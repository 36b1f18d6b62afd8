"""A seed and a name -> the permanent random number of that name, between 0 and 1."""

from functools import cache, lru_cache
from hashlib import blake2b
from typing import Literal

BITS = 128
PLACES = 12

# What is drawn: the sessions, those rated twice, where a pass through thin cells begins, who rates.
Purpose = Literal["", "second", "pass", "rater"]


@lru_cache(maxsize=1 << 18)
def permanent_number(seed: int, name: str, purpose: Purpose = "") -> int:
    """The number times 2 to the 128th: it hangs on the seed, the purpose and the name alone."""
    hashed = _keyed(seed, purpose).copy()
    hashed.update(name.encode())
    return int.from_bytes(hashed.digest())


@cache
def _keyed(seed: int, purpose: Purpose) -> blake2b:
    key = f"{seed} {purpose}".strip()
    return blake2b(key=key.encode(), digest_size=BITS // 8)


def shown_number(number: int) -> str:
    """The number between 0 and 1, cut off after 12 places: `0.844877255423`."""
    return f"0.{number * 10**PLACES >> BITS:0{PLACES}d}"
