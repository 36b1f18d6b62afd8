"""A study -> its pages: an index, and a page for each therapist, site, rater and session; feedback sheets."""

from collections.abc import Iterator

from markupsafe import Markup

from fidelity.model.summary import ScoreSummary, TherapistSummary
from fidelity.report.course import Course
from fidelity.report.feedback import feedback_of
from fidelity.report.pages.chart import NARROW, WIDE, course_svg
from fidelity.report.pages.front import all_pages, front_page
from fidelity.report.pages.map import PageMap, page_map
from fidelity.report.pages.person import person_page
from fidelity.report.pages.rater import rater_page
from fidelity.report.pages.rendering import Step, cells_of, drawn, rendered
from fidelity.report.pages.session import session_page
from fidelity.report.pages.site import site_page
from fidelity.report.progress import Progress, quiet
from fidelity.report.reported import ReportedStudy
from fidelity.report.tables.people import course_of

Page = tuple[str, bytes]
OVERVIEWS = 2  # the index and the list of all pages


def pages(study: ReportedStudy, progress: Progress = quiet) -> dict[str, bytes]:
    """File name -> content; all of it leads to each other by relative ways and to nothing else."""
    made = page_map(study)
    done: dict[str, bytes] = {}
    for file, content in _each(study, made):
        done[file] = content
        progress(len(done), OVERVIEWS + made.number)
    return done


def _each(study: ReportedStudy, made: PageMap) -> Iterator[Page]:
    yield "index.html", _index(study, made)
    yield "all.html", _all(study, made)
    yield from _therapists(study, made)
    yield from _sites(study, made)
    yield from _raters(study, made)
    yield from _sessions(study, made)
    yield from _feedback_sheets(study, made)


def _index(study: ReportedStudy, made: PageMap) -> bytes:
    told = front_page(study, made)
    return rendered(study, "index.html", title=told.title, told=told, root="", way=_way(study, "", ""))


def _all(study: ReportedStudy, made: PageMap) -> bytes:
    title = study.words.say("page.all.title")
    blocks = all_pages(study, made)
    return rendered(study, "all.html", title=title, blocks=blocks, root="", way=_way(study, title, ""))


def _way(study: ReportedStudy, title: str, root: str, *between: Step) -> tuple[Step, ...]:
    """The steps from the index to a page; on the index there are none."""
    first = Step(study.words.say("page.overview"), f"{root}index.html")
    return (first, *between, Step(title)) if title else ()


# ---- A page for each


def _therapists(study: ReportedStudy, made: PageMap) -> Iterator[Page]:
    for name, file in made.therapists.items():
        told = person_page(study, made, name)
        charts = [] if told.line is None else _charts(study, told.line, told.alt, "page.person")
        yield (
            f"therapists/{file}",
            rendered(
                study,
                "person.html",
                title=told.title,
                told=told,
                charts=charts,
                line=told.line,
                root="../",
                way=_way(study, name, "../"),
            ),
        )


def _sites(study: ReportedStudy, made: PageMap) -> Iterator[Page]:
    for each in study.summary.sites:
        if each.site in made.sites:
            told = site_page(study, made, each)
            yield f"sites/{made.sites[each.site]}", _group(study, told.title, told, "overview")


def _raters(study: ReportedStudy, made: PageMap) -> Iterator[Page]:
    for each in study.summary.raters:
        if each.rater in made.raters:
            told = rater_page(study, made, each)
            yield f"raters/{made.raters[each.rater]}", _group(study, told.title, told, "group")


def _group(study: ReportedStudy, title: str, told: object, kind: str) -> bytes:
    """A page of many people or sessions; the kind `overview` is as wide as the screen."""
    way = _way(study, title, "../")
    return rendered(study, "group.html", title=title, told=told, kind=kind, root="../", way=way)


def _sessions(study: ReportedStudy, made: PageMap) -> Iterator[Page]:
    for each in made.sessions:
        told = session_page(study, made, each)
        between = [Step(told.therapist, told.link)] if told.therapist else []
        way = _way(study, told.title, "../", *between)
        yield (
            f"sessions/{made.session_files[each.key]}",
            rendered(study, "session.html", title=told.title, told=told, root="../", way=way),
        )


# ---- Feedback sheets: they go to the person, so nothing leads from them to the others' pages


def _feedback_sheets(study: ReportedStudy, made: PageMap) -> Iterator[Page]:
    for person, score in study.people:
        if person.therapist in made.feedback:
            yield f"feedback/{made.feedback[person.therapist]}", _feedback(study, person, score)


def _feedback(study: ReportedStudy, person: TherapistSummary, score: ScoreSummary) -> bytes:
    told = feedback_of(study, person, score)
    line = course_of(study, score)
    return rendered(
        study,
        "feedback.html",
        title=told.title,
        told=told,
        charts=_charts(study, line, told.alt),
        line=line,
        parts=(told.parts, cells_of(told.parts, {})),
        also=(told.also, cells_of(told.also, {})),
        way=(),
    )


def _charts(study: ReportedStudy, line: Course, alt: str, voice: str = "feedback") -> list[Markup]:
    """A wide drawing, and a narrow one for small screens."""
    if not line.points:
        return []
    return [drawn(course_svg(study.words, line, study.measure, size, alt, voice)) for size in (WIDE, NARROW)]
