"""What authors mistype is told once, on its line, and with what to write instead."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import lark
import pytest

from fidelity.errors import Problem, ProblemsFound, errors_in, wordings
from fidelity.language.grammar import grammar, spellings
from fidelity.language.mistakes import Grammar, problems_in
from fidelity.language.parse import normal, parse
from fidelity.language.reading import examined
from fidelity.language.statements import Kind, kinds, mistakes

SHIPPED = sorted((Path(__file__).parent.parent / "checklists").rglob("*.rubric"))

RIGHT = """\
checklist demo "A small checklist"
  version 1.0.0
  language en

scale delivery "Delivery"
  answer done "Done" scores 2
  answer not_done "Not done" scores 0

section opening "First part" on scale delivery
  item hello "Says hello" tagged essential
  item plan "Explains the plan"

score adherence "Adherence" is percent of items needing at least 80% answered

result fidelity "Fidelity" from adherence
  level low "Low" below 60%
  level high "High" at least 60%

gate g_1 "Essential" caps fidelity at low when any item tagged essential is not_done
flag few "Few" when adherence is below 50%

example "All done"
  given every item is done
  expect adherence is 100%

examples "Rows"
  | hello | plan => fidelity |
  | done  | done => high     |
"""

BROKEN = """\
checklist demo "A file with mistakes"
  version 1.0.0
  language en

scale delivery "Delivery"
  answer done "Done" score 2
  answer not_done "Not done" scores 0

section one "First part" on scale delivery
  itm a_1 "Says hello"
  item a_2 "Explains the plan
  item a_3 "Asks for questions" taged essential

score adherence "Adherence" is percentage of items needing at least 80% answered

result fidelity "Fidelity" from adherence
  level low "Low" under 60%
  level high "High" at least 60%

