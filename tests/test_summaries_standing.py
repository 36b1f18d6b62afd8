"""How a stage stands, what decided it and what is missing: of every kind of rule, from dated rows."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.language.reading import load_programme
from fidelity.model.programme import Programme, Row
from fidelity.model.standing import Person, StageStanding, TherapistStanding
from fidelity.summaries.programme.pathway import Pathway
from fidelity.summaries.programme.standing import standings

DAY = dt.date(2026, 3, 1)


def programme(*stages: str) -> Programme:
    head = 'programme way "Way"\n  version 1.0.0\n  uses form version 1.0.0\n'
    return load_programme(head + "\n".join(stages), "way.rubric")


def rows(*scores: str) -> list[Row]:
    """One observation a day; a blank score is open."""
    return [
        Row(DAY + dt.timedelta(at), "form", id=f"O{at + 1}", values={"s": (score,) if score else ()})
        for at, score in enumerate(scores)
    ]


def stood(model: Programme, seen: list[Row], on: dt.date | None = None) -> TherapistStanding:
    (found,) = standings(model, [Person("T1", "", {}, seen)], on).therapists
    return found


def of(model: Programme, *scores: str, on: dt.date | None = None) -> StageStanding:
    return stood(model, rows(*scores), on).stages[0]


def decided(found: StageStanding) -> list[tuple[str, bool | None]]:
    return [(each.observation, each.holds) for each in found.decided_by]


RULES = {
    "total": 'stage first "One"\n  needs 2 observations in total of form with s is at least 3',
    "row": 'stage first "One"\n  needs 2 observations in a row of form with s is at least 3',
    "last": 'stage first "One"\n  needs 2 of the last 3 observations of form with s is at least 3',
    "latest": 'stage first "One"\n  needs the latest observation of form with s is at least 3',
}


@pytest.mark.parametrize(
    ("rule", "scores", "standing", "by"),
    [
        ("total", "1 3 2 4 5", "reached", [("O2", True), ("O4", True)]),
        ("row", "3 1 3 4 5", "reached", [("O3", True), ("O4", True)]),
        ("last", "1 3 2 4 5", "reached", [("O2", True), ("O4", True)]),
        ("latest", "1 3", "reached", [("O2", True)]),
        ("total", "1 3", "not_yet", [("O1", False), ("O2", True)]),
        ("row", "3 1", "not_yet", [("O1", True), ("O2", False)]),
    ],
)
def test_the_observations_that_decided_it_are_named(
    rule: str, scores: str, standing: str, by: list[tuple[str, bool]]
) -> None:
    found = of(programme(RULES[rule]), *scores.split())
    assert found.standing == standing
    assert decided(found) == by


@pytest.mark.parametrize(
    ("rule", "scores", "met", "undecided"),
    [
        ("total", ["3", "1", ""], 1, 1),
        ("row", ["3", "1", "3"], 1, 0),
        ("row", ["3", "1"], 0, 0),
        ("row", ["1", "", "3"], 1, 1),
        ("last", ["3", "1", "1", "1"], 0, 0),
        ("latest", ["1", ""], 0, 1),
    ],
)
def test_what_counts_toward_a_rule_is_counted(rule: str, scores: list[str], met: int, undecided: int) -> None:
    (missing,) = of(programme(RULES[rule]), *scores).missing
    assert (missing.kind, missing.met, missing.undecided) == ("needs", met, undecided)


def test_without_an_observation_it_is_not_assessed_and_all_is_still_to_come() -> None:
    found = of(programme(RULES["total"]))
    assert (found.standing, found.decided_by) == ("not_assessed", ())
    assert [(each.kind, each.seen, each.met) for each in found.missing] == [("needs", 0, 0)]


RENEWED = (
    RULES["latest"] + "\n  lasts 10 days\n  renewed by 1 observation in total of form with s is at least 3"
)
LOST = RULES["total"] + "\n  lost when the latest observation of form with s is below 2"


def test_a_renewal_is_named_beside_what_reached_it() -> None:
    found = of(programme(RENEWED), "3", "1", "4")
    assert decided(found) == [("O1", True), ("O3", True)]
    assert (found.since, found.until) == (DAY, DAY + dt.timedelta(12))


def test_what_ran_out_says_since_when_and_what_renews_it() -> None:
    found = of(programme(RENEWED), "3", on=DAY + dt.timedelta(11))
    assert (found.standing, found.since, found.until) == (
        "expired",
        DAY + dt.timedelta(11),
        DAY + dt.timedelta(10),
    )
    assert [(each.kind, each.met) for each in found.missing] == [("renewal", 0)]


def test_what_runs_out_for_good_says_so() -> None:
    model = programme(RULES["latest"] + "\n  lasts 10 days")
    found = of(model, "3", on=DAY + dt.timedelta(11))
    assert [each.kind for each in found.missing] == ["no_renewal"]


def test_what_was_lost_names_the_observation_and_needs_later_ones() -> None:
    found = of(programme(LOST), "3", "4", "1", "5")
    assert (found.standing, found.since, decided(found)) == (
        "lost",
        DAY + dt.timedelta(2),
        [("O3", False)],
    )
    assert [(each.kind, each.met, each.seen) for each in found.missing] == [("needs", 1, 1)]


def test_the_earliest_stage_that_is_missing_is_named() -> None:
    model = programme(RULES["total"], 'stage two "Two" after first', 'stage three "Three" after two')
    found = stood(model, rows("1"))
    assert [each.standing for each in found.stages] == ["not_yet", "not_assessed", "not_assessed"]
    assert [each.missing[0].stage for each in found.stages] == ["", "One", "One"]


def test_the_highest_stage_stands_with_all_before_it() -> None:
    """Decision 30: a stage that ran out does not undo later ones, and is not stood upon."""
    model = programme(
        RENEWED, 'stage two "Two" after first\n  needs 1 observation in total of form with s is 5'
    )
    seen = rows("5")
    reached = stood(model, seen).stage
    assert reached is not None
    assert reached.stage.id == "two"
    later = stood(model, seen, DAY + dt.timedelta(30))
    assert [each.standing for each in later.stages] == ["expired", "reached"]
    assert later.stage is None


def test_people_without_a_row_are_judged_by_their_facts_alone() -> None:
    found = standings(programme(RULES["total"]), [Person("T1", "", {}, ())])
    assert found.day is None
    assert [each.standing for each in found.therapists[0].stages] == ["not_assessed"]


@given(st.lists(st.sampled_from(["", "1", "2", "3", "5"]), max_size=8), st.sampled_from([*RULES, "lost"]))
def test_what_decided_a_stage_is_enough_to_decide_it(scores: list[str], rule: str) -> None:
    """The rows named for a stage that stands give it again, in the same words as `pathway`."""
    model = programme(LOST if rule == "lost" else RULES[rule])
    seen = rows(*scores)
    found = stood(model, seen).stages[0]
    last = seen[-1].day if seen else DAY
    assert found.standing == Pathway(model, {}, seen).on(last).stages["first"]
    if found.standing == "reached" and rule != "lost":
        named = {each.observation for each in found.decided_by}
        again = [row for row in seen if row.id in named]
        assert Pathway(model, {}, again).on(last).stages["first"] == "reached"


def values(found: StageStanding) -> dict[str, Any]:
    return {each.observation: dict(each.showed) for each in found.decided_by}


def test_values_are_shown_as_people_read_them() -> None:
    model = programme('stage first "One"\n  needs 1 observation in total of form with s is at least 60%')
    found = of(model, "275/3%", "")
    assert values(found) == {"O1": {"s": "91.7%"}}
    assert values(of(model, "")) == {"O1": {"s": ""}}
