"""Pages in a real browser: what axe-core finds in them, and whether any is wider than its screen."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
HAS_AXE = find_spec("axe_core_python") is not None
PATIENCE = 120_000  # milliseconds of the browser's own time

# Each page stands in a frame as wide as the screen in question; its policy is taken away so that axe can
# run in it.
HARNESS = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>pages</title></head><body>
<script type="text/plain" id="axe">%s</script>
<script>
const pages = %s, axe = document.getElementById("axe").textContent, found = [];
const shown = node => node.target.join(" ") + " " + node.html.slice(0, 160);
async function objections(frame) {
  const seen = frame.contentDocument, inside = seen.createElement("script");
  inside.textContent = axe;
  seen.head.append(inside);
  const told = await frame.contentWindow.axe.run(seen);
  return told.violations.map(one => one.id + ": " + one.nodes.slice(0, 3).map(shown).join(" | "));
}
async function judge(page) {
  const frame = document.createElement("iframe");
  frame.width = page.width; frame.height = 900; frame.srcdoc = page.html;
  document.body.append(frame);
  await new Promise(loaded => frame.onload = loaded);
  const seen = frame.contentDocument;
  const meant = "nav a, .ways a, .cards tbody th a, .meta a, main > p a, summary";
  const least = each => page.width <= 640 && each.matches(meant) ? 44 : 24;  // for a thumb; among other lines
  const small = [...seen.querySelectorAll("a, summary")].filter(
    each => each.getBoundingClientRect().height < least(each)
  );
  found.push({
    name: page.name,
    wider: Math.max(0, seen.documentElement.scrollWidth - frame.contentWindow.innerWidth),
    small: small.map(a => a.outerHTML),
    violations: page.axe ? await objections(frame) : [],
  });
  frame.remove();
}
(async () => {
  for (const page of pages) await judge(page);
  const told = document.createElement("pre");
  told.id = "found"; told.textContent = JSON.stringify(found);
  document.body.append(told);
})();
</script></body></html>"""


class Screen(NamedTuple):
    """A page as its bytes, and how many pixels wide the screen is."""

    name: str
    page: bytes
    width: int
    axe: bool = True


def judged(screens: Sequence[Screen], folder: Path) -> list[dict[str, Any]]:
    """For each: what axe-core objects to, how far the page is wider than the screen, links hard to hit."""
    axe = (files("axe_core_python") / "axe.min.js").read_text("utf-8") if HAS_AXE else ""
    given = [
        {"name": each.name, "width": each.width, "html": _open(each.page), "axe": each.axe and HAS_AXE}
        for each in screens
    ]
    harness = folder / "harness.html"
    harness.write_text(HARNESS % (axe.replace("</script", "<\\/script"), _script(given)), "utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--virtual-time-budget={PATIENCE}"]
    command = [CHROMIUM, *options, f"--user-data-dir={folder / 'profile'}", "--dump-dom", harness.as_uri()]
    told = subprocess.run(command, capture_output=True, check=True, timeout=300).stdout.decode()
    [text] = re.findall(r'<pre id="found">(.*?)</pre>', told, re.DOTALL)
    found: list[dict[str, Any]] = json.loads(html.unescape(text))
    return found


def _open(page: bytes) -> str:
    return re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.decode())


def _script(given: list[dict[str, object]]) -> str:
    return json.dumps(given).replace("</", "<\\/")
