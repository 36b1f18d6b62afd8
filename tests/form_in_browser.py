"""One Chromium for all tests of the form in a browser, closed to the network, and the evaluator inside it."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from fidelity.errors import ProblemsFound
from fidelity.evaluate.evaluator import Evaluator
from fidelity.form.script.rules import rules
from fidelity.model.checklist import Checklist

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
EVALUATOR = (files("fidelity.form.script") / "evaluator.js").read_text(encoding="utf-8")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

# In the browser: every record's outcomes as plain text, in the shape of `told`.
TELL = """
([rules, records]) => {
  const { evaluate } = evaluator(rules);
  const plain = (map, say = (each) => each) =>
    Object.fromEntries([...map].map(([key, each]) => [key, say(each)]));
  return records.map((record) => {
    const told = evaluate(record);
    if (told.refused.length) return { refused: told.refused.map((each) => [each.key, each.code]).sort() };
    return {
      refused: [],
      scores: plain(told.scores, (each) => [
        exactly(each.exact), each.answered, each.applicable, exactly(each.low), exactly(each.high), each.why,
      ]),
      results: plain(told.results, (each) => [each.level, each.possible]),
      gates: plain(told.gates, (each) => each.state),
      flags: plain(told.flags),
      lists: plain(told.lists),
      comments: told.commentsNeeded,
      set_aside: [...told.setAside].sort(),
    };
  });
}
"""


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        made = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@contextmanager
def evaluating(browser: Browser) -> Iterator[Page]:
    """A page that holds the evaluator and nothing else."""
    page = browser.new_page()
    page.add_script_tag(content=EVALUATOR)
    yield page
    page.close()


def told_by_browser(page: Page, checklist: Checklist, records: Sequence[Mapping[str, str]]) -> list[Any]:
    known = json.loads(json.dumps(rules(checklist)))
    told: list[Any] = page.evaluate(TELL, [known, [record_of(checklist, each) for each in records]])
    return told


def told_by_rows(evaluate: Evaluator, records: Sequence[Mapping[str, str]]) -> list[Any]:
    return [_told(evaluate, record_of(evaluate.checklist, each)) for each in records]


def record_of(checklist: Checklist, flat: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """A flat record as a form holds it."""
    return {
        "answers": {key: flat[key] for key in checklist.question if key in flat},
        "facts": {key: flat[f"fact.{key}"] for key in checklist.fact if f"fact.{key}" in flat},
        "comments": {each: flat[f"{each}.comment"] for each in checklist.item if f"{each}.comment" in flat},
    }


def _told(evaluate: Evaluator, record: dict[str, dict[str, str]]) -> dict[str, Any]:
    try:
        scored = evaluate(record["answers"], record["facts"], record["comments"])
    except ProblemsFound as trouble:
        return {"refused": sorted([each.facts["item"], each.code] for each in trouble.problems)}
    return {
        "refused": [],
        "scores": {
            key: [
                _text(each.exact),
                each.answered,
                each.applicable,
                _text(each.low),
                _text(each.high),
                each.not_scored,
            ]
            for key, each in scored.scores.items()
        },
        "results": {key: [each.level, list(each.possible)] for key, each in scored.results.items()},
        "gates": dict(scored.gates),
        "flags": dict(scored.flags),
        "lists": {key: list(each) for key, each in scored.lists.items()},
        "comments": list(scored.comments_needed),
        "set_aside": sorted(str(each.item) for each in scored.marks if each.code == "RB502"),
    }


def _text(number: object) -> str | None:
    return None if number is None else str(number)


def offline(browser: Browser, screen: dict[str, int]) -> BrowserContext:
    """A fresh user without a network."""
    context = browser.new_context(viewport=screen, accept_downloads=True, reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_offline(True)
    return context


# ---- a form as a rater uses it


class Form:
    """A form in a page, with everything that it asked of a network and every complaint of the browser."""

    def __init__(self, context: BrowserContext, file: Path) -> None:
        self.page = context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda said: self.complaints.append(str(said)))
        self.page.goto(file.as_uri())

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(("file:", "blob:")):
            self.requests.append(request.url)

    def answer(self, **codes: str) -> None:
        """Presses the button of each answer; a double underscore stands for the dot of `open_q.often`."""
        for key, code in codes.items():
            name = key.replace("__", ".")
            self.page.locator(f'input[name="{name}"][value="{code}"]').check(force=True)

    def write(self, **texts: str) -> None:
        """Fills the fields above the items."""
        for key, text in texts.items():
            self.page.fill(f"#f-{key}", text)

    def item(self, id: str) -> Any:
        """The block of an item."""
        return self.page.locator(f'[data-item="{id}"]')

    def seen(self, selector: str) -> str:
        """What a person reads there."""
        return str(self.page.inner_text(selector))

    def saved(self, button: str = "#save") -> Path:
        """The file that pressing a button gives, under its own name."""
        with self.page.expect_download() as waiting:
            self.page.click(button)
        return self.kept(waiting.value)

    def kept(self, download: Any) -> Path:
        folder = Path(str(download.path())).parent / "named"
        folder.mkdir(exist_ok=True)
        target = folder / str(download.suggested_filename)
        download.save_as(target)
        return target
