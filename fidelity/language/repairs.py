"""A statement that could not be read -> the one change with which it can be, as people would make it.

Every proposal is tried out: what is written here must let the line be read to its end, and only where nothing does
is the likeliest misspelling named all the same.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from fidelity.language.spelling import how_slipped, likely, slips
from fidelity.language.statements import Kind, kinds, mistakes

FOUND = re.compile(r'"[^"\r\n]*"|“[^”\r\n]*”|«[^»\r\n]*»|\w+|\r?\n|.', re.DOTALL)
ID = re.compile(r"[a-z][a-z0-9_]*")
WORDS_LOOKED_BACK = 12
WORDS_IN_AN_ID = 6
WORDS_IN_A_TITLE = 40


@dataclass(frozen=True, slots=True)
class Spot:
    """A word of the statement, and what could stand in its place: words of the language, and parts such as NAME."""

    start: int
    end: int
    words: frozenset[str]
    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Repair:
    """Write this in place of what stands from `start` to `end`; `facts` is what the message tells about it."""

    start: int
    end: int
    write: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stuck:
    """Where reading stopped: at the last of the spots.

    `reach` tells how far reading would get after a repair, and `lines_below` how many statements below could be read
    then; `names` counts the words outside texts in the whole source, `language` has the words of the language.
    """

    text: str
    kind: Kind | None
    spots: tuple[Spot, ...]
    reach: Callable[[Repair], int]
    lines_below: Callable[[Repair], int]
    names: Mapping[str, int]
    language: frozenset[str]

    @property
    def stop(self) -> Spot:
        """The spot that does not fit."""
        return self.spots[-1]

    @property
    def at_start(self) -> bool:
        """Whether even the first word does not fit."""
        return len(self.spots) == 1

    def written(self, spot: Spot) -> str:
        """What stands at a spot."""
        return self.text[spot.start : spot.end]

    def cures(self, repair: Repair) -> bool:
        """Whether the whole statement could be read after a repair."""
        return self.reach(repair) >= len(self.text)

    def used_elsewhere(self, word: str) -> bool:
        """Whether a word stands elsewhere too, as ids do."""
        return word not in self.language and self.names.get(word, 0) > 1


def found_at(text: str, at: int) -> int:
    """Where the word, text or sign ends that begins here."""
    found = FOUND.match(text, at)
    return max(at + len(_sign_at(text, at)), found.end() if found else at)


def repair_of(stuck: Stuck) -> Repair | None:
    """The first proposal with which the statement can be read, or else the likeliest misspelling where it stopped."""
    sure = filter(stuck.cures, _proposals(stuck))
    if stuck.at_start:
        return max(sure, key=stuck.lines_below, default=None) or _likeliest(stuck)
    return next(sure, None) or _likeliest(stuck)


def _proposals(stuck: Stuck) -> Iterator[Repair]:
    yield from _rewritten(stuck)
    yield from _signs(stuck)
    yield from _other_words(stuck, stuck.stop)
    yield from _misspelt(stuck, stuck.stop)
    for spot in reversed(stuck.spots[-WORDS_LOOKED_BACK:-1]):
        if not stuck.used_elsewhere(stuck.written(spot)):
            yield from _misspelt(stuck, spot)
            yield from _other_words(stuck, spot)
    yield from _ids(stuck)
    yield from _titles(stuck)
    yield from _quoted(stuck)
    yield from _forgotten(stuck)
    yield from _surplus(stuck)


def _likeliest(stuck: Stuck) -> Repair | None:
    stop = stuck.stop
    word = stuck.written(stop)
    near = [
        each for each in _misspelt(stuck, stop) if slips(word, each.write) <= (1 if len(word) <= 4 else 2)
    ]
    guesses = [each for each in (*near, *_other_words(stuck, stop)) if _reads_on(stuck, each)]
    return max(guesses, key=lambda each: (stuck.reach(each), -slips(word, each.write)), default=None)


def _reads_on(stuck: Stuck, repair: Repair) -> bool:
    return bool(stuck.text[repair.end : stuck.reach(repair)].strip())


# ---- signs, and what has a form of its own


def _rewritten(stuck: Stuck) -> Iterator[Repair]:
    stop = stuck.stop.start
    earliest = stuck.spots[max(0, len(stuck.spots) - 4)].start
    for told in mistakes()["rewritten"]:
        for found in re.finditer(told["pattern"], stuck.text):
            if earliest <= found.start() <= stop <= found.end():
                facts = {"odd": found[0], "correct": found.expand(told["write"]), "why": told["why"]}
                yield Repair(found.start(), found.end(), facts["correct"], facts)


def _signs(stuck: Stuck) -> Iterator[Repair]:
    start = stuck.stop.start
    sign = _sign_at(stuck.text, start)
    end = start + len(sign)
    if sign and _invisible(sign):
        yield _all_ordinary(stuck, sign)
        return
    for write in mistakes()["signs"].get(sign, ()):
        if write == "#":
            yield Repair(
                start, len(stuck.text), "" if stuck.at_start else "\n", {"sign": sign, "instead": write}
            )
        elif write:
            yield Repair(start, end, f" {write} ", {"sign": sign, "instead": write})
        elif not re.match(r"\d", stuck.text[end:]):
            yield Repair(start, end, " ", {"surplus": sign})


def _sign_at(text: str, at: int) -> str:
    fitting = (sign for sign in mistakes()["signs"] if text.startswith(sign, at))
    return max(fitting, key=len, default="")


def _all_ordinary(stuck: Stuck, sign: str) -> Repair:
    # Text from a word processor has many of them; it can be read only when all are gone.
    kinds_of_blank = {
        each: " " if unicodedata.category(each) == "Zs" else "" for each in stuck.text if _invisible(each)
    }
    rest = stuck.text[stuck.stop.start :].translate(str.maketrans(kinds_of_blank))
    return Repair(stuck.stop.start, len(stuck.text), rest, {"invisible": f"U+{ord(sign):04X}"})


def _invisible(sign: str) -> bool:
    return sign != " " and unicodedata.category(sign[0]) in ("Zs", "Cf")


# ---- words


def _other_words(stuck: Stuck, spot: Spot) -> Iterator[Repair]:
    word = stuck.written(spot).casefold()
    single = mistakes()["synonyms"].get(word)
    for write in [*([single] if single else []), *mistakes()["several"].get(word, ())]:
        if _fits(write, spot):
            yield Repair(spot.start, spot.end, write, _told(stuck, spot, stuck.written(spot), write))
    for phrase, write in sorted(mistakes()["phrases"].items(), key=lambda pair: -len(pair[0])):
        found = re.compile(rf"{phrase}\b".replace(" ", "[ \t]+")).match(stuck.text, spot.start)
        if found and (_fits(write, spot) or not write):
            yield Repair(spot.start, found.end(), write, _told(stuck, spot, found[0], write))


def _fits(words: str, spot: Spot) -> bool:
    return words.partition(" ")[0] in spot.words or "_" in words or "LANGUAGE" in spot.parts


def _misspelt(stuck: Stuck, spot: Spot) -> Iterator[Repair]:
    word = stuck.written(spot)
    near = [each for each in spot.words if each[0].isalpha() and each != word and likely(word, each)]
    for meant in sorted(
        near, key=lambda each: (slips(word, each), each not in kinds(), how_slipped(word, each), each)
    ):
        yield Repair(spot.start, spot.end, meant, _told(stuck, spot, word, meant))


def _told(stuck: Stuck, spot: Spot, word: str, meant: str) -> dict[str, str]:
    if not meant:
        return {"surplus": word}
    starts = not stuck.text[: spot.start].strip()
    return {"first_word" if starts else "word": word, "meant": meant}


def _forgotten(stuck: Stuck) -> Iterator[Repair]:
    start, follower = stuck.stop.start, stuck.written(stuck.stop)
    known = not ID.fullmatch(follower) or follower in stuck.language or stuck.used_elsewhere(follower)
    if stuck.at_start:
        words = [word for word in stuck.stop.words if word in kinds() and kinds()[word].parents]
    else:
        listed = mistakes()["forgotten"]["words"] if known else [","]
        words = [each for each in listed if each.partition(" ")[0] in stuck.stop.words]
    where = "forgotten" if follower.strip() else "forgotten_at_end"
    for each in words:
        yield Repair(start, start, f" {each} ", {where: each})


def _surplus(stuck: Stuck) -> Iterator[Repair]:
    bullet = re.compile(r"(\d+[.)]|[a-zA-Z][.)])[ \t]+").match(stuck.text, stuck.stop.start)
    if stuck.at_start and bullet:
        yield Repair(bullet.start(), bullet.end(), "", {"surplus": bullet[0].strip()})
    for at, spot in list(enumerate(stuck.spots))[-2:]:
        word = stuck.written(spot)
        doubled = at > 0 and stuck.written(stuck.spots[at - 1]) == word
        if at > 0 and (doubled or word in mistakes()["fillers"]["words"]):
            yield Repair(spot.start, spot.end, "", {"surplus": word})


# ---- ids and titles


def _ids(stuck: Stuck) -> Iterator[Repair]:
    for at, spot in list(enumerate(stuck.spots))[-3:]:
        if at == 0 or "NAME" not in spot.parts:
            continue
        for end in _ends_of_words(stuck.text, spot.start, WORDS_IN_AN_ID):
            yield from _as_id(stuck, at, spot.start, end)
        if stuck.kind and _is_text(stuck.written(spot)):
            proposed = id_of(" ".join(stuck.written(spot)[1:-1].split()[:3]), stuck.kind.word)
            yield Repair(spot.start, spot.start, f"{proposed} ", {"no_id": stuck.kind.word, "id": proposed})


def _as_id(stuck: Stuck, at: int, start: int, end: int) -> Iterator[Repair]:
    chunk = stuck.text[start:end]
    if re.search(r"[^\w\s.'’&-]", chunk) or re.match(r"[a-z]\S*\s.*\b[A-Z]", chunk):
        return
    proposed = id_of(chunk, stuck.kind.word if stuck.kind else "")
    is_one_word = not re.search(r"\s", chunk)
    if chunk != proposed and (at == 1 or is_one_word or proposed in stuck.names):
        yield Repair(start, end, proposed, {"no_such_id": chunk, "id": proposed})


def id_of(text: str, kind: str) -> str:
    """A text as an id: small letters, digits and underscores, a letter first."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    joined = "_".join(re.findall(r"[a-z0-9]+", plain.lower()))
    return joined if ID.fullmatch(joined) else f"{kind or 'x'}_{joined}".rstrip("_")


