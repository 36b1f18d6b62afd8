"""Times reading a checklist of ten thousand lines against what lark alone needs for the same text.

By hand: `python tests/benchmarks/language.py`; how, and what came out, is in the README beside it.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from time import process_time
from typing import Any

import lark

import fidelity.cli  # noqa: F401 - its setting of the garbage collector is the one that people have
from fidelity import content
from fidelity.evaluate.evaluator import compile
from fidelity.language import check
from fidelity.language.checks.layout import misleading_layout
from fidelity.language.fingerprint import fingerprint
from fidelity.language.limits import limits_passed
from fidelity.language.parse import normal, parse
from fidelity.language.reading import load

GROUPS = 199
ITEMS = 10
RUNS = 7

HEAD = """checklist large "A checklist as long as can be"
  version 1.0.0
  language en
  about "An example for measuring. The wording is ours."
  status unvalidated
  treat not_observed as missing
  treat declined as missing

scale delivery "How was it done?"
  answer not_done "Not done" scores 0
  answer partly   "Partly done" scores 1
  answer done     "Done" scores 2
  answer na       "Did not apply" means not_applicable

threshold enough "Enough" is 60%
threshold good   "Good" is 80%
"""

RULES = """
score adherence "Delivered as planned" is percent of items needing at least 2/3 answered
score essential "Essential steps" is percent of items tagged essential needing all answered
score average "How well on average" is mean of items except i_0_0 rounded to 2 places
score missed "Steps left out" is count of items tagged essential rated not_done

result fidelity "Fidelity" from adherence
  level low        "Low"        below enough
  level acceptable "Acceptable" from enough to below good
  level high       "High"       at least good

result safety "Safety"
  level unsafe "Unsafe" when any item tagged essential is not_done
  level safe   "Safe"   when no item tagged essential is not_done

gate essential_steps "An essential step was left out"
  caps fidelity at low when any item tagged essential is not_done
gate several_missed "Too much was left out"
  caps fidelity at acceptable when missed is above 3

flag partly_only "Everything was done by halves"
  when every item tagged essential is partly

example "Everything done"
  given every item is done
  expect adherence is 100%
  expect fidelity is high
  expect safety is safe
"""


def checklist(groups: int = GROUPS) -> str:
    """A checklist without a mistake; with all its groups, of a little more than ten thousand lines."""
    return "\n".join([HEAD, *(line for group in range(groups) for line in _group(group)), RULES])


def _group(group: int) -> Iterator[str]:
    yield f'section s_{group} "Section {group}" on scale delivery'
    for item in range(ITEMS):
        tags = " tagged essential" if item == 0 else " weight 2" if item == 1 else ""
        yield f'  item i_{group}_{item} "Does what is planned as step {item} of section {group}"{tags}'
        yield f'    note "What to look at in step {item} of section {group} when it is rated."'
        yield f'    anchor not_done "The step {item} is left out, or it is named and goes no further."'
        yield f'    anchor partly "The step {item} is begun, and not brought to its end."'
        yield f'    anchor done "The step {item} is carried out, from its beginning to its end."'


# ---- what is timed, each time in a process of its own


def lark_alone() -> dict[str, float]:
    """What lark needs for a tree of its own, with the positions that ours has too."""
    parser = lark.Lark(
        content.text("rules", "rubric.lark"),
        start="checklist_file",
        parser="lalr",
        propagate_positions=True,
        maybe_placeholders=True,
    )
    parser.parse(normal(checklist(groups=2)))
    source = normal(checklist())
    return {"lark alone": _seconds(lambda: parser.parse(source))}


def ours() -> dict[str, float]:
    """What it takes to parse, check and compile, as everyone who scores does it."""
    compile(load(checklist(groups=2), "small.rubric"))
    text = checklist()
    return {"parse, check, compile": _seconds(lambda: compile(load(text, "large.rubric")))}


def parts() -> dict[str, float]:
    """Where our time goes. The layout is looked at by `fidelity check` only, and is not in the time above."""
    ours()
    text = checklist()
    spent = {"limits": _seconds(lambda: limits_passed(text, "large.rubric"))}
    spent["parse"] = _seconds(lambda: parse(text, "large.rubric")) - spent["limits"]
    spent["fingerprint"] = _seconds(lambda: fingerprint(text))
    each: dict[str, float] = {}
    vars(check).update({name: _timed(vars(check)[name], each) for name in ("CHECKS", "DEEP_CHECKS")})
    spent["model and checks"] = _seconds(lambda: load(text, "large.rubric"))
    spent["model and checks"] -= spent["limits"] + spent["parse"] + spent["fingerprint"]
    spent |= {f"  {name}": seconds for name, seconds in each.items() if seconds >= 0.005}
    model = load(text, "large.rubric")
    spent["compile"] = _seconds(lambda: compile(model))
    spent["layout"] = _seconds(lambda: list(misleading_layout(text, "large.rubric")))
    return spent


def _timed(checks: Iterable[Callable[..., Any]], spent: dict[str, float]) -> tuple[Callable[..., Any], ...]:
    def timed(check: Callable[..., Any]) -> Callable[..., Any]:
        def found(*given: Any) -> list[Any]:
            problems: list[Any] = []
            spent[check.__name__] = _seconds(lambda: problems.extend(check(*given)))
            return problems

        return found

    return tuple(timed(check) for check in checks)


def _seconds(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun


# ---- the runs


def best(*works: str) -> dict[str, float]:
    """The shortest of several runs in fresh processes, taken in turns so that a busy spell hits all alike."""
    found: dict[str, list[float]] = {}
    for work in works * RUNS:
        run = subprocess.run([sys.executable, __file__, work], check=True, capture_output=True)
        for part, seconds in json.loads(run.stdout).items():
            found.setdefault(part, []).append(seconds)
    return {part: min(several) for part, several in found.items()}


def told() -> str:
    """The ratio, and the parts of our time."""
    lines = checklist().count("\n")
    spent, ours_in_parts = best("lark_alone", "ours"), best("parts")
    rows = [*spent.items(), *((f"  {part}", seconds) for part, seconds in ours_in_parts.items())]
    return "\n".join(
        [
            f"{lines:,} lines; seconds of processor time, the best of {RUNS} runs",
            *(f"{part:<26}{seconds:6.3f}" for part, seconds in rows),
            f"{'ratio':<26}{spent['parse, check, compile'] / spent['lark alone']:6.2f}\n",
        ]
    )


WORKS = {"lark_alone": lark_alone, "ours": ours, "parts": parts}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(WORKS[sys.argv[1]]()) if sys.argv[1:] else told())
