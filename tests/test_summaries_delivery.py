"""What was delivered: items missed and done well, parts, levels, gates; who rated, and where."""

from summary_sample import NOTHING_READ, SMALL, checklist_of, scored

from fidelity.model.summary import (
    ItemCount,
    PartSummary,
    RaterSummary,
    SiteSummary,
    Summary,
    TherapistSummary,
)
from fidelity.summaries import summarise


def summary(table: str, source: str = SMALL) -> Summary:
    checklist = checklist_of(source)
    return summarise(checklist, scored(checklist, table), NOTHING_READ)


def only_therapist(table: str, source: str = SMALL) -> TherapistSummary:
    (row,) = summary(table, source).therapists
    return row


# ---- items


def test_the_item_missed_most_often_stands_first() -> None:
    row = only_therapist("""
        therapist date       welcome safety   plan     homework
        Amina     2026-01-05 done    done     not_done partly
        Amina     2026-01-12 done    not_done not_done done
        Amina     2026-01-19 done    done     partly   -
    """)
    assert row.items == (
        ItemCount(item="plan", missed=2, rated=3, shown=0),
        ItemCount(item="safety", missed=1, rated=3, shown=2),
        ItemCount(item="homework", missed=0, rated=2, shown=1),
        ItemCount(item="welcome", missed=0, rated=3, shown=3),
    )


def test_of_two_items_missed_equally_often_the_one_rated_less_often_stands_first() -> None:
    row = only_therapist("""
        therapist date       welcome  safety plan homework
        Amina     2026-01-05 not_done done   done not_done
        Amina     2026-01-12 done     done   done na
    """)
    assert [(each.item, each.missed, each.rated) for each in row.items[:2]] == [
        ("homework", 1, 1),
        ("welcome", 1, 2),
    ]


def test_only_the_last_five_sessions_count_for_items() -> None:
    row = only_therapist("""
        therapist date       welcome safety plan     homework
        Amina     2026-01-05 done    done   not_done done
        Amina     2026-01-12 done    done   not_done done
        Amina     2026-01-19 done    done   done     done
        Amina     2026-01-26 done    done   done     done
        Amina     2026-02-02 done    done   done     done
        Amina     2026-02-09 done    done   done     done
        Amina     2026-02-16 done    done   done     done
    """)
    assert {(each.missed, each.rated, each.shown) for each in row.items} == {(0, 5, 5)}


def test_items_are_counted_by_rating() -> None:
    row = only_therapist("""
        therapist date       session rater welcome safety plan     homework
        Amina     2026-01-05 S1      R1    done    done   not_done na
        Amina     2026-01-05 S1      R2    done    done   not_done na
    """)
    assert row.items[0] == ItemCount(item="plan", missed=2, rated=2, shown=0)
    assert "homework" not in {each.item for each in row.items}


def test_a_reversed_item_is_missed_when_it_happened() -> None:
    source = SMALL.replace('item plan     "Agrees a plan"', 'item plan "Talks about himself" reversed')
    row = only_therapist(
        "therapist date welcome safety plan homework\nA 2026-01-05 done done done done", source
    )
    assert row.items[0] == ItemCount(item="plan", missed=1, rated=1, shown=0)


def test_an_item_without_a_highest_answer_cannot_be_missed() -> None:
    source = SMALL.replace("percent of items", "percent of items in opening") + COUNTED
    row = only_therapist("therapist date welcome safety talks\nA 2026-01-05 done done 0", source)
    assert {each.item for each in row.items} == {"welcome", "safety"}


COUNTED = """
section talk "Talk"
  item talks "Times that advice was given" is a count

score advice "Advice" is talks
"""


def test_an_item_that_no_score_reads_cannot_be_missed() -> None:
    source = SMALL.replace("percent of items", "percent of items in work")
    row = only_therapist(
        "therapist date welcome safety plan homework\nA 2026-01-05 done done done done", source
    )
    assert {each.item for each in row.items} == {"plan", "homework"}
    assert [each.group for each in row.parts] == ["work"]


def test_an_item_on_two_scales_is_missed_when_both_answers_are_lowest() -> None:
    """Skill is not asked for where a technique was not used: in O1 not using it is the whole answer."""
    row = only_therapist(
        """
        therapist date       open_q.often open_q.skill sum_up.often sum_up.skill
        Amina     2026-01-05 1            -            2            1
        Amina     2026-01-12 2            1            3            3
        Amina     2026-01-19 3            1            3            3
        """,
        TWO_SCALES,
    )
    assert row.items == (
        ItemCount(item="open_q", missed=1, rated=3, shown=0),
        ItemCount(item="sum_up", missed=0, rated=3, shown=2),
    )


TWO_SCALES = """
checklist two "Two scales"
  version 1.0.0

scale often "How much of it was there?" from 1 to 3
  answer 1 "None"
  answer 3 "A great deal"

scale skill "How well was it done?" from 1 to 3
  applies when often is above 1
  answer 1 "Poorly"
  answer 3 "Very well"

section helping "Helping" on scales often, skill
  item open_q "Asks open questions"
  item sum_up "Sums up"

score amount  "How much" is mean of items on scale often
score skilled "How well" is mean of items on scale skill needing at least 1/2 answered
"""


def test_done_well_is_never_missed_and_shown_at_least_every_second_time() -> None:
    row = only_therapist("""
        therapist date       welcome  safety plan   homework
        Amina     2026-01-05 done     done   partly done
        Amina     2026-01-12 done     done   partly partly
        Amina     2026-01-19 done     done   done   done
        Amina     2026-01-26 not_done done   partly partly
    """)
    assert row.doing_well == (
        ItemCount(item="safety", missed=0, rated=4, shown=4),
        ItemCount(item="homework", missed=0, rated=4, shown=2),
    )


