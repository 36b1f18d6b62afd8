"""The layout: the design's own look, and that nothing but blanks ever changes."""

import re
from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import disordered, sources

from fidelity.errors import ProblemsFound
from fidelity.language.fingerprint import fingerprint
from fidelity.language.layout import formatted
from fidelity.language.parse import normal, parse
from fidelity.language.written import words_of

CHECKOUT = Path(__file__).parent.parent
FOLDERS = ("checklists", "rules")
FILES = sorted(path for folder in FOLDERS for path in (CHECKOUT / folder).rglob("*.rubric"))
NAMES = [str(path.relative_to(CHECKOUT)) for path in FILES]

ADAPTATION = """\
adaptation kampala "Peer support: Kampala day centre"
  extends upsides_principles version 2.1.1
  version 1.0.0
  made by "Site group" on 2026-01-20

# Nobody says it like that here.
rename principle reciprocal to "Give and take"
  because "Reciprocal has no everyday translation here." planned fidelity consistent

add item inc_4 "Offers an interpreter when one is needed" to inclusive after inc_2 on scale rating
  because "A third of visitors do not share a language with their peer worker."
  under deviation lower_mark
  note "Ask at the door."

deviation lower_mark "A lower mark"
  touches threshold pass_mark
  risk "Weak practice may be called good enough."
  approved by "Principal investigator" on 2026-02-02
  expires on 2026-08-01

translation lg "Luganda"
  translated by "Two translators" on 2026-02-20
  step back_translation by "A third" on 2026-02-21
  text principle safe "Obukuumi"
"""

PROGRAMME = """\
programme prosper "From training to delivery"
  version 1.0.0
  uses pmplus_s2 version 2.0.1

fact session_number "Session" is a count from 1 to 5

stage delivering "May see clients"
  needs 1 observation in total of pmplus_s2 from live, audio
    with fidelity is one of acceptable, high
  lost when 2 of the last 3 observations of pmplus_s2 with adherence is below 60%
  lasts 180 days

sample observed_sessions "Sessions that are observed" of pmplus_s2 during delivering
  takes at least 10% rounded up for each session_number
  seed 20260110

drift adherence_falls "Adherence falls" of adherence in pmplus_s2 from live, audio
  baseline the first 3 observations
  method fall_from_baseline with last 2
  watch from 5 to below 10
  act at least 10

history "Permission is lost"
  | date       | checklist | source | adherence => delivering |
  | 2026-03-01 | pmplus_s2 | live   | 85%       => reached    |
  | 2026-12-01 | -         | -      | -         => expired    |
"""

TEXTS = [*(path.read_text(encoding="utf-8") for path in FILES), ADAPTATION, PROGRAMME]


def remarks(text: str) -> list[str]:
    return [word.text for word in words_of(normal(text)) if word.kind == "REMARK"]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_shipped_file_is_in_its_layout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert formatted(text, path.name) == text


def test_so_is_every_block_that_the_tutorial_shows() -> None:
    for document in (CHECKOUT / "README.md", CHECKOUT / "rules" / "README.md"):
        for block in re.findall(r"```rubric\n(.*?)```", document.read_text(encoding="utf-8"), re.DOTALL):
            assert formatted(block, document.name) == block


@pytest.mark.parametrize("text", [ADAPTATION, PROGRAMME], ids=["adaptation", "programme"])
def test_adaptations_and_programmes_have_the_same_layout(text: str) -> None:
    assert formatted(text, "a.rubric") == text


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_only_layout_changes_and_only_once(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(TEXTS) | sources())
    text = data.draw(disordered(source))
    laid_out = formatted(text, "a.rubric")
    assert formatted(laid_out, "a.rubric") == laid_out
    assert remarks(laid_out) == remarks(text)
    assert fingerprint(laid_out) == fingerprint(text) == fingerprint(source)
    assert parse(laid_out, "a.rubric") == parse(source, "a.rubric")
    assert "\r" not in laid_out
    assert not any(line != line.rstrip() for line in laid_out.split("\n"))
    assert "\n\n\n" not in laid_out
    assert laid_out == laid_out.strip("\n") + "\n"


WRITTEN = """\
# At the top

checklist   tiny “A tiny one”   # ours
version 1.0.0
scale tick "Seen?"
answer no_sign   "Not seen" scores 0
answer yes_sign «"Yes"» scores 1


# what is seen

section a "All" on scale tick
      item one "The first"
  note "Look closely."
    # not yet
    # item two "The second"

score s "S" is (sum of items)*2 needing all answered

result r "R" from s
level low "Low" below 1
level high "High" at least 1

gate g "An essential step was left out, and that is a reason of its own" caps r at low when one is no_sign
"""


def test_the_layout_by_example() -> None:
    assert (
        formatted(WRITTEN, "a.rubric")
        == """\
# At the top

checklist tiny "A tiny one"  # ours
  version 1.0.0
scale tick "Seen?"
  answer no_sign  "Not seen" scores 0
  answer yes_sign «"Yes"» scores 1

# what is seen

section a "All" on scale tick
  item one "The first"
    note "Look closely."
    # not yet
    # item two "The second"

score s "S" is (sum of items) * 2 needing all answered

result r "R" from s
  level low "Low" below 1
  level high "High" at least 1

gate g "An essential step was left out, and that is a reason of its own"
  caps r at low when one is no_sign
"""
    )


def test_a_line_that_goes_on_keeps_its_depth_or_its_column() -> None:
    text = """\
checklist tiny "T"
  about "One sentence."
    "And another."

score a "A" is mean of items
        needing all answered
score b "A longer title" is mean of items
                 needing all answered
"""
    assert (
        formatted(text, "a.rubric")
        == """\
checklist tiny "T"
  about "One sentence."
        "And another."

score a "A" is mean of items
  needing all answered
score b "A longer title" is mean of items
                         needing all answered
"""
    )


# ---- the command


def test_files_are_laid_out_in_place(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "tiny.rubric"
    path.write_text(ADAPTATION.replace("  extends", "extends"), encoding="utf-8")
    assert run("format", "tiny.rubric", "--check").status == 1
    assert "extends" in path.read_text(encoding="utf-8").splitlines()[1][:7]
    assert run("format", "tiny.rubric").out == "tiny.rubric changed.\n"
    assert path.read_text(encoding="utf-8") == ADAPTATION
    assert run("format", ".", "--check") == (0, "1 file read: nothing to change.\n", "")


def test_a_file_that_cannot_be_read_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.rubric").write_text("checklist a\n", encoding="utf-8")
    (tmp_path / "b.rubric").write_text(PROGRAMME.replace("  uses", "uses"), encoding="utf-8")
    ran = run("format", ".", "--format", "json")
    assert ran.status == 1
    assert '"b.rubric"' in ran.out
    assert "RB001" in ran.out
    assert (tmp_path / "a.rubric").read_text(encoding="utf-8") == "checklist a\n"
    assert (tmp_path / "b.rubric").read_text(encoding="utf-8") == PROGRAMME


def test_a_shipped_checklist_is_not_written_to(run: Run) -> None:
    assert run("format", "upsides/principles", "--check").status == 0


def test_only_what_can_be_read_is_laid_out() -> None:
    with pytest.raises(ProblemsFound):
        formatted("checklist\n", "a.rubric")
