"""Pages on disk -> PDF files beside them, printed by a browser of this machine, where there is one."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from fidelity.files import write_whole

KNOWN = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
QUIET = ("--headless", "--disable-gpu", "--no-pdf-header-footer", "--no-first-run", "--disable-extensions")
PATIENCE = 60  # seconds for one page


def browser() -> str | None:
    """The first browser on PATH that can print; None where there is none."""
    return next((found for name in KNOWN if (found := shutil.which(name))), None)


def print_beside(browser: str, page: Path) -> Path | None:
    """Prints a page into a PDF of the same name beside it; None where the browser did not do it."""
    with TemporaryDirectory() as folder:
        made = Path(folder) / "printed.pdf"
        command = [
            browser,
            *QUIET,
            *_as_root(),
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={made}",
        ]
        try:
            subprocess.run(  # noqa: S603 - a browser from PATH, and a page that we have written
                [*command, page.resolve().as_uri()], capture_output=True, check=True, timeout=PATIENCE
            )
        except (subprocess.SubprocessError, OSError):
            return None
        if not made.is_file():
            return None
        write_whole(page.with_suffix(".pdf"), made.read_bytes())
    return page.with_suffix(".pdf")


def _as_root() -> tuple[str, ...]:
    """As root, as in containers, Chromium starts only without its sandbox; our pages hold no script."""
    return ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
