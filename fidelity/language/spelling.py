"""Two words -> how many slips of the finger lie between them, and which words are near."""

from collections.abc import Iterable


def slips(one: str, other: str) -> int:
    """Letters left out, added, changed, or two neighbours swapped; capitals do not count."""
    one, other = one.casefold(), other.casefold()
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        before, row, above = row, [i], before
        for j, wanted in enumerate(other, 1):
            fewest = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != wanted))
            swapped = i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == wanted
            row.append(min(fewest, above[j - 2] + 1) if swapped else fewest)
    return row[-1]


def likely(word: str, meant: str) -> bool:
    """Whether one may be a misspelling of the other: few slips for their length."""
    shorter = min(len(word), len(meant))
    most = 1 if shorter <= 3 else 2 if shorter <= 8 else 3
    if abs(len(word) - len(meant)) > most or len(set(word.casefold()) ^ set(meant)) > 2 * most:
        return False
    return slips(word, meant) <= most


def likeliest_first(word: str, meant: Iterable[str]) -> list[str]:
    """The words that may be meant: fewest slips first, and letters swapped or left out before any others."""
    return sorted(meant, key=lambda each: (slips(word, each), _how_slipped(word, each), each))


def _how_slipped(word: str, meant: str) -> int:
    if sorted(word) == sorted(meant):
        return 0
    return 1 if len(word) < len(meant) else 2 if len(word) > len(meant) else 3
