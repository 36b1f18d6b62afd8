"""Signs that deceive the eye: look-alikes in ids and in words, and texts whose direction is turned around."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from fidelity.errors import Problem, Related
from fidelity.language import tree
from fidelity.language.scope import Scope
from fidelity.model.checklist import Checklist
from fidelity.place import Place

# Ids are plain small letters, digits and underscores; of these only so few can be taken for one another.
LOOKS_LIKE = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"))
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
LETTERS = re.compile(r"[^\W\d_]+")
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN")
# Letters that have a twin in another of these scripts; a `μg` or a `Δt` has none and deceives nobody.
TWINS = frozenset(
    "aceijopsxyhABCEHIJKMNOPSTXYZ"
    "\u0430\u0441\u0435\u0456\u0458\u043e\u0440\u0455\u0445\u0443\u04bb"  # Cyrillic, small and large
    "\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0425\u0423"
    "\u03bf\u03bd\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u0585\u057d\u0578\u0570"  # Armenian; Greek above
)


def deceiving_signs(source: tree.Checklist, _checklist: Checklist, scope: Scope) -> Iterable[Problem]:
    """RB241 in ids and in texts."""
    yield from look_alikes(each.id for each in scope.names.meaning.values())
    yield from deceiving_texts(source)


def look_alikes(ids: Iterable[tree.Word]) -> Iterator[Problem]:
    """RB241 for two ids that are easily confused, at the second."""
    first: dict[str, tree.Word] = {}
    for word in ids:
        other = first.setdefault(_seen(word.id), word)
        if other.id != word.id:
            related = Related(other.place, "this one looks like it")
            yield Problem("RB241", word.place, {"one": word.id, "other": other.id}, (related,))


def _seen(id: str) -> str:
    for looks, like in LOOKS_LIKE:
        id = id.replace(looks, like)
    return id


# ---- texts


def deceiving_texts(source: tree.Node) -> Iterator[Problem]:
    """RB241 for texts with signs in them that turn their direction around, or are not what they look like."""
    for node in tree.every(tree.Text, source):
        if not node.content.isascii():
            if found := TURNING.search(node.content):
                yield Problem("RB241", node.place, {"sign": f"U+{ord(found[0]):04X}"})
            yield from _mixed_words(node)


def _mixed_words(text: tree.Text) -> Iterator[Problem]:
    """Words of one script in which all letters of another are twins; not a text in two languages."""
    for word in LETTERS.finditer(text.content):
        strange = None if word[0].isascii() else _stranger(word[0])
        if strange is not None:
            facts = {
                "mixed": word[0],
                "letter": word[0][strange],
                "its_script": _script(word[0][strange]).title(),
                "number": strange + 1,
            }
            yield Problem("RB241", _within(text, word.start(), word.end()), facts)


def _stranger(word: str) -> int | None:
    """Where the first letter stands that belongs to another script than the rest of the word."""
    scripts = [_script(letter) for letter in word]
    counts = Counter(each for each in scripts if each)
    if len(counts) <= 1:
        return None
    main, often = counts.most_common(1)[0]
    others = [at for at, each in enumerate(scripts) if each and each != main]
    deceiving = often > len(others) and all(word[at] in TWINS for at in others)
    return others[0] if deceiving else None


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "").partition(" ")[0]
    return first if first in SCRIPTS else ""


def _within(text: tree.Text, start: int, end: int) -> Place:
    """The word alone, where the text stands on one line."""
    place = text.place
    if place.line != place.end_line:
        return place
    column = place.column + 1
    return place._replace(column=column + start, end_column=column + end)
