"""The pages: safe to open, complete without a network, and kind."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from report_sample import example_study, miti_practice, small_study

from fidelity.report.page import feedback_files, pages
from fidelity.report.reported import study_of
from fidelity.study import Study

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
    files = pages(study_of(study.checklist, study.scored, study.summary))
    return {name: content.decode() for name, content in files.items()}


def structure(page: str) -> Structure:
    found = Structure()
    found.feed(page)
    return found


@pytest.fixture
def all_pages() -> dict[str, str]:
    small = small_study({"<b>&\"'": [1, 2, 1, 4, 4, 5, 5], "=1+1": [5]})
    return {
        f"{number} {name}": page
        for number, study in enumerate((example_study(), miti_practice(), small))
        for name, page in made(study).items()
    }


def test_there_is_an_index_and_a_feedback_sheet_for_each_therapist() -> None:
    names = [each.therapist for each in example_study().summary.therapists]
    assert set(made(example_study())) == {"index.html", *(f"feedback/{name}.html" for name in names)}
    assert set(made(miti_practice())) == {"index.html"}


def test_two_builds_give_the_same_pages() -> None:
    assert made(example_study()) == made(example_study())


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
    page = made(example_study())["feedback/PMG-03.html"]
    order = ["What you do well", "One thing to practise", "Your scores over time", "Agreed together"]
    places = [page.index(text) for text in order]
    assert places == sorted(places)
    assert "Try this: Give the reason for the strategy before the steps." in page


def test_the_sheet_names_nobody_else() -> None:
    names = {each.therapist for each in example_study().summary.therapists}
    for name in names:
        page = made(example_study())[f"feedback/{name}.html"]
        assert not any(other in page for other in names - {name})


def test_the_title_of_a_simulated_study_says_so_on_every_page() -> None:
    assert all("simulated data" in page for page in made(example_study()).values())


@pytest.mark.parametrize("word", ["fail", "poor", "significan", "rank", "bad "])
def test_no_page_judges(word: str, all_pages: dict[str, str]) -> None:
    for page in all_pages.values():
        assert word not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL).casefold()


def test_every_person_gets_a_file_that_every_system_takes() -> None:
    names = ["PMG-03", "pmg-03", "=1+1", "a/b", "a:b", "CON", "../x", "", "حسن", "y" * 90]
    assert list(feedback_files(names).values()) == [
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
