"""The pages: safe to open, complete without a network, and kind."""

import posixpath
import re
from base64 import b64encode
from dataclasses import replace
from functools import cache
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from report_sample import example_programme, example_study, miti_practice, small_study

from fidelity.report.page import pages
from fidelity.report.pages import map as page_map
from fidelity.report.pages.file_names import page_names
from fidelity.report.pages.rendering import is_broad
from fidelity.report.tables.table import Column, table
from fidelity.study.reported import reported
from fidelity.study.whole import Study

NOT_CLOSED = {"meta", "br", "img", "hr", "input", "link"}


class Structure(HTMLParser):
    """Which tags are open, and every attribute seen."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        self.headings += [tag] if re.fullmatch("h[1-6]", tag) else []
        if tag not in NOT_CLOSED:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as in the parser
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def made(study: Study) -> dict[str, str]:
    return {name: content.decode() for name, content in pages(reported(study)).items()}


@cache
def example() -> dict[str, str]:
    return made(example_study())


def structure(page: str) -> Structure:
    found = Structure()
    found.feed(page)
    return found


@pytest.fixture(scope="module")
def all_pages() -> dict[str, str]:
    small = small_study({"<b>&\"'": [1, 2, 1, 4, 4, 5, 5], "=1+1": [5]})
    return {
        f"{number} {name}": page
        for number, given in enumerate((example(), made(miti_practice()), made(small)))
        for name, page in given.items()
    }


def test_there_is_a_page_for_each_therapist_site_rater_and_session() -> None:
    names = [each.therapist for each in example_study().summary.therapists]
    sessions = {each.observation.occasion for each in example_study().scored}
    assert set(example()) == {
        "index.html",
        "all.html",
        *(f"feedback/{name}.html" for name in names),
        *(f"therapists/{name}.html" for name in names),
        "sites/north.html",
        "sites/south.html",
        "raters/R1.html",
        "raters/R2.html",
        *(f"sessions/{session}.html" for session in sessions),
    }
    assert set(made(miti_practice())) == {
        "index.html",
        "all.html",
        *(f"sessions/{number}.html" for number in range(1, 21)),
    }


def test_whoever_watches_hears_of_each_page() -> None:
    heard: list[tuple[int, int]] = []
    files = pages(reported(example_programme()), lambda *at: heard.append(at))
    assert heard == [(number, len(files)) for number in range(1, len(files) + 1)]


def test_two_builds_give_the_same_pages() -> None:
    assert made(example_study()) == example()


def test_every_tag_is_closed_and_every_page_has_one_main_heading(all_pages: dict[str, str]) -> None:
    for name, page in all_pages.items():
        found = structure(page)
        assert found.open == [], name
        assert found.headings.count("h1") == 1, name


def test_nothing_is_fetched_run_or_sent(all_pages: dict[str, str]) -> None:
    for page in all_pages.values():
        assert "<script" not in page
        assert "http://" not in page
        assert "https://" not in page
        names = [name for name, _ in structure(page).attributes]
        assert not any(name.startswith("on") or name in ("style", "src") for name in names)


def test_the_policy_allows_the_one_style_sheet_and_nothing_else(all_pages: dict[str, str]) -> None:
    for page in all_pages.values():
        [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
        digest = b64encode(sha256(style.encode()).digest()).decode()
        [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
        assert (
            policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )


def test_language_and_direction_are_said(all_pages: dict[str, str]) -> None:
    assert all('<html lang="en" dir="ltr">' in page for page in all_pages.values())


def test_what_people_typed_is_escaped() -> None:
    study = small_study({"<b>&\"'": [1, 2, 1, 4, 4, 5]})
    page = made(study)["feedback/b.html"]
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;&#34;&#39;" in page
    assert "Asks about &lt;safety&gt;" in page


def test_every_drawing_says_its_message(all_pages: dict[str, str]) -> None:
    for page in all_pages.values():
        for drawing in re.findall(r"<svg [^>]*>", page):
            assert 'role="img"' in drawing
            assert re.search(r'aria-label="[^"]+"', drawing)


def test_the_sheet_names_strengths_first_and_one_thing_to_practise() -> None:
    page = example()["feedback/PMG-03.html"]
    order = ["What you do well", "One thing to practise", "Your scores over time", "Agreed together"]
    places = [page.index(text) for text in order]
    assert places == sorted(places)
    assert "Try this: Give the reason for the strategy before the steps." in page


def test_the_sheet_names_nobody_else() -> None:
    names = {each.therapist for each in example_study().summary.therapists}
    for name in names:
        page = example()[f"feedback/{name}.html"]
        assert not any(other in page for other in names - {name})


def test_the_title_of_a_simulated_study_says_so_on_every_page() -> None:
    assert all("simulated data" in page for page in example().values())


@pytest.mark.parametrize("word", ["fail", "poor", "significan", "rank", "bad "])
def test_no_page_judges(word: str, all_pages: dict[str, str]) -> None:
    for page in all_pages.values():
        assert word not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL).casefold()


def test_only_a_word_that_no_column_holds_may_be_broken() -> None:
    page = pages(reported(small_study({"Kathmandu north": [4, 5], "x" * 40: [4, 5]})))["index.html"].decode()
    names = re.findall(r'<th scope="row" class="([^"]*of-therapist[^"]*)".*?<bdi>(.*?)</bdi>', page)
    assert {(name, "long" in look.split()) for look, name in names} == {
        ("Kathmandu north", False),
        ("x" * 40, True),
    }


def test_a_table_of_long_words_becomes_cards_before_it_is_wider_than_its_screen() -> None:
    made = table("People", "", [Column(str(number), "Obubonero bwonna") for number in range(14)], [])
    assert is_broad(made)
    assert not is_broad(replace(made, columns=made.columns[:9]))


def test_every_person_gets_a_file_that_every_system_takes() -> None:
    names = ["PMG-03", "pmg-03", "=1+1", "a/b", "a:b", "CON", "../x", "", "حسن", "y" * 90]
    assert list(page_names([(name, name) for name in names]).values()) == [
        "PMG-03.html",
        "pmg-03_2.html",
        "1_1.html",
        "a_b.html",
        "a_b_2.html",
        "CON_.html",
        "x.html",
        "_.html",
        "حسن.html",
        f"{'y' * 60}.html",
    ]


# ---- The way from page to page


def ways(name: str, page: str) -> list[str]:
    """Where the links of a page lead to, as names of files."""
    folder = posixpath.dirname(name)
    links = re.findall(r'href="([^"]*)"', page)
    return [posixpath.normpath(posixpath.join(folder, unquote(unescape(link)))) for link in links]


def test_every_link_leads_to_a_page_of_the_same_folder() -> None:
    odd = small_study(
        {"=1+1": [1, 2], "../x": [2], "CON": [3], "a": [3], "A": [4], "حسن": [5], "50% #?": [4]}
    )
    for given in (example(), made(miti_practice()), made(odd)):
        for name, page in given.items():
            assert set(ways(name, page)) <= set(given), name


def test_every_page_can_be_reached_from_the_list_of_all_pages() -> None:
    for given in (example(), made(miti_practice())):
        assert {*ways("all.html", given["all.html"]), "all.html"} == set(given)


def test_a_feedback_sheet_leads_nowhere_for_it_goes_to_the_person() -> None:
    assert all(ways(name, page) == [] for name, page in example().items() if name.startswith("feedback/"))


def test_a_number_can_be_followed_from_the_overview_to_the_answers() -> None:
    given = example()
    assert "therapists/PMG-05.html" in ways("index.html", given["index.html"])
    assert "sessions/S053.html" in ways("therapists/PMG-05.html", given["therapists/PMG-05.html"])
    assert "Asked only how the week had been." in given["sessions/S053.html"]


def test_of_very_many_sessions_those_have_a_page_that_may_need_explaining(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_map, "MOST_SESSIONS", 5)
    given = made(small_study({"T1": [4, 4, 4, 4, 4, 1], "T2": [5]}))
    assert [name for name in given if name.startswith("sessions/")] == ["sessions/T1_5.html"]
    assert "6 of these 7 sessions have no page of their own here" in given["all.html"]
    assert all(set(ways(name, page)) <= set(given) for name, page in given.items())
