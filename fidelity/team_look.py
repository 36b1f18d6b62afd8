"""How reports and forms look: the shipped files of `reports/`, or first those of a team's own folder."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from fidelity import content
from fidelity.errors import WrongUse

Given = ParamSpec("Given")
Made = TypeVar("Made")
Settings = Mapping[str, Any]

FOLDERS = ("page", "workbook")
COLOURS = ("palette", "lines", "chart")
# Beside those that a shipped style happens to have.
OF_A_STYLE: Settings = {
    **dict.fromkeys(("bold", "fill", "wrap", "open", "free"), False),
    **dict.fromkeys(("role", "align", "vertical", "border", "format"), ""),
    **dict.fromkeys(("size", "indent"), 1),
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "align": ("left", "center", "right"),
    "vertical": ("top", "center", "bottom"),
    "border": ("", "row", "section", "box"),
}
PAPERS = ("A4", "Letter")
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
_folder: ContextVar[Path | None] = ContextVar("folder", default=None)


@contextmanager
def looking_like(folder: Path | None) -> Iterator[None]:
    """What is made inside looks as a team's folder says, and as shipped where that says nothing."""
    if folder is not None:
        _checked(folder)
    before = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(before)


def own() -> Path | None:
    """The team's folder, if there is one."""
    return _folder.get()


def page_text(path: str) -> str:
    """The text of a file of `reports/page`: the team's own, or the shipped one."""
    file = _own_file(path)
    return _read(file) if file else content.text("reports", path)


def settings(path: str) -> dict[str, Any]:
    """The settings of a file of `reports/workbook`, with those that the team has set in place of ours."""
    shipped = tomllib.loads(content.text("reports", path))
    file = _own_file(path)
    if file is None:
        return shipped
    try:
        said = tomllib.loads(_read(file))
    except tomllib.TOMLDecodeError as wrong:
        raise WrongUse(f"{file} cannot be read: {wrong}.") from wrong
    made = _merged(file, shipped, said, ())
    _with_known_roles(file, made)
    return made


def by_look(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Keeps what a function has made, for each look by itself."""

    @cache
    def kept(_folder: Path | None, *given: Given.args, **named: Given.kwargs) -> Made:
        return make(*given, **named)

    @wraps(make)
    def asked(*given: Given.args, **named: Given.kwargs) -> Made:
        made: Made = kept(own(), *given, **named)  # type: ignore[arg-type]  # names and languages can be kept
        return made

    return asked


# ---- the team's files


def _own_file(path: str) -> Path | None:
    folder = own()
    file = None if folder is None else folder / path
    return file if file is not None and file.is_file() else None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise WrongUse(f"{file} cannot be read as text in UTF-8.") from wrong


def _checked(folder: Path) -> None:
    """Refuses a folder whose files would be passed over without a word."""
    shipped = {
        f"{name}/{each.name}"
        for name in FOLDERS
        for each in content.folder("reports").joinpath(name).iterdir()
    }
    there = {
        each.relative_to(folder).as_posix()
        for name in FOLDERS
        for each in (folder / name).rglob("*")
        if each.is_file() and not each.name.startswith(".")
    }
    for odd in sorted(there - shipped):
        raise WrongUse(f"{folder / odd} is no file of a look.{_instead(odd, shipped)}")
    if not there:
        raise WrongUse(
            f"{folder} holds no look: there is nothing in {folder / 'workbook'} or {folder / 'page'}."
        )


def _instead(odd: str, known: set[str] | Mapping[str, Any]) -> str:
    near = get_close_matches(odd, list(known), 1)
    return f" Did you mean {near[0]}?" if near else f" There are: {', '.join(sorted(known))}."


# ---- settings


def _merged(file: Path, shipped: Settings, said: Settings, way: tuple[str, ...]) -> dict[str, Any]:
    return {
        **shipped,
        **{key: _setting(file, shipped, key, value, (*way, key)) for key, value in said.items()},
    }


def _with_known_roles(file: Path, made: Settings) -> None:
    """Refuses a style whose role is in no palette."""
    ours = tomllib.loads(content.text("reports", "workbook/styles.toml"))["palette"]
    known = {*ours, *made.get("palette", {})}
    for name, style in made.get("styles", {}).items():
        role = style.get("role", "plain")
        if role not in known:
            raise WrongUse(f"{file}: styles.{name}.role is no role: {role}.{_instead(role, known)}")


def _setting(file: Path, shipped: Settings, key: str, value: object, way: tuple[str, ...]) -> object:
    """A setting of the team, if it is one that we know and of the right kind."""
    known = {**OF_A_STYLE, **shipped} if way[0] == "styles" and len(way) == 3 else shipped
    if way[0] == "widths" and len(way) == 3:
        known = {**shipped, key: 1.0}
    if way[:2] in (("fonts", "languages"), ("fonts", "tall")) and len(way) == 3:
        known = {**shipped, key: "" if way[1] == "languages" else 1.0}
    if key not in known:
        raise WrongUse(f"{file}: there is no setting {'.'.join(way)}.{_instead(key, known)}")
    ours = known[key]
    if isinstance(ours, dict) and isinstance(value, dict):
        return _merged(file, ours, value, way)
    wrong = _why_not(ours, value, way)
    if wrong:
        raise WrongUse(f"{file}: {'.'.join(way)} {wrong}.")
    return value


def _why_not(ours: object, value: object, way: tuple[str, ...]) -> str:
    if way[0] in COLOURS:
        colours = value if isinstance(value, list) else [value]
        if isinstance(value, list) is not isinstance(ours, list) or not all(map(_is_colour, colours)):
            return "has to be a colour of six signs from 0 to 9 and A to F, such as 23395B"
        return ""
    if isinstance(ours, list) and isinstance(value, list) and len(ours) != len(value):
        return f"needs {len(ours)} values"
    if _kind(ours) != _kind(value):
        return f"has to be {_kind(ours)}"
    choices = PAPERS if way == ("paper", "size") else CHOICES.get(way[-1], ()) if way[0] == "styles" else ()
    if choices and value not in choices:
        return f"has to be one of {', '.join(filter(None, choices))}"
    return ""


def _is_colour(value: object) -> bool:
    return isinstance(value, str) and _COLOUR.fullmatch(value) is not None


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text in quotation marks"
        case list():
            return "a list"
        case _:
            return "a table"
