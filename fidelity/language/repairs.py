"""A statement that could not be read -> the one change with which it can be, as people would make it.

Every proposal is tried out: with it the statement must be read to its end. Only where none does that, the
likeliest misspelling is named all the same.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from itertools import count, pairwise

from fidelity.language.spelling import likeliest_first, likely, slips
from fidelity.language.statements import Kind, kinds, mistakes
from fidelity.record import Record

FOUND = re.compile(r'"[^"\r\n]*"|“[^”\r\n]*”|«[^»\r\n]*»|\w+|\r?\n|.', re.DOTALL)
ID = re.compile(r"[a-z][a-z0-9_]*")
MOST_WORDS_BACK = 16
WORDS_IN_AN_ID = 6
WORDS_IN_A_TITLE = 40
TEXT_LOOKED_AT = 300
LONGEST_REWRITTEN = 6
# Cyrillic and Greek letters that are taken for Latin ones.
LOOKALIKES = str.maketrans(
    "\u0430\u0441\u0435\u0456\u0458\u043e\u0440\u0455\u0445\u0443\u03bf\u03bd", "aceijopsxyov"
)


class Spot(Record):
    """A word of the statement, and what could stand there: words of the language, and parts such as NAME."""

    start: int
    end: int
    words: frozenset[str]
    parts: frozenset[str]


class Repair(Record):
    """Write this in place of what stands from `start` to `end`; the message tells the facts about it."""

    start: int
    end: int
    write: str
    facts: dict[str, str] = field(default_factory=dict)

    def applied(self, text: str) -> str:
        """The text with the repair in it."""
        return text[: self.start] + self.write + text[self.end :]


Reach = Callable[[Repair], int]


class Stuck(Record):
    """Where reading stopped: at the last of the spots.

    `reach` tells how far reading would get after a repair, `lines_below` how many statements below could be
    read then; `names` counts the words outside texts in the whole source, `language` has the language's.
    """

    text: str
    kind: Kind | None
    spots: tuple[Spot, ...]
    reach: Reach
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
        return not self.text[: self.stop.start].strip()

    @property
    def id_spot(self) -> Spot | None:
        """The spot behind the first word, where most statements have their id."""
        first = self.kind.word if self.kind else None
        return next((spot for spot in self.spots if self.text[: spot.start].strip() == first), None)

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
    """The first proposal with which the statement can be read, or else the likeliest misspelling."""
    sure = filter(stuck.cures, _proposals(stuck))
    if stuck.at_start:
        return max(sure, key=stuck.lines_below, default=None) or _likeliest(stuck)
    return next(sure, None) or _likeliest(stuck)


def _proposals(stuck: Stuck) -> Iterator[Repair]:
    yield from _rewritten(stuck)
    yield from _signs(stuck)
    yield from _other_words(stuck, stuck.stop)
    yield from _misspelt(stuck, stuck.stop)
    for spot in reversed(stuck.spots[:-1]):
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
    most = 1 if len(word) <= 4 else 2
    near = [each for each in _misspelt(stuck, stop) if slips(word, each.write) <= most]
    guesses = [each for each in (*near, *_other_words(stuck, stop)) if _reads_on(stuck, each)]
    return max(guesses, key=lambda each: (stuck.reach(each), -slips(word, each.write)), default=None)


def _reads_on(stuck: Stuck, repair: Repair) -> bool:
    return bool(stuck.text[repair.end : stuck.reach(repair)].strip())


# ---- signs, and what has a form of its own


def _rewritten(stuck: Stuck) -> Iterator[Repair]:
    stop = stuck.stop.start
    earliest = stuck.spots[-LONGEST_REWRITTEN:][0].start
    for told in mistakes()["rewritten"]:
        for found in re.compile(told["pattern"]).finditer(stuck.text, earliest, stop + TEXT_LOOKED_AT):
            if found.start() <= stop <= found.end():
                facts = {"odd": found[0], "correct": found.expand(told["write"]), "why": told["why"]}
                yield Repair(found.start(), found.end(), facts["correct"], facts)


def _signs(stuck: Stuck) -> Iterator[Repair]:
    start = stuck.stop.start
    sign = _sign_at(stuck.text, start)
    end = start + len(sign)
    if _invisible(sign):
        yield from _all_ordinary(stuck, sign)
        return
    for write in mistakes()["signs"].get(sign, ()):
        facts = {"sign": sign, "instead": write}
        if write == "#":
            yield Repair(start, len(stuck.text), "" if stuck.at_start else "\n", facts)
        elif write:
            yield Repair(start, end, f" {write} ", facts)
        elif not re.match(r"\d", stuck.text[end : end + 1]):
            yield Repair(start, end, " ", {"surplus": sign})


def _sign_at(text: str, at: int) -> str:
    fitting = (sign for sign in mistakes()["signs"] if text.startswith(sign, at))
    found = text[at : at + 1]
    return max(fitting, key=len, default=found if _invisible(found) else "")


def _all_ordinary(stuck: Stuck, sign: str) -> Iterator[Repair]:
    # Text from a word processor has many of them; it can be read only when all are gone.
    facts = {"invisible": f"U+{ord(sign):04X}"}
    for spot in reversed(stuck.spots[-2:]):  # such a sign may stand inside a word
        rest = stuck.text[spot.start :]
        for each in filter(_invisible, set(rest)):
            rest = rest.replace(each, " " if unicodedata.category(each) == "Zs" else "")
        yield Repair(spot.start, len(stuck.text), rest, facts)


def _invisible(sign: str) -> bool:
    return len(sign) == 1 and sign != " " and unicodedata.category(sign) in ("Zs", "Cf")


# ---- words


def _other_words(stuck: Stuck, spot: Spot) -> Iterator[Repair]:
    word = stuck.written(spot)
    single = mistakes()["synonyms"].get(word.casefold())
    for write in [*([single] if single else []), *mistakes()["several"].get(word.casefold(), ())]:
        if _fits(write, spot):
            yield Repair(spot.start, spot.end, write, _told(stuck, spot, word, write))
    for phrase, write in sorted(mistakes()["phrases"].items(), key=lambda pair: -len(pair[0])):
        found = re.compile(rf"{phrase}\b".replace(" ", "[ \t]+")).match(stuck.text, spot.start)
        if found and (_fits(write, spot) or not write):
            yield Repair(spot.start, found.end(), write, _told(stuck, spot, found[0], write))


def _fits(words: str, spot: Spot) -> bool:
    return words.partition(" ")[0] in spot.words or "_" in words or "LANGUAGE" in spot.parts


def _misspelt(stuck: Stuck, spot: Spot) -> Iterator[Repair]:
    word = stuck.written(spot)
    near = [each for each in spot.words if each[0].isalpha() and each != word and likely(word, each)]
    if stuck.at_start:
        near = [each for each in near if each in kinds()]
    for meant in likeliest_first(word, near):
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
    if stuck.at_start:
        bullet = re.compile(r"(\d+[.)]|[a-zA-Z][.)])[ \t]+").match(stuck.text, stuck.stop.start)
        if bullet:
            yield Repair(bullet.start(), bullet.end(), "", {"surplus": bullet[0].strip()})
        return
    for before, spot in pairwise(stuck.spots[-3:]):
        word = stuck.written(spot)
        if word == stuck.written(before) or word in mistakes()["fillers"]["words"]:
            yield Repair(spot.start, spot.end, "", {"surplus": word})


# ---- ids and titles


def _ids(stuck: Stuck) -> Iterator[Repair]:
    for spot in stuck.spots[-3:]:
        if "NAME" not in spot.parts or not stuck.text[: spot.start].strip():
            continue
        for end in _ends_of_words(stuck.text, spot.start, WORDS_IN_AN_ID):
            yield from _as_id(stuck, spot, end)
        if stuck.kind and _is_text(stuck.written(spot)):
            proposed = _new_id(" ".join(stuck.written(spot)[1:-1].split()[:3]), stuck)
            facts = {"no_id": stuck.kind.word, "id": proposed}
            yield Repair(spot.start, spot.start, f"{proposed} ", facts)


def _as_id(stuck: Stuck, spot: Spot, end: int) -> Iterator[Repair]:
    chunk = stuck.text[spot.start : end]
    if re.search(r"[^\w\s.'’&-]", chunk) or re.match(r"[a-z]\S*\s.*\b[A-Z]", chunk):
        return
    proposed = "" if "LANGUAGE" in spot.parts and not chunk.isascii() else _new_id(chunk, stuck)
    one_word = not re.search(r"\s", chunk)
    if proposed not in ("", chunk) and (spot == stuck.id_spot or one_word or proposed in stuck.names):
        yield Repair(spot.start, end, proposed, {"no_such_id": chunk, "id": proposed})


def _new_id(text: str, stuck: Stuck) -> str:
    """A text as an id; a numbered one where nothing of the text can be written in plain letters."""
    kind = stuck.kind.word if stuck.kind else "x"
    proposed = id_of(text, kind)
    if proposed != kind:
        return proposed
    return next(each for each in (f"{kind}_{at}" for at in count(1)) if each not in stuck.names)


def id_of(text: str, kind: str) -> str:
    """A text as an id: small letters, digits and underscores, a letter first."""
    plain = unicodedata.normalize("NFKD", text.translate(LOOKALIKES)).encode("ascii", "ignore").decode()
    joined = "_".join(re.findall(r"[a-z0-9]+", plain.lower()))
    return joined if ID.fullmatch(joined) else f"{kind or 'x'}_{joined}".rstrip("_")


def _titles(stuck: Stuck) -> Iterator[Repair]:
    for spot in stuck.spots[-2:]:
        titled = _is_text(stuck.written(spot)) or _ends_in_text(stuck.text[: spot.start])
        if "STRING" not in spot.parts or titled:
            continue
        if stuck.kind:
            yield Repair(spot.start, spot.start, '"" ', {"no_title": stuck.kind.word})
        for end in _ends_of_words(stuck.text, spot.start, WORDS_IN_A_TITLE):
            title = stuck.text[spot.start : end]
            two_at_once = stuck.kind is not None and stuck.kind.word == "given" and "," in title
            if title[0].isalpha() and not two_at_once:
                yield Repair(spot.start, end, f'"{title}"', {"unquoted": title})


def _quoted(stuck: Stuck) -> Iterator[Repair]:
    written = stuck.written(stuck.stop)
    if _is_text(written):
        plain = written[1:-1].strip()
        meant = id_of(plain, "")
        for each in (plain, *([meant] if meant in stuck.names else [])):  # the title, where its id belongs
            yield Repair(stuck.stop.start, stuck.stop.end, each, {"quoted": written, "plain": each})


def _is_text(written: str) -> bool:
    return written.startswith(('"', "“", "«"))


def _ends_in_text(written: str) -> bool:
    return written.rstrip().endswith(('"', "”", "»"))


def _ends_of_words(text: str, start: int, most: int) -> list[int]:
    line = re.compile(r"[^\r\n\"“«#]*").match(text, start)
    rest = line[0].rstrip() if line else ""
    return [start + found.end() for found in re.finditer(r"[^\s]+", rest)][:most]