def _titles(stuck: Stuck) -> Iterator[Repair]:
    for spot in stuck.spots[-2:]:
        if (
            "STRING" not in spot.parts
            or _is_text(stuck.written(spot))
            or _ends_in_text(stuck.text[: spot.start])
        ):
            continue
        if stuck.kind:
            yield Repair(spot.start, spot.start, '"" ', {"no_title": stuck.kind.word})
        for end in _ends_of_words(stuck.text, spot.start, WORDS_IN_A_TITLE):
            title = stuck.text[spot.start : end]
            if title[0].isalpha():
                yield Repair(spot.start, end, f'"{title}"', {"unquoted": title})


def _quoted(stuck: Stuck) -> Iterator[Repair]:
    written = stuck.written(stuck.stop)
    if _is_text(written):
        plain = written[1:-1].strip()
        yield Repair(stuck.stop.start, stuck.stop.end, plain, {"quoted": written, "plain": plain})


def _is_text(written: str) -> bool:
    return written.startswith(('"', "“", "«"))


def _ends_in_text(written: str) -> bool:
    return written.rstrip().endswith(('"', "”", "»"))


def _ends_of_words(text: str, start: int, most: int) -> list[int]:
    line = re.compile(r"[^\r\n\"“«#]*").match(text, start)
    rest = line[0].rstrip() if line else ""
    return [start + found.end() for found in re.finditer(r"[^\s]+", rest)][:most]
