"""The pages of a therapist, a rater, a site and a session: what a supervisor reads there."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from html import unescape
from importlib.resources import as_file
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from report_sample import SMALL, example_study, small_study

from fidelity import content
from fidelity.evaluate.evaluator import compile as compiled
from fidelity.language.reading import load as load_text
from fidelity.model.score import ScoredObservation
from fidelity.model.summary import Break, Discrepancy, EvidenceScore
from fidelity.report.page import pages
from fidelity.report.reported import ReportedStudy
from fidelity.report.workbook import workbook_bytes
from fidelity.study.loading import load
from fidelity.study.reading import read
from fidelity.study.reported import reported
from fidelity.study.summarising import summarise
from fidelity.study.whole import Study


@cache
def programme() -> dict[str, str]:
    """The pages of the example study with its programme, as text."""
    return {name: text(page) for name, page in with_tags().items()}


@cache
def with_tags() -> dict[str, str]:
    model = load("programmes/example_study/programme")
    with as_file(content.folder("checklists") / "programmes" / "example_study") as folder:
        study = reported(summarise(model, read(folder, model)))
    return {name: page.decode() for name, page in pages(study).items()}


def texts(study: ReportedStudy) -> dict[str, str]:
    return {name: text(page.decode()) for name, page in pages(study).items()}


def text(page: str) -> str:
    """What stands on a page, without tags, in one line."""
    without_style = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", without_style)).split())


def in_order(page: str, *said: str) -> bool:
    """Whether all of it stands on the page, each behind the one before."""
    at = 0
    for each in said:
        found = page.find(each, at)
        if found < 0:
            return False
        at = found + len(each)
    return True


# ---- The overview


def test_the_overview_says_whom_to_talk_to_what_is_due_and_what_was_asked_first() -> None:
    assert in_order(
        programme()["index.html"],
        "Talk first with PMG-03 (drifting down since 23 Feb 2026) and PMG-05",
        "Whom to talk to first",
        "Due in the programme",
        "“Routine supervision” has to be met again since 27 Mar 2026.",
        "“Routine supervision” stands until 7 Aug 2026; renew it by then.",
        "Judged on 29 May 2026, the latest day in the data.",
        "How many stand where",
        "Asked first: everyone, raters, chance",
        "Expected by chance alone",
        "Sites",
        "Raters",
        "A status of a rater is a reason to calibrate together, never a verdict.",
        "A status is a reason to talk and observe, not a judgement of the person.",
    )


# ---- A therapist


def test_a_therapists_page_tells_the_supervisor_strengths_before_what_was_missed() -> None:
    page = programme()["therapists/PMG-03.html"]
    assert in_order(
        page,
        "Scores have dropped since 23 Feb 2026 by about 41 points",
        "Suggested: Review recordings together; agree one skill to practise.",
        "Doing well lately",
        "Sums up and agrees practice for the week 6 of 6",
        "Most often missed lately, and what to try",
        "Give the reason for the strategy before the steps.",
        "Parts of the checklist",
        "Stages of the programme",
        "Contacts with each client",
        "Sessions",
    )
    assert " you " not in page.casefold().replace("'what have you thought of?' before you offer", "")


@pytest.mark.filterwarnings("ignore:Sparkline Group extension")  # openpyxl reads none
def test_a_form_without_a_single_answer_counts_as_no_session_and_nothing_is_said_of_it(
    tmp_path: Path,
) -> None:
    good, blank = "4,4,4,4", ",,,"
    rows = [f"T1,S1,2026-01-05,R1,{blank}"]
    rows += [f"T2,S{day},2026-01-{day:02},R1,{given}" for day, given in ((6, good), (13, good), (20, blank))]
    head = "therapist,session,date,rater,welcome,safety,plan,homework"
    (tmp_path / "data.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    model = load_text(SMALL, "small.rubric")
    study = reported(summarise(model, read(tmp_path / "data.csv", model)))
    told = texts(study)
    assert "2 sessions observed" in told["index.html"]
    assert "sessions observed: 2" in told["feedback/T2.html"]
    assert "Nothing was missed in your last 2 sessions." in told["feedback/T2.html"]
    assert "Nothing was missed in the last 2 sessions." in told["therapists/T2.html"]
    assert "Levels reached: Level: High 2." in told["therapists/T2.html"]
    assert "sessions observed: 0" in told["feedback/T1.html"]
    assert "average so far" not in told["feedback/T1.html"]
    for page in (told["feedback/T1.html"], told["therapists/T1.html"]):
        assert "missed" not in page
        assert "do well" not in page
    sheet = load_workbook(BytesIO(workbook_bytes(study)))["T1"]
    assert not any("missed" in str(cell.value) or "well" in str(cell.value) for row in sheet for cell in row)


def test_a_stage_says_what_decided_it_and_what_is_missing() -> None:
    page = programme()["therapists/PMG-03.html"]
    assert "♦ To be met again 2026-03-27 – O102 (23 Feb 2026): Session fidelity Low, Adherence 46.4%" in page
    assert "0 of 3 in a row, observations of “PM+ session (example study, simulated data)”" in page


def test_each_observation_that_decided_a_stage_leads_to_its_own_session() -> None:
    page = with_tags()["therapists/PMG-03.html"]
    led = dict(re.findall(r'href="([^"]*)"><bdi>(O\d+) ', page))
    assert led == {
        "../sessions/S052.html": "O029",
        "../sessions/S083.html": "O047",
        "../sessions/S203.html": "O102",
        "../sessions/S239.html": "O120",
    }


def test_a_dose_is_two_findings_and_no_verdict() -> None:
    page = programme()["therapists/PMG-05.html"]
    assert "PMG-05-G3 Enough contact with each client ○ Not yet enough ● In time 3 contacts from" in page


def test_a_course_that_starts_anew_says_where_and_why_and_what_stood_before() -> None:
    study = changed(
        small_study({"T1": [5, 5, 4, 5, 2, 3, 2, 2]}), breaks=(Break(4, date(2026, 2, 2), "restart"),)
    )
    page = pages(reported(study))["therapists/T1.html"].decode()
    assert "The course starts anew with session 5 (2 Feb 2026): after training" in text(page)
    assert "Before that it stood at: ■ Steady." in text(page)
    assert page.count('class="anew"') == 2  # in the wide and in the narrow drawing
    assert "Usual level" in text(page)


def changed(study: Study, breaks: tuple[Break, ...]) -> Study:
    """The study with a course that starts anew."""
    [person] = study.summary.therapists
    key = study.summary.headline or ""
    drift = person.scores[key].drift.model_copy(update={"breaks": breaks, "before": "none"})
    score = person.scores[key].model_copy(update={"drift": drift})
    person = person.model_copy(update={"scores": {**person.scores, key: score}})
    return replace(study, summary=study.summary.model_copy(update={"therapists": (person,)}))


def test_other_kinds_of_evidence_stand_apart_with_their_difference() -> None:
    study = small_study({"T1": [4, 4, 4, 4]})
    [person] = study.summary.therapists
    apart = (
        EvidenceScore(evidence="observed", n=4, mean=4.0, low=3.5, high=4.5),
        EvidenceScore(evidence="self", n=3, mean=4.9, low=4.6, high=5.0),
    )
    score = person.scores["quality"].model_copy(update={"by_evidence": apart})
    told = Discrepancy(
        therapist="T1", score="quality", one="self", other="observed", n_one=3, n_other=4, difference=0.9
    )
    summary = study.summary.model_copy(
        update={
            "therapists": (person.model_copy(update={"scores": {"quality": score}}),),
            "discrepancies": (told,),
        }
    )
    page = texts(reported(replace(study, summary=summary)))["therapists/T1.html"]
    assert in_order(
        page,
        "By kind of evidence, never mixed",
        "“Quality”, self-report minus observed: 0.90 points (3 and 4 sessions).",
        "Quality 4 4.0 observed 3.50 to 4.50",
        "Quality 3 4.9 self-report 4.60 to 5.00",
    )


def test_whom_only_the_programme_knows_has_a_page_with_stages() -> None:
    model = load("programmes/example_study/programme")
    with as_file(content.folder("checklists") / "programmes" / "example_study") as folder:
        study = summarise(model, read(folder, model))
    assert study.standings is not None
    newcomer = study.standings.therapists[0]._replace(therapist="PMX-99", stage=None, doses=())
    standings = study.standings._replace(therapists=(*study.standings.therapists, newcomer))
    page = texts(reported(replace(study, standings=standings)))["therapists/PMX-99.html"]
    assert in_order(page, "PMX-99", "Stages of the programme", "Routine supervision")


# ---- A session


def test_a_session_explains_each_observation_down_to_the_answers() -> None:
    page = programme()["sessions/S053.html"]
    assert in_order(
        page,
        "Session S053",
        "PMG-05 · 27 Oct 2025 · south · group · live, audio",
        "The raters side by side",
        "15 of 16 steps were rated alike; the others stand below.",
        "Asks open questions Done Partly done",
        "Rated by R1 (supervisor)",
        "Session fidelity: Low: talk it over and observe again soon.",
        "Because “Asks about safety, including thoughts of suicide” was rated Not done.",
        "What would have led to another level:",
        "Acceptable, had “Asks about safety, including thoughts of suicide” been Partly done or Done.",
        "Adherence 58.3% 175/3 12 of 12",
        "An essential step was left out ▼ Caps the level",
        "any of “Asks about safety, including thoughts of suicide”,",
        "is Not done",
        "Asks about safety, including thoughts of suicide Not done set off a rule that caps the level "
        "Asked only how the week had been.",
        "Not counted, because it did not apply: Goes over the practice since last time",
        "Rated by R2 (independent)",
    )


def test_blanks_show_the_bounds_between_which_a_score_would_lie() -> None:
    source = SMALL.replace("needing all answered", "needing at least 1/2 answered")
    study = small_study({"T1": [4]}, source)
    [only] = study.scored
    answers = {key: answer for key, answer in only.observation.answers.items() if key != "plan"}
    observation = only.observation.model_copy(update={"answers": answers})
    scored = ScoredObservation(observation, compiled(study.checklist).score(observation))
    page = texts(reported(replace(study, scored=(scored,))))["sessions/T1_0.html"]
    assert "Quality 4 3 of 4 3.25 to 4.25" in page
    assert "Agrees a plan left blank" in page


# ---- A rater, a site


def test_a_raters_page_gives_figures_with_their_caveats() -> None:
    page = programme()["raters/R1.html"]
    assert in_order(
        page,
        "Rater R1",
        "Rated twice 27 of 83 33%",
        "■ Steady",
        "a small difference can be chance",
        "that does not rule one out",
        "never a verdict",
        "How far others agree",
        "R2 27 90 87 94 +2.9 +1.2 +4.5",
        "Sessions scored beside another rater: Adherence",
        "Whose sessions",
    )


def test_seen_from_the_other_rater_the_difference_has_the_other_sign() -> None:
    assert "R1 27 90 87 94 -2.9 -4.5 -1.2" in programme()["raters/R2.html"]


def test_a_rater_seen_seldom_beside_another_is_told_so() -> None:
    page = texts(reported(small_study({"T1": [4, 4, 4], "T2": [3, 4, 3]})))["raters/R1.html"]
    assert "Only 0 sessions were scored beside another rater" in page


def test_a_sites_page_lists_who_works_there_and_compares_no_sites() -> None:
    page = programme()["sites/north.html"]
    assert "PMG-03" in page
    assert "PMG-05" not in page
    assert "south" not in page
    assert "not which site is better" in page


@pytest.mark.parametrize(
    "name", ["index.html", "therapists/PMG-03.html", "raters/R1.html", "sites/north.html"]
)
def test_nothing_is_said_in_an_open_name_or_an_unfilled_brace(name: str) -> None:
    assert not re.search(r"\{\w*\}|page\.\w+\.\w+|None\b", programme()[name])


def test_the_overview_and_the_raters_page_tell_the_same_of_sessions_rated_twice() -> None:
    assert "R1 ■ Steady 83 83.7 +1.1 27 of 83 R2 ■ Steady 78 79.9 -1.1 27 of 78" in programme()["index.html"]
    assert "Rated twice 27 of 83 33%" in programme()["raters/R1.html"]


def test_the_shipped_study_without_its_programme_has_no_stages() -> None:
    page = texts(reported(example_study()))["therapists/PMG-03.html"]
    assert "Stages of the programme" not in page
    assert "Contacts with each client" not in page
