"""Too much of anything is refused before it is read, in the author's words."""

import pytest

from fidelity.errors import Problem
from fidelity.language.limits import limits_passed

FLAG = 'checklist deep "Deep"\nflag f "F" when '
FINE = [
    FLAG + "(" * 40 + "a is b" + ")" * 40 + "\n",
    FLAG + "not " * 40 + "a is b\n",
    FLAG + "a is b\n" + "  or a is b\n" * 100,
    "item " + "a" * 64 + "\n",
    "x\n" * 150_000,
    '"' + "a" * 4090 + '"\n',
    "# " + "(" * 100 + "\n",
    "x\r\n# remark\r\n",
]
TOO_MUCH = [
    (" " * 10_000_000, "This file has 10,000,000 bytes, and a checklist may have 1,048,576."),
    ("é" * 600_000, "This file has 1,200,000 bytes, and a checklist may have 1,048,576."),
    ("x\n" * 200_001, "This file has 200,001 words and signs, and a checklist may have 200,000."),
    ("x" + "é" * 2_048, "This line has 4,097 bytes, and a line may have 4,096."),
    (FLAG + "(" * 41 + "a is b", 'Parentheses and "not" lie 41 deep here, and may lie 40 deep.'),
    (FLAG + "not (" * 21 + "a is b", 'Parentheses and "not" lie 42 deep here, and may lie 40 deep.'),
    (
        FLAG + "a is b\n" + "  and (a is b\n" * 41,
        'Parentheses and "not" lie 41 deep here, and may lie 40 deep.',
    ),
    (FLAG + "a is b\n" + "  or a is b\n" * 101, "This rule joins 101 parts, and a rule may join 100."),
    ("item " + "a" * 65, 'The id "aaaaaaaaaaaaaaaaaaaa..." has 65 letters, and an id may have 64.'),
    (" \n\t\r\n" * 1000, "This file is empty: there is nothing in it to read."),
    ("a\rb", "Line 1 ends in a lone carriage return, as very old Macintosh files do."),
    ("a\0b", "Here is a sign that belongs in no text: U+0000."),
    ("a\nb\u2028c", "Here is a sign that belongs in no text: LINE SEPARATOR."),
]


@pytest.mark.parametrize("text", FINE, ids=range(len(FINE)))
def test_as_much_as_allowed_is_fine(text: str) -> None:
    assert limits_passed(text, "one.rubric") == []


@pytest.mark.parametrize(("text", "message"), TOO_MUCH, ids=range(len(TOO_MUCH)))
def test_too_much_is_one_message(text: str, message: str) -> None:
    found = limits_passed(text, "one.rubric")
    assert [each.message for each in found] == [message]


def test_each_limit_names_the_line_it_is_passed_on() -> None:
    found: list[Problem] = limits_passed("x\n" * 9 + "item " + "a" * 65 + "\n" + "b" * 70, "one.rubric")
    assert [(each.place.line, each.place.column) for each in found] == [(10, 6), (11, 1)]