gate g_1 "Essential" cap fidelity at low when any item tagged essential is not_done
"""


def said_about(source: str) -> list[Problem]:
    """The problems of a source that cannot be read."""
    with pytest.raises(ProblemsFound) as found:
        parse(source, "one.rubric")
    return list(found.value.problems)


def test_a_file_with_six_mistakes_gets_six_messages() -> None:
    told = [(each.code, each.place.line, each.place.column, each.under) for each in said_about(BROKEN)]
    assert told == [
        ("RB001", 6, 22, 'did you mean "scores"?'),
        ("RB001", 10, 3, 'did you mean "item"?'),
        ("RB002", 11, 12, "it starts here and must end on the same line"),
        ("RB001", 12, 33, 'did you mean "tagged"?'),
        ("RB001", 17, 19, 'did you mean "below"?'),
        ("RB001", 20, 22, 'did you mean "caps"?'),
    ]


# Each row: a line of the right file, what somebody wrote instead, and what the message proposes.
SLIPS = [
    ('item hello "Says hello" tagged essential', 'Item hello "Says hello"', 'did you mean "item"?'),
    ('item hello "Says hello" tagged essential', 'item Hello "Says hello"', "write hello"),
    ('item hello "Says hello" tagged essential', 'item says-hello "Says hello"', "write says_hello"),
    ('item hello "Says hello" tagged essential', 'item says hello "Says hello"', "write says_hello"),
    ('item hello "Says hello" tagged essential', 'item 1 "Says hello"', "write item_1"),
    ('item hello "Says hello" tagged essential', 'item "Says hello"', "write item says_hello"),
    ('item hello "Says hello" tagged essential', "item hello Says hello", 'write "Says hello"'),
    ('item hello "Says hello" tagged essential', "item hello 'Says hello'", 'write "Says hello"'),
    ('item hello "Says hello" tagged essential', "item hello ”Says hello”", 'write "Says hello"'),
    ('item hello "Says hello" tagged essential', 'item hello: "Says hello"', 'leave out ":"'),
    ('item hello "Says hello" tagged essential', 'item hello "Says hello";', 'leave out ";"'),
    ('item hello "Says hello" tagged essential', '- item hello "Says hello"', 'leave out "-"'),
    ('item hello "Says hello" tagged essential', '1. item hello "Says hello"', 'leave out "1."'),
    ('item hello "Says hello" tagged essential', "// a remark", 'write "#"'),
    ("tagged essential\n", "tagged Essential\n", "write essential"),
    ("tagged essential\n", 'tagged "essential"\n', "write essential"),
    ("tagged essential\n", "tagged essential basic\n", 'write "," in front of this'),
    ("tagged essential\n", "weight 1,5\n", "write 1.5"),
    ("tagged essential\n", "weight .5\n", "write 0.5"),
    ("tagged essential\n", "is count\n", 'write "a" in front of this'),
    ("tagged essential\n", "when plan is done\n", 'did you mean "applies when"?'),
    ("scores 2", "score 2", 'did you mean "scores"?'),
    ("scores 2", "= 2", 'write "scores"'),
    ("scores 2", "2", 'write "scores" in front of this'),
    ("answer done", "done", 'write "answer" in front of this'),
    ('"Adherence" is', '"Adherence" =', 'write "is"'),
    ('"Adherence" is percent', '"Adherence" percent', 'write "is" in front of this'),
    ("percent of items", "percent items", 'write "of" in front of this'),
    ("percent of items needing at least 80% answered", "average(items)", "write mean of items"),
    ("at least 80% answered", "at least 80 % answered", "write 80%"),
    ("at least 80% answered", "at least 80%", 'write "answered" here'),
    ("at least 80% answered", "80% answered", 'write "at least" in front of this'),
    ("below 60%", "< 60%", 'write "below"'),
    ("below 60%", "<= 60%", 'write "at most"'),
    ("below 60%", "less than 60%", 'did you mean "below"?'),
    ("below 60%", "0%-59%", "write from 0% to 59%"),
    ("below 60%", "from 0% to 59,5%", "write 59.5%"),
    ("below 60%", "else", 'did you mean "otherwise"?'),
    ('level low "Low"', "level low", "write the title of the level here, in quotation marks"),
    (
        "when any item tagged essential is not_done",
        "if any item tagged essential is not_done",
        'did you mean "when"?',
    ),
    ("tagged essential is not_done", "tagged essential == not_done", 'write "is"'),
    ("tagged essential is not_done", "tagged essential is not done", "write not_done"),
    ("when adherence is below 50%", "when adherence <= 50%", 'write "is at most"'),
    ("when adherence is below 50%", "when adherence is 50% or less", "write at most 50%"),
    ("when adherence is below 50%", "when the adherence is below 50%", 'leave out "the"'),
    ("when adherence is below 50%", "when adherence is below 50% && plan is done", 'write "and"'),
    ("every item is done", "each item is done", 'did you mean "every"?'),
    ("expect adherence is 100%", "then adherence is 100%", 'did you mean "expect"?'),
    ("expect adherence is 100%", "expect flag few is false", "write no flag few"),
    ("| done  | done => high     |", "| done  | done => high", 'write "|" here'),
    ("| done  | done => high     |", "| done  | done -> high     |", 'write "=>"'),
    ("version 1.0.0", "version 1.0", "write 1.0.0"),
    ("version 1.0.0", 'made by "A. Author" on 31.12.2026', "write 2026-12-31"),
    ("version 1.0.0", "version v0.1", "write 0.1.0"),
    ("language en", "language English", 'did you mean "en"?'),
    ("version 1.0.0", 'made by "A. Author" on 3.4.2026', "write 2026-04-03"),
    ("version 1.0.0", 'made by "A. Author" on 13/4/2026', "write 2026-04-13"),
    ("is not_done\n", "is not_done or done\n", "write is one of not_done, done"),
    ("scores 2", "scores 2 points", "write scores 2"),
    ("scores 2", "2 points", "write scores 2"),
    ("language en", "language العربية", 'did you mean "ar"?'),
    ("below 60%", "below 60\u00a0%", "write 60%"),
    ("caps fidelity at low", "caps fidelity to low", 'did you mean "at"?'),
    ("scores 2", "scores ١٫٥", "write ١.٥"),
    ("below 60%", "below ٦٠٪", "write ٦٠%"),
    ("below 60%", "below 60％", "write 60%"),
    ("is not_done\n", 'is "Not done"\n', "write not_done"),
    ('item hello "Says hello" tagged essential', 'item "Says hello" hello', 'write hello "Says hello"'),
    ('item hello "Says hello" tagged essential', 'item مرحبا "Says hello"', "write item_1"),
    ('item hello "Says hello" tagged essential', 'item h\u0435llo "Says hello"', "write hello"),
    ('item hello "Says hello"', 'item hel\u200blo "Says hello"', "write {} instead of U+200B"),
    ('item hello "Says hello"', 'item \u200fhello "Says hello"', "write {} instead of U+200F"),
    ('item hello "Says hello"', '\u202bitem hello "Says hello"', "write {} instead of U+202B"),
    (
        'section opening "First part" on scale delivery',
        'section opening on scale delivery "First part"',
        'write "First part" on scale delivery',
    ),
]
ADVICE = [
    ("caps fidelity at low when", "when", "A gate says which result it holds down"),
    ("percent of items needing at least 80% answered", "sum of hello and plan", "op_welcome + op_plan"),
    ("adherence is 100%", 'adherence is "All of it"', "named by their id"),
]


@pytest.mark.parametrize(("right", "wrong", "under"), SLIPS, ids=lambda text: text.strip())
def test_the_message_says_what_to_write_instead(right: str, wrong: str, under: str) -> None:
    assert right in RIGHT
    [problem] = said_about(RIGHT.replace(right, wrong, 1))
    assert problem.under == under.format("an ordinary blank, or none,")
    assert problem.place.line == RIGHT[: RIGHT.index(right)].count("\n") + 1


@pytest.mark.parametrize("wrong", ["scores -1", "scores", "scores two"])
def test_what_cannot_be_guessed_is_told_without_a_proposal(wrong: str) -> None:
    [problem] = said_about(RIGHT.replace("scores 2", wrong))
    assert problem.under == ""
    assert "What can stand here: a number" in problem.help


@pytest.mark.parametrize(("right", "wrong", "help"), ADVICE)
def test_what_has_no_simple_remedy_gets_advice(right: str, wrong: str, help: str) -> None:
    [problem] = said_about(RIGHT.replace(right, wrong, 1))
    assert help in problem.help


def test_a_denial_is_never_left_out() -> None:
    [problem] = said_about(RIGHT.replace("adherence is below 50%", "adherence is not below 50%"))
    assert "leave out" not in problem.under


def test_no_more_than_twenty_messages_in_order_and_none_twice() -> None:
    lines = "".join(f"  item number_{number} Item {number}\n" for number in range(30))
    found = said_about(RIGHT + 'section more "More" on scale delivery\n' + lines)
    assert len(found) == 20
    assert [each.place.line for each in found] == sorted({each.place.line for each in found})


def test_a_text_over_several_lines_is_one_mistake() -> None:
    found = said_about(RIGHT.replace('"Says hello"', '"Says hello\n and asks\n how they are"'))
    assert [(each.code, each.place.line) for each in found] == [("RB002", 10)]


# ---- misspelt words, measured


class Damage(NamedTuple):
    """A source with one word of the language misspelt: on which line, and which word it was."""

    source: str
    line: int
    word: str
    became: str


def damages(source: str, number: int, rng: random.Random) -> Iterator[Damage]:
    """Single edits of words of the language; half of them drawn by word, so that rare words count too."""
    reading = grammar().parse_interactive(source)
    ids = {"NAME", "STRING", "LANGUAGE", "CODE", "_NL"}
    words = [token for token in reading.iter_parse() if token.type not in ids and token[0].isalpha()]
    for turn in range(number):
        chosen = rng.choice(sorted({str(word) for word in words})) if turn % 2 else None
        token = rng.choice([word for word in words if chosen in (None, str(word))])
        became = misspelt(str(token), rng)
        start, end = token.start_pos or 0, token.end_pos or 0
        yield Damage(source[:start] + became + source[end:], token.line or 0, str(token), became)


def misspelt(word: str, rng: random.Random) -> str:
    """The word with one letter left out, added or changed, or two neighbours swapped."""
    at, letter = rng.randrange(len(word)), rng.choice("abcdefghijklmnopqrstuvwxyz")
    edits = [
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    ]
    became = rng.choice(edits)
    return became if became not in ("", word) else misspelt(word, rng)


def test_a_misspelt_word_gives_one_message_on_its_line_that_names_the_word() -> None:
    rng = random.Random(20260301)  # noqa: S311 - the same mistakes each time
    sources = [RIGHT, *(path.read_text(encoding="utf-8") for path in SHIPPED)]
    tally = Counter[str]()
    for source in map(normal, sources):
        clean, _ = examined(source, "one.rubric")
        for damage in damages(source, 5, rng):
            checklist, found = examined(damage.source, "one.rubric")
            if checklist is not None and checklist == clean:
                continue  # "item" and "items", "day" and "days": nothing was damaged
            errors = errors_in(found)
            alone = len(errors) == 1 and errors[0].place.line == damage.line
            named = alone and f'"{damage.word}"' in errors[0].under
            tally.update(damaged=1, alone=alone, named=named)
    shares = {name: tally[name] / tally["damaged"] for name in ("alone", "named")}
    print(f"{tally['damaged']} misspelt words: {shares}")  # noqa: T201 - the measured shares
    assert tally["damaged"] > 250
    assert shares["alone"] >= 0.98
    assert shares["named"] >= 0.95


def test_whatever_cannot_be_read_gets_a_message() -> None:
    rng = random.Random(7)  # noqa: S311 - the same damage each time
    source = normal(RIGHT)
    for _ in range(300):
        damaged = source
        for _ in range(rng.randrange(1, 6)):
            at = rng.randrange(len(damaged))
            inserted = rng.choice(['"', "(", "|", "=", ",", "\n", "item ", "not ", "„", "\u00a0", ""])
            damaged = damaged[:at] + inserted + damaged[at + rng.randrange(8) :]
        try:
            grammar().parse(normal(damaged))
        except lark.exceptions.UnexpectedInput:
            found = problems_in(normal(damaged), "one.rubric", grammar())
            assert 1 <= len(found) <= 20
            assert all(each.message != each.code for each in found)


# ---- what the messages rest on


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: str(kind.word))
def test_the_right_line_of_each_statement_can_be_read(kind: Kind) -> None:
    words = [*lines_above(kind), kind.word]
    text = "".join(kinds()[word].example + "\n" for word in words)
    reader = Grammar(grammar())
    assert reader.after(reader.begin(), text) is not None


def lines_above(kind: Kind) -> list[str]:
    """The statements that a line needs above it."""
    if kind.file or kind.word == "rubric":
        return []
    file = (*kind.files, "checklist")[0]
    opening = ["adaptation", "extends"] if file == "adaptation" and kind.word != "extends" else [file]
    owner = {"note": ("section", "item"), "anchor": ("section", "item"), "allow": ("section", "item")}
    return [*opening, *owner.get(kind.word, kind.parents[:1] if kind.parents != ("adaptation",) else ())]


def test_a_proposed_word_is_a_word_of_the_language() -> None:
    words = {
        word for each in grammar().terminals for word in spellings(each.pattern.value, each.pattern.type)
    }
    others = set("made en fr es pt ar de fa he sw hi ne tr ur prs uk not_applicable".split())
    meant = chain(mistakes()["synonyms"].values(), *mistakes()["several"].values())
    assert {each.split()[0] for each in meant} <= words | others


def test_messages_have_no_words_of_programmers() -> None:
    words = re.compile(
        r"\b(tokens?|expressions?|syntax|pars(e|er|ing)|null|undefined|scope|types?|exceptions?)\b",
        re.IGNORECASE,
    )
    catalogue = [text for told in wordings().values() for text in str(told).splitlines()]
    assert [text for text in catalogue if words.search(text)] == []