# ---- parts


def test_a_part_is_the_share_of_its_points_over_the_sessions() -> None:
    """Opening 4/4, 3/4, 2/4; work 2/4, then 1/2 because the homework did not apply, then 0/4."""
    row = only_therapist("""
        therapist date       welcome safety   plan     homework
        Amina     2026-01-05 done    done     done     not_done
        Amina     2026-01-12 done    partly   partly   na
        Amina     2026-01-19 done    not_done not_done not_done
    """)
    assert row.parts == (
        PartSummary(group="opening", mean=75.0, first=None, last=None),
        PartSummary(group="work", mean=100 / 3, first=None, last=None),
    )


def test_from_six_sessions_on_the_first_three_stand_beside_the_last_three() -> None:
    row = only_therapist("""
        therapist date       welcome  safety plan homework
        Amina     2026-01-05 done     done   done done
        Amina     2026-01-12 done     done   done done
        Amina     2026-01-19 done     done   done partly
        Amina     2026-01-26 not_done done   done done
        Amina     2026-02-02 not_done done   done done
        Amina     2026-02-09 not_done done   done done
    """)
    assert row.parts == (
        PartSummary(group="opening", mean=75.0, first=100.0, last=50.0),
        PartSummary(group="work", mean=575 / 6, first=275 / 3, last=100.0),
    )


def test_a_session_rated_twice_counts_once_for_a_part() -> None:
    """Opening: (100 + 50) / 2 = 75 and 25: 50."""
    row = only_therapist("""
        therapist date       session rater welcome  safety   plan homework
        Amina     2026-01-05 S1      R1    done     done     done done
        Amina     2026-01-05 S1      R2    not_done done     done done
        Amina     2026-01-12 S2      R1    partly   not_done done done
    """)
    assert row.parts[0].mean == 50.0


def test_weights_count_in_a_part() -> None:
    """Welcome weighs 3: 6 of 8 points."""
    source = SMALL.replace('"Welcomes the client"', '"Welcomes the client" weight 3')
    row = only_therapist(
        "therapist date welcome safety plan homework\nA 2026-01-05 done not_done done done", source
    )
    assert row.parts[0].mean == 75.0


def test_a_part_never_rated_has_no_share() -> None:
    row = only_therapist("therapist date welcome safety plan homework\nA 2026-01-05 done done na na")
    assert row.parts[1] == PartSummary(group="work", mean=None, first=None, last=None)


# ---- levels and gates


def test_levels_and_gates_are_counted_by_session() -> None:
    row = only_therapist("""
        therapist date       session rater welcome safety   plan     homework
        Amina     2026-01-05 S1      R1    done    done     done     done
        Amina     2026-01-12 S2      R1    done    done     not_done partly
        Amina     2026-01-12 S2      R2    done    not_done done     done
        Amina     2026-01-19 S3      R1    done    not_done done     done
        Amina     2026-01-26 S4      R1    done    -        -        -
    """)
    assert row.levels == {"fidelity": {"low": 2, "fair": 0, "high": 1}}
    assert row.gates_failed == {"no_safety": 2}


# ---- raters and sites


def test_raters_are_listed_with_what_they_gave() -> None:
    found = summary("""
        therapist date       session rater welcome safety plan     homework
        Amina     2026-01-05 S1      R2    done    done   done     done
        Amina     2026-01-05 S1      R1    done    done   done     not_done
        Basma     2026-01-12 S2      R2    done    done   not_done not_done
        Basma     2026-01-19 S3      -     done    done   done     done
        -         -          S4      R3    done    -      -        -
    """)
    assert found.raters == (
        RaterSummary(rater="R1", n=1, mean=75.0),
        RaterSummary(rater="R2", n=2, mean=75.0),
        RaterSummary(rater="R3", n=1, mean=None),
    )


def test_sites_are_means_over_sessions_not_over_ratings() -> None:
    """North: (100 + 50) / 2 = 75 and 100: 87.5."""
    found = summary("""
        therapist date       session rater site  welcome safety plan     homework
        Amina     2026-01-05 S1      R1    north done    done   done     done
        Amina     2026-01-05 S1      R2    north done    done   not_done not_done
        Basma     2026-01-12 S2      R1    north done    done   done     done
        Celia     2026-01-12 S3      R1    south done    done   done     not_done
        Dora      2026-01-12 S4      R1    -     done    done   done     done
    """)
    assert found.sites == (
        SiteSummary(site="north", therapists=2, n=2, mean=87.5),
        SiteSummary(site="south", therapists=1, n=1, mean=75.0),
    )


def test_a_therapist_is_at_the_site_of_the_last_session_and_in_every_format_given() -> None:
    row = only_therapist("""
        therapist date       site  modality   welcome safety plan homework
        Amina     2026-01-05 north individual done    done   done done
        Amina     2026-01-12 south group      done    done   done done
        Amina     2026-01-19 -     individual done    done   done done
    """)
    assert (row.site, row.modality) == ("south", "individual, group")


# ---- items over time


def test_an_item_that_fell_while_the_mean_did_not_is_told() -> None:
    """Safety goes as the plan comes: every session earns 6 of 8 points."""
    lines = [
        f"Amina 2026-{1 + number // 4:02}-{1 + 7 * (number % 4):02} done "
        + ("done not_done done" if number < 7 else "not_done done done")
        for number in range(14)
    ]
    row = only_therapist("\n".join(["therapist date welcome safety plan homework", *lines]))
    assert {each.score for each in row.scores["adherence"].sessions} == {75}
    (found,) = row.fallen
    assert (found.item, found.first, found.last, found.n_first, found.n_last) == ("safety", 100, 0, 7, 7)
    assert found.p < 0.001
