"""Random bases as text, and random adaptations of them: what is dropped, added, moved, and read beside it."""

from collections.abc import Mapping
from typing import NamedTuple

from hypothesis import strategies as st

BECAUSE = '  because "So it is here." planned fidelity consistent'
GROUPS = ("calm", "safe")
ON_SCALE: Mapping[str, str] = {"calm": "three", "safe": "tick"}


class Sources(NamedTuple):
    """A base and an adaptation of it."""

    base: str
    adaptation: str


@st.composite
def adapted_sources(draw: st.DrawFn) -> Sources:
    """A base whose rules read each other over two groups, and changes to it that the language allows."""
    items = {group: [f"{group}_{at}" for at in range(draw(st.integers(2, 4)))] for group in GROUPS}
    return Sources("\n".join(_base(draw, items)) + "\n", "\n".join(_adaptation(draw, items)) + "\n")


def _base(draw: st.DrawFn, items: Mapping[str, list[str]]) -> list[str]:
    needing = st.sampled_from(["", " needing at least 1/2 answered", " needing at least 2/3 answered"])
    options = st.sampled_from(
        ["", "", " weight 2", " reversed", " tagged key", " applies when mode is group"]
    )
    lines = [
        'checklist base "A base"',
        "version 1.0.0",
        f"treat not_observed as {draw(st.sampled_from(['missing', 'left out', '1/2']))}",
        'fact mode "Mode" is one of single "One to one", group "In a group"',
        'scale three "How well" from 0 to 3',
        'answer unseen "Not seen" means not_observed',
        'scale tick "Seen?"',
        'answer absent "No" scores 0',
        'answer seen "Yes" scores 1',
        'answer na "Does not apply" means not_applicable',
    ]
    for group, ids in items.items():
        lines.append(f'principle {group} "{group.title()}" on scale {ON_SCALE[group]}')
        lines += [f'item {id} "{id}"{draw(options)}' for id in ids]
        lines.append(f'item {group}_key "Key" tagged key')  # never dropped, so that no tag is without an item
    odd = draw(st.sampled_from(["calm_key is 0", "twice is below 1", "whole is not scored"]))
    function = draw(st.sampled_from(["mean of", "percent of", "highest of", "median of"]))
    return [
        *lines,
        f"threshold mark is {draw(st.sampled_from(['1/2', '1', '3/2']))}",
        f"score part for each principle is mean of its items{draw(needing)}",
        f"score whole is {function} items in calm{draw(needing)}",
        "score twice is (part of calm + part of safe) * 2 rounded to 1 place",
        'result good "Good" for each principle',
        'level no_good "No" when part is below mark',
        'level fine "Fine" when part is at least mark',
        'result all_of_it "All"',
        'level low "Low" when any good is no_good',
        'level high "High" when every good is fine',
        "gate key caps all_of_it at low when any item tagged key is absent"
        if draw(st.booleans())
        else "gate key caps all_of_it at low when at least 2 of items in calm are 0",
        f'flag odd "Odd" when {odd}',
        'list gaps "Gaps" is items in safe rated absent',
    ]


def _adaptation(draw: st.DrawFn, items: Mapping[str, list[str]]) -> list[str]:
    every = [id for ids in items.values() for id in ids]
    lines = ['adaptation site "At a site"', "extends base version 1.0.0", "version 1.1.0"]
    for id in draw(st.lists(st.sampled_from(every), unique=True, max_size=3)):
        lines += [f"drop item {id}", BECAUSE]
    for group in draw(st.lists(st.sampled_from(GROUPS), unique=True)):
        tagged = draw(st.sampled_from(["", " tagged key"]))
        lines += [
            f'add item new_{group} "New" to {group} after {group}_key on scale {ON_SCALE[group]}{tagged}',
            BECAUSE,
        ]
    if draw(st.booleans()):
        lines += [f"set mark to {draw(st.sampled_from(['2/3', '2', '1/3']))}", BECAUSE]
    if draw(st.booleans()):
        lines += [f'reword item {draw(st.sampled_from(GROUPS))}_key to "Otherwise"', BECAUSE]
    if draw(st.booleans()):
        lines.append('flag ours "Ours" when part of safe is below mark or calm_key is missing')
    return lines
